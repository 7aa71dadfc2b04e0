"""Who runs a cell and who has an account: handed over, invited, locked; and who did what."""
