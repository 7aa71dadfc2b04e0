"""The role of the cast door in PostgreSQL: its rights lie on the tables, so they go with them, and are given anew."""

import re

from django.conf import settings
from django.db import connection, transaction

NAME = "partyreview_door"
ROLE = settings.BASE_DIR / "deploy" / "door-role.sql"


def is_there() -> bool:
    """Whether the database knows the role: without one the cast door is a part of the site."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME])
        return cursor.fetchone() is not None


def let_in() -> None:
    """Give the role, where there is one, what deploy/door-role.sql gives it: the owner of the tables may."""
    if not is_there():
        return
    text = ROLE.read_text("utf-8").replace("partyreview_door", NAME)
    grants = re.findall(r"^GRANT [^;]+;", text, re.MULTILINE)
    with transaction.atomic(), connection.cursor() as cursor:
        for grant in grants:
            cursor.execute(grant)


def lacks() -> bool:
    """Whether the role may not take a ballot: a table that was made anew, or never granted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%(role)s, 'ballots_poll', 'SELECT')"
            " AND has_column_privilege(%(role)s, 'ballots_poll', 'door_lock', 'UPDATE')"
            " AND has_table_privilege(%(role)s, 'ballots_box', 'SELECT')"
            " AND has_table_privilege(%(role)s, 'ballots_box', 'INSERT')"
            " AND has_table_privilege(%(role)s, 'ballots_keyfolder', 'SELECT')"
            " AND has_column_privilege(%(role)s, 'ballots_sealed', 'hash', 'SELECT')",
            {"role": NAME},
        )
        return not cursor.fetchone()[0]
