"""Every released version goes on in this one: its data, its open meeting, and what its officers see."""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine as clock
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from ballots.management.commands.restore_check import scratch
from ballots.models import Paper, Poll
from cells.models import Meeting
from tests.kit import factories, verbs
from tests.kit.polls import poll_of
from tests.kit.room import Room
from tests.kit.walk import pass_minutes
from tests.upgrades import dumps, looking

ROOT = Path(settings.BASE_DIR)
FOLDER = ROOT / "tests/upgrades"
VERSIONS = re.findall(r"^## (\d\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)[1:]
MIGRATIONS = sorted(
    path.relative_to(ROOT)
    for app in ("cells", "members", "ballots")
    for path in (ROOT / app / "migrations").glob("0*.py")
)


@pytest.fixture(params=VERSIONS)
def upgraded(request, transactional_db) -> Iterator[str]:
    """An installation of that version, upgraded, in a database of its own, in the middle of its meeting."""
    with scratch(), clock.travel(looking.NOW):
        dumps.load(sql_of(dumped(request.param, "sql.gz")))
        call_command("migrate", verbosity=0)
        yield request.param


def dumped(version: str, ending: str, vendor: str = "") -> Path:
    return FOLDER / f"{version}.{vendor or connection.vendor}.{ending}"


def sql_of(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode()


@pytest.mark.slow
def test_an_upgraded_installation_shows_what_it_showed_and_its_meetings_are_held(
    upgraded, undrawn
):
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    connection.check_constraints()
    before = json.loads(dumped(upgraded, "json").read_text("utf-8"))
    assert looking.differing(before, looking.shown()) == []
    play(looking.open_meeting(), 2)
    play(factories.convene(looking.planned_meeting()), 1, 2)


def play(meeting: Meeting, *numbers: int) -> None:
    """These polls of the open meeting by the phones and doors of this version, its minutes, and its end."""
    room = Room(meeting=meeting)
    for number in numbers:
        room.poll, room.phones = poll_of(meeting, number), {}
        room.open().stamp().box().cast(*[2] * len(room.members)).seal().agree().confirm()
    pass_minutes(room)
    verbs.close_meeting(room.secretary, room.meeting)
    assert Poll.objects.filter(meeting=meeting).counted().count() == 2
    assert Paper.objects.passed(meeting)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_every_released_version_has_left_a_small_dump_without_keys_or_sessions(version, vendor):
    assert dumped(version, "json", vendor).exists()
    path = dumped(version, "sql.gz", vendor)
    assert path.stat().st_size <= 500_000
    filled = set(re.findall(r'^INSERT INTO (?:public\.|")(\w+)', sql_of(path), re.M))
    assert "members_member" in filled
    assert filled & {"ballots_keyfolder", "ballots_box", "django_session"} == set()


def test_a_released_migration_is_never_changed():
    lines = (FOLDER / "SHA256SUMS").read_text("ascii").splitlines()
    released = dict(line.split("  ")[::-1] for line in lines)
    assert {str(path) for path in MIGRATIONS if path.name.startswith("0001")} <= released.keys()
    assert released == {
        name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in released
    }


def test_a_migration_after_the_first_says_in_its_name_what_it_does():
    later = [path.stem for path in MIGRATIONS if path.stem != "0001_initial"]
    made_up = re.compile(r"_auto_|_and_more$|^\d{4}_initial|^\d{4}_\w{0,5}$")
    assert [name for name in later if made_up.search(name)] == []
