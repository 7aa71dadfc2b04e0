"""Ports for the servers that tests start."""

import os
from itertools import count

from ballots.demo import serving

_asked = count()


def quiet_port() -> int:
    """A free port that nobody takes before the server that it is for; the next one is for its plain http.

    Below those that the system lends to connections and to who asks for any; fifty for each process of tests, by
    turns, and processes that were started one after another have different ones.
    """
    block = 10_000 + 100 * (os.getpid() % 220)
    ports = (block + 2 * (number % 50) for number in _asked)
    return next(port for port in ports if serving.free_port(start=port) == port)
