"""The version before beside this one: its code out of the history of this repository, on tables of this version."""

import io
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.conf import settings

from tests.drills.installation import Installation, installed

VERSION = "0.1.0"
PACK = "2025.2"  # the newest that it knows
# With this the next version began (tests/upgrades).
DUMP = f"tests/upgrades/{VERSION}.sqlite.sql.gz"


@cache
def _archive() -> bytes:
    """Its files, packed; none where the history is not here."""
    history = _git("log", "--diff-filter=A", "--format=%H", "--", DUMP).split()
    if not history:
        return b""
    commit = f"{history[-1].decode()}~1"
    head = _git("show", f"{commit}:CHANGELOG.md")
    return _git("archive", commit) if head.split(b"\n## ")[1].startswith(VERSION.encode()) else b""


def _git(*arguments: str) -> bytes:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=settings.BASE_DIR, check=False, capture_output=True
        )
    except FileNotFoundError:
        return b""
    return done.stdout


def lacks(on_sqlite: bool) -> str:
    """Where this is no clone with its history."""
    return "" if _archive() else f"the code of {VERSION} is not in the history of this folder"


@contextmanager
def beside_this_one(on_sqlite: bool) -> Iterator[Installation]:
    """The former version serves; the tables are changed; this version serves beside it, on the same machine."""
    with installed(on_sqlite) as place:
        code = place.folder / "former"
        with tarfile.open(fileobj=io.BytesIO(_archive())) as files:
            files.extractall(code, filter="data")
        place.environ["RUNTIME_DIRECTORY"] = str(place.ram / "1")
        old = place.add(RUNTIME_DIRECTORY=place.environ["RUNTIME_DIRECTORY"])
        old.code = code
        place.manage("migrate", code=code)
        old.start()
        place.manage("migrate")
        place.add(RUNTIME_DIRECTORY=place.environ["RUNTIME_DIRECTORY"]).start()
        place.servers.reverse()  # people begin at the new one
        yield place
