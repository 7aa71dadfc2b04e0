"""An installation as SQL that needs no tool to be read, and back; the tools of `ballots/backups` are of one server."""

import os
import re
import sqlite3
import subprocess
from pathlib import Path

from django.db import connection

# What a server keeps for itself: signed-in browsers, and where its keys lie.
OWN = ("django_session", "ballots_keyfolder")


def sql() -> str:
    """The database in use, without what is of worth to its own server alone."""
    with connection.cursor() as cursor:
        for table in OWN:
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 - our own tables
    return _of_sqlite() if connection.vendor == "sqlite" else _of_postgresql()


def _of_sqlite() -> str:
    path = Path(connection.settings_dict["NAME"])
    connection.close()
    with sqlite3.connect(path) as database:
        return "\n".join(database.iterdump()) + "\n"


def _of_postgresql() -> str:
    """In statements that any server from 13 on knows, with no role of this one, and nothing for psql."""
    options = ("--inserts", "--rows-per-insert=500", "--no-owner", "--no-privileges")
    command = ["pg_dump", *options, f"--dbname={os.environ['DATABASE_URL']}"]
    written = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return re.sub(r"^\\(un)?restrict \w+$", "", written, flags=re.M)


def load(text: str) -> None:
    """Into the database in use, which is empty."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()  # knows the functions that indexes are made of
        with connection.constraint_checks_disabled():
            connection.connection.executescript(text)
        return
    with connection.cursor() as cursor:
        cursor.execute(text)
    connection.close()  # the dump has set the ways of its connection
