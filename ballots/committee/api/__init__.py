"""The totals of a committee for other programs: read-only JSON, opened by a token that its officer made."""
