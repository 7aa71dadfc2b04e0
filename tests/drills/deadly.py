"""The application in workers that wait for their death: at each statement of what is posted, in turn.

The first post to an address waits before its first statement, the next one before its second, and so on, also before
and after each commit, and at last before its answer; what comes then is left in peace. Where a post waits a file says
so, until the drill has killed what it wants to kill and has taken the file away.
"""

import os
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import get_ident, local
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from partyreview import wsgi
from tests.drills import ARMED, WAITS

__all__ = ["application"]
FOLDER = Path(os.environ["DRILL_FOLDER"])

COMMIT = BaseDatabaseWrapper._commit
# Of the request that this thread answers: what to do at each of its points.
_here = local()


class Countdown:
    """One request, which has its turn to wait at one of its points."""

    def __init__(self, name: str) -> None:
        """`name`: of its kind; how far all of these have come stands in a file."""
        self.file, self.passed = FOLDER / quote(name, safe=""), 0
        self.turn = int(self.file.read_text() if self.file.exists() else 1)

    def point(self) -> None:
        """Wait here if it is this point's turn; one that is soon refused, or was done before, never comes to it."""
        self.passed += 1
        if self.passed == self.turn:
            write(self.file, str(self.turn + 1))
            waits = FOLDER / f"{os.getpid()}-{get_ident()}{WAITS}"
            write(waits, self.file.name)
            while waits.exists():
                time.sleep(0.002)


def write(path: Path, text: str) -> None:
    """Whole or not at all: this process may be killed by what another thread waits for."""
    half = path.with_name(f"{path.name}.{get_ident()}")
    half.write_text(text)
    half.rename(path)


def commit(self: BaseDatabaseWrapper) -> None:
    """Commit, with a point on either side."""
    countdown = getattr(_here, "countdown", None)
    if countdown:
        countdown.point()
    COMMIT(self)
    if countdown:
        countdown.point()


BaseDatabaseWrapper._commit = commit


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer, unless it is the turn of one of its points."""
    armed = FOLDER / ARMED
    posts = armed.read_text() if armed.exists() and environ["REQUEST_METHOD"] == "POST" else ""
    if not posts or not re.search(posts, environ["PATH_INFO"]):
        return wsgi.application(environ, start_response)
    name = re.sub("[0-9a-f]{32,}|[0-9]+", "N", environ["PATH_INFO"])
    countdown = _here.countdown = Countdown(name)

    def counted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        countdown.point()
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(counted):
            answer = wsgi.application(environ, start_response)
        countdown.point()
    finally:
        _here.countdown = None
    return answer
