"""Replacing every worker that may have seen a ballot: a mark beside the keys, which each watches (3.3)."""

import contextlib
import logging
import os
import secrets
import signal
import time
from threading import Event, Thread

from django.db import DatabaseError, connection

from ballots.secret import hygiene, keys

# Seconds between two looks at the mark.
PACE = 0.5
MARK = "generation"
# Whether this process ended a phase, and its key could not be removed.
_keys_left = Event()


def replace_all() -> None:
    """Have all workers replaced that serve now, on every machine that shares the keys, and those of a door of its own.

    Gracefully, and within about a second; never a condition of a step.
    """
    try:
        keys.made_store().write({MARK: secrets.token_hex(8).encode()})
    except (OSError, DatabaseError):
        logging.getLogger(__name__).exception("the workers were not told to be replaced")


def remove_again() -> None:
    """Have the watcher of this worker remove keys that are over, as soon as their store lets it."""
    _keys_left.set()


def watch(master: int) -> None:
    """Run in a worker of gunicorn whose master is the process `master`: ask it for fresh workers after `replace_all`.

    Ends the worker, as gracefully, if its master is gone.
    """
    Thread(target=_watch, args=(master, _generation()), daemon=True).start()


def _watch(master: int, generation: str) -> None:
    while os.getppid() == master:
        time.sleep(PACE)
        now = _generation()
        _remove_left()
        connection.close()  # of this thread, which seldom asks it anything
        if now not in ("", generation) and _is_first(master, now):
            os.kill(master, signal.SIGHUP)
        generation = now or generation
    os.kill(os.getpid(), signal.SIGTERM)


def _remove_left() -> None:
    if _keys_left.is_set():
        with contextlib.suppress(OSError, DatabaseError):
            hygiene.sweep()
            _keys_left.clear()


def _generation() -> str:
    """What every call of `replace_all` changes; empty where there was none, or it was long ago and is swept away."""
    try:
        store = keys.store()
        return ((store and store.read(MARK)) or b"").decode()
    except (OSError, DatabaseError):
        return ""


def _is_first(master: int, generation: str) -> bool:
    """Whether no other worker of this master has asked it yet for that generation; in this machine's own folder."""
    try:
        place = keys.made_folder() / f"{MARK}.{generation}.{master}"
        place.touch(mode=0o600, exist_ok=False)
    except (OSError, DatabaseError):
        return False
    return True
