"""A whole database as one file, and back: SQLite by its own copy, PostgreSQL by its own tools."""

import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from ballots.backups.locks import BackupError

# Filled anew after a restore, or of no worth to anybody but this server.
UNCOUNTED = ("django_session", "ballots_keyfolder")

# Tables of a later version, too, which no dump of this one names: the next upgrade makes them anew.
DROP_ALL = """
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
    EXECUTE format('DROP TABLE %I CASCADE', name);
  END LOOP;
END $$
"""
# Nor does what is loaded name the folder where keys of its polls may still lie: whoever is killed right after it has
# brought no poll back.
FORGET_KEYS = "DELETE FROM ballots_keyfolder"


def dump(target: Path) -> dict[str, int]:
    """Write the database to `target` as of one moment, and return the rows of each table as of that moment."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(target)])
        with sqlite3.connect(target) as copy:
            return _counts(lambda query: copy.execute(query).fetchall(), _sqlite_tables(copy))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges",
             f"--snapshot={snapshot}", f"--file={target}")  # fmt: skip
        return count_rows(cursor)


def count_rows(cursor: CursorWrapper) -> dict[str, int]:
    """The rows of each table of the database in use."""

    def ask(query: str) -> list[tuple[int]]:
        cursor.execute(query)
        rows: list[tuple[int]] = cursor.fetchall()
        return rows

    return _counts(ask, connection.introspection.table_names(cursor))


def _counts(ask: Callable[[str], list[tuple[int]]], tables: list[str]) -> dict[str, int]:
    return {
        table: ask(f'SELECT COUNT(*) FROM "{table}"')[0][0]  # noqa: S608 - names of tables
        for table in sorted(tables)
        if table not in UNCOUNTED
    }


def _sqlite_tables(copy: sqlite3.Connection) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    return [name for (name,) in copy.execute(query)]


def is_empty() -> bool:
    """Whether the database in use has no tables yet."""
    return not connection.introspection.table_names()


def load(source: Path) -> None:
    """Put the dump in the place of all that the database holds, whole or not at all."""
    if connection.vendor == "sqlite":
        _replace_sqlite(source)
        return
    script = source.with_suffix(".sql")
    _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(source))
    _run("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
         f"--command={DROP_ALL}", f"--file={script}",  # which leaves no path of its own behind
         "--command=RESET search_path", f"--command={FORGET_KEYS}", _name())  # fmt: skip


def _replace_sqlite(source: Path) -> None:
    """Under the lock of every writer, so that no other program is in the middle of something."""
    path = Path(connection.settings_dict["NAME"])
    connection.close()
    with closing(sqlite3.connect(source)) as copy, copy:
        copy.execute(FORGET_KEYS)
    _write_out(source)
    with _alone_on(path):
        for rest in (f"{path}-wal", f"{path}-shm"):
            Path(rest).unlink(missing_ok=True)
        os.replace(source, path)
        _write_out(path.parent)


def _write_out(place: Path) -> None:
    """Have a file, or the names in a folder, on the disk, whatever happens to the power."""
    number = os.open(place, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextmanager
def _alone_on(path: Path) -> Iterator[None]:
    """BackupError while another program has the file open."""
    database = sqlite3.connect(path, timeout=1, isolation_level=None)
    try:
        # In this mode the last one to leave takes the log with it; it cannot be left while anybody else is there.
        mode = database.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
        if mode != "delete":
            raise sqlite3.OperationalError
        database.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        database.close()
        raise BackupError(
            "Chương trình còn đang chạy trên cơ sở dữ liệu này. Xin dừng nó rồi phục hồi lại; chưa có gì thay đổi."
        ) from error
    try:
        yield
    finally:
        database.close()


def _run(tool: str, *arguments: str) -> None:
    """Run a tool of PostgreSQL on the database in use; BackupError with its last line."""
    try:
        subprocess.run(  # noqa: S603 - our own arguments
            [tool, *arguments], env=_environ(), check=True, capture_output=True, text=True
        )
    except FileNotFoundError as error:
        raise BackupError(
            f"Máy này thiếu lệnh {tool}. Cài bằng: sudo apt-get install postgresql-client"
        ) from error
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or ["không rõ vì sao"])[-1]
        raise BackupError(f"Lệnh {tool} không làm được: {last}") from error


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _environ() -> Mapping[str, str]:
    """What libpq's tools read: no password on a command line, which every process may see."""
    own = connection.settings_dict
    values = {
        "PGHOST": own["HOST"],
        "PGPORT": own["PORT"],
        "PGUSER": own["USER"],
        "PGPASSWORD": own["PASSWORD"],
        "PGDATABASE": own["NAME"],
        "PGTARGETSESSIONATTRS": own["OPTIONS"].get("target_session_attrs"),
    }
    return dict(os.environ) | {name: str(value) for name, value in values.items() if value}
