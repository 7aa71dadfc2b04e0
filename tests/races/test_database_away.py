"""The database stops and starts again, or is held by somebody else: a page that says so and when to come back."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import pytest
from django.db import connection
from django.urls import reverse

from ballots.core.guard import refusals_as_json
from members.models import User
from partyreview import storage
from partyreview.databases import on_database
from tests.kit import factories
from tests.kit.clients import browser, words_of
from tests.kit.room import Room

pytestmark = pytest.mark.django_db(transaction=True)

NOBODY_THERE = "postgres://nobody@127.0.0.1:1/none"


@contextmanager
def cut() -> Iterator[None]:
    """Somebody ends the line to the database, as its restart does, while a page is being asked for."""

    def end(execute, sql, params, many, context):
        with suppress(context["connection"].Database.Error):
            line = context["connection"].connection
            line.cursor().execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(end):
        yield
    connection.close()  # as the server does after each request


@contextmanager
def held() -> Iterator[None]:
    """Another program writes, and does not end."""
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as other:
        other.execute("BEGIN IMMEDIATE")
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 0")
        yield
    connection.close()


def test_a_page_says_that_the_database_is_away_and_when_to_come_again():
    client = browser(factories.make_user(), raise_request_exception=False)
    with on_database(NOBODY_THERE):
        answer = client.get("/hop/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert answer["Cache-Control"] == "no-store"
    assert "Máy chủ đang khởi động lại" in words_of(answer)
    assert storage.AWAY.sentence in words_of(answer)
    assert client.get("/hop/").status_code in (200, 302), "and works when it is back"


def test_a_phone_is_told_so_too_and_comes_again():
    with on_database(NOBODY_THERE):
        answer = refusals_as_json(lambda request: User.objects.count())(None)
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert b"error" in answer.content


# What comes between on each database: PostgreSQL can go away, SQLite is held whole by whoever writes.
BETWEEN = {"postgresql": (cut, storage.AWAY), "sqlite": (held, storage.BUSY_NOW)}


def test_a_press_that_the_database_does_not_take_is_told_so_and_works_later():
    room = Room(3)
    client = browser(room.secretary, raise_request_exception=False)
    press = (
        reverse("ballots:polls", args=[room.meeting.pk]),
        {"title": "Bầu", "subjects": "cell", "levels": ["HTXS"]},
    )
    hindered, trouble = BETWEEN[connection.vendor]
    with hindered():
        answer = client.post(*press)
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert trouble.sentence in words_of(answer)
    assert client.post(*press).status_code == 302
