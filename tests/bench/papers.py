"""Minutes as PDF: time for 25 members once warm, growth up to 200, memory of a worker after fifty."""

import subprocess
import sys
import time
from importlib import import_module
from statistics import median

from django.conf import settings

from ballots.papers.minutes.gather import gather_minutes
from ballots.papers.press import render
from cells.models import Meeting
from tests.bench.report import Result
from tests.kit import factories, polls

SMALL, LARGE = 25, 200


def measure() -> dict[str, Result]:
    """Play one small and one large meeting, then typeset their minutes, in a process loaded like a worker."""
    import_module("partyreview.wsgi")
    small, large = _held(SMALL), _held(LARGE)
    typeset(small)
    seconds = median(_seconds(small) for _ in range(15))
    growth = (median(_seconds(large) for _ in range(3)) / LARGE) / (seconds / SMALL)
    worker = [sys.executable, "-m", "tests.bench.worker", str(small.pk)]
    memory = subprocess.run(
        worker, cwd=settings.BASE_DIR, check=True, capture_output=True, text=True
    )
    return {
        "minutes_25_members": Result("s", seconds, 0.5),
        "minutes_growth_to_200": Result("× per member", growth, 1.0),
        "memory_after_50_pdfs": Result("MB", int(memory.stdout) / 1000, 200),
    }


def typeset(meeting: Meeting) -> bytes:
    """The minutes from the database to the bytes of the PDF."""
    return render.pdf(render.html(gather_minutes(meeting)))


def _seconds(meeting: Meeting) -> float:
    since = time.perf_counter()
    typeset(meeting)
    return time.perf_counter() - since


def _held(size: int) -> Meeting:
    """A meeting of this size with both polls counted."""
    meeting = factories.make_open_meeting(size)
    for number in (1, 2):
        poll = polls.poll_of(meeting, number)
        polls.play(poll, *[[2] * poll.subjects.count()] * size)
    return meeting
