"""Pages about places and times: a cell, the rules in force, sets of criteria, campaigns."""
