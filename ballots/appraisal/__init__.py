"""Points, conditions, flags, ballots and levels of each subject side by side (đánh giá)."""
