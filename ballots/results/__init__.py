"""What the ballots say and what was decided, computed from rows: tally, levels, figures, former years."""
