"""Việc mới: what an officer has not read yet, and the letter that says how many."""
