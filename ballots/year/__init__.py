"""The cell's year of review: next steps, review list, self-reviews, former years."""
