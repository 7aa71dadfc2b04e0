"""The law as data, and the pure functions that apply it."""
