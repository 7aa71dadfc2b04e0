"""Installations of released versions, as dumps, and what becomes of them in this version."""
