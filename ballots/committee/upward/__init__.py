"""A committee reports to the one above it: its report and tables, sent, returned by pins, approved."""
