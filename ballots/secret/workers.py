"""Replacing every worker that may have seen a ballot: a mark in RAM, which each watches (secret-ballot.md 3.3)."""

import logging
import os
import secrets
import signal
import time
from pathlib import Path
from threading import Thread

from django.db import DatabaseError, connection

from ballots.secret import key_files, keys

# Seconds between two looks at the mark.
PACE = 0.5
MARK = "generation"


def replace_all() -> None:
    """Have all workers replaced that serve now, those of a door that runs as its own program included.

    Gracefully, and within about a second; never a condition of a step.
    """
    try:
        mark = _mark()
        key_files.make_folder(mark.parent)
        key_files.write(mark.parent, MARK, secrets.token_hex(8).encode())
    except (OSError, DatabaseError):
        logging.getLogger(__name__).exception("the workers were not told to be replaced")


def watch(master: int) -> None:
    """Run in a worker of gunicorn whose master is the process `master`: ask it for fresh workers after `replace_all`.

    Ends the worker, as gracefully, if its master is gone.
    """
    Thread(target=_watch, args=(master, _generation()), daemon=True).start()


def _watch(master: int, generation: str) -> None:
    while os.getppid() == master:
        time.sleep(PACE)
        now = _generation()
        connection.close()  # of this thread, which seldom asks it anything
        if now not in ("", generation) and _is_first(master, now):
            os.kill(master, signal.SIGHUP)
        generation = now or generation
    os.kill(os.getpid(), signal.SIGTERM)


def _generation() -> str:
    """What every call of `replace_all` changes; empty where there was none, or it was long ago and is swept away."""
    try:
        return _mark().read_text()
    except (OSError, DatabaseError):
        return ""


def _is_first(master: int, generation: str) -> bool:
    """Whether no other worker of this master has asked it yet for that generation."""
    try:
        _mark().with_name(f"{MARK}.{generation}.{master}").touch(mode=0o600, exist_ok=False)
    except OSError:
        return False
    return True


def _mark() -> Path:
    """Where the mark stands; OSError while the database has no folder of keys."""
    folder = keys.folder()
    if folder is None:
        raise FileNotFoundError
    return folder / MARK
