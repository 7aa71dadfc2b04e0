"""Who did what to a file, from its meeting to its decision."""
