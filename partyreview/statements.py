"""Statements that a whole hall asks at once: parsed and planned once a connection, which costs more than they do."""

from typing import Any
from weakref import WeakSet

from django.db import connection
from django.db.backends.utils import CursorWrapper


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
        # Connections to PostgreSQL that have prepared it.
        self._prepared_by: WeakSet[Any] = WeakSet()

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
        # The connection itself: `connection` looks up the one of this thread for each name after it.
        database = cursor.db
        if database.vendor != "postgresql":
            cursor.execute(self.plain, values)
            return
        if database.connection not in self._prepared_by:
            # Past Django's cursor: what is asked once a connection is no part of what a request costs.
            with database.wrap_database_errors, database.connection.cursor() as raw:
                raw.execute(self.prepare)
            self._prepared_by.add(database.connection)
        cursor.execute(self.execute, values)
