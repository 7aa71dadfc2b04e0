"""The three keys that die, as files in RAM: sign, box, count (secret-ballot.md 3.1)."""

import contextlib
import os
import shutil
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from ballots.models.box import KeyFolder
from ballots.secret import key_files

SIGN, BOX, COUNT = KINDS = "sign", "box", "count"
# Where the signer of a round listens, beside its key and no longer than that (signing_process.py).
SOCKET = "signer"
# Seconds after which a half-written key is what a crash left behind.
HALF = 60
# More than the three keys of a round take.
ROOM = 4096

# Each database's folder, once its name is committed: read once in the life of a process.
_folders: dict[str, Path] = {}
# What the transaction under way has written.
_written: ContextVar[list[Path] | None] = ContextVar("written", default=None)


def folder(draw: bool = False) -> Path | None:
    """Where the keys of this database lie, whatever address it is reached by; None where there never was one.

    `draw`: give it its name now, if it has none.
    """
    if settings.KEY_DIR is not None:
        return settings.KEY_DIR
    database = "{HOST}:{PORT}/{NAME}".format(**connection.settings_dict)
    if database in _folders:
        return _folders[database]
    name = KeyFolder.objects.values_list("name", flat=True).first()
    if name is not None and not connection.in_atomic_block:
        _folders[database] = settings.RUNTIME_DIR / name
    if name is None and draw:
        name = KeyFolder.objects.get_or_create(pk=KeyFolder.ONLY)[0].name
    return settings.RUNTIME_DIR / name if name else None


def note(*written: Path) -> None:
    """Count these files among what the transaction under way has written."""
    if (noted := _written.get()) is not None:
        noted.extend(written)


@contextmanager
def gone_unless_committed() -> Iterator[None]:
    """Around a transaction: the keys it writes go again if it fails, even in its commit; see `committed`."""
    token = _written.set([])
    try:
        yield
    except BaseException:
        for path in _written.get() or ():
            path.unlink(missing_ok=True)
        raise
    finally:
        _written.reset(token)


def committed() -> None:
    """Let the keys of the transaction stay, whatever fails from now on; to be called on its commit."""
    if (written := _written.get()) is not None:
        written.clear()


def trouble() -> OSError | None:
    """Why the keys of a round could not be kept now: no room, no permission…"""
    try:
        key_files.write_fresh(made_folder() / "trial", bytes(ROOM)).unlink(missing_ok=True)
    except OSError as error:
        return error
    return None


def read(p_hex: str, kind: str) -> bytes | None:
    """The key, or None where this server does not find it: its phase is over, or it lies elsewhere, or nowhere."""
    path = _path(p_hex, kind)
    return key_files.read(path) if path is not None else None


def holds(p_hex: str, kind: str) -> bool:
    """Whether this server finds the key, without reading it."""
    path = _path(p_hex, kind)
    return path is not None and key_files.holds(path)


def unlink(p_hex: str, kind: str) -> None:
    """Let the key die; again changes nothing."""
    path = _path(p_hex, kind)
    if path is not None:
        path.unlink(missing_ok=True)


def removable() -> bool:
    """Whether keys that lie here can die: whoever presses on must be sure of that."""
    here = folder()
    return here is None or not here.is_dir() or os.access(here, os.R_OK | os.W_OK | os.X_OK)


def kept() -> set[tuple[str, str]]:
    """(P, kind) of every key that lies here."""
    return {(path.stem, path.suffix[1:]) for path in _files() if path.suffix[1:] in KINDS}


def sweep(over: Collection[tuple[str, str]]) -> None:
    """Remove the keys (P, kind) that are over, and old files that are no keys: half of one, or a mark for workers.

    Any other key stays, known or not: it may be of a database of which this one is a copy.
    """
    names = {f"{p_hex}.{kind}" for p_hex, kind in over}
    for path in _files():
        if path.name in names or _is_left_behind(path):
            path.unlink(missing_ok=True)


def _is_left_behind(path: Path) -> bool:
    """Whether nobody needs what is no key: the socket of a round whose key is gone, or an old file."""
    if path.suffix[1:] == SOCKET:
        return not path.with_suffix(f".{SIGN}").exists()
    return path.suffix[1:] not in KINDS and _age(path) >= HALF


def remove_folder() -> None:
    """Remove the folder with every key in it: its database ends, too."""
    with contextlib.suppress(DatabaseError):
        if (here := folder()) is not None:
            shutil.rmtree(here, ignore_errors=True)


def _files() -> list[Path]:
    here = folder()
    return list(here.iterdir()) if here is not None and here.is_dir() else []


def _age(path: Path) -> float:
    try:
        return time.time() - path.lstat().st_mtime
    except FileNotFoundError:
        return 0


@lru_cache(maxsize=256)
def _path_in(here: Path | None, p_hex: str, kind: str) -> Path | None:
    """Where a key lies if there is one: kept, since each ballot asks for it; whether there is one is not."""
    if kind not in (*KINDS, SOCKET) or not set(p_hex) <= set("0123456789abcdef"):
        raise ValueError("no key has this name")
    return here / f"{p_hex}.{kind}" if here is not None else None


def _path(p_hex: str, kind: str) -> Path | None:
    return _path_in(folder(), p_hex, kind)


def made_folder() -> Path:
    """The folder, made 0700 if need be; PermissionError for a link, or one that others may enter or replace."""
    here = folder(draw=True)
    assert here is not None  # noqa: S101 - it was just drawn
    key_files.make_folder(here)
    return here
