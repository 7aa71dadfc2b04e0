"""Which processes belong to an installation."""

import os
import subprocess

from ballots.linkage.memory import descendants


def test_processes_that_end_while_they_are_looked_for_are_passed_over():
    started = []
    for _ in range(60):
        started.append(subprocess.Popen(["true"]))
        assert os.getpid() in descendants(os.getpid())
    for process in started:
        process.wait()
    assert not {process.pid for process in started} & descendants(os.getpid())
