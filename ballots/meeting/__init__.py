"""The meeting itself: planning, roster, check-in, agenda, comments, conclusion, minutes."""
