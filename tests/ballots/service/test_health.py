"""/suc-khoe/: alive, ready or why not, and numbers that name nobody."""

import json
import re
from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client

from ballots.models import Job, WorkerSign
from ballots.secret import keys
from ballots.service import condition, health
from partyreview import schema
from partyreview.logs import told
from tests.kit import polls
from tests.kit.clients import browser, phone
from tests.kit.factories import make_open_meeting, members_of, secretary_of

pytestmark = pytest.mark.django_db

TOKEN = "a-long-token-of-the-operator"


def test_a_living_worker_answers_without_a_question_to_the_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Client().get("/suc-khoe/").content.decode() == "sống\n"


def test_a_server_that_can_serve_is_ready():
    answer = Client().get("/suc-khoe/san-sang/")
    assert (answer.status_code, answer.content.decode()) == (200, "sẵn sàng\n")


@pytest.mark.parametrize(
    ("what", "fault", "words"),
    [
        ("database_seconds", None, "Không nói chuyện được với cơ sở dữ liệu"),
        ("keys_can_be_stored", False, "Không cất được khoá"),
    ],
)
def test_a_server_that_cannot_serve_says_why_in_one_sentence(what, fault, words):
    with mock.patch(f"ballots.service.condition.{what}", return_value=fault):
        answer = Client().get("/suc-khoe/san-sang/")
    assert answer.status_code == 503
    assert words in answer.content.decode()
    assert answer.content.decode().count("\n") == 1


def test_a_server_that_cannot_serve_is_a_line_of_the_log_and_so_is_its_return(caplog, monkeypatch):
    monkeypatch.setattr(health, "_told", "")
    for seconds in (None, None, 0.1, 0.1):
        with mock.patch.object(condition, "database_seconds", return_value=seconds):
            Client().get("/suc-khoe/san-sang/")
    lines = [(record.levelname, record.name) for record in caplog.records]
    assert lines == [("ERROR", "partyreview.health"), ("WARNING", "partyreview.health")]
    assert "cơ sở dữ liệu" in told(caplog.records[0])["message"]


def test_a_server_refused_at_its_start_says_why(monkeypatch):
    monkeypatch.setattr(schema, "at_start", schema.EMPTY)
    answer = Client().get("/suc-khoe/san-sang/")
    assert (answer.status_code, answer.content.decode()) == (503, f"{schema.EMPTY}\n")


def test_a_server_beside_one_of_the_next_version_stays_ready():
    with mock.patch.object(schema, "refusal", return_value=schema.NEWER):
        assert Client().get("/suc-khoe/san-sang/").status_code == 200


def test_a_silent_database_and_a_full_key_store_are_noticed():
    with mock.patch.object(condition.connection, "cursor", side_effect=OperationalError):
        assert condition.database_seconds() is None
    with mock.patch.object(keys, "trouble", return_value=OSError(28, "full")):
        assert not condition.keys_can_be_stored()


@pytest.mark.parametrize(
    ("token", "shown"), [("", ""), ("", "Bearer "), (TOKEN, ""), (TOKEN, f"Bearer {TOKEN}x")]
)
def test_numbers_are_there_for_nobody_without_the_token(settings, token, shown):
    settings.METRICS_TOKEN = token
    assert Client().get("/suc-khoe/so-do/", headers={"Authorization": shown}).status_code == 404


def scraped(settings) -> dict[str, float]:
    """Every sample by its name and labels."""
    settings.METRICS_TOKEN = TOKEN
    answer = Client().get("/suc-khoe/so-do/", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_polls_are_counted_by_state_and_named_by_nothing(settings):
    meeting = make_open_meeting(5)
    polls.issue(polls.poll_of(meeting, 1))
    numbers = scraped(settings)
    assert numbers['kiemdiem_polls{state="issuing"}'] == 1
    assert numbers['kiemdiem_polls{state="counted"}'] == 0
    assert numbers["kiemdiem_database_up"] == numbers["kiemdiem_key_store_up"] == 1
    labels = {label for name in numbers for label in re.findall(r"(\w+)=", name)}
    assert labels == {"version", "status", "le", "state"}


def test_jobs_are_counted_by_state_and_a_worker_is_there_or_not(settings):
    Job.objects.create(kind=Job.Kind.BACKUP, about="Sao lưu")
    numbers = scraped(settings)
    assert numbers['kiemdiem_jobs{state="queued"}'] == 1
    assert numbers['kiemdiem_jobs{state="failed"}'] == numbers["kiemdiem_worker_up"] == 0
    WorkerSign.give()
    assert scraped(settings)["kiemdiem_worker_up"] == 1


def test_requests_of_officers_are_counted_and_those_of_phones_are_not(settings):
    meeting = make_open_meeting(5)
    before = scraped(settings)
    phone(members_of(meeting)[1], meeting=meeting).get("/hop/hop/")
    asked_by_phone = scraped(settings)
    browser(secretary_of(meeting)).get("/hop/")
    after = scraped(settings)
    name = 'kiemdiem_requests_total{status="2xx"}'
    assert asked_by_phone[name] == before[name]
    assert after[name] == before[name] + 1
    assert after["kiemdiem_page_seconds_count"] == before["kiemdiem_page_seconds_count"] + 1


def test_the_dashboard_asks_only_for_numbers_that_are_there(settings):
    make_open_meeting(5)
    there = {re.sub(r"\{.*", "", name) for name in scraped(settings)} | {
        "kiemdiem_backup_age_seconds"  # once there is one
    }
    dashboard = json.loads((settings.BASE_DIR / "deploy/grafana/kiemdiem.json").read_text("utf-8"))
    asked = {
        name
        for panel in dashboard["panels"]
        for target in panel["targets"]
        for name in re.findall(r"kiemdiem_\w+", target["expr"])
    }
    assert asked
    assert asked <= there
