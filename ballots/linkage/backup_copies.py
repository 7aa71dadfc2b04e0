"""What a backup holds for whoever has its file and its passphrase."""

import subprocess
from pathlib import Path

from django.db import connection

from ballots.backups import archive


def content(path: Path, passphrase: str) -> bytes:
    """The database in it: of SQLite the bytes of its file, of PostgreSQL the SQL that would make it again."""
    with archive.opened(path, passphrase, path.parent) as plain:
        if connection.vendor == "sqlite":
            return plain.read_bytes()
        restore = ["pg_restore", "--file=-", str(plain)]
        return subprocess.run(restore, check=True, capture_output=True).stdout  # noqa: S603 - our own arguments
