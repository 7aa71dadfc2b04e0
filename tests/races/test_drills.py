"""The short set of `make drills`: a meeting goes on while its processes are killed, and nothing is lost."""

import subprocess
import sys

import pytest
from django.conf import settings

ON_SQLITE = "sqlite" in settings.DATABASES["default"]["ENGINE"]


@pytest.mark.slow
def test_a_meeting_whose_processes_are_killed_loses_no_ballot_and_counts_none_twice():
    command = [sys.executable, "-m", "tests.drills", "--kills", "8", "--seed", "5"]
    command += ["--members", "4", "--polls", "2", "--pause", "0.8"]
    command += ["--sqlite"] if ON_SQLITE else []
    run = subprocess.run(
        command, cwd=settings.BASE_DIR, check=False, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr[-3000:]
    assert "lost: 0, counted twice: 0, half-written: 0" in run.stdout
