"""A member's own pages on the phone."""
