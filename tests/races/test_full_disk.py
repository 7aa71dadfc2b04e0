"""A full disk, a database that cannot be written: one sentence, nothing half done, and later the press works."""

import errno
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from ballots.core.guard import refusals_as_json, refusals_as_messages
from ballots.jobs import kinds, running
from ballots.models import Box, Job, Poll, RowTally, Sealed
from ballots.secret import keys
from members.models import AuditEntry
from partyreview import storage
from tests.kit.clients import browser, phone
from tests.kit.room import Room, room_after

pytestmark = pytest.mark.django_db(transaction=True)

ON_SQLITE = connection.vendor == "sqlite"
FAILS = """
CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER disk_full BEFORE INSERT ON ballots_sealed EXECUTE FUNCTION disk_full();
"""


def run(sql: str) -> tuple | None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone() if cursor.description else None


@contextmanager
def full_disk() -> Iterator[None]:
    """No page can be added to the database (PostgreSQL: to its sealed ballots)."""
    if ON_SQLITE:
        run("VACUUM")  # pages that other tests have left empty are room, too
        run(f"PRAGMA max_page_count={run('PRAGMA page_count')[0]}")
    else:
        run(FAILS)
    try:
        yield
    finally:
        run(
            "PRAGMA max_page_count=1073741823"
            if ON_SQLITE
            else "DROP TRIGGER disk_full ON ballots_sealed; DROP FUNCTION disk_full;"
        )


@contextmanager
def read_only() -> Iterator[None]:
    """Nothing can be written at all."""
    run("PRAGMA query_only=ON" if ON_SQLITE else "SET default_transaction_read_only = on")
    try:
        yield
    finally:
        run("PRAGMA query_only=OFF" if ON_SQLITE else "SET default_transaction_read_only = off")


def seen(poll: Poll) -> tuple:
    tables = (Box, Sealed, RowTally, AuditEntry)
    counts = [table.objects.count() for table in tables]
    return Poll.objects.values().get(pk=poll.pk), counts, keys.kept()


def test_the_disk_is_full_when_the_box_is_closed_and_the_press_works_once_there_is_room():
    room = Room(9).open().stamp().box().cast(*[1] * 9)
    device, before = phone(room.teller), seen(room.poll)
    close = (reverse("ballots:seal"), {"poll": room.poll.pk})
    with full_disk():
        answer = device.post(*close)
    assert answer.status_code == 507
    assert storage.FULL.sentence in answer.content.decode()
    assert seen(room.poll) == before
    assert device.post(*close).status_code == 302
    assert Sealed.objects.count() == 9
    room.poll.refresh_from_db()
    room.agree().confirm()


# Every press of a poll: how far the room has come, and who presses what.

Press = Callable[[Room], tuple[Client, str, dict]]


def officers(name: str, **data: str) -> Press:
    return lambda room: (
        # The use of the session is noted first: what fails there is told by the same page (handler500).
        browser(room.secretary, raise_request_exception=False),
        reverse(f"ballots:{name}", args=[room.poll.pk]),
        data,
    )


def tellers(name: str) -> Press:
    return lambda room: (
        phone(room.teller),
        reverse(f"ballots:{name}"),
        {"poll": room.poll.pk},
    )


def issued() -> Room:
    return room_after("stamp")


PRESSES: dict[str, tuple[Callable[[], Room], Press]] = {
    "open issuing": (lambda: Room(3), officers("poll_open")),
    "issue again": (issued, officers("poll_reissue")),
    "open the box": (issued, officers("poll_open_box")),
    "void": (issued, officers("poll_void", reason="Mất điện.")),
    "seal": (lambda: issued().box().cast(1, 2, 2), tellers("seal")),
    "confirm": (lambda: issued().box().cast(1, 2, 2).seal().agree(), tellers("confirm")),
}


@pytest.mark.parametrize("name", PRESSES)
def test_a_database_that_cannot_be_written_is_told_and_the_press_works_later(name):
    before, press = PRESSES[name]
    room = before()
    client, address, data = press(room)
    had = seen(room.poll)
    with read_only():
        answer = client.post(address, data)
    assert answer.status_code == 503
    assert storage.UNWRITABLE.sentence in answer.content.decode()
    assert seen(room.poll) == had
    assert client.post(address, data).status_code == 302
    assert seen(room.poll) != had


def test_a_page_without_a_guard_of_its_own_tells_it_too():
    room = Room(3)
    client = browser(room.secretary, raise_request_exception=False)
    with read_only():
        answer = client.post(
            reverse("ballots:polls", args=[room.meeting.pk]),
            {"title": "Bầu", "subjects": "cell", "levels": ["HTXS"]},
        )
    assert answer.status_code == 503
    assert storage.UNWRITABLE.sentence in answer.content.decode()


@pytest.mark.parametrize(
    ("number", "status"), [(errno.ENOSPC, 507), (errno.EDQUOT, 507), (errno.EROFS, 503)]
)
def test_scripts_and_pages_are_told_of_files_that_cannot_be_written(number, status):
    def view(request) -> HttpResponse:
        raise OSError(number, "no")

    told = refusals_as_json(view)(None)
    assert (told.status_code, told["Content-Type"]) == (status, "application/json")
    assert "chưa được ghi" in json.loads(told.content)["error"]
    shown = refusals_as_messages("ballots:count")(view)(None)
    assert (shown.status_code, "chưa được ghi" in shown.content.decode()) == (status, True)


def test_any_other_error_stays_what_it_is():
    def view(request) -> HttpResponse:
        raise FileNotFoundError

    for guard in (refusals_as_json, refusals_as_messages("ballots:count")):
        with pytest.raises(FileNotFoundError):
            guard(view)(None)


def busy(folder: Path) -> OperationalError:
    """What is raised where a SQLite file stays in another's hand for longer than anybody waits."""
    writer, other = (
        sqlite3.connect(folder / "busy", timeout=0, isolation_level=None) for _ in range(2)
    )
    writer.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as raised:
        other.execute("BEGIN IMMEDIATE")
    error = OperationalError(str(raised.value))
    error.__cause__ = raised.value
    return error


def test_a_job_that_waits_too_long_for_another_who_writes_says_so(tmp_path, monkeypatch):
    job, error = Job.objects.create(kind="backup", about="Sao lưu"), busy(tmp_path)

    def work(job, file, step):
        raise error

    monkeypatch.setattr(kinds, "work_of", lambda job: work)
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", running.OCCUPIED)
