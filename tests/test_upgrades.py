"""Every released version goes on in this one: its data, its open meeting, and what its officers see."""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import time_machine as clock
from django.apps.registry import Apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations import operations as ops
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState

from ballots.backups.scratch import scratch
from ballots.models import Paper, Poll
from cells.models import Meeting
from tests.kit import factories, verbs
from tests.kit.polls import poll_of
from tests.kit.room import Room
from tests.kit.walk import pass_minutes
from tests.upgrades import adding, dumps, looking

ROOT = Path(settings.BASE_DIR)
FOLDER = ROOT / "tests/upgrades"
VERSIONS = re.findall(r"^## (\d\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)[1:]
APPS = ("cells", "members", "ballots")
# What no server of the version before could bear, as `adding.refused` names it, and why it may be done all the same.
REASONED: dict[str, str] = {
    "cells.0003_add_keys_of_cell_names RunPython": "fills two columns that the older code does not know",
    "cells.0005_add_meetings_of_committees meeting_meeting_of_one_body": "it names a cell alone",
    "ballots.0003_add_approval submission_approval_has_its_officer_and_time": "of two columns that it leaves empty",
    "cells.0007_add_rehearsals_of_committees meeting_meeting_of_one_body": "takes one kind more than the one before",
    "cells.0008_add_number_of_minutes meeting_minutes_symbol_once_per_committee_and_campaign": "of a newer column",
    "members.0008_add_kind_of_reopenings attachment_attachment_kind_known": "takes one kind more than the one before",
    "ballots.0004_approve_what_is_decided RunPython": "fills two columns that the older code does not know",
}
MIGRATIONS = sorted(
    path.relative_to(ROOT) for app in APPS for path in (ROOT / app / "migrations").glob("0*.py")
)


@dataclass(frozen=True)
class Upgraded:
    """An installation of that version, brought to this one, in the middle of its meeting; its models as they were."""

    version: str
    former: Apps


@pytest.fixture(params=VERSIONS)
def upgraded(request, transactional_db) -> Iterator[Upgraded]:
    """In a database of its own."""
    with scratch(), clock.travel(looking.NOW):
        dumps.load(sql_of(dumped(request.param, "sql.gz")))
        loader = MigrationLoader(connection)
        former = loader.project_state(list(loader.applied_migrations)).apps
        call_command("migrate", verbosity=0)
        yield Upgraded(request.param, former)


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
    before = json.loads(dumped(upgraded.version, "json").read_text("utf-8"))
    assert looking.differing(before, looking.shown()) == []
    adding.go_on(upgraded.former)
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


def released() -> dict[str, str]:
    """The migrations that a release has frozen, with their SHA-256."""
    lines = (FOLDER / "SHA256SUMS").read_text("ascii").splitlines()
    return dict(line.split("  ")[::-1] for line in lines)


def test_a_released_migration_is_never_changed():
    assert {str(path) for path in MIGRATIONS if path.stem == "0001_initial"} <= released().keys()
    assert released() == {
        name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in released()
    }


def test_a_migration_after_the_first_says_in_its_name_what_it_does():
    later = [path.stem for path in MIGRATIONS if path.stem != "0001_initial"]
    made_up = re.compile(r"_auto_|_and_more$|^\d{4}_initial|^\d{4}_\w{0,5}$")
    assert [name for name in later if made_up.search(name)] == []


def test_what_comes_after_a_release_only_adds():
    loader = MigrationLoader(None)
    frozen = [(Path(name).parts[0], Path(name).stem) for name in released()]
    state = loader.project_state(frozen)
    known = {f"{app}.{model}" for app, model in state.models}
    later = [
        loader.get_migration(*key)
        for key in loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True)
        if key[0] in APPS and key not in frozen
    ]
    refused = {line for each in later for line in adding.refused(each, state, known)}
    assert refused == REASONED.keys()


TEXT = {"max_length": 20, "default": ""}
CHECK = models.CheckConstraint(condition=models.Q(name="A"), name="only_a")
OPERATIONS = [
    (True, ops.CreateModel("Other", [("id", models.AutoField(primary_key=True))])),
    (True, ops.AddField("thing", "more", models.CharField(null=True, max_length=20))),
    (True, ops.AddField("thing", "more", models.CharField(db_default="", max_length=20))),
    (True, ops.AddField("thing", "more", models.ManyToManyField("things.Thing"))),
    (True, ops.AddIndex("thing", models.Index(fields=["name"], name="by_name"))),
    (True, ops.AlterModelOptions("thing", {"verbose_name": "vật"})),
    (True, ops.AddConstraint("new", CHECK)),
    (True, ops.RemoveField("new", "name")),
    (True, ops.AlterField("thing", "name", models.CharField("tên", max_length=20))),
    (True, ops.AlterField("thing", "name", models.CharField(**TEXT | {"max_length": 30}))),
    (True, ops.AlterField("thing", "name", models.CharField(null=True, **TEXT))),
    (False, ops.AddField("thing", "more", models.CharField(**TEXT))),
    (False, ops.AlterField("thing", "name", models.CharField(**TEXT | {"max_length": 10}))),
    (False, ops.AlterField("thing", "name", models.CharField(unique=True, **TEXT))),
    (False, ops.AlterField("thing", "name", models.CharField(db_column="ten", **TEXT))),
    (False, ops.AlterField("thing", "name", models.TextField(default=""))),
    (False, ops.AlterField("thing", "note", models.CharField(**TEXT))),
    (False, ops.RemoveField("thing", "name")),
    (False, ops.RenameField("thing", "name", "title")),
    (False, ops.RenameModel("Thing", "Matter")),
    (False, ops.DeleteModel("Thing")),
    (False, ops.AlterModelTable("thing", "matters")),
    (False, ops.AddConstraint("thing", CHECK)),
    (False, ops.RunPython(ops.RunPython.noop)),
    (False, ops.RunSQL("DELETE FROM things_thing")),
]


@pytest.mark.parametrize(
    ("is_addition", "operation"), OPERATIONS, ids=lambda value: getattr(value, "describe", str)()
)
def test_what_is_an_addition(is_addition, operation):
    state = ProjectState()
    columns = {
        "id": models.AutoField(primary_key=True),
        "name": models.CharField(**TEXT),
        "note": models.CharField(null=True, **TEXT),
    }
    for name in ("Thing", "New"):
        ops.CreateModel(name, list(columns.items())).state_forwards("things", state)
    migration = Migration("0002_change", "things")
    migration.operations = [operation]
    assert (adding.refused(migration, state, {"things.thing"}) == []) is is_addition
