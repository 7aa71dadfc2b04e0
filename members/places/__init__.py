"""Committees and cells below an officer's own: founded, renamed, moved, merged, split, dissolved."""
