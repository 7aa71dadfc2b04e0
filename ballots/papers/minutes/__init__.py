"""Minutes of the meeting and of the count (biên bản)."""
