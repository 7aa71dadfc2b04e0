"""One process that does one job, and prints its seconds and the most memory in kB of it and its children."""

import resource
import sys
import time
from pathlib import Path

import django


def main(pk: str) -> None:
    """`pk`: the job's key."""
    django.setup()
    from ballots.jobs import running

    since = time.perf_counter()
    running.run(int(pk))
    seconds = time.perf_counter() - since
    status = Path("/proc/self/status").read_text()
    own = next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line)
    print(seconds, max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))


main(*sys.argv[1:])
