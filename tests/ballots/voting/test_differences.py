"""A recount that differs: one device alone voids nothing; another teller's device, or the meeting, settles it."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from ballots.models import Difference, Poll, RowTally, Sealed, Teller
from ballots.papers.minutes.count_text import compose_count
from ballots.papers.minutes.gather import gather_count
from ballots.secret.recounting import Reader
from ballots.voting.differences import NOTHING_OPEN, OTHER_DEVICE
from cells.models import Meeting
from members.models import Member
from tests.kit import polls, verbs
from tests.kit.clients import browser, phone
from tests.kit.factories import make_open_meeting
from tests.kit.made_once import made_once

pytestmark = pytest.mark.django_db

GOOD = 2
FAULT = "Trong hòm có phiếu bị sửa sau khi gấp."


@made_once
def sealed() -> Meeting:
    """A meeting whose first poll is sealed, and counted again on no device yet."""
    meeting = make_open_meeting(5)
    poll = polls.poll_of(meeting)
    polls.cast(poll, polls.issue(poll), [[GOOD]] * 5)
    polls.seal(poll)
    return meeting


@pytest.fixture
def meeting(db) -> Meeting:
    return sealed()


@pytest.fixture
def poll(meeting) -> Poll:
    return polls.poll_of(meeting)


@pytest.fixture
def second(meeting) -> Member:
    """The other teller."""
    return Teller.objects.get(meeting=meeting, lead=False).member


def device(teller: Member) -> Client:
    """The teller's one phone."""
    if not hasattr(teller, "device"):
        teller.device = phone(teller)
    return teller.device


def send(teller: Member, name: str, value: object):
    address = reverse(f"ballots:{name}")
    return device(teller).post(address, json.dumps(value), content_type="application/json")


def recount(teller: Member, poll: Poll, equal: bool = True):
    rows = [[*row.counts.values(), row.blank] for row in RowTally.objects.filter(poll=poll)]
    wrong = [[5, 0, 0, 0, 0]]
    return send(
        teller, "agree", {"list_sha256": poll.sealed_sha256, "rows": rows if equal else wrong}
    )


def differ(teller: Member):
    return send(teller, "disagree", {"what": FAULT})


def page(teller: Member) -> str:
    return device(teller).get(reverse("ballots:count")).content.decode()


def secretarys_page(secretary, poll: Poll) -> str:
    return browser(secretary).get(reverse("ballots:poll", args=[poll.pk])).content.decode()


def decide(secretary, poll: Poll, **data) -> str:
    address = reverse("ballots:poll_difference", args=[poll.pk])
    return browser(secretary).post(address, data, follow=True).content.decode()


def state(poll: Poll) -> str:
    return Poll.objects.get(pk=poll.pk).state


@pytest.mark.parametrize("what", ["other totals", "a fault"])
def test_one_device_alone_voids_nothing_and_no_number_is_shown(
    poll, teller, second, secretary, what
):
    assert "data-checks" in page(teller)
    answer = recount(teller, poll, equal=False) if what == "other totals" else differ(teller)
    assert answer.json() == {"state": "sealed"}
    assert Sealed.objects.count() == 5
    shown = {who: page(who) for who in (teller, second)} | {0: secretarys_page(secretary, poll)}
    for each in shown.values():
        assert "05</strong> có mặt" not in each
        assert "HTT <strong>0" not in each
    assert 'id="recount"' not in shown[teller]
    assert 'id="recount"' in shown[second]
    assert 'id="difference"' in shown[0]


def test_the_same_device_again_is_still_one_and_gets_no_ballot_any_more(poll, teller):
    for _ in range(2):
        assert differ(teller).json() == {"state": "sealed"}
    assert Difference.objects.count() == 1
    address, reader = reverse("ballots:sealed_ballots"), Reader().point
    asked = device(teller).post(address, reader, content_type="application/octet-stream")
    for answer in (recount(teller, poll), asked):
        assert (answer.status_code, answer.json()["error"]) == (409, OTHER_DEVICE)
    assert state(poll) == Poll.State.SEALED


def test_a_second_device_that_agrees_puts_the_fault_on_the_first_and_the_minutes_say_so(
    poll, teller, second, meeting
):
    differ(teller)
    assert recount(second, poll).json() == {"state": "counted"}
    settled = Difference.objects.get()
    assert (settled.member, settled.agreed_by) == (teller, second)
    verbs.confirm(second, poll)
    text = str(compose_count(gather_count(meeting))).replace("\\xa0", " ")
    assert f"Máy của đồng chí {teller} đếm lại báo không khớp (Trong hòm có phiếu bị sửa" in text
    assert f"máy của đồng chí {second} đếm lại khớp với máy chủ nên lỗi ở máy thứ nhất" in text


def test_a_second_device_that_differs_too_voids_the_poll(poll, teller, second):
    differ(teller)
    assert recount(second, poll, equal=False).json() == {"state": "void"}
    voided = Poll.objects.get(pk=poll.pk)
    assert "Máy của hai thành viên" in voided.void_reason
    assert "bị sửa sau khi gấp; máy thứ hai: kết quả đếm lại khác" in voided.void_reason
    assert not RowTally.objects.exists()
    assert not Sealed.objects.exists()


def test_the_meeting_decides_that_it_is_void_with_its_reason_for_the_minutes(
    poll, teller, secretary
):
    assert NOTHING_OPEN in decide(secretary, poll, decision="void", reason="Nghi ngờ.")
    differ(teller)
    assert "Xin ghi lý do hội nghị" in decide(secretary, poll, decision="void", reason=" ")
    assert "Xin chọn hội nghị" in decide(secretary, poll, reason="Máy hỏng.")
    assert state(poll) == Poll.State.SEALED
    decide(secretary, poll, decision="void", reason="Không có máy thứ hai.")
    assert state(poll) == Poll.State.VOID
    reason = Poll.objects.get(pk=poll.pk).void_reason
    assert "hội nghị quyết định huỷ: Không có máy thứ hai." in reason


def test_the_meeting_has_it_counted_again_on_the_same_device(poll, teller, secretary, meeting):
    differ(teller)
    decide(secretary, poll, decision="recount", reason="Máy vừa khởi động lại.")
    assert 'id="recount"' in page(teller)
    assert 'id="difference"' not in secretarys_page(secretary, poll)
    assert recount(teller, poll).json() == {"state": "counted"}
    verbs.confirm(teller, poll)
    text = str(compose_count(gather_count(meeting))).replace("\\xa0", " ")
    assert "hội nghị quyết định đếm lại: Máy vừa khởi động lại." in text


def test_the_open_page_of_the_secretary_is_told_by_its_next_look(poll, teller, secretary):
    address = reverse("ballots:poll", args=[poll.pk]) + "?trang-thai=sealed"
    look = {"HX-Request": "true"}
    assert "HX-Refresh" not in browser(secretary).get(address, headers=look).headers
    differ(teller)
    assert browser(secretary).get(address, headers=look).headers["HX-Refresh"] == "true"


@pytest.mark.parametrize("who", ["teller", "member", "officer", "outsider"])
def test_nobody_but_who_runs_the_meeting_writes_its_decision(poll, teller, request, who):
    differ(teller)
    person = request.getfixturevalue(who)
    client = device(person) if isinstance(person, Member) else browser(person)
    address = reverse("ballots:poll_difference", args=[poll.pk])
    client.post(address, {"decision": "void", "reason": "x"})
    assert state(poll) == Poll.State.SEALED
