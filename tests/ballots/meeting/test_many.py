"""Many members of the check-in list, ticked and written down in one press."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.models import Issue
from cells.models import Meeting
from cells.stale import STALE
from members.models import Attendance, Member
from tests.kit import factories, polls, verbs

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(client) -> Meeting:
    """A meeting of five; its secretary is signed in."""
    meeting = factories.make_meeting(5)
    client.force_login(factories.secretary_of(meeting))
    return meeting


def rows(meeting: Meeting) -> list[Attendance]:
    return list(Attendance.objects.of(meeting))


def many(client, meeting: Meeting, do: str, *members: Member) -> str:
    """Press a button for all of these at once; the page that follows."""
    form = {"do": do, "members": [member.pk for member in members]}
    return client.post(
        reverse("ballots:many", args=[meeting.pk]), form, follow=True
    ).content.decode()


def test_many_are_here_without_a_phone_in_one_press(client, planned):
    first, second, third, fourth, fifth = factories.members_of(planned)
    factories.arrive(planned, first)
    Attendance.objects.filter(member=second).update(state="excused", reason="Ốm")
    Attendance.objects.filter(member=fourth).update(standing=Member.Status.SUSPENDED)
    page = many(client, planned, "present", first, second, third, fourth)
    assert "Đã ghi thêm 02 đồng chí có mặt." in page
    assert [row.state for row in rows(planned)] == [
        "present",
        "present",
        "present",
        "expected",
        "expected",
    ]
    assert rows(planned)[1].reason == ""
    assert "đánh dấu ít nhất một đồng chí" in many(client, planned, "present")
    stranger = factories.members_of(factories.make_meeting(3))[0]
    assert STALE in many(client, planned, "present", fifth, stranger)
    assert rows(planned)[4].state == "expected"


def test_many_change_their_way_of_voting_but_for_whose_phone_holds_a_ballot(client):
    meeting = factories.make_open_meeting(5)
    holder, second, third, *_ = factories.members_of(meeting)
    client.force_login(factories.secretary_of(meeting))
    Attendance.objects.filter(member=third).update(standing=Member.Status.PROBATIONARY)
    assert "không có quyền biểu quyết nên chưa đổi gì" in many(client, meeting, "paper", third)
    poll = polls.poll_of(meeting)
    verbs.open_issuing(factories.secretary_of(meeting), poll)
    Issue.objects.filter(member=holder).update(stamped=True)
    page = many(client, meeting, "paper", holder, second, third)
    assert "Đã ghi 01 đồng chí bỏ phiếu bằng phiếu giấy." in page
    assert f"Máy đã giữ một lá phiếu nên chưa đổi cách bỏ phiếu của: {holder}." in page
    assert [row.door for row in rows(meeting)[:3]] == ["phone", "paper", "phone"]
    assert Issue.objects.get(member=second).door == "paper"


def test_many_are_marked_in_as_many_queries_as_a_few(client):
    meeting = factories.make_open_meeting(12)
    client.force_login(factories.secretary_of(meeting))
    people = factories.members_of(meeting)
    client.get(
        reverse("ballots:checkin", args=[meeting.pk])
    )  # the first page of a session lists it
    for do in ("present", "slip"):
        counts = []
        for some in (people[:2], people):
            form = {"do": do, "members": [member.pk for member in some]}
            with CaptureQueriesContext(connection) as queries:
                client.post(reverse("ballots:many", args=[meeting.pk]), form)
            counts.append(len(queries))
        assert counts[0] == counts[1], do
