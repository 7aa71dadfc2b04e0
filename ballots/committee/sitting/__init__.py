"""A committee meets: its meeting is planned, and what it votes on is chosen."""
