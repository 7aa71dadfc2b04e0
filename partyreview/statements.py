"""Statements that a whole hall asks at once: parsed and planned once a connection, which costs more than they do."""

from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.backends.utils import CursorWrapper

# What a connection to PostgreSQL has prepared, by name.
_prepared: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class Statement:
    """One statement of plain SQL; PostgreSQL prepares it, and sqlite3 keeps it compiled by itself."""

    def __init__(self, name: str, sql: str, types: str) -> None:
        """`name`: no other's; `sql`: %s for each value, {share} where PostgreSQL locks a row that it reads.

        `types`: of the values, as PostgreSQL calls them.
        """
        count = types.count(",") + 1
        numbers = tuple(f"${n + 1}" for n in range(count))
        self.name, self.plain = name, sql.format(share="")
        self.prepare = f"PREPARE {name} ({types}) AS {sql.format(share='FOR SHARE') % numbers}"
        self.execute = f"EXECUTE {name} ({', '.join(['%s'] * count)})"

    def row(self, *values: str | int | bytes) -> tuple[Any, ...] | None:
        """The first row."""
        with connection.cursor() as cursor:
            self._run(cursor, values)
            row: tuple[Any, ...] | None = cursor.fetchone()
            return row

    def changed(self, *values: str | int | bytes) -> int:
        """How many rows it changed."""
        with connection.cursor() as cursor:
            self._run(cursor, values)
            return int(cursor.rowcount)

    def _run(self, cursor: CursorWrapper, values: tuple[str | int | bytes, ...]) -> None:
        if connection.vendor != "postgresql":
            cursor.execute(self.plain, values)
            return
        prepared = _prepared.setdefault(connection.connection, set())
        if self.name not in prepared:
            # Past Django's cursor: what is asked once a connection is no part of what a request costs.
            with connection.wrap_database_errors, connection.connection.cursor() as raw:
                raw.execute(self.prepare)
            prepared.add(self.name)
        cursor.execute(self.execute, values)
