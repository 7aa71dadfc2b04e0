"""Secrets as private files in a folder of RAM, whole or not there; knows no Django, like those who hold the keys."""

import contextlib
import os
import secrets
import stat
import time
from collections.abc import Mapping
from pathlib import Path

# Bytes of a file: sixteen times what the longest key has.
MOST = 4096


class Files:
    """The secrets of one database as files in its folder; a `key_store.Store`."""

    def __init__(self, folder: Path) -> None:
        """Whoever writes has made the folder (`make_folder`)."""
        self.folder = folder

    def write(self, secrets: Mapping[str, bytes]) -> None:
        """Keep all of them, or none."""
        try:
            for name, secret in secrets.items():
                write(self.folder, name, secret)
        except OSError:
            for name in secrets:
                with contextlib.suppress(OSError):
                    (self.folder / name).unlink()
            raise

    def read(self, name: str) -> bytes | None:
        """What is kept under the name; None where nothing is."""
        return read(self.folder / name)

    def holds(self, name: str) -> bool:
        """Whether something is kept under the name, without reading it."""
        return holds(self.folder / name)

    def unlink(self, *names: str) -> None:
        """Let them go; again changes nothing."""
        for name in names:
            (self.folder / name).unlink(missing_ok=True)

    def names(self, untouched: int = 0) -> set[str]:
        """All names under which something is kept; `untouched`: which nobody wrote for so many seconds."""
        names = set(os.listdir(self.folder)) if self.folder.is_dir() else set()
        return {name for name in names if not untouched or age(self.folder / name) >= untouched}

    def must_take(self, size: int) -> None:
        """OSError unless so many bytes could be kept now."""
        write_fresh(self.folder / "trial", bytes(size)).unlink(missing_ok=True)

    def is_removable(self) -> bool:
        """Whether what is kept can be let go."""
        access = os.R_OK | os.W_OK | os.X_OK
        return not self.folder.is_dir() or os.access(self.folder, access)


def write(folder: Path, name: str, secret: bytes) -> None:
    """Keep a secret in a file, seen whole or not at all by whoever reads meanwhile; OSError leaves nothing."""
    fresh = write_fresh(folder / name, secret)
    try:
        fresh.rename(folder / name)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def write_fresh(target: Path, secret: bytes) -> Path:
    """A file beside `target`, complete and private; nothing is left of it where it cannot be written."""
    fresh = target.with_name(f"{target.name}.{secrets.token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        with open(os.open(fresh, flags, 0o600), "wb") as file:
            file.write(secret)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink()
        raise
    return fresh


def age(path: Path) -> float:
    """Seconds since it was written; 0 where it is gone."""
    try:
        return time.time() - path.lstat().st_mtime
    except FileNotFoundError:
        return 0


def read(path: Path) -> bytes | None:
    """What the file says, 4 kB at most; None when there is none."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    try:
        return os.read(file, MOST)
    finally:
        os.close(file)


def holds(path: Path) -> bool:
    """Whether there is a file, without reading it; a link is none."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return False


def make_folder(here: Path) -> None:
    """Make the folder, 0700; PermissionError for a link, or one that others may enter or put in its place."""
    here.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    here.mkdir(mode=0o700, exist_ok=True)
    own, above = here.lstat(), here.parent.lstat()
    private = stat.S_ISDIR(own.st_mode) and own.st_uid == os.getuid() and not own.st_mode & 0o077
    # Whoever may rename the folder may replace it: only we and root may, as in a sticky /dev/shm.
    firm = stat.S_ISDIR(above.st_mode) and above.st_uid in (0, os.getuid())
    if not private or not firm or (above.st_mode & 0o022 and not above.st_mode & stat.S_ISVTX):
        raise PermissionError(f"{here} is not private")
