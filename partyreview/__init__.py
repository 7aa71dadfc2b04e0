"""Wiring: settings, addresses, middleware and the two doors; imports no app."""

import atexit
import gc
import os
from pathlib import Path

# Nearly all that a start makes stays, some 160,000 objects: the collector, which begins after 700 new ones, would walk
# through them again and again, for a sixth of the time. A worker has a pace of its own once it is loaded (wsgi.py).
gc.set_threshold(500_000)
# New objects after which a worker's collector begins: a paper makes so many that 700 cost a twentieth of its time.
COLLECT = 20_000
# And it stays to the end: Python's last collection would walk through all of it, for a quarter of a short command.
atexit.register(gc.freeze)

# In RAM, private to the user who runs the program: keys of running polls, and places for costly files.
RUNTIME_DIR = Path(os.environ.get("RUNTIME_DIRECTORY", f"/dev/shm/partyreview-{os.getuid()}"))  # noqa: S108

# The voting page and its files; the box (hòm phiếu).
DOOR_PATHS = ("/phieu/", "/hom/")
# Whether the program lives and can serve (ballots/service/).
HEALTH_PATH = "/suc-khoe/"
# The site's three addresses that hand out ballots.
COUNTER_PATHS = {"/hop/phat-phieu", "/hop/da-nhan", "/hop/doi-phieu"}
