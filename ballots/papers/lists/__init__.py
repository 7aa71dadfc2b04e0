"""Lists and proposals of the cell's file."""
