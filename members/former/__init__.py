"""Former years from a sheet: memory from the first evening on."""
