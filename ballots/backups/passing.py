"""A folder for a moment, in which a whole database may lie in the clear: it goes again, after a kill with the next."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# How one begins that nobody holds yet, so that it is not taken for one that was left behind.
NEW = ".moi-"


@contextmanager
def passing(
    near: Path, prefix: str, forget: Callable[[str], object] = lambda rest: None
) -> Iterator[Path]:
    """One in `near`; those of processes that were killed go first.

    `forget` lets go what else belongs to one of these, by the rest of its name.
    """
    clear(near, prefix, forget)
    new = Path(tempfile.mkdtemp(dir=near, prefix=NEW))
    lock = os.open(new, os.O_RDONLY)
    try:
        with suppress(OSError):  # a disk that knows no locks: there nothing is ever cleared away
            fcntl.flock(lock, fcntl.LOCK_EX)
        folder = new.rename(near / new.name.replace(NEW, prefix, 1))
        try:
            yield folder
        finally:
            shutil.rmtree(folder)
    finally:
        os.close(lock)


def clear(near: Path, prefix: str, forget: Callable[[str], object] = lambda rest: None) -> None:
    """Let go those in `near` that nobody holds: the kernel lets go what a process held, however it ended."""
    for left in near.glob(f"{prefix}*"):
        with suppress(OSError):
            lock = os.open(left, os.O_RDONLY)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                forget(left.name.removeprefix(prefix))
                shutil.rmtree(left)
            finally:
                os.close(lock)
