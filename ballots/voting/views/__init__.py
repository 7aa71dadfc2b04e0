"""Pages of a poll, of the tellers, and what a phone asks while it votes."""
