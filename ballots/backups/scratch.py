"""A database of this installation's own kind that comes and goes, and a folder beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from ballots.backups.passing import passing
from partyreview.databases import on_database

# How folder and database begin; the rest of their names is the same.
FOLDER, NAME = ".thu-phuc-hoi-", "thu_phuc_hoi_"


@contextmanager
def scratch() -> Iterator[tuple[Path, str]]:
    """Let this process talk to an empty database of its own kind; a folder, and the database's URL."""
    settings.VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with passing(settings.VAR_DIR, FOLDER, _drop) as folder:
        if connection.vendor == "sqlite":
            url = f"sqlite:///{folder}/scratch.sqlite3"
            with on_database(url):
                yield folder, url
            return
        name = NAME + folder.name.removeprefix(FOLDER)
        own = connection.settings_dict
        hosts = zip(str(own["HOST"]).split(","), str(own["PORT"]).split(","), strict=True)
        places = ",".join(f"{host}:{port}" for host, port in hosts)
        server = f"postgres://{own['USER']}:{own['PASSWORD']}@{places}"
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
        try:
            with on_database(f"{server}/{name}"):
                yield folder, f"{server}/{name}"
        finally:
            _drop(folder.name.removeprefix(FOLDER))


def _drop(rest: str) -> None:
    """The database that belongs to the folder of this name, where there is one."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{NAME}{rest}" WITH (FORCE)')
