"""The three keys that die, in RAM of this machine or a server's: sign, box, count (secret-ballot.md 3.1)."""

import contextlib
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from ballots.models.box import KeyFolder
from ballots.secret import key_files
from ballots.secret.key_store import Place, Store

SIGN, BOX, COUNT = KINDS = "sign", "box", "count"
# Beside them, in the folder of each machine: where its signer of a round listens, and what keeps it the only one.
SOCKET, LOCK = "signer", "lock"
# Seconds after which a half-written key is what a crash left behind.
HALF = 60
# More than the three keys of a round take.
ROOM = 4096

# Each database's folder, once its name is committed: read once in the life of a process.
_folders: dict[str, Path] = {}
# What the transaction under way has written.
_written: ContextVar[list[str] | None] = ContextVar("written", default=None)


def folder(draw: bool = False) -> Path | None:
    """Where the keys of this database lie, whatever address it is reached by; None where there never was one.

    On a server they bear the folder's name; the folder is then this machine's own: sockets, locks and marks.
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


def store() -> Store | None:
    """What keeps the secrets of this database; None where there never was one."""
    here = folder()
    return _place(here).store() if here is not None else None


def made_store() -> Store:
    """The same, for whoever is about to write: the folder is there, 0700."""
    return made_place().store()


def made_place() -> Place:
    """Where they lie, for a process that is to hold one; the folder is there, 0700."""
    return _place(made_folder())


def _place(here: Path) -> Place:
    return Place(str(here), settings.KEY_STORE_URL)


def where() -> str:
    """What the operator is to look at when keys cannot be kept."""
    return (
        "kho khoá chung (KEY_STORE_URL)" if settings.KEY_STORE_URL else str(settings.RUNTIME_DIR)
    )


def fault() -> str:
    """Why the program must not start on this store of keys, in one sentence; "" where nothing is in the way."""
    if not settings.KEY_STORE_URL:
        return ""
    from ballots.secret import key_server  # see key_store.py

    return key_server.fault(settings.KEY_STORE_URL)


def uptime() -> int | None:
    """Seconds since the server of keys was started; None without one, or where it does not say."""
    if not settings.KEY_STORE_URL:
        return None
    from ballots.secret import key_server  # see key_store.py

    return key_server.uptime(settings.KEY_STORE_URL)


def note(*written: str) -> None:
    """Count these names among what the transaction under way has written."""
    if (noted := _written.get()) is not None:
        noted.extend(written)


@contextmanager
def gone_unless_committed() -> Iterator[None]:
    """Around a transaction: the keys it writes go again if it fails, even in its commit; see `committed`."""
    token = _written.set([])
    try:
        yield
    except BaseException:
        if noted := _written.get():
            with contextlib.suppress(OSError):  # a server that went silent; nobody is told their P
                made_store().unlink(*noted)
        raise
    finally:
        _written.reset(token)


def committed() -> None:
    """Let the keys of the transaction stay, whatever fails from now on; to be called on its commit."""
    if (written := _written.get()) is not None:
        written.clear()


def trouble() -> OSError | None:
    """Why the keys of a round could not be kept now: no room, no permission, a server that would save them…"""
    try:
        made_store().must_take(ROOM)
    except OSError as error:
        return error
    return None


def read(p_hex: str, kind: str) -> bytes | None:
    """The key, or None where this server does not find it: its phase is over, or it lies elsewhere, or nowhere."""
    name, kept_by = _name(p_hex, kind), store()
    return kept_by.read(name) if kept_by is not None else None


def holds(p_hex: str, kind: str) -> bool:
    """Whether this server finds the key, without reading it."""
    name, kept_by = _name(p_hex, kind), store()
    return kept_by is not None and kept_by.holds(name)


def unlink(p_hex: str, *kinds: str) -> None:
    """Let the keys die; again changes nothing."""
    names, kept_by = [_name(p_hex, kind) for kind in kinds], store()
    if kept_by is not None:
        kept_by.unlink(*names)


def clear_signer(p_hex: str) -> None:
    """Remove what is left in this machine's folder of a signer that is dead."""
    if (here := folder()) is not None:
        for name in (SOCKET, LOCK):
            (here / f"{p_hex}.{name}").unlink(missing_ok=True)


def removable() -> bool:
    """Whether keys that lie here can die: whoever presses on must be sure of that."""
    kept_by = store()
    return kept_by is None or kept_by.is_removable()


def kept(untouched: int = 0) -> set[tuple[str, str]]:
    """(P, kind) of every key that lies here; `untouched`: which nobody wrote or asked for in so many seconds."""
    kept_by = store()
    names = kept_by.names(untouched) if kept_by is not None else set()
    parts = (name.rpartition(".") for name in names)
    return {(p_hex, kind) for p_hex, _, kind in parts if kind in KINDS}


def sweep(over: Collection[tuple[str, str]]) -> None:
    """Remove the keys (P, kind) that are over, and old files that are no keys: half of one, or a mark for workers.

    Any other key stays, known or not: it may be of a database of which this one is a copy.
    """
    kept_by = store()
    if kept_by is None:
        return
    kept_by.unlink(*(_name(p_hex, kind) for p_hex, kind in over))
    for path in _files():
        if _is_left_behind(path, kept_by):
            path.unlink(missing_ok=True)


def _is_left_behind(path: Path, kept_by: Store) -> bool:
    """Whether nobody needs what is no key: socket and lock of a round whose key is gone, or an old file."""
    if path.suffix[1:] in (SOCKET, LOCK):
        return not kept_by.holds(f"{path.stem}.{SIGN}")
    return path.suffix[1:] not in KINDS and key_files.age(path) >= HALF


def remove_folder() -> None:
    """Remove the folder and every key: its database ends, too."""
    with contextlib.suppress(DatabaseError, OSError):
        if (here := folder()) is not None:
            end_folder(here)


def end_folder(here: Path) -> None:
    """Let everything die that this folder's database has kept: it is no more. OSError where something stays."""
    _folders.clear()
    kept_by = _place(here).store()
    kept_by.unlink(*kept_by.names())
    shutil.rmtree(here, ignore_errors=True)


def _files() -> list[Path]:
    here = folder()
    return list(here.iterdir()) if here is not None and here.is_dir() else []


@lru_cache(maxsize=256)
def _name(p_hex: str, kind: str) -> str:
    """What a key is called: kept, since each ballot asks for it; whether there is one is not."""
    if kind not in KINDS or not set(p_hex) <= set("0123456789abcdef"):
        raise ValueError("no key has this name")
    return f"{p_hex}.{kind}"


def made_folder() -> Path:
    """The folder, made 0700 if need be; PermissionError for a link, or one that others may enter or replace."""
    here = folder(draw=True)
    assert here is not None  # noqa: S101 - it was just drawn
    key_files.make_folder(here)
    return here
