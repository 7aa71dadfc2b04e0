"""Servers in processes of their own, on the database and the keys of the test, and what phones send them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from typing import IO

import requests
from django.conf import settings
from django.db import connection

from ballots.demo import serving
from ballots.linkage.memory import children
from tests.kit.ports import quiet_port
from tests.kit.processes import spawner_of

DATABASES = {
    "sqlite": "sqlite:///{NAME}",
    "postgresql": "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}",
}


@contextmanager
def deadly_server(folder: Path, **size: int) -> Iterator[tuple[str, Popen[bytes]]]:
    """Serve `tests/kit/deadly.py`, which obeys the files of `folder` and leaves its errors there in `log`."""
    url = f"http://127.0.0.1:{quiet_port()}"
    environ = dict(os.environ) | {
        "DATABASE_URL": DATABASES[connection.vendor].format_map(connection.settings_dict),
        "SECRET_KEY": "of this test",
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "off",
        "KEY_STORE_URL": settings.KEY_STORE_URL,
        "TEST_KEYS": str(settings.KEY_DIR),
        "TEST_DEATHS": str(folder),
    }
    with (
        (folder / "log").open("wb") as log,
        errors_to(log),
        serving.running(url, environ, "tests.kit.deadly:application", **size) as process,
    ):
        yield url, process


@contextmanager
def errors_to(log: IO[bytes]) -> Iterator[None]:
    """Let what this process and its children write to standard error go to a file."""
    saved = os.dup(2)
    os.dup2(log.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)


def workers_of(master: Popen[bytes]) -> set[int]:
    """The processes that serve now."""
    return children(master.pid) - {spawner_of(master.pid)}


def cast(site: str, body: bytes) -> bytes | None:
    """What the phone is answered; None when the line goes dead."""
    try:
        headers = {"Content-Type": "application/octet-stream"}
        answer = requests.post(f"{site}/hom/bo-phieu", body, headers=headers, timeout=20)
    except requests.RequestException:
        return None
    return answer.content
