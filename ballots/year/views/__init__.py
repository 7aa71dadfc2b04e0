"""The secretary's pages of the year."""
