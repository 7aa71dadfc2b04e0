"""Wiring: settings, addresses, middleware and the two doors; imports no app."""

import atexit
import gc
import os
from pathlib import Path

# Nearly all that a start makes stays: the collector, whose threshold is 700 new objects, would walk through it again
# and again, for a sixth of the time. A worker has its own pace back once it is loaded (wsgi.py).
COLLECT = gc.get_threshold()
gc.set_threshold(150_000, *COLLECT[1:])
# And it stays to the end: Python's last collection would walk through all of it, for a quarter of a short command.
atexit.register(gc.freeze)

# In RAM, private to the user who runs the program: keys of running polls, and places for costly files.
RUNTIME_DIR = Path(os.environ.get("RUNTIME_DIRECTORY", f"/dev/shm/partyreview-{os.getuid()}"))  # noqa: S108

# The voting page and its files; the box (hòm phiếu).
DOOR_PATHS = ("/phieu/", "/hom/")
# The site's three addresses that hand out ballots.
COUNTER_PATHS = {"/hop/phat-phieu", "/hop/da-nhan", "/hop/doi-phieu"}
