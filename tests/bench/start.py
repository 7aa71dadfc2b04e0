"""What a start costs, in processor seconds of all its processes, against the start of an empty Django project."""

import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from django.conf import settings

from ballots.demo import serving
from tests.bench.report import Result

ROUNDS = 5
CHECK = ["manage.py", "check"]
CODE = ["ballots", "cells", "members", "partyreview"]
SEED = "ballots/demo/scenarios/chi-bo-4-2023.json"
# A third of what the rehearsal of the seed cost when it made three starts that loaded WeasyPrint, of packages that no
# install had compiled: 60 starts of an empty project as it is installed now (13.4 to 17.5 processor seconds beside
# 0.20 to 0.37, eight times by turns, on a quiet machine and a busy one). Counted so, the bound is the machine's own.
REHEARSAL_IN_STARTS = 60 / 3


def measure() -> dict[str, Result]:
    """Check this project and an empty one by turns, then hold the meeting of the seed."""
    with tempfile.TemporaryDirectory() as folder:
        bare, environ = Path(folder, "bare"), serving.embedded_environ(Path(folder))
        bare.mkdir()
        del environ["DJANGO_SETTINGS_MODULE"]  # of this very bench
        _seconds(["-m", "django", "startproject", "bare", str(bare)], bare, environ)
        # A program that is installed has its bytecode, and this shell may forbid to keep any.
        _seconds(["-m", "compileall", "-q", *CODE], settings.BASE_DIR, environ)
        _seconds(["-m", "compileall", "-q", "bare"], bare, environ)
        rounds = [
            (_seconds(CHECK, settings.BASE_DIR, environ), _seconds(CHECK, bare, environ))
            for _ in range(ROUNDS)
        ]
        ours, empty = (median(side) for side in zip(*rounds, strict=True))
        out = str(Path(folder, "out"))
        evening = _seconds(
            ["manage.py", "rehearse", SEED, "--out", out], settings.BASE_DIR, environ
        )
    return {
        "manage_check": Result("cpu s", ours, empty, least=2),
        "rehearse_seed": Result("cpu s", evening, empty, least=REHEARSAL_IN_STARTS),
    }


def _seconds(arguments: list[str], folder: Path, environ: Mapping[str, str]) -> float:
    """The processor seconds of this Python program and of all that it starts."""
    before = _spent()
    subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=dict(environ),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return _spent() - before


def _spent() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime
