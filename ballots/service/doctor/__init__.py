"""What `manage.py doctor` looks at on a running installation, and what it says to do: one line each, in Vietnamese."""

import sys
from collections.abc import Iterator

import django
from django.conf import settings

from ballots.service import condition
from ballots.service.doctor import database, machine
from ballots.service.doctor.findings import Finding, State
from partyreview import schema


def examine() -> Iterator[Finding]:
    """Everything, in the order in which faults explain each other; nothing about the database where it is silent."""
    yield from versions()
    if condition.database_seconds() is None:
        yield Finding(
            "Cơ sở dữ liệu",
            State.BAD,
            "không trả lời",
            "Xem PostgreSQL có chạy không, DATABASE_URL có đúng không, đĩa còn chỗ không.",
        )
    else:
        yield from database.database()
        if not schema.refusal():
            for look in database.LOOKS:
                yield from look()
    for look in machine.LOOKS:
        yield from look()


def versions() -> Iterator[Finding]:
    """Of the program and of what it runs on."""
    python = ".".join(map(str, sys.version_info[:3]))
    seen = f"{settings.VERSION}, Django {django.get_version()}, Python {python}"
    yield Finding("Phiên bản", State.GOOD, seen)
