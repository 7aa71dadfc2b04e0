"""Photographs and scans attached to the cell's file; only what was made anew is kept."""
