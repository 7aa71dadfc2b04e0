"""Whether the tables are those of this version: asked once, when a server starts."""

import contextlib

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

EMPTY = "Cơ sở dữ liệu còn trống. Xin chạy manage.py migrate, rồi khởi động lại chương trình."
OLDER = (
    "Cơ sở dữ liệu chưa được nâng cấp lên bản {version}, còn {pending} bước. Xin sao lưu (manage.py backup), chạy "
    "manage.py migrate, rồi khởi động lại chương trình."
)
NEWER = (
    "Cơ sở dữ liệu đã được một bản mới hơn nâng cấp, còn chương trình này là bản {version}. Xin chạy bản mới hơn ấy, "
    "hoặc phục hồi bản sao lưu đã làm trước khi nâng cấp."
)

# What this server was refused at its start. Nobody asks again: beside a server of the next version, which has changed
# the tables meanwhile, it goes on (tests/upgrades/adding.py).
at_start = ""


def refusal() -> str:
    """Why no server of this version may work on the database in use, and what to do; "" where all is well.

    A database that does not answer, or not this role, is no reason: it may do so later.
    """
    # RuntimeError: the tests, which allow no database while they are collected.
    with contextlib.suppress(DatabaseError, RuntimeError):
        return _difference()
    return ""


def _may_ask() -> bool:
    """Whether this role may read what the database has been through; the cast door's may not, and is not to try."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(to_regclass('django_migrations'), 'SELECT')")
        return cursor.fetchone()[0] is not False  # None: there is no such table yet


def _difference() -> str:
    if not _may_ask():
        return ""
    applied = set(MigrationRecorder(connection).applied_migrations())
    loader = MigrationLoader(None)
    known = set(loader.disk_migrations)
    # An app that this version no longer has, or does not have yet, says nothing: no code here touches its tables.
    later = {key for key in applied - known if key[0] in loader.migrated_apps}
    if later:
        return NEWER.format(version=settings.VERSION)
    if not applied:
        return EMPTY
    pending = len(known - applied)
    return OLDER.format(version=settings.VERSION, pending=pending) if pending else ""
