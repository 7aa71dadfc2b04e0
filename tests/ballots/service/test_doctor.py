"""`manage.py doctor`: each fault of an installation is one red line with its cure."""

import datetime
import io
import json
import os
import re
import ssl
import time
from unittest import mock

import pytest
from cryptography import x509
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from ballots.management.commands import serve
from ballots.models import Poll, WorkerSign
from ballots.models.jobs import ABSENT
from ballots.secret import keys
from ballots.service import certificates, condition, doctor
from ballots.service.doctor import database, machine
from ballots.service.doctor.findings import Finding, State
from cells.models import Meeting
from partyreview import schema
from tests.kit.factories import make_open_meeting, secretary_of
from tests.kit.key_servers import UNSAVED, key_server
from tests.kit.polls import poll_of

pytestmark = pytest.mark.django_db


HANGING = {
    "of yesterday, in its box": (25, {"state": "casting"}, True),
    "of yesterday, counted": (25, {"state": "counted"}, True),
    "of yesterday, confirmed": (25, {"state": "counted", "confirmed": True}, False),
    "of yesterday, never opened": (25, {"state": "planned"}, False),
    "of this evening": (3, {"state": "casting"}, False),
}


def bad(findings) -> list[Finding]:
    """The red lines; each says what to do."""
    red = [finding for finding in findings if finding.state is State.BAD]
    assert all(finding.cure.endswith((".", "…")) for finding in red)
    return red


def test_a_sound_installation_has_no_red_line_about_its_database_keys_and_clock():
    make_open_meeting(3)
    assert not bad([*database.database(), *database.clock(), *database.key_store()])


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (schema.EMPTY, "manage.py migrate"),
        (schema.OLDER.format(version="0.2.0", pending=2), "manage.py migrate"),
        (schema.NEWER.format(version="0.2.0"), "bản mới hơn"),
    ],
)
def test_tables_of_another_version_are_red_and_nothing_more_is_asked_of_them(refusal, words):
    with (
        mock.patch.object(schema, "refusal", return_value=refusal),
        mock.patch.object(database, "LOOKS", [lambda: pytest.fail("asked")]),
        mock.patch.object(machine, "LOOKS", []),
    ):
        (line,) = bad(doctor.examine())
    assert words in line.cure


def test_a_silent_database_is_the_only_thing_said_of_it():
    with (
        mock.patch.object(condition, "database_seconds", return_value=None),
        mock.patch.object(machine, "LOOKS", []),
    ):
        (line,) = bad(doctor.examine())
    assert "DATABASE_URL" in line.cure


def test_a_clock_behind_what_was_already_written_is_red(time_machine):
    meeting = make_open_meeting(3)
    secretary_of(meeting).record("meeting.planned", meeting)
    time_machine.move_to(timezone.now() - datetime.timedelta(hours=1), tick=False)
    (line,) = bad(database.clock())
    assert "timedatectl" in line.cure
    assert f"ĐỒNG HỒ của máy này {line.seen}" in serve.wrong_clock()


def test_a_clock_that_goes_right_is_no_word_at_the_start():
    assert not serve.wrong_clock()


@pytest.mark.parametrize(
    ("seconds", "state", "words"),
    [
        (None, State.GOOD, "ghi được"),
        (3 * 86400, State.GOOD, "chạy 3 ngày"),
        (8 * 86400, State.NOTE, "8 ngày chưa khởi động lại"),
    ],
)
def test_a_store_of_keys_that_was_not_started_anew_for_days_is_noted(seconds, state, words):
    with mock.patch.object(keys, "uptime", return_value=seconds):
        (line,) = database.key_store()
    assert (line.state, words in line.seen) == (state, True)


@pytest.mark.key_server
def test_a_store_of_keys_says_since_when_it_runs(settings, key_server_url):
    assert keys.uptime() is None
    settings.KEY_STORE_URL = key_server_url
    assert 0 <= keys.uptime() < 3600


def test_no_room_for_keys_is_red():
    with mock.patch.object(condition, "keys_can_be_stored", return_value=False):
        (line,) = bad(database.key_store())
    assert "còn chỗ" in line.cure


@pytest.mark.key_server
def test_a_server_of_keys_that_saves_is_red_and_the_line_says_what_it_saves(tmp_path, settings):
    with key_server(tmp_path, *UNSAVED, "--appendonly", "yes") as (settings.KEY_STORE_URL, _):
        (line,) = bad(database.key_store())
    assert "ghi dữ liệu xuống đĩa (appendonly)" in line.cure


@pytest.mark.parametrize(("hours", "is_red"), [(None, True), (2, False), (30, True)])
def test_a_missing_or_old_backup_is_red(settings, tmp_path, hours, is_red):
    settings.VAR_DIR = tmp_path
    if hours is not None:
        folder = tmp_path / "backups"
        folder.mkdir()
        path = folder / "kiem-diem-2026-12-01-0200.saoluu"
        path.write_bytes(b"x")
        written = time.time() - hours * 3600
        os.utime(path, (written, written))
    assert bool(bad(machine.backups())) == is_red


def test_a_disk_without_room_is_red(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "not" / "yet" / "made"
    assert not bad(machine.disks())
    with mock.patch.object(condition, "free_bytes", return_value=1000):
        assert [line.about for line in bad(machine.disks())] == ["Đĩa dữ liệu", "Bộ nhớ cho khoá"]


@pytest.mark.parametrize(
    ("words", "is_red"),
    [
        ("server { access_log off; }", False),
        ("http {\n  access_log /var/log/nginx/access.log;\n}", True),
        ("  CustomLog ${APACHE_LOG_DIR}/access.log combined", True),
        ("# access_log /var/log/x;\n  access_log off;", False),
    ],
)
def test_a_proxy_that_keeps_an_access_log_is_red(monkeypatch, tmp_path, words, is_red):
    (tmp_path / "site.conf").write_text(words)
    monkeypatch.setattr(machine, "PROXY_FILES", [str(tmp_path / "*.conf")])
    assert bool(bad(machine.proxy_logs())) == is_red


def test_https_that_is_off_is_red_on_a_server_of_a_committee(settings):
    settings.HTTPS, settings.EMBEDDED = False, False
    assert bad(machine.settings_of_deployment())


@pytest.mark.parametrize(("days", "is_red"), [(30, False), (-1, True)])
def test_the_own_certificate_of_make_serve_is_red_once_it_has_ended(
    settings, tmp_path, time_machine, days, is_red
):
    settings.EMBEDDED, settings.VAR_DIR = True, tmp_path
    assert [line.state for line in machine.settings_of_deployment()] == [State.NOTE]
    made = certificates.own("127.0.0.1", tmp_path / "tls")
    pem = x509.load_pem_x509_certificate(made.certificate.read_bytes())
    time_machine.move_to(pem.not_valid_after_utc - datetime.timedelta(days=days), tick=False)
    assert bool(bad(machine.settings_of_deployment())) == is_red


@pytest.mark.parametrize(
    ("days", "trusted", "state", "cure"),
    [
        (60, True, State.GOOD, ""),
        (40, True, State.NOTE, "certbot renew"),
        (10, True, State.BAD, "certbot renew"),
        (60, False, State.NOTE, "tổ chức chứng thực"),
        (10, False, State.BAD, "systemctl start kiemdiem-certificate"),
        (-1, False, State.BAD, "systemctl start kiemdiem-certificate"),
    ],
)
def test_the_end_of_a_certificate_is_told_in_time_with_the_command_that_renews_it(
    settings, days, trusted, state, cure
):
    settings.HTTPS_URL = "https://hop.xa.example"
    end = timezone.now() + datetime.timedelta(days=days, hours=1)
    told = [end] if trusted else [ssl.SSLCertVerificationError(), end]
    with mock.patch.object(machine, "_end_of_certificate", side_effect=told):
        (line,) = machine.certificate()
    assert (line.state, cure in line.cure) == (state, True)


def test_an_address_where_nobody_answers_is_red(settings):
    settings.HTTPS_URL = "https://127.0.0.1:9"
    (line,) = bad(machine.certificate())
    assert "tường lửa" in line.cure


def test_the_certificate_is_asked_of_the_proxy_where_the_address_itself_is_out_of_reach(settings):
    settings.HTTPS_URL, settings.HTTPS_AT = "https://hop.xa.example", "proxy"
    with mock.patch.object(machine.socket, "create_connection", side_effect=OSError) as asked:
        bad(machine.certificate())
    assert asked.call_args.args == (("proxy", 443),)


def test_a_log_of_statements_is_red_where_the_database_keeps_logs(monkeypatch):
    monkeypatch.setitem(database.LOGS, "max_connections", "0")
    about_it = [line for line in bad(database.database_logs()) if "max_connections" in line.seen]
    assert bool(about_it) == (connection.vendor == "postgresql")


def test_whatever_would_keep_statements_or_their_times_is_looked_at():
    """The settings that our own file for PostgreSQL gives for it."""
    lines = (settings.BASE_DIR / "deploy" / "postgresql.conf").read_text()
    logs = r"log_(?:statement|\w*duration\w*|\w*connections|lock_waits|\w*sample_rate)"
    keeping = rf"^((?!log_auto){logs}|archive_mode|track_\w+)"
    assert dict(re.findall(rf"{keeping} = (\S+)$", lines, re.M)) == database.LOGS


@pytest.mark.parametrize(("hours", "state", "is_red"), HANGING.values(), ids=HANGING)
def test_a_poll_that_nobody_ends_is_red_the_next_day(hours, state, is_red):
    meeting = make_open_meeting(3)
    opened_at = timezone.now() - datetime.timedelta(hours=hours)
    Meeting.objects.filter(pk=meeting.pk).update(opened_at=opened_at)
    Poll.objects.filter(pk=poll_of(meeting).pk).update(**state)
    lines = bad(database.forgotten_polls())
    assert [meeting.cell.name in line.seen for line in lines] == [True] * is_red


def test_the_command_prints_lines_for_people_and_json_for_programs():
    red = Finding("Sao lưu", State.BAD, "chưa có bản nào", "Chạy manage.py backup.")
    good = Finding("Đồng hồ", State.GOOD, "đúng")
    for findings, status in (([good], 0), ([good, red], 1)):
        for form in ({}, {"json": True}):
            out = io.StringIO()
            with mock.patch.object(doctor, "examine", return_value=iter(findings)):
                assert ended(out, **form) == status
            if form:
                assert [row["about"] for row in json.loads(out.getvalue())] == [
                    finding.about for finding in findings
                ]
            else:
                assert ("✘ Sao lưu: chưa có bản nào" in out.getvalue()) == bool(status)


def ended(out: io.StringIO, **options) -> int:
    """The status with which the command ends."""
    try:
        call_command("doctor", stdout=out, **options)
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@pytest.mark.parametrize(
    ("embedded", "typed"),
    [(True, ".venv/bin/python manage.py backup."), (False, "manage.py backup.")],
)
def test_a_cure_is_printed_as_it_is_typed_in_the_folder_of_make_serve(settings, embedded, typed):
    settings.EMBEDDED = embedded
    red = Finding("Sao lưu", State.BAD, "chưa có bản nào", "Chạy: manage.py backup.")
    out = io.StringIO()
    with mock.patch.object(doctor, "examine", return_value=iter([red])):
        assert ended(out) == 1
    assert f"→ Chạy: {typed}\n" in out.getvalue()


WORKERS = [
    (None, True, State.GOOD),
    (None, False, State.NOTE),
    (0, False, State.GOOD),
    (ABSENT + 1, False, State.BAD),
]


@pytest.mark.parametrize(("silent", "embedded", "state"), WORKERS)
def test_a_worker_that_has_stopped_is_red_and_none_at_all_is_no_fault(
    settings, silent, embedded, state
):
    settings.EMBEDDED = embedded
    if silent is not None:
        at = timezone.now() - datetime.timedelta(seconds=silent)
        WorkerSign.objects.create(pk=1, at=at)
    (line,) = database.worker()
    assert (line.about, line.state) == ("Tiến trình nền", state)
    assert bool(line.cure) is (state is not State.GOOD)
