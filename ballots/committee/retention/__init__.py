"""Personal reviews that have been kept long enough: listed for the committee, and removed when it says so."""
