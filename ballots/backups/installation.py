"""Which installation a database is of, and how far its tables have come."""

import hashlib

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def vendor() -> str:
    """sqlite or postgresql."""
    return connection.vendor


def applied() -> list[str]:
    """The migrations that the database in use has been through, as app.name."""
    rows = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in rows)


def mark() -> str:
    """Tells installations apart: by when their tables were made, which every copy keeps; "" without tables."""
    recorder = MigrationRecorder(connection)
    if not recorder.has_table():
        return ""
    first = recorder.migration_qs.order_by("id").values_list("applied", flat=True).first()
    return hashlib.sha256(first.isoformat().encode()).hexdigest()[:16] if first else ""


def unknown(migrations: list[str]) -> list[str]:
    """Those of these migrations that this version of the program does not know: they are of a later one."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    return sorted(set(migrations) - known)
