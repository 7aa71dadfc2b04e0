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

    def shown(meeting: Meeting, whole: bool = False, query: str = "") -> str:
        client.force_login(factories.secretary_of(meeting))
        address = reverse("ballots:projector", args=[meeting.pk]) + query
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
    assert "Còn chờ <strong>00" in stage
    polls.cast(poll, phones[:3], [[2], [2], [1]])
    stage = show(meeting)
    assert "Đã thu <strong>03/05" in stage
    assert "Xin giữ màn hình điện thoại sáng" in stage
    polls.seal(poll)
    assert "Máy nào hiện khung đỏ xin giơ tay" in show(meeting)
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


def test_the_tellers_read_on_the_wall_that_every_ballot_is_in(show, meeting):
    poll = polls.poll_of(meeting)
    polls.cast(poll, polls.issue(poll), [[2]] * 5)
    stage = show(meeting)
    assert "Đã thu đủ phiếu. Xin mời tổ kiểm phiếu đóng hòm và kiểm phiếu." in stage
    assert "Xin giữ màn hình" not in stage


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


def test_while_a_key_is_lost_nobody_is_asked_to_go_on(show, meeting):
    poll = polls.poll_of(meeting)
    polls.cast(poll, polls.issue(poll), [[2]] * 5)
    keys.unlink(poll.p, keys.BOX)
    stage = show(meeting)
    assert "Máy chủ không tìm thấy khoá của lượt này" in stage
    assert "Xin mời tổ kiểm phiếu" not in stage


def test_who_waits_for_a_ballot_is_named_only_while_ballots_are_handed_out(show, meeting):
    waiting = factories.members_of(meeting)[4]
    poll = polls.poll_of(meeting)
    polls.issue(poll)
    poll.issue_set.filter(member=waiting).update(received=False)
    stage = show(meeting)
    assert "Còn chờ <strong>01" in stage
    assert f"<li>đ/c {waiting.name}</li>" in stage
    verbs.open_box(factories.secretary_of(meeting), poll, short_ok=True)
    casting = show(meeting)
    for row in Attendance.objects.of(meeting):
        assert row.member.name not in casting


def test_while_many_wait_for_a_ballot_their_number_alone_is_shown(show):
    meeting = factories.make_open_meeting(20)
    verbs.open_issuing(factories.secretary_of(meeting), polls.poll_of(meeting))
    stage = show(meeting)
    assert "Còn chờ <strong>20" in stage
    assert factories.members_of(meeting)[0].name not in stage


def test_the_same_is_said_until_something_changes(show, meeting):
    """So that the page is not drawn anew in front of the room."""
    assert show(meeting) == show(meeting)
    poll = polls.poll_of(meeting)
    polls.cast(poll, polls.issue(poll), [[2]])
    assert show(meeting) == show(meeting)


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


def at(meeting: Meeting, kind: str) -> Meeting:
    """The meeting as it comes to the agenda item of this kind."""
    meeting.step = meeting.items.get(kind=kind).position
    meeting.save(update_fields=["step"])
    return meeting


def test_results_are_turned_page_by_page_by_themselves_or_by_hand(show):
    meeting = factories.make_open_meeting(10)
    poll = polls.poll_of(meeting, 2)
    polls.play(poll, [2] * 10)
    first, *_, last = factories.members_of(meeting)
    at(meeting, AgendaItem.Kind.POLL)
    polls.poll_of(meeting, 1).delete()  # it would wait for its own roll
    stage = show(meeting)
    assert first.name in stage
    assert last.name not in stage
    assert "Trang <strong>1/2" in stage
    assert 'trang=2" hx-trigger="load delay:15s"' in stage
    assert 'content="15; url=?trang=2"' in show(meeting, whole=True)
    turned = show(meeting, query="?trang=2&giu=1")
    assert last.name in turned
    assert first.name not in turned
    assert "load delay" not in turned
    assert "Tự lật" in turned
    for nowhere in ("?trang=3", "?trang=0", "?trang=x", "?trang=9999"):
        assert show(meeting, query=nowhere) == stage


def test_the_wall_shows_whom_the_last_comment_is_about_and_any_other_on_demand(show, meeting):
    first, second, third, *_ = factories.members_of(meeting)
    at(meeting, AgendaItem.Kind.MEMBERS)
    stage = show(meeting)
    assert all(member.name in stage for member in factories.members_of(meeting))
    assert "<h1>" in stage
    Attendance.objects.filter(meeting=meeting, member=second).update(self_level="HTT")
    verbs.comment(factories.secretary_of(meeting), meeting, first, second, "Cần mạnh dạn hơn.")
    stage = show(meeting)
    assert f">{second.name}</h1>" in stage
    assert "Hoàn thành tốt nhiệm vụ" in stage
    assert "mạnh dạn" not in stage
    assert f">{third.name}</h1>" in show(meeting, query="?trang=4&giu=1")


def test_the_report_is_read_from_the_wall(show, meeting):
    factories.set_report(
        meeting, texts={"strengths": "Đoàn kết tốt."}, self_level="HTT", self_score="86.5"
    )
    at(meeting, AgendaItem.Kind.REPORT)
    stage = show(meeting)
    assert "<strong>86,5</strong> điểm" in stage
    assert "Hoàn thành tốt nhiệm vụ" in stage
    assert "Đoàn kết tốt." in show(meeting, query="?trang=2&giu=1")


def test_tellers_and_guests_are_shown_at_their_item(show, meeting):
    secretary = factories.secretary_of(meeting)
    verbs.add_guest(secretary, meeting, "Nguyễn Thị Vân", "Đảng ủy viên")
    assert "Nguyễn Thị Vân" in show(at(meeting, AgendaItem.Kind.GUESTS))
    stage = show(at(meeting, AgendaItem.Kind.TELLERS))
    assert f"<strong>{polls.teller_of(meeting).name}</strong> <span>Tổ trưởng" in stage
    assert "05/05 đồng ý" in stage


def test_what_the_room_asks_for_is_read_with_the_minutes_but_nothing_of_a_person(show, meeting):
    speaker, about, *_ = factories.members_of(meeting)
    secretary = factories.secretary_of(meeting)
    at(meeting, AgendaItem.Kind.MINUTES)
    assert "kiến nghị" not in show(meeting)
    verbs.comment(secretary, meeting, speaker, None, "Xin sửa nhà văn hoá.", reserved=True)
    verbs.comment(secretary, meeting, speaker, about, "Cần mạnh dạn hơn.")
    stage = show(meeting)
    assert f"đ/c {speaker.name}</strong> <em>(ý kiến bảo lưu)" in stage
    assert "Xin sửa nhà văn hoá." in stage
    assert "mạnh dạn" not in stage


def test_the_wall_can_be_covered_without_script(show, meeting):
    page = show(meeting, whole=True)
    assert '<details class="cover">' in page
    assert "Che màn hình" in page
    assert "Che màn hình" not in show(meeting)  # it stays while the stage is renewed
