"""The quota room: HTXS used and allowed over a whole committee, and named drafts in which people are moved."""
