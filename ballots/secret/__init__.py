"""The secret ballot: signature, sheet, keys, the cast door (secret-ballot.md)."""
