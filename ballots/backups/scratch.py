"""A database of this installation's own kind that comes and goes, and a folder beside it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.crypto import get_random_string

from partyreview.databases import on_database


@contextmanager
def scratch() -> Iterator[tuple[Path, str]]:
    """Let this process talk to an empty database of its own kind; a folder, and the database's URL."""
    settings.VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.VAR_DIR, prefix=".thu-phuc-hoi-") as folder:
        if connection.vendor == "sqlite":
            url = f"sqlite:///{folder}/scratch.sqlite3"
            with on_database(url):
                yield Path(folder), url
            return
        name = f"thu_phuc_hoi_{get_random_string(8, 'abcdefghij')}"
        own = connection.settings_dict
        hosts = zip(str(own["HOST"]).split(","), str(own["PORT"]).split(","), strict=True)
        places = ",".join(f"{host}:{port}" for host, port in hosts)
        server = f"postgres://{own['USER']}:{own['PASSWORD']}@{places}"
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
        try:
            with on_database(f"{server}/{name}"):
                yield Path(folder), f"{server}/{name}"
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
