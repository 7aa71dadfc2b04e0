"""The three keys that die, as files in RAM: sign, box, count (secret-ballot.md 3.1)."""

import os
import secrets
import stat
import time
from collections.abc import Collection
from pathlib import Path

from django.conf import settings

SIGN, BOX, COUNT = KINDS = "sign", "box", "count"
# Seconds in which a key may still wait for the commit of the transaction that made it.
GRACE = 60


def write(p_hex: str, kind: str, secret: bytes) -> None:
    """Keep a key under the P of its round; seen whole or not at all by whoever reads meanwhile."""
    target = _path(p_hex, kind)
    _make_folder(target.parent)
    fresh = target.with_name(f"{target.name}.{secrets.token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        with open(os.open(fresh, flags, 0o600), "wb") as file:
            file.write(secret)
        fresh.rename(target)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def read(p_hex: str, kind: str) -> bytes | None:
    """The key, or None when it is dead: its phase is over, or the machine was rebooted."""
    path = _path(p_hex, kind)
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def holds(p_hex: str, kind: str) -> bool:
    """Whether this server finds the key, without reading it."""
    return stat.S_ISREG(mode) if (mode := _mode(_path(p_hex, kind))) else False


def unlink(p_hex: str, kind: str) -> None:
    """Let the key die; again changes nothing."""
    _path(p_hex, kind).unlink(missing_ok=True)


def sweep(living: Collection[tuple[str | None, str]], known: Collection[str | None] = ()) -> None:
    """Remove every key that is not (P, kind) in `living`, half-written ones included.

    Whose P is not `known` stays for a while: its poll may not be committed yet.
    """
    names = {f"{p_hex}.{kind}" for p_hex, kind in living}
    folder = Path(settings.KEY_DIR)
    for path in folder.iterdir() if folder.is_dir() else ():
        committed = path.name.partition(".")[0] in known
        if path.name not in names and (committed or _age(path) >= GRACE):
            path.unlink(missing_ok=True)


def _mode(path: Path) -> int:
    """The kind of file that stands there; 0 for nothing."""
    try:
        return path.lstat().st_mode
    except FileNotFoundError:
        return 0


def _age(path: Path) -> float:
    try:
        return time.time() - path.lstat().st_mtime
    except FileNotFoundError:
        return 0


def _path(p_hex: str, kind: str) -> Path:
    if kind not in KINDS or not set(p_hex) <= set("0123456789abcdef"):
        raise ValueError("no key has this name")
    return Path(settings.KEY_DIR) / f"{p_hex}.{kind}"


def _make_folder(folder: Path) -> None:
    """Make the folder, 0700; refuse a link, or one that others may enter or put in its place."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    own, above = folder.lstat(), folder.parent.lstat()
    private = stat.S_ISDIR(own.st_mode) and own.st_uid == os.getuid() and not own.st_mode & 0o077
    # Whoever may rename the folder may replace it: only we and root may, as in a sticky /dev/shm.
    firm = stat.S_ISDIR(above.st_mode) and above.st_uid in (0, os.getuid())
    if not private or not firm or (above.st_mode & 0o022 and not above.st_mode & stat.S_ISVTX):
        raise PermissionError(f"{folder} is not private")
