"""One worker of the site that typesets the minutes of a meeting fifty times and prints its memory in kB."""

import sys
from pathlib import Path


def main(pk: str) -> None:
    """`pk`: the meeting's key."""
    from partyreview.wsgi import application  # loads what a worker loads

    assert application
    from cells.models import Meeting
    from tests.bench.papers import typeset

    meeting = Meeting.objects.get(pk=pk)
    for _ in range(50):
        typeset(meeting)
    status = Path("/proc/self/status").read_text()
    print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


main(sys.argv[1])
