"""Secrets as private files in a folder of RAM, whole or not there; knows no Django, like those who hold the keys."""

import contextlib
import os
import secrets
import stat
from pathlib import Path

# Bytes of a file: sixteen times what the longest key has.
MOST = 4096


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
            fresh.unlink(missing_ok=True)
        raise
    return fresh


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
