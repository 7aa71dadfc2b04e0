"""The door's database role (deploy/door-role.sql): enough to take a ballot, too little to see a name."""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from ballots.backups import door
from ballots.models import Box
from ballots.secret import keys
from partyreview import schema
from tests.kit.room import Room, ask, cast

SQL = (settings.BASE_DIR / "deploy" / "door-role.sql").read_text()
ON_POSTGRESQL = "postgresql" in settings.DATABASES["default"]["ENGINE"]


def test_the_role_is_granted_nothing_but_what_box_py_holds():
    granted = set(re.findall(r"^GRANT .* ON (\w+) TO", SQL, re.MULTILINE))
    by_name = {
        model._meta.db_table
        for model in apps.get_app_config("ballots").get_models()
        if model.__module__ == "ballots.models.box"
    }
    assert granted <= by_name
    assert granted == {"ballots_poll", "ballots_box", "ballots_sealed", "ballots_keyfolder"}


if ON_POSTGRESQL:
    NAME = "partyreview_door_test"

    @pytest.fixture
    def named_by_database(settings, monkeypatch):
        settings.RUNTIME_DIR, settings.KEY_DIR = settings.KEY_DIR.with_name("ram"), None
        monkeypatch.setattr(keys, "_folders", {})

    @pytest.fixture
    def role(transactional_db):
        with connection.cursor() as cursor:
            cursor.execute(f"DROP ROLE IF EXISTS {NAME}")
            cursor.execute(SQL.replace("partyreview_door", NAME))
        yield NAME
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute(f"DROP OWNED BY {NAME}")
            cursor.execute(f"DROP ROLE {NAME}")

    def test_the_role_serves_the_whole_door_and_reads_no_member(
        role, named_by_database, monkeypatch
    ):
        room = Room(3).open().stamp().box()
        body = next(iter(room.phones.values())).fold([1])
        # The requests of this test stay on this connection, and so in this role.
        monkeypatch.setattr(connection, "close_at", None)
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {role}")
            keys._folders.clear()  # as a process of its own
            assert cast(body)[0] == 0
            assert ask("GET", f"/hom/{room.meeting.door_key}/luot").status == 200
            assert ask("GET", f"/hom/{room.poll.p}/to-phieu").status == 200
            for table in ("members_member", "ballots_issue", "cells_meeting", "ballots_slip"):
                with pytest.raises(ProgrammingError, match="permission denied"):
                    cursor.execute(f"SELECT 1 FROM {table}")  # noqa: S608
            cursor.execute("RESET ROLE")
        assert Box.objects.count() == 1

    # What somebody tries who has the door's password, and so all that the door may.
    FORBIDDEN = [
        "UPDATE ballots_poll SET state = 'counted'",
        "UPDATE ballots_poll SET issued = 99",
        "UPDATE ballots_box SET data = ''",
        "DELETE FROM ballots_box",
        "TRUNCATE ballots_box",
        "SELECT data FROM ballots_sealed",
        "INSERT INTO ballots_sealed (hash, poll_id, data) VALUES ('', '', '')",
        "UPDATE ballots_keyfolder SET name = 'x'",
        "SELECT 1 FROM ballots_rowtally",
        "SELECT 1 FROM members_device",
        "SELECT 1 FROM django_session",
        "COPY ballots_box TO '/tmp/box'",
        "COPY ballots_box TO PROGRAM 'cat'",
        "SELECT pg_read_file('postgresql.auto.conf')",
        "SELECT pg_current_wal_lsn() FROM pg_ls_waldir()",
        "ALTER TABLE ballots_box DISABLE TRIGGER ALL",
        "SET log_statement = 'all'",
    ]

    @pytest.mark.parametrize("statement", FORBIDDEN)
    def test_who_has_the_doors_role_changes_and_reads_nothing_else(role, statement):
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {role}")
            refused = "permission denied|must be owner|must be superuser|privileges"
            with pytest.raises(DatabaseError, match=refused):
                cursor.execute(statement)
            cursor.execute("RESET ROLE")

    def test_tables_made_anew_are_granted_again_as_the_file_says(role, monkeypatch):
        monkeypatch.setattr(door, "NAME", role)
        assert not door.lacks()
        with connection.cursor() as cursor:
            cursor.execute(f"DROP OWNED BY {role}")  # as where all tables went and came back
        assert door.lacks()
        door.let_in()
        assert not door.lacks()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT has_table_privilege('{role}', 'members_member', 'SELECT')")
            assert cursor.fetchone() == (False,)

    def test_the_role_asks_for_no_table_that_it_may_not_read_at_its_start(role):
        with CaptureQueriesContext(connection) as asked, connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {role}")
            assert schema.refusal() == ""
            cursor.execute("RESET ROLE")
        assert not [query for query in asked if 'FROM "django_migrations' in query["sql"]]
