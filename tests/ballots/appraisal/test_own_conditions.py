"""What becomes of answers when a committee changes the conditions: they stand only for what was read."""

import pytest
from django.urls import reverse

from ballots.appraisal import subjects
from cells.models import Meeting, Setting
from cells.stale import STALE
from members.models import Finding
from tests.kit.appraising import address, page, seen
from tests.kit.clients import phone
from tests.kit.factories import (
    make_meeting,
    make_open_meeting,
    members_of,
    secretary_of,
)
from tests.kit.paper_readers import words

pytestmark = pytest.mark.django_db

KEY = "member-HTT-1"
PACK = "Hoàn thành 100% nhiệm vụ, đúng tiến độ, bảo đảm chất lượng"
YES = {"do": "conditions", f"answer-{KEY}": "yes", f"evidence-{KEY}": "Sổ giao việc"}


@pytest.fixture
def planned(client) -> Meeting:
    meeting = make_meeting(5)
    client.force_login(secretary_of(meeting))
    return meeting


def ask(meeting: Meeting, *items: str, keys: list[str]) -> None:
    """The ward asks for something else at HTT."""
    values = {"value": {"key": "member-HTT", "items": items, "keys": keys}, "basis": "NQ 7"}
    body = meeting.cell.committee
    Setting.objects.update_or_create(committee=body, key="conditions.member.HTT", defaults=values)


def answer(client, meeting: Meeting, **more: str):
    fifth = members_of(meeting)[4]
    sent = YES | {"seen": seen(meeting, fifth, "condition")} | more
    return client.post(address(meeting, fifth), sent)


def standing(meeting: Meeting) -> dict[str, bool | None]:
    key = str(members_of(meeting)[4].pk)
    meeting.refresh_from_db()
    (result,) = (each for each in subjects.load(meeting) if each.key == key)
    return {c.text: c.holds for c in result.appraisal.conditions if c.level == "HTT"}


def test_an_answer_stays_with_its_condition_when_another_is_added_before_it(client, planned):
    answer(client, planned)
    ask(planned, "Mới", PACK, keys=["member-HTT-2", KEY])
    assert standing(planned) == {"Mới": None, PACK: True}
    shown = page(client, planned, members_of(planned)[4])
    assert f"{planned.cell.committee.executive_name} quy định: NQ 7" in shown


def test_a_reworded_condition_is_asked_again_and_the_former_answer_is_shown(client, planned):
    answer(client, planned)
    ask(planned, "Hoàn thành trước hạn", keys=[KEY])
    assert standing(planned) == {"Hoàn thành trước hạn": None}
    shown = page(client, planned, members_of(planned)[4])
    assert f"Đã trả lời “Đạt” (Sổ giao việc) khi điều kiện ghi là “{PACK}”." in words(shown)
    others = {f"answer-{KEY}": "", f"evidence-{KEY}": "", "answer-member-HT-1": "no"}
    assert answer(client, planned, **others).status_code == 302
    assert Finding.objects.get(key=KEY).words == PACK, "what was said before is not lost by saving"
    answer(client, planned)
    assert standing(planned) == {"Hoàn thành trước hạn": True}
    assert Finding.objects.get(key=KEY).words == "Hoàn thành trước hạn"


def test_a_key_that_is_used_again_never_takes_the_answer_of_another_condition(client, planned):
    answer(client, planned)
    ask(planned, "Việc khác hẳn", keys=[KEY])
    assert standing(planned) == {"Việc khác hẳn": None}
    Setting.objects.all().delete()
    assert standing(planned) == {PACK: True}, "back to the pack's, the answer stands again"


def test_who_read_other_conditions_is_told_and_nothing_typed_is_lost(client, planned):
    shown = page(client, planned, members_of(planned)[4])
    mark = shown.partition('name="asked" value="')[2].partition('"')[0]
    ask(planned, "Hoàn thành trước hạn", keys=[KEY])
    refused = answer(client, planned, asked=mark)
    assert refused.status_code == 422
    text = refused.content.decode()
    assert STALE in text
    assert "Sổ giao việc" in text
    assert not Finding.objects.exists()
    again = text.partition('name="asked" value="')[2].partition('"')[0]
    assert answer(client, planned, asked=again).status_code == 302


@pytest.mark.parametrize("kind", ["member", "collective"])
def test_the_phone_and_the_report_show_them_with_who_set_them(client, planned, kind):
    ward, key = planned.cell.committee, f"conditions.{kind}.HTT"
    Setting.objects.create(committee=ward, key=key, value={"items": ["Của phường"]}, basis="NQ 7")
    if kind == "member":
        own = phone(members_of(planned)[4])
        shown = own.get(reverse("members:review")).content.decode()
    else:
        shown = client.get(reverse("ballots:report", args=[planned.pk])).content.decode()
    assert "Của phường" in shown
    assert "quy định: NQ 7" in shown


def test_an_open_meeting_goes_on_asking_what_was_asked_when_it_opened(client):
    meeting = make_open_meeting(5)
    client.force_login(secretary_of(meeting))
    answer(client, meeting)
    ask(meeting, "Hoàn thành trước hạn", keys=[KEY])
    assert standing(meeting) == {PACK: True}
