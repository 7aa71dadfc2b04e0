"""One process that makes a file of a committee, and prints its seconds and the most memory in kB that it took."""

import sys
import tempfile
import time
from pathlib import Path

import django


def main(what: str, pk: str, year: str) -> None:
    """`what`: zip or excel; `pk`: the committee's key."""
    django.setup()
    from ballots.committee.downloads import archive
    from ballots.committee.rollups.workbook import workbook
    from cells.law.periods import Period
    from cells.models import Committee

    committee, period = Committee.objects.get(pk=pk), Period.parse(year)
    since = time.perf_counter()
    if what == "zip":
        with tempfile.TemporaryFile() as file:
            archive.write(committee, period, file)
    else:
        workbook(committee, period)
    seconds = time.perf_counter() - since
    status = Path("/proc/self/status").read_text()
    print(seconds, next(line.split()[1] for line in status.splitlines() if "VmHWM" in line))


main(*sys.argv[1:])
