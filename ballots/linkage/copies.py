"""What somebody has who copies the whole database: its raw files, a plain dump, and PostgreSQL's log."""

import io
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

SEGMENT = 16 * 1024 * 1024


def rows(sql: str, *params: str | int) -> list[tuple[Any, ...]]:
    """What a statement answers, bytes as bytes."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    return [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in rows]


def tables() -> list[str]:
    return sorted(connection.introspection.table_names())


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def sees_the_server() -> bool:
    """Whether files and log of a PostgreSQL can be read: by a superuser only."""
    return (
        not is_sqlite() and rows("SELECT usesuper FROM pg_user WHERE usename = current_user")[0][0]
    )


# The dump.


def dump() -> dict[str, list[str]]:
    """The lines of a plain dump per table, in their order: `.dump` of SQLite, COPY as pg_dump writes it."""
    return _dump_of_sqlite() if is_sqlite() else _dump_of_postgres()


def _dump_of_sqlite() -> dict[str, list[str]]:
    connection.ensure_connection()
    lines = list(connection.connection.iterdump())
    return {
        table: [line for line in lines if line.startswith(f'INSERT INTO "{table}" ')]
        for table in tables()
    }


def _dump_of_postgres() -> dict[str, list[str]]:
    by_name = {}
    with connection.cursor() as cursor:
        for table in tables():
            text = io.StringIO()
            cursor.copy_expert(f'COPY "{table}" TO STDOUT', text)
            by_name[table] = text.getvalue().splitlines()
    return by_name


# The files.


def write_ahead() -> str:
    """Where PostgreSQL's write-ahead log stands now."""
    return "" if is_sqlite() else rows("SELECT pg_current_wal_lsn()")[0][0]


def raw(file: Path) -> bytes:
    """The bytes of a file of the database, read by another process.

    A process that closes any descriptor of a file loses its locks on it: SQLite would go on without them, and a
    second process, believing itself alone, would write over the first (sqlite.org, "How To Corrupt", 2.2).
    """
    return subprocess.run(["/bin/cat", file], check=True, capture_output=True).stdout  # noqa: S603 - our own file


def files(since: str) -> dict[str, bytes]:
    """The raw files by name: tables, indexes, statistics, and the write-ahead log from `since` on.

    PostgreSQL shows them to a superuser only; to another role this is the content of its tables.
    """
    if is_sqlite():
        main = Path(rows("PRAGMA database_list")[0][2])
        return {f.name: raw(f) for f in main.parent.glob(f"{main.name}*")}
    if not sees_the_server():
        return {table: "\n".join(lines).encode() for table, lines in dump().items()}
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    stored = rows(
        "SELECT relname, pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class "
        "WHERE relkind IN ('r', 'i', 't') AND (relnamespace = 'public'::regnamespace "
        "OR relname IN ('pg_statistic', 'pg_largeobject') OR relname LIKE 'pg\\_toast\\_%%')"
    )
    return dict(stored) | dict(_log_segments(since))


def _log_segments(since: str) -> Iterator[tuple[str, bytes]]:
    first, start, last = rows(
        "SELECT pg_walfile_name(%s), (pg_walfile_name_offset(%s)).file_offset, "
        "pg_walfile_name(pg_current_wal_lsn())",
        since,
        since,
    )[0]
    named = rows("SELECT name FROM pg_ls_waldir() WHERE name BETWEEN %s AND %s", first, last)
    for (name,) in named:
        skipped = start if name == first else 0
        path = f"pg_wal/{name}"
        read = "SELECT pg_read_binary_file(%s, %s, %s)"
        yield name, rows(read, path, skipped, SEGMENT - skipped)[0][0]


# The log.


@contextmanager
def statements_logged() -> Iterator[None]:
    """Let PostgreSQL write down every statement of connections made from now on, as an operator might."""
    if not sees_the_server():
        yield
        return
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE \"{name}\" SET log_statement = 'all'")
    connection.close()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" RESET log_statement')
        connection.close()


def log(since: int = 0) -> bytes:
    """PostgreSQL's log from this byte on; b"" where there is none, or where it is no file of its own machine."""
    if not sees_the_server():
        return b""
    # What the server process writes its errors to; a pipe has the size 0, and must not be read.
    path = "/proc/self/fd/2"
    ((size,),) = rows("SELECT (pg_stat_file(%s, true)).size", path)
    if not size or size <= since:
        return b""
    content: bytes = rows("SELECT pg_read_binary_file(%s, %s, %s)", path, since, size - since)[0][
        0
    ]
    return content
