"""Whole meetings at once, played by phones that behave as members' phones do: `make load`."""
