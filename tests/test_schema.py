"""A server whose tables are not of its version says so in one sentence, and shows its visitors one page."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from ballots.backups.scratch import scratch
from partyreview import schema
from tests.kit.servers import DATABASES

LATER = ("members", "0999_of_a_later_version")
ASK = """
import json, sys
from wsgiref.util import setup_testing_defaults
from partyreview import wsgi
told = {}
for name in ("application", "site", "door"):
    answers = told[name] = {}
    for path in sys.argv[1:]:
        environ = {"PATH_INFO": path, "HTTP_HOST": "localhost"}
        setup_testing_defaults(environ)
        status = []
        body = b"".join(getattr(wsgi, name)(environ, lambda line, *_: status.append(line)))
        answers[path] = [status[0][:3], "Phần mềm chưa mở" in body.decode()]
print(json.dumps(told))
"""
# What each address answers, whichever door it is asked at; and whether with the page.
ANSWERS = {
    "/": ["503", True],
    "/hop/": ["503", True],
    "/hop/phat-phieu": ["503", True],
    "/hom/bo-phieu": ["503", True],
    "/static/css/tokens.css": ["200", False],
    "/suc-khoe/": ["200", False],
    "/suc-khoe/san-sang/": ["503", False],
}


@pytest.fixture
def recorder(transactional_db) -> Iterator[MigrationRecorder]:
    """What the database has been through; it has been through the same afterwards."""
    recorder = MigrationRecorder(connection)
    before = list(recorder.migration_qs)
    yield recorder
    recorder.migration_qs.all().delete()
    recorder.Migration.objects.bulk_create(before)


def empty(recorder: MigrationRecorder) -> None:
    recorder.migration_qs.all().delete()


def older(recorder: MigrationRecorder) -> None:
    recorder.record_unapplied("ballots", "0001_initial")


def newer(recorder: MigrationRecorder) -> None:
    recorder.record_applied(*LATER)


STATES = [(empty, "còn trống"), (older, "còn 1 bước"), (newer, "bản mới hơn")]


def test_tables_of_this_version_are_no_reason_to_refuse(recorder):
    recorder.record_applied("an_app_of_another_version", "0001_initial")
    assert schema.refusal() == ""


@pytest.mark.parametrize(
    ("change", "words"), STATES, ids=lambda value: getattr(value, "__name__", "")
)
def test_what_differs_is_told_with_its_cure(recorder, change, words):
    change(recorder)
    assert words in schema.refusal()
    assert "Xin " in schema.refusal()


@pytest.mark.slow
def test_the_program_starts_with_one_sentence_and_shows_every_visitor_one_page(recorder, tmp_path):
    newer(recorder)
    environ = os.environ | {
        "DATABASE_URL": DATABASES[connection.vendor].format_map(connection.settings_dict),
        "SECRET_KEY": "of this test",
        "ALLOWED_HOSTS": "localhost",
        "HTTPS": "off",
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "partyreview.settings",
    }
    run = subprocess.run(
        [sys.executable, "-c", ASK, *ANSWERS],
        cwd=settings.BASE_DIR,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    first, *rest = run.stderr.splitlines()
    assert first == schema.refusal()
    (line,) = rest  # once, however often it is asked whether it is ready
    assert json.loads(line)["message"] == first
    for name, told in json.loads(run.stdout).items():
        assert told == ANSWERS, name


def test_a_database_that_does_not_answer_is_no_reason_to_refuse(db, monkeypatch):
    def fail(*_args: object) -> None:
        raise OperationalError

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", fail)
    assert schema.refusal() == ""


@pytest.mark.django_db(transaction=True)
def test_an_upgrade_that_is_broken_off_is_given_again(monkeypatch):
    """At the worst moment: the tables of a step are made, and that they are is not written down yet."""

    def full(_recorder: MigrationRecorder, app: str, _name: str) -> None:
        if app == "cells":
            raise OperationalError("database or disk is full")

    with scratch():
        with monkeypatch.context() as disk:
            disk.setattr(MigrationRecorder, "record_applied", full)
            with pytest.raises(OperationalError):
                call_command("migrate", "cells", verbosity=0)
        assert "cells_cell" not in connection.introspection.table_names()
        call_command("migrate", "cells", verbosity=0)
        assert "cells_cell" in connection.introspection.table_names()
