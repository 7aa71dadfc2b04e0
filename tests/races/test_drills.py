"""The short set of `make drills`: meetings and jobs go on while all kinds of things happen, and nothing is lost."""

import subprocess
import sys

import pytest
from django.conf import settings

ON_SQLITE = "sqlite" in settings.DATABASES["default"]["ENGINE"]
# Drills by name, and how they are made short.
DRILLS = {
    "jobs": ["--kills", "1", "--works", "import", "retention"],
    "kills": ["--kills", "8", "--members", "4", "--polls", "2", "--pause", "0.8", "--seed", "5"],
    "statements": [
        "--members",
        "3",
        "--polls",
        "1",
        "--posts",
        "bo-phieu|quyet-dinh",
    ],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", DRILLS)
def test_a_meeting_or_a_job_in_trouble_loses_nothing_and_counts_nothing_twice(name):
    command = [sys.executable, "-m", "tests.drills", name, *DRILLS[name]]
    command += ["--sqlite"] if ON_SQLITE else []
    run = subprocess.run(
        command, cwd=settings.BASE_DIR, check=False, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr[-3000:]
    assert "1 drills" in run.stdout
    assert "lost: 0, counted twice: 0, half-written: 0" in run.stdout
