"""After a poll: rewrite what the database keeps of deleted rows. Never a condition of a step."""

import contextlib

from django.db import DatabaseError, connection

TABLES = ("ballots_box", "ballots_sealed", "ballots_issue", "ballots_slip")


def scrub() -> None:
    """Let the database forget deleted ballots, as far as it can now; the keys that died are what secrecy rests on.

    SQLite: the write-ahead log is emptied (refused while somebody reads). PostgreSQL: VACUUM.
    """
    if connection.in_atomic_block:
        return
    statements = (
        ["PRAGMA wal_checkpoint(TRUNCATE)"]
        if connection.vendor == "sqlite"
        else [f"VACUUM {table}" for table in TABLES]
    )
    with contextlib.suppress(DatabaseError), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
