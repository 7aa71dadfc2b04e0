"""Wiring: settings, addresses, middleware and the two doors; imports no app."""

import gc

# Most of what a start makes stays. Python's threshold of 700 new objects would walk through it all again and again.
gc.set_threshold(50_000, 20, 50)
