"""Self-reviews, and the remarks of others on them."""
