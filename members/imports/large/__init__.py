"""The sheet of a whole committee, too long for one request and for memory: read, planned and applied in parts."""
