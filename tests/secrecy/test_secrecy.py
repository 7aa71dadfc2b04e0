"""Nothing in the database can tie a ballot to its voter: by its shape, and by trying (secret-ballot.md 1, 7)."""

# ruff: noqa: S608 - the statements below are put together from our own table names

import random
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from ballots.linkage.copies import raw
from ballots.models import Box, Envelope, Issue, Poll, RowTally, Sealed
from ballots.secret.door import ACCEPTED, NUMBER_USED
from tests.kit.room import Room, ask, cast

# The shape: a new column here must be argued for, and then written here.

SHAPE = {
    Box: {"tag": models.BinaryField, "poll": models.ForeignKey, "data": models.BinaryField},
    # Dates of its term alone, months after the poll; the key is on paper (secret-ballot.md 4.1).
    Envelope: {
        "poll": models.OneToOneField,
        "recipient": models.CharField,
        "key_check": models.CharField,
        "checked": models.BooleanField,
        "data": models.BinaryField,
        "sha256": models.CharField,
        "left_out": models.CharField,
        "kept_until": models.DateField,
        "destroyed_on": models.DateField,
        "openings": models.ManyToOneRel,
    },
    Sealed: {"hash": models.BinaryField, "poll": models.ForeignKey, "data": models.BinaryField},
}
COUNTS = {"position", "excellent", "good", "fulfilled", "unfulfilled", "blank"}
FORBIDDEN = (
    models.DateField,
    models.TimeField,
    models.DurationField,
    models.GenericIPAddressField,
    models.UUIDField,
    models.JSONField,
    models.FileField,
)


@pytest.mark.parametrize("table", SHAPE)
def test_a_ballot_has_a_random_key_a_poll_and_ciphertext(table):
    fields = {field.name: type(field) for field in table._meta.get_fields()}
    assert fields == SHAPE[table]
    assert table._meta.pk.name in ("tag", "hash", "poll")
    assert table._meta.get_field("poll").related_model is Poll


def test_a_total_has_counts_and_nothing_else():
    fields = {field.name for field in RowTally._meta.get_fields()}
    assert fields == COUNTS | {"id", "poll"}


@pytest.mark.parametrize("table", [Poll, Box, Sealed, RowTally])
def test_no_table_of_the_door_has_a_time_an_address_or_a_person(table):
    for field in table._meta.get_fields():
        if field.concrete:
            assert not isinstance(field, FORBIDDEN) or field.name == "levels"
            assert not re.search("time|_at$|_on$|ip$|addr|user|member|session|device", field.name)
        if field.is_relation and field.concrete:
            assert field.related_model._meta.app_label in ("ballots", "cells")
            assert field.related_model._meta.object_name in ("Poll", "Meeting")


def test_nothing_points_at_a_ballot_and_no_history_shadows_it():
    for model in apps.get_models(include_auto_created=True):
        targets = {
            field.related_model
            for field in model._meta.get_fields()
            if field.is_relation and field.concrete
        }
        assert not targets & {Box, Sealed}
    named = {m._meta.db_table for m in apps.get_models(include_auto_created=True)}
    assert {t for t in named if re.search("box|sealed|ballot_|histor", t)} == {
        "ballots_box",
        "ballots_sealed",
    }


def database_columns(table: str) -> dict[str, str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA table_info({table})")
            return {row[1]: row[2].lower() for row in cursor.fetchall()}
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s",
            [table],
        )
        return dict(cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.parametrize("table", [Box, Sealed])
def test_the_database_itself_has_no_further_column(table):
    columns = database_columns(table._meta.db_table)
    assert set(columns) == {field.column for field in table._meta.concrete_fields}
    assert set(columns.values()) <= {"blob", "bytea", "varchar(32)", "character varying"}


@pytest.mark.django_db
def test_the_database_has_no_trigger_that_could_write_a_ballot_elsewhere():
    find = {
        "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(find[connection.vendor])
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_a_commit_is_on_the_disk_before_it_is_answered_and_deleted_rows_are_overwritten():
    expected = {
        "sqlite": {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1},
        "postgresql": {"synchronous_commit": "on"},
    }[connection.vendor]
    ask = {"sqlite": "PRAGMA", "postgresql": "SHOW"}[connection.vendor]
    assert {name: rows_of(f"{ask} {name}")[0][0] for name in expected} == expected


# The door: what it reads and writes, and that PostgreSQL has no failed statement to log.


def _written_out(sql: str) -> str:
    """What is executed by its name, as PostgreSQL has prepared it."""
    name = re.match(r"EXECUTE (\w+)", sql)
    if name is None:
        return sql
    prepared = rows_of(f"SELECT statement FROM pg_prepared_statements WHERE name = '{name[1]}'")
    return prepared[0][0].split(" AS ", 1)[1]


def statements(method: str, path: str, body: bytes = b"") -> list[tuple[str, set[str]]]:
    """What one request asks the database: (SELECT or INSERT…, tables named)."""
    known = set(connection.introspection.table_names())
    with CaptureQueriesContext(connection) as captured:
        ask(method, path, body)
    first = [_written_out(query["sql"]) for query in captured]
    named = [(sql.split()[0], known & set(re.findall(r"\w+", sql))) for sql in first]
    return [(verb, tables) for verb, tables in named if tables]


@pytest.mark.django_db
def test_the_door_touches_its_own_three_tables_and_changes_only_the_box():
    room = Room(3).open().stamp().box()
    body = room.phones[room.members[0]].fold([1])
    poll, box, sealed = {"ballots_poll"}, {"ballots_box"}, {"ballots_sealed"}
    phase = ("GET", f"/hom/{room.meeting.door_key}/luot")
    assert statements(*phase) == [("SELECT", poll)]
    assert statements("GET", f"/hom/{room.poll.p}/to-phieu") == [("SELECT", poll)]
    assert statements("POST", "/hom/bo-phieu", body) == [("SELECT", poll), ("INSERT", poll | box)]
    again = [("INSERT", poll | box), ("SELECT", poll), ("SELECT", box)]
    assert statements("POST", "/hom/bo-phieu", body) == again
    room.seal(short_ok=True)
    assert statements(*phase) == [("SELECT", poll)]
    assert statements("GET", f"/hom/{room.poll.p}/danh-sach") == [
        ("SELECT", poll),
        ("SELECT", sealed),
    ]
    assert statements("POST", "/hom/bo-phieu", body)[-2:] == [("SELECT", poll), ("SELECT", sealed)]


@pytest.mark.django_db
def test_a_duplicate_is_no_error_to_the_database():
    room = Room(3).open().stamp().box()
    phone = room.phones[room.members[0]]
    bodies = [phone.fold([1]), phone.fold([2])]
    failed = []

    def watch(execute, sql, params, many, context):
        try:
            return execute(sql, params, many, context)
        except Exception:
            failed.append(sql)
            raise

    with connection.execute_wrapper(watch):
        answers = [cast(body)[0] for body in (*bodies, *bodies)]
    assert answers == [ACCEPTED, NUMBER_USED, ACCEPTED, NUMBER_USED]
    assert failed == []


# Linkage: a meeting of 40, a second cell's poll open at the same time, and all that a copy of the database has.

SIZE = 40


class Vote:
    """Who voted how, known to this test alone; stamped in one random order, cast in another."""

    def __init__(self) -> None:
        self.room, self.other = Room(SIZE).open(), Room(5).open()
        self.other.stamp().box()
        self.room.stamp(*shuffled(self.room.members)).box()
        spare = list(self.other.phones.values())
        self.bodies, self.hashes = {}, {}
        for i, member in enumerate(shuffled(self.room.members)):
            phone = self.room.phones[member]
            self.bodies[member] = phone.fold([1 + i % 4])
            self.hashes[member] = phone.hash
            assert cast(self.bodies[member]) == (ACCEPTED, phone.hash)
            if i % 10 == 5:
                cast(spare.pop().fold([1]))


def shuffled(items: list) -> list:
    return random.sample(items, len(items))


@pytest.fixture
def vote(transactional_db) -> Vote:
    return Vote()


def rows_of(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [
            tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
            for row in cursor.fetchall()
        ]


# Where a row lies and which transaction wrote it, as any dump or page shows.
VERSION = {"sqlite": "rowid", "postgresql": "ctid::text, xmin::text, xmax::text"}
LYING = {"sqlite": ["rowid"], "postgresql": ["ctid", "xmin::text::bigint, ctid"]}


def roll() -> list[tuple]:
    return rows_of(f"SELECT id, {VERSION[connection.vendor]} FROM ballots_issue ORDER BY id")


def stored() -> bytes:
    """All bytes of the database: SQLite's raw files, log included; every row of every table of PostgreSQL."""
    if connection.vendor == "sqlite":
        main = Path(rows_of("PRAGMA database_list")[0][2])
        return b"".join(raw(f) for f in main.parent.iterdir() if f.name.startswith(main.name))
    rows = [
        row
        for table in connection.introspection.table_names()
        for row in rows_of(f'SELECT * FROM "{table}"')
    ]
    return b"\0".join(v if isinstance(v, bytes) else str(v).encode() for row in rows for v in row)


def secrets_of(body: bytes) -> list[bytes]:
    """Prefix, one-time key, salt, stamp and signature: any of them would betray the ballot."""
    return [body[32:64], body[64:129], body[129:161], body[-320:-64], body[-64:]]


@pytest.mark.slow
def test_casting_leaves_no_trace_on_the_roll_and_nothing_in_clear(vote):
    before = roll()
    for phone in list(vote.other.phones.values())[:1]:
        assert cast(phone.fold([1]))[0] in (ACCEPTED, NUMBER_USED)
    assert roll() == before
    pieces = [piece for body in vote.bodies.values() for piece in secrets_of(body)]
    entries = Issue.objects.filter(stamped=True).values_list("blinded", "blind_sig")
    sent = {bytes(value) for pair in entries for value in pair}
    assert len(sent) == 2 * (SIZE + 5)
    assert not sent & set(pieces)
    if connection.vendor == "postgresql":
        wrote_the_box = {row[0] for row in rows_of("SELECT xmin::text FROM ballots_box")}
        assert not wrote_the_box & {value for row in before for value in row[2:]}
    for stage in (lambda: None, vote.room.seal, vote.room.agree, vote.room.confirm):
        stage()
        everything = stored()
        for piece in pieces:
            assert piece not in everything
            assert piece.hex().encode() not in everything


@pytest.mark.slow
def test_after_sealing_no_order_in_the_database_tells_better_than_chance(vote):
    vote.room.seal()
    own = set(vote.hashes.values())
    cast_order = list(vote.hashes.values())
    entries = rows_of(
        f"SELECT member_id FROM ballots_issue ORDER BY {LYING[connection.vendor][0]}"
    )
    by_pk = {member.pk: ballot_hash for member, ballot_hash in vote.hashes.items()}
    roll_order = [by_pk[pk] for (pk,) in entries if pk in by_pk]
    list_order = [vote.hashes[member] for member in vote.room.members]
    for order in LYING[connection.vendor]:
        lying = [
            h for (h,) in rows_of(f"SELECT hash FROM ballots_sealed ORDER BY {order}") if h in own
        ]
        assert lying == sorted(own)
        for guess in (cast_order, roll_order, list_order):
            # Of 40 guesses one is right on average; ten are by chance in one of three million meetings.
            assert sum(a == b for a, b in zip(lying, guess, strict=True)) < 10
    assert not rows_of(f"SELECT tag FROM ballots_box WHERE poll_id = '{vote.room.poll.pk}'")
    mine = Issue.objects.filter(poll=vote.room.poll)
    assert not mine.exclude(blinded=None, blind_sig=None).exists()
