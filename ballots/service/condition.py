"""What stands between an installation and its work: readings shared by /suc-khoe/, the numbers and `doctor`.

Each returns plain values and raises nothing of the database, the disk or the network.
"""

import shutil
import time
from pathlib import Path

from django.db import DatabaseError, connection

from ballots.backups import nightly
from ballots.secret import keys
from partyreview import schema

# Bytes under which a disk counts as full: a night's backup and an evening's papers.
LEAST_FREE = 1024**3
# Hours after which the newest backup is too old: one night was missed.
BACKUP_HOURS = 26


def database_seconds() -> float | None:
    """How long the database takes for the least question; None where it does not answer."""
    since = time.perf_counter()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return None
    return time.perf_counter() - since


def keys_can_be_stored() -> bool:
    """Whether a poll that is opened now would find room for its keys."""
    try:
        return keys.trouble() is None
    except DatabaseError:
        return False


def backup_age() -> float | None:
    """Seconds since the newest backup in the folder of backups was written; None without one."""
    return nightly.age()


def free_bytes(folder: Path) -> int | None:
    """Room on the disk of a folder, made or not yet; None where that cannot be asked."""
    try:
        near = next(each for each in (folder, *folder.parents) if each.exists())
        return shutil.disk_usage(near).free
    except OSError:
        return None


def unready() -> str:
    """Why this server cannot serve now, for the operator; "" where it can."""
    if database_seconds() is None:
        return "Không nói chuyện được với cơ sở dữ liệu: xem PostgreSQL có chạy không, DATABASE_URL có đúng không."
    if schema.at_start:
        return schema.at_start
    if not keys_can_be_stored():
        return "Không cất được khoá của lượt bỏ phiếu: xem nơi giữ khoá còn chỗ và ghi được không."
    return ""
