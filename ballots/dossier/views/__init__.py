"""Pages of the cell's file."""
