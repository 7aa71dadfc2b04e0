"""What every page and verb of a meeting shares."""
