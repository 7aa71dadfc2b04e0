"""The backup of each night as a job, where no timer of the machine has made one already."""

import datetime
import time
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils import timezone

from ballots.backups import archive, locks
from ballots.backups.locks import BackupError
from ballots.core.verbs import Refused
from ballots.jobs import asking
from ballots.jobs.kinds import Step
from ballots.models import Job

# How many backups stay.
KEEP = 30
# Hours of the night in which it is made: the timer of systemd comes before them (deploy/systemd/).
HOURS = range(3, 6)
# A backup that is younger is last night's own.
YOUNG = 12 * 3600


def key() -> Path:
    """The folder of the key pair."""
    return Path(settings.VAR_DIR) / "backup-key"


def folder() -> Path:
    """Where backups are written, unless the command is told otherwise."""
    return Path(settings.VAR_DIR) / "backups"


def age() -> float | None:
    """Seconds since the newest backup was written; None without one."""
    try:
        ages = [time.time() - path.stat().st_mtime for path in archive.listed(folder())]
    except OSError:
        return None
    return min(ages, default=None)


def ask_if_due() -> Job | None:
    """Ask for this night's backup, once in a night; not where nobody has set a passphrase: `doctor` says so."""
    now = timezone.localtime()
    newest = age()
    if now.hour not in HOURS or not (key() / locks.PUBLIC).exists():
        return None
    if newest is not None and newest < YOUNG:
        return None
    recently = now - datetime.timedelta(seconds=YOUNG)
    if Job.objects.filter(kind=Job.Kind.BACKUP, created_at__gte=recently).exists():
        return None
    return asking.ask(None, Job.Kind.BACKUP, f"Sao lưu đêm {now:%d/%m/%Y}", {})


def write(job: Job, file: IO[bytes], step: Step) -> tuple[str, str]:
    """Write it to the folder of backups, whole or not at all; `file` stays empty."""
    try:
        path = archive.write(folder(), locks.read(key()))
    except BackupError as error:
        raise Refused(str(error)) from error
    archive.thin_out(folder(), KEEP)
    return f"Đã sao lưu: {path.name}.", ""
