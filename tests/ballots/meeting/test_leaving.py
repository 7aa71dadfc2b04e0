"""Members who leave early: what becomes of the ballot they hold, and of the polls opened later."""

from datetime import time

import pytest
from django.urls import reverse

from ballots.models import Issue, Poll
from ballots.papers.minutes.gather import gather_minutes
from ballots.papers.press import render
from cells.models import Meeting
from members.models import Attendance, Door, Member
from tests.kit import polls, verbs
from tests.kit.factories import make_open_meeting, members_of, secretary_of
from tests.kit.paper_readers import words

pytestmark = pytest.mark.django_db

GOOD = 2


@pytest.fixture
def poll(meeting) -> Poll:
    """The planned poll on the cell."""
    return polls.poll_of(meeting)


def last_voter(meeting: Meeting) -> Attendance:
    return Attendance.objects.of(meeting).present().filter(standing=Member.Status.FULL).last()


def test_who_leaves_keeps_the_ballot_received_and_gets_none_of_a_poll_opened_later(poll):
    """A time of leaving is a time of a person: no table of ballots knows of it."""
    meeting, secretary = poll.meeting, secretary_of(poll.meeting)
    phones = polls.issue(poll)
    last = last_voter(meeting)
    verbs.leave(secretary, last, time(20, 0))
    polls.cast(poll, phones, [[GOOD]] * 5)
    polls.seal(poll)
    polls.count(poll)
    following = polls.poll_of(meeting, 2)
    verbs.open_issuing(secretary, following)
    following.refresh_from_db()
    assert (polls.poll_of(meeting).present, polls.poll_of(meeting).valid) == (5, 5)
    assert (following.present, following.summoned, following.base) == (4, 5, 5)
    minutes = words(render.html(gather_minutes(meeting)))
    assert f"Đồng chí {last.member}, lúc 20 giờ" in minutes
    assert "có mặt: 05/05 đồng chí;" in minutes


def test_who_leaves_before_the_ballot_came_takes_none_and_who_comes_back_does(poll):
    meeting, secretary = poll.meeting, secretary_of(poll.meeting)
    verbs.open_issuing(secretary, poll)
    poll.refresh_from_db()
    last = last_voter(meeting)
    entry = Issue.objects.of(poll).get(member=last.member)
    verbs.leave(secretary, last, time(20, 0))
    entry.refresh_from_db()
    assert entry.declined == "Đã ra về"
    last.refresh_from_db()
    verbs.mark(secretary, last, Attendance.State.PRESENT)
    entry.refresh_from_db()
    last.refresh_from_db()
    assert (entry.declined, last.left_at) == ("", None)


def test_who_has_received_a_ballot_cannot_be_marked_absent(client):
    meeting = make_open_meeting(5)
    voter = members_of(meeting)[1]
    polls.issue(polls.poll_of(meeting))
    for state in ("absent", "excused", "expected"):
        form = {"attendance": voter.attendance_set.get().pk, "state": state, "reason": "Ốm"}
        client.force_login(secretary_of(meeting))
        page = client.post(
            reverse("ballots:mark", args=[meeting.pk]), form, follow=True
        ).content.decode()
        assert "nên không ghi vắng được" in page
        assert voter.attendance_set.get().state == "present"


@pytest.mark.parametrize("door", [Door.SLIP, Door.PAPER])
def test_who_may_have_drawn_a_ballot_is_asked_about_once_before_being_marked_absent(client, door):
    meeting = make_open_meeting(6)
    Attendance.objects.filter(meeting=meeting).update(door=door)
    row = Attendance.objects.of(meeting)[1]
    polls.issue(polls.poll_of(meeting))
    client.force_login(secretary_of(meeting))
    address = reverse("ballots:mark", args=[meeting.pk])
    form = {"attendance": row.pk, "state": "excused", "reason": "Ốm"}
    page = client.post(address, form).content.decode()
    line = page.partition(f'<li id="dv-{row.pk}">')[2].partition("</li>")[0]
    assert "<details open>" in line
    assert f"Đồng chí {row.member} có tên trong danh sách phát phiếu" in line
    assert 'name="reason" value="Ốm"' in line
    assert Attendance.objects.get(pk=row.pk).state == "present"
    sure = page.partition('name="sure" value="')[2].partition('"')[0]
    client.post(address, form | {"sure": sure})
    assert Attendance.objects.get(pk=row.pk).state == "excused"
