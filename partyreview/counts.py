"""How often and how long: what the processes of one server count together, without person, address or ballot."""

import bisect
import fcntl
import mmap
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Upper ends of the classes that durations are counted in, in seconds.
BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
MICROSECONDS = 1_000_000


class Numbers:
    """Whole numbers in memory that processes share which part after this was made.

    A worker that is killed while it counts holds nobody up: the lock ends with it.
    """

    def __init__(self, size: int) -> None:
        self._file = os.memfd_create("counts")
        os.ftruncate(self._file, size * 8)
        self._cells = memoryview(mmap.mmap(self._file, size * 8)).cast("q")
        self._one_by_one = threading.Lock()

    def add(self, changes: dict[int, int]) -> None:
        """Add to the numbers at these places, all at once."""
        with self._locked():
            for place, number in changes.items():
                self._cells[place] += number

    def read(self) -> list[int]:
        """All numbers, of one moment."""
        with self._locked():
            return list(self._cells)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Threads by a lock of theirs, processes by one on the file."""
        with self._one_by_one:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)


class Durations:
    """How many lasted how long."""

    def __init__(self) -> None:
        # A class for each bound, one for all that is longer, and the sum in microseconds.
        self._numbers = Numbers(len(BOUNDS) + 2)

    def add(self, seconds: float) -> None:
        """Count one."""
        place = bisect.bisect_left(BOUNDS, seconds)
        self._numbers.add({place: 1, len(BOUNDS) + 1: int(seconds * MICROSECONDS)})

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Count what the block takes."""
        since = time.perf_counter()
        yield
        self.add(time.perf_counter() - since)

    def read(self) -> tuple[list[tuple[str, int]], float]:
        """(upper bound, how many lasted no longer) as Prometheus counts, the last "+Inf"; and the sum in seconds."""
        *classes, total = self._numbers.read()
        names = [*map(str, BOUNDS), "+Inf"]
        up_to = [sum(classes[: place + 1]) for place in range(len(classes))]
        return list(zip(names, up_to, strict=True)), total / MICROSECONDS


PAGES = Durations()
PAPERS = Durations()
# By the first digit of the status.
_STATUSES = Numbers(10)


def statuses() -> dict[str, int]:
    """How many officers' requests were answered, by "2xx", "3xx"…"""
    return {f"{digit}xx": n for digit, n in enumerate(_STATUSES.read()) if 2 <= digit <= 5}


def count_requests(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: count requests of officers, who bring a session. Phones of members are counted nowhere."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return get_response(request)
        with PAGES.measured():
            response = get_response(request)
        _STATUSES.add({response.status_code // 100: 1})
        return response

    return middleware
