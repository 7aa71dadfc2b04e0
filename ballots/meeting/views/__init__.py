"""The officers' pages of a meeting, a file per stage."""
