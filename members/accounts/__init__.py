"""Officers' accounts: sign-in, one-time links, passwords."""
