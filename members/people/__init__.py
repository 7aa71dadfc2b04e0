"""The cell's list of members, and transfers."""
