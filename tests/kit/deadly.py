"""The application in a worker that kills itself, or waits, in mid-cast, once, where a file of TEST_DEATHS names it."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import transaction

django.setup()
settings.KEY_DIR = Path(os.environ["TEST_KEYS"])

from ballots.secret import door  # noqa: E402
from partyreview.wsgi import application  # noqa: E402

__all__ = ["application"]
WRITE, PUT_IN = door._insert, door._put_in


def die_if_told(name: str) -> None:
    order = Path(os.environ["TEST_DEATHS"]) / name
    if order.exists():
        order.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


def write(*args: Any) -> bool:
    """Write the row, and die before it is committed."""
    with transaction.atomic():
        added = WRITE(*args)
        die_if_told("written")
    return added


def wait_if_told() -> None:
    """Say which process waits, and wait until that is read and removed."""
    folder = Path(os.environ["TEST_DEATHS"])
    if (folder / "wait").exists():
        (folder / "wait").rename(folder / f"waits-{os.getpid()}")
        while (folder / f"waits-{os.getpid()}").exists():
            time.sleep(0.02)


def put_in(*args: Any) -> int:
    """Put the ballot in the box, and die before the phone is told."""
    wait_if_told()
    status = PUT_IN(*args)
    die_if_told("committed")
    return status


door._insert, door._put_in = write, put_in
