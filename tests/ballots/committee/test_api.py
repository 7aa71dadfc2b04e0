"""Totals for other programs: who makes and revokes a token, what it opens, and what is answered without one."""

import datetime
import json
import logging
import re
import shlex
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ballots.committee.api import door, reading, verbs
from ballots.committee.api.views import SCHEMA
from ballots.core.verbs import Refused
from ballots.models import ApiToken
from ballots.models.tokens import MOST, PREFIX
from cells.models import Committee
from members.models import AuditEntry, User
from partyreview.logs import JsonLine
from tests.kit import factories, trees
from tests.kit.clients import browser, words_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("undrawn")]


@pytest.fixture
def officer() -> User:
    return factories.make_user(committee=factories.make_committee("Đảng bộ phường Hoa Sen"))


@pytest.fixture
def token(officer) -> str:
    return verbs.make(officer, officer.committee, "Bảng điều hành", 90)


def ask(token: str, address: str = "/api/v1/", **headers: str):
    """What a program is answered, which has no cookie."""
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return Client(SERVER_NAME="localhost").get(address, headers=headers)


def totals_of(committee: Committee, period: str = "2026") -> str:
    return reverse("api_totals", args=[committee.pk, period])


def cells_of(committee: Committee) -> str:
    return reverse("api_cells", args=[committee.pk, 2026])


def count_file(committee: Committee, decided: bool = False) -> None:
    """A file of a new cell there."""
    campaign = factories.make_campaign(committee)
    trees.count_file(factories.make_cell(committee), campaign, decided)


# The page of the tokens.


def page_of(user: User, **posted: object):
    address = reverse("ballots:tokens", args=[user.committee_id])
    client = browser(user)
    return client.post(address, posted) if posted else client.get(address)


def test_a_token_is_shown_once_and_kept_as_a_hash(officer):
    made = page_of(officer, name="Bảng điều hành", days=30)
    (shown,) = re.findall(rf"{PREFIX}[\w-]+", made.content.decode())
    assert "no-store" in made["Cache-Control"]
    row = ApiToken.objects.get()
    assert shown not in json.dumps(list(ApiToken.objects.values()), default=str)
    assert row.expires_on == timezone.localdate() + datetime.timedelta(days=30)
    assert shown not in page_of(officer).content.decode()
    (line,) = AuditEntry.objects.all()
    assert (line.verb, line.note) == ("token.made", {"until": row.expires_on.isoformat()})
    assert ask(shown).json()["committee"] == {
        "id": officer.committee_id,
        "name": "Đảng bộ phường Hoa Sen",
    }


def test_the_page_says_on_which_day_a_token_was_last_used_and_by_whom_it_was_made(officer, token):
    assert "Chưa dùng lần nào" in words_of(page_of(officer))
    ask(token)
    words = words_of(page_of(officer))
    assert f"Dùng gần nhất ngày {timezone.localdate():%d/%m/%Y}" in words
    assert "tạo ngày" in words


def test_a_press_that_is_repeated_makes_no_second_token(officer):
    page_of(officer, name="Bảng điều hành", days=90)
    again = page_of(officer, name="Bảng điều hành", days=90)
    assert again.status_code == 422
    assert "đã có mã mang tên này" in words_of(again)
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"name": " ", "days": 90}, "Xin đặt tên cho mã"),
        ({"name": "Kho", "days": 9999}, "Xin chọn mã dùng trong bao lâu"),
    ],
)
def test_what_makes_no_token_says_why(officer, posted, sentence):
    answer = page_of(officer, **posted)
    assert answer.status_code == 422
    assert sentence in words_of(answer)
    assert not ApiToken.objects.exists()


def test_a_committee_has_so_many_tokens_at_once_and_no_more(officer):
    for number in range(MOST):
        verbs.make(officer, officer.committee, f"Mã {number}", 30)
    assert "nhiều nhất" in words_of(page_of(officer, name="Thêm", days=30))
    verbs.revoke(officer, ApiToken.objects.first())
    assert page_of(officer, name="Thêm", days=30).status_code == 200


def test_a_revoked_token_opens_nothing_and_is_revoked_once(officer, token):
    row = ApiToken.objects.get()
    address = reverse("ballots:token_revoke", args=[officer.committee_id])
    pressed = browser(officer).post(address, {"token": row.pk}, follow=True)
    assert "Đã thu hồi mã “Bảng điều hành”" in words_of(pressed)
    assert ask(token).status_code == 401
    assert "đã được thu hồi" in words_of(
        browser(officer).post(address, {"token": row.pk}, follow=True)
    )
    assert [line.verb for line in AuditEntry.objects.all()] == ["token.revoked", "token.made"]
    assert "Thu hồi ngày" in words_of(page_of(officer))


def test_nobody_makes_or_revokes_tokens_of_another_committee(officer, token):
    below = factories.make_committee(parent=officer.committee)
    child = factories.make_user(committee=below)
    assert browser(officer).get(reverse("ballots:tokens", args=[below.pk])).status_code == 403
    address = reverse("ballots:token_revoke", args=[below.pk])
    pressed = browser(child).post(address, {"token": ApiToken.objects.get().pk})
    assert pressed.status_code == 404
    assert ask(token).status_code == 200


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("token_has_a_name", {"name": ""}),
        ("token_ends_after_it_was_made", {"expires_on": datetime.date(2020, 1, 1)}),
    ],
)
def test_what_no_row_of_a_token_can_say(token, name, values):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ApiToken.objects.update(**values)


# What a token opens.


def test_totals_of_a_committee_are_those_of_its_branches_and_own_cells_together(officer, token):
    committee = officer.committee
    below = factories.make_committee("Đảng bộ cơ sở", parent=committee)
    for number, place in enumerate((committee, below, below)):
        count_file(place, decided=number == 0)
    answer = ask(token, totals_of(committee)).json()
    branch = answer["below"][0]
    assert (branch["committee"]["name"], len(answer["below"])) == ("Đảng bộ cơ sở", 1)
    parts = (answer["own_cells"], branch["totals"])
    assert branch["totals"] == ask(token, totals_of(below)).json()["totals"]
    for group, sums in answer["totals"].items():
        for count in ("total", "reviewed", "rated"):
            assert sums[count] == sum(part[group][count] for part in parts)
        for stage in ("proposed", "decided", "waiting"):
            for level, number in sums[stage].items():
                assert number == sum(part[group][stage][level] for part in parts)
    assert answer["files"] == {"sent": 3, "decided": 1}
    assert answer["totals"]["cell"]["total"] == 3
    people = answer["totals"]["people"]
    assert (people["total"], people["rated"]) == (15, 12)
    assert people["decided"] == {"HTXS": 0, "HTT": 4, "HT": 0, "KHT": 0}
    assert people["waiting"]["HTT"] == 8


def test_each_cell_says_how_far_it_is_and_nobody_is_named(officer, token):
    meeting = factories.make_meeting(cell=factories.make_cell(officer.committee, "Chi bộ 7"))
    factories.make_cell(officer.committee, "Chi bộ 8")
    answer = ask(token, cells_of(officer.committee))
    assert [(cell["name"], cell["stage"], cell["label"]) for cell in answer.json()["cells"]] == [
        ("Chi bộ 7", "doing", "Đang làm"),
        ("Chi bộ 8", "none", "Chưa bắt đầu"),
    ]
    assert answer.json()["stages"]["doing"] == 1
    told = answer.content.decode() + ask(token, totals_of(officer.committee)).content.decode()
    names = set(meeting.cell.member_set.values_list("name", flat=True))
    assert names
    assert not [name for name in names if name in told]


def test_pages_of_cells_follow_each_other(officer, token, monkeypatch):
    monkeypatch.setattr(reading, "PAGE", 2)
    for number in range(5):
        factories.make_cell(officer.committee, f"Chi bộ {number}")
    pages = [ask(token, f"{cells_of(officer.committee)}?trang={n}") for n in (1, 2, 3)]
    names = [cell["name"] for page in pages for cell in page.json()["cells"]]
    assert names == [f"Chi bộ {number}" for number in range(5)]
    assert {page.json()["pages"] for page in pages} == {3}
    for wrong in ("4", "0", "x", "-1"):
        assert ask(token, f"{cells_of(officer.committee)}?trang={wrong}").status_code == 404


def test_a_token_reads_the_own_subtree_and_nothing_else(officer):
    above = officer.committee
    committee, beside = (factories.make_committee(parent=above) for _ in range(2))
    token = verbs.make(factories.make_user(committee=committee), committee, "Mã", 30)
    assert ask(token, totals_of(committee)).status_code == 200
    for other in (above, beside):
        for address in (totals_of(other), cells_of(other)):
            assert ask(token, address).status_code == 404
    assert ask(token, "/api/v1/dang-bo/99999999999999999999999/2026/").status_code == 404


def test_more_branches_and_cells_cost_no_query(officer, token, django_assert_max_num_queries):
    costs = []
    for _ in range(2):
        for _ in range(3):
            factories.make_cell(factories.make_committee(parent=officer.committee))
        ask(token)  # the day of its use is kept
        for address in (totals_of(officer.committee), cells_of(officer.committee)):
            with django_assert_max_num_queries(40) as asked:
                assert ask(token, address).status_code == 200
            costs.append(len(asked))
    assert costs[:2] == costs[2:]


def test_what_has_not_changed_is_not_sent_again(officer, token):
    address = totals_of(officer.committee)
    tag = ask(token, address)["ETag"]
    again = ask(token, address, **{"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    count_file(officer.committee)
    later = ask(token, address, **{"If-None-Match": tag})
    assert later.status_code == 200
    assert later["ETag"] != tag


# Without a token, or with one that opens nothing.


def refusal(answer) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/json"
    (told,) = answer.json().items()
    assert told[0] == "error"
    return answer.status_code, told[1]


def test_who_shows_no_token_in_force_is_told_so(officer, token):
    assert refusal(ask("")) == (401, door.NO_TOKEN)
    for wrong in (f"{PREFIX}x", token[:-1], "", "x" * 5000, "ă"):
        answer = Client(SERVER_NAME="localhost").get(
            "/api/v1/", HTTP_AUTHORIZATION=f"Bearer {wrong}"
        )
        assert refusal(answer) == (401, door.UNKNOWN)
        assert answer["WWW-Authenticate"].startswith("Bearer")
    assert refusal(browser(officer).get("/api/v1/")) == (401, door.NO_TOKEN)
    assert refusal(ask("", f"/api/v1/?token={token}")) == (401, door.NO_TOKEN)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    ApiToken.objects.update(made_on=yesterday, expires_on=yesterday)
    assert refusal(ask(token)) == (401, door.UNKNOWN)


def test_a_token_of_a_committee_that_was_merged_says_so(officer, token):
    Committee.objects.filter(pk=officer.committee_id).update(ended_on=datetime.date(2026, 7, 1))
    status, sentence = refusal(ask(token, totals_of(officer.committee)))
    assert status == 410
    assert "Đảng bộ phường Hoa Sen đã thôi hoạt động từ ngày 01/07/2026" in sentence
    with pytest.raises(Refused, match="thôi hoạt động"):
        verbs.make(officer, officer.committee, "Mã khác", 30)


@pytest.mark.parametrize("values", [{"is_active": False}, {"committee": None}])
def test_a_token_whose_maker_is_in_charge_no_more_opens_nothing(officer, token, values):
    User.objects.filter(pk=officer.pk).update(**values)
    assert refusal(ask(token)) == (403, door.MAKER_GONE)


def test_nothing_can_be_written(officer, token):
    client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    for method in ("POST", "PUT", "DELETE"):
        answer = client.generic(
            method, totals_of(officer.committee), HTTP_AUTHORIZATION=f"Bearer {token}"
        )
        assert refusal(answer) == (405, door.READ_ONLY)
        assert answer["Allow"] == "GET, HEAD"


def test_who_asks_too_often_waits(token, monkeypatch):
    monkeypatch.setattr(door, "BY_TOKEN", door.BY_TOKEN._replace(burst=2))
    assert [ask(token).status_code for _ in range(3)] == [200, 200, 429]
    answer = ask(token)
    assert int(answer["Retry-After"]) >= 1
    assert "xin chờ" in refusal(answer)[1]


def test_who_guesses_waits_and_nobody_with_a_right_token_does(token, monkeypatch):
    monkeypatch.setattr(door, "BY_ADDRESS", door.BY_ADDRESS._replace(burst=3))
    assert [ask(f"{PREFIX}{n}").status_code for n in range(5)] == [401, 401, 401, 429, 429]
    assert ask(token).status_code == 200


def test_no_line_of_the_log_has_a_token(officer, token, monkeypatch, caplog):
    def fail(*_: object) -> None:
        raise ValueError(token)

    monkeypatch.setattr(reading, "about", fail)
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    with caplog.at_level(logging.DEBUG):
        answer = client.get("/api/v1/", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 500
    assert token not in answer.content.decode()
    lines = [JsonLine().format(record) for record in caplog.records]
    assert any("ValueError" in line for line in lines)
    assert not [line for line in lines if token in line]


# What is written of it.


def fits(value: object, schema: dict, schemas: dict) -> bool:
    """Whether a value is as the schema says; of JSON Schema what openapi.json uses."""
    if "$ref" in schema:
        return fits(value, schemas[schema["$ref"].rpartition("/")[2]], schemas)
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
    if type(value) is not kinds[schema["type"]] or value not in schema.get("enum", [value]):
        return False
    if isinstance(value, dict):
        named = schema["properties"]
        return value.keys() == named.keys() and all(
            fits(value[name], part, schemas) for name, part in named.items()
        )
    if isinstance(value, list):
        return all(fits(each, schema["items"], schemas) for each in value)
    return not isinstance(value, int) or value >= schema.get("minimum", value)


def test_every_answer_is_as_the_description_for_programs_says(officer, token):
    described = json.loads(SCHEMA.read_text("utf-8"))
    assert ask("", reverse("api_schema")).json() == described
    below = factories.make_committee(parent=officer.committee)
    count_file(below)
    schemas = described["components"]["schemas"]
    addresses = {
        "/": reverse("api"),
        "/dang-bo/{id}/{period}/": totals_of(officer.committee),
        "/dang-bo/{id}/{period}/chi-bo/": cells_of(officer.committee),
    }
    assert described["paths"].keys() == addresses.keys()
    for path, address in addresses.items():
        answers = described["paths"][path]["get"]["responses"]
        told = ask(token, address).json()
        assert fits(told, answers["200"]["content"]["application/json"]["schema"], schemas), path
        assert not fits({**told, "more": 1}, {"$ref": "/About"}, schemas)
    assert fits(ask("").json(), {"$ref": "/Problem"}, schemas)


def test_every_command_of_the_guide_is_answered(officer, token):
    text = Path(settings.BASE_DIR, "docs", "api.md").read_text("utf-8")
    commands = re.findall(r"^curl .*$", text, re.MULTILINE)
    assert len(commands) == 5
    for command in commands:
        said = command.replace("$TOKEN", token).replace("$SITE", "")
        said = said.replace("dang-bo/1/", f"dang-bo/{officer.committee_id}/")
        words = shlex.split(said)[1:]
        headers = dict(
            words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H"
        )
        headers = {name: value for name, value in headers.items() if value.isascii()}
        answer = Client(SERVER_NAME="localhost").get(words[-1], headers=headers)
        assert answer.status_code == 200, command
    example = json.loads(re.search(r"```json\n(.*?)```", text, re.DOTALL)[1])
    assert example.keys() == ask(token).json().keys()
