"""The sheet of all members of a committee: read, planned and applied by jobs."""
