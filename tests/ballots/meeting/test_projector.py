"""The page for the TV: one scene for each part of the evening, counts and never names while ballots are cast."""

import pytest
from django.urls import reverse

from ballots.models import Poll
from ballots.secret import keys
from ballots.voting.turnout import digits_of
from cells.models import AgendaItem, Meeting
from members.models import Attendance
from tests.kit import factories, polls, verbs

pytestmark = pytest.mark.django_db


@pytest.fixture
def show(client):
    """Show the stage of a meeting to its secretary, its words in single spaces."""

    def shown(meeting: Meeting, whole: bool = False) -> str:
        client.force_login(factories.secretary_of(meeting))
        address = reverse("ballots:projector", args=[meeting.pk])
        headers = {} if whole else {"HX-Request": "true"}
        return " ".join(client.get(address, headers=headers, secure=True).content.decode().split())

    return shown


def test_before_check_in_it_announces_the_meeting(show):
    assert "19:30 ngày 05/12/2026" in show(factories.make_meeting())


def test_check_in_shows_the_digits_and_who_came_by_name_and_by_which_way(show):
    meeting = factories.make_meeting(5)
    verbs.open_checkin(factories.secretary_of(meeting), meeting)
    meeting.refresh_from_db()
    first, second, third, *_ = factories.members_of(meeting)
    factories.make_device(first, by_link=True)
    factories.arrive(meeting, first, second)
    stage = show(meeting)
    assert f"{meeting.code[:3]} {meeting.code[3:]}" in stage
    assert "Có mặt 02/05" in stage
    assert f"Đường dẫn: 01</h2> <ul> <li>{first.name}</li>" in stage
    assert f"Chưa có máy: 01</h2> <ul> <li>{second.name}</li>" in stage
    assert third.name not in stage


@pytest.mark.parametrize(
    ("https_url", "host"),
    [("", "localhost"), ("https://hop.example:8443", "hop.example:8443")],
)
def test_phones_are_sent_to_the_https_address_where_there_is_one(show, settings, https_url, host):
    settings.HTTPS_URL = https_url
    meeting = factories.make_meeting(5)
    verbs.open_checkin(factories.secretary_of(meeting), meeting)
    meeting.refresh_from_db()
    assert f"<strong>{host}</strong>" in show(meeting)


def test_an_open_meeting_shows_its_item(show, meeting):
    item = meeting.items.get(position=meeting.step)
    assert item.title in show(meeting)


def test_a_poll_goes_through_its_scenes(show, meeting):
    poll = polls.poll_of(meeting)
    phones = polls.issue(poll)
    stage = show(meeting)
    assert digits_of(poll) in stage
    for words in ("Có mặt <strong>05", "Đã phát <strong>05", "Đã nhận <strong>05"):
        assert words in stage
    assert "Còn chờ" not in stage
    polls.cast(poll, phones[:3], [[2], [2], [1]])
    assert "Đã thu <strong>03/05" in show(meeting)
    polls.seal(poll)
    assert "máy nào hiện khung đỏ xin giơ tay" in show(meeting)
    polls.count(poll, confirmed=False)
    # No number of a row before the tellers have confirmed it.
    stage = show(meeting)
    assert f"{poll.title}: phát ra 05, thu về 03. Tổ kiểm phiếu đang xem lại" in stage
    assert "HTT" not in stage
    polls.count(poll)
    assert poll.title not in show(meeting)
    meeting.items.filter(position=meeting.step).update(kind=AgendaItem.Kind.POLL)
    stage = show(meeting)
    assert poll.title in stage
    # One subject alone is shown as large as the screen, not as a table of one line.
    assert "<table" not in stage
    assert "HTT <strong>02</strong>" in stage
    meeting.items.filter(position=meeting.step).update(kind=AgendaItem.Kind.RESULT)
    assert "Chi bộ đề nghị xếp loại" in show(meeting)
    assert "<form" not in show(meeting, whole=True)
    assert "Ghi kết luận" not in show(meeting)


def test_the_room_reads_what_is_in_the_way_of_a_poll(show, meeting):
    """First that the recount differs, then that a key is gone."""
    poll = polls.poll_of(meeting)
    polls.cast(poll, polls.issue(poll), [[2]] * 5)
    polls.seal(poll)
    verbs.disagree(polls.teller_of(meeting), poll, "kết quả đếm lại khác với máy chủ")
    stage = show(meeting)
    assert "đếm lại chưa khớp. Chưa có con số nào được công bố" in stage
    assert "Tổ kiểm phiếu đang kiểm." not in stage
    poll.refresh_from_db()
    keys.unlink(poll.p, keys.COUNT)
    assert "Máy chủ không tìm thấy khoá của lượt này" in show(meeting)


def test_who_waits_for_a_ballot_is_named_only_while_ballots_are_handed_out(show, meeting):
    waiting = factories.members_of(meeting)[4]
    poll = polls.poll_of(meeting)
    polls.issue(poll)
    poll.issue_set.filter(member=waiting).update(received=False)
    assert f"Còn chờ: đ/c {waiting.name}" in show(meeting)
    verbs.open_box(factories.secretary_of(meeting), poll, short_ok=True)
    casting = show(meeting)
    for row in Attendance.objects.of(meeting):
        assert row.member.name not in casting


def test_the_turnout_is_renewed_slowly(show, meeting):
    assert "every 3s" in show(meeting)
    poll = polls.poll_of(meeting)
    polls.cast(poll, polls.issue(poll), [])
    assert "every 10s" in show(meeting)


def test_a_void_poll_leaves_the_stage(show, meeting):
    poll = polls.poll_of(meeting)
    polls.issue(poll)
    verbs.void(factories.secretary_of(meeting), poll, "Mất điện")
    assert poll.title not in show(meeting)
    assert Poll.objects.get(pk=poll.pk).state == Poll.State.VOID


def test_the_fragment_is_part_of_the_page(show, meeting):
    assert "<html" in show(meeting, whole=True)
    assert "<html" not in show(meeting)
