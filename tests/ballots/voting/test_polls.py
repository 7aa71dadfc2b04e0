"""The secretary's pages of polls: planning, the presses, who is still missing, what is asked twice."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.models import Box, Issue, Poll, Slip
from ballots.papers.minutes.gather import gather_count, gather_minutes
from ballots.papers.press import render
from ballots.voting.planning import WAITS
from cells import wording
from cells.stale import STALE
from members.models import Attendance, Door, Member
from tests.kit import polls, verbs
from tests.kit.clients import words_of
from tests.kit.factories import make_open_meeting, members_of, secretary_of
from tests.kit.made_once import made_once
from tests.kit.paper_readers import words

pytestmark = pytest.mark.django_db

GOOD = 2


def address(poll: Poll, name: str = "poll") -> str:
    return reverse(f"ballots:{name}", args=[poll.pk])


def shown(client, poll: Poll, query: str = "", **headers) -> str:
    answer = client.get(address(poll) + query, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def post(client, poll: Poll, name: str, **data) -> str:
    """Press a button of the poll; the page it leads to."""
    return client.post(address(poll, name), data, follow=True).content.decode()


def state_of(poll: Poll) -> str:
    return Poll.objects.get(pk=poll.pk).state


def test_each_phase_offers_its_own_press(client, poll):
    assert 'data-do="open_issuing"' in shown(client, poll)
    phones = polls.issue(poll)
    assert 'data-do="open_box"' in shown(client, poll)
    polls.cast(poll, phones, [[GOOD]] * 5)
    page = shown(client, poll)
    assert "Đóng hòm và kiểm phiếu" in page
    assert 'data-do="open_box"' not in page
    polls.seal(poll)
    assert "máy nào hiện khung đỏ xin giơ tay" in shown(client, poll)
    polls.count(poll)
    assert "Tổ kiểm phiếu đã xác nhận kết quả" in shown(client, poll)


def test_a_planned_poll_is_dropped_away_from_the_way_to_its_page(client, poll):
    page = client.get(reverse("ballots:polls", args=[poll.meeting_id])).content.decode()
    ways = page.rindex("Mở trang của lượt")
    assert ways < page.index("Thêm lượt bỏ phiếu") < page.index("Xoá lượt này")
    post(client, poll, "poll_drop")
    assert not Poll.objects.filter(pk=poll.pk).exists()


def test_no_number_of_ballots_per_level_is_shown_before_the_count(client, poll):
    polls.cast(poll, polls.issue(poll), [[GOOD]] * 5)
    polls.seal(poll)
    for name in ("poll", "results"):
        key = poll.pk if name == "poll" else poll.meeting_id
        page = client.get(reverse(f"ballots:{name}", args=[key])).content.decode()
        assert "100%" not in page


def test_who_waits_for_a_ballot_is_named_only_while_ballots_are_handed_out(client, poll, member):
    verbs.open_issuing(secretary_of(poll.meeting), poll)
    assert f"đ/c {member}" in shown(client, poll)
    for entry in Issue.objects.of(Poll.objects.get(pk=poll.pk)):
        verbs.decline(secretary_of(poll.meeting), entry, "Xin phép.")
    assert "Tất cả đã nhận phiếu" in shown(client, poll)
    assert "không nhận phiếu: Xin phép." in shown(client, poll)


def issue_all_but_one(poll: Poll) -> Issue:
    """Hand out all ballots; one phone has not said that it holds its own."""
    polls.issue(poll)
    entry = Issue.objects.of(poll).select_related("member").first()
    Issue.objects.filter(pk=entry.pk).update(received=False)
    return entry


def test_opening_the_box_asks_again_and_names_what_is_short(client, poll):
    entry = issue_all_but_one(poll)
    page = post(client, poll, "poll_open_box")
    assert state_of(poll) == Poll.State.ISSUING
    assert f"Còn thiếu: đ/c {entry.member}" in page
    assert 'name="short_ok" value="1"' in page
    post(client, poll, "poll_open_box", short_ok="1")
    assert state_of(poll) == Poll.State.CASTING


def test_opening_the_box_asks_once_when_nothing_is_short(client, poll):
    polls.issue(poll)
    post(client, poll, "poll_open_box")
    assert state_of(poll) == Poll.State.CASTING


def test_a_voter_who_waits_gets_a_slip_or_declines(client, poll):
    verbs.open_issuing(secretary_of(poll.meeting), poll)
    poll.refresh_from_db()
    first, second = Issue.objects.of(poll)[:2]
    post(client, poll, "poll_door", issue=first.pk, door="slip")
    assert Issue.objects.get(pk=first.pk).door == Door.SLIP
    assert Attendance.objects.get(meeting=poll.meeting, member=first.member).door == Door.SLIP
    post(client, poll, "poll_decline", issue=second.pk, reason="Mệt, xin về.")
    assert Issue.objects.get(pk=second.pk).declined == "Mệt, xin về."


REFUSALS = [
    # state, press, what is posted, the sentence
    ("planned", "poll_open_box", {}, "chưa mở"),
    ("planned", "poll_reissue", {}, "chưa mở"),
    ("planned", "poll_void", {"reason": "x"}, "chưa mở"),
    ("planned", "poll_slips", {"count": "0"}, "từ 1 đến 500"),
    ("planned", "poll_slips", {"count": "1000000"}, "từ 1 đến 500"),
    ("planned", "poll_slips", {"count": "²"}, "từ 1 đến 500"),
    ("issuing", "poll_open", {}, "đang phát phiếu"),
    ("issuing", "poll_void", {"reason": "  "}, "Xin ghi lý do"),
    ("issuing", "poll_drop", {}, "Chỉ xoá được lượt bỏ phiếu chưa mở"),
    ("issuing", "poll_decline", {"issue": "x", "reason": "y"}, STALE),
    ("issuing", "poll_door", {"issue": "", "door": "slip"}, STALE),
    ("casting", "poll_open_box", {"short_ok": "1"}, "đang bỏ phiếu"),
    ("casting", "poll_slips", {"count": "3"}, "trước khi mở hòm"),
    ("sealed", "poll_void", {"reason": "x"}, "niêm phong"),
    ("sealed", "poll_reissue", {}, "niêm phong"),
    ("counted", "poll_open", {}, "đã kiểm phiếu"),
    ("sealed", "poll_alarm", {"hands": "1", "decision": "x"}, "sau khi kiểm phiếu xong"),
    ("counted", "poll_alarm", {"hands": "hai", "decision": "x"}, "bằng chữ số"),
    ("counted", "poll_alarm", {"hands": "6", "decision": "x"}, "Lượt này phát 05 phiếu"),
    ("counted", "poll_alarm", {"hands": "1", "decision": " "}, "quyết định thế nào"),
]


@made_once
def poll_in(state: str) -> Poll:
    poll = polls.poll_of(make_open_meeting(5))
    if state != "planned":
        phones = polls.issue(poll)
    if state not in ("planned", "issuing"):
        polls.cast(poll, phones, [[GOOD]] * 5)
    if state in ("sealed", "counted"):
        polls.seal(poll)
    if state == "counted":
        polls.count(poll)
    return poll


@pytest.mark.parametrize(("state", "press", "data", "sentence"), REFUSALS)
def test_a_wrong_step_gets_one_sentence_and_changes_nothing(client, state, press, data, sentence):
    poll = poll_in(state)
    client.force_login(secretary_of(poll.meeting))
    page = post(client, poll, press, **data)
    assert sentence in page
    assert 'role="alert"' in page
    assert state_of(poll) == state


def test_phones_that_showed_red_stand_in_both_minutes_with_what_the_meeting_decided(client, poll):
    polls.play(poll, *[[GOOD]] * 5)
    sentence = "01 đồng chí có máy hiện khung đỏ khi tự kiểm tra phiếu trong hòm; hội nghị quyết định: bỏ phiếu lại."
    post(client, poll, "poll_alarm", hands="1", decision="bỏ phiếu lại.")
    for data in (gather_minutes(poll.meeting), gather_count(poll.meeting)):
        assert sentence in words(render.html(data))
    assert "bỏ phiếu lại" in shown(client, poll)
    post(client, poll, "poll_alarm", hands="0")
    assert "hiện khung đỏ khi tự kiểm tra" not in render.html(gather_minutes(poll.meeting))


def test_the_page_tells_where_a_shared_device_opens(client, poll):
    page = shown(client, poll)
    assert f"http://localhost/phieu/#{poll.door_key}.may-chung" in page
    polls.issue(poll)
    assert ".may-chung" in shown(client, poll)


def test_reissuing_is_refused_once_a_ballot_is_in_the_box(client, poll):
    polls.cast(poll, polls.issue(poll), [[GOOD]])
    assert "Phát lại cho tất cả" not in shown(client, poll)
    assert "Đã có phiếu trong hòm" in post(client, poll, "poll_reissue")
    assert Box.objects.count() == 1


def test_waiting_is_the_big_button_and_opening_short_the_outlined_one(client, poll):
    verbs.open_issuing(secretary_of(poll.meeting), poll)
    address = reverse("ballots:poll", args=[poll.pk])
    response = client.post(reverse("ballots:poll_open_box", args=[poll.pk]), follow=True)
    bar = response.content.decode().split('id="next"')[1].split("data-idle")[0]
    assert f'class="btn btn-primary btn-next" data-stay href="{address}">Chờ thêm' in bar
    assert 'class="btn btn-outline-danger">Vẫn mở hòm' in bar
    assert bar.count("btn-primary") == 1


def test_a_void_poll_shows_its_reason_and_can_be_repeated(client, poll):
    polls.issue(poll)
    page = post(client, poll, "poll_void", reason="Mất điện.")
    assert "Mất điện." in page
    assert 'data-do="plan_poll"' in page
    assert "Lập lượt bỏ phiếu lại" in page[page.index("btn-next") :]
    meeting = poll.meeting
    bar = client.get(reverse("ballots:minutes", args=[meeting.pk])).context["step"]
    assert (bar.label, bar.arg) == ("Lập lượt bỏ phiếu lại", poll.pk)
    data = {"title": poll.title, "subjects": "cell", "levels": poll.levels}
    client.post(reverse("ballots:polls", args=[meeting.pk]), data)
    assert client.get(reverse("ballots:poll", args=[poll.pk])).context["work"].done
    repeat = Poll.objects.filter(meeting=meeting).latest("number")
    assert (repeat.title, repeat.state) == (poll.title, Poll.State.PLANNED)
    again = client.post(reverse("ballots:polls", args=[meeting.pk]), data)
    assert WAITS.format(poll.title) in words_of(again)
    assert Poll.objects.filter(meeting=meeting).latest("number") == repeat
    assert repeat.subjects.get().member is None


def test_a_poll_is_planned_with_its_own_levels_and_subjects_in_the_order_given(client, poll):
    meeting = poll.meeting
    third, first = members_of(meeting)[2], members_of(meeting)[0]
    data = {
        "title": "Vòng  hai",
        "subjects": "members",
        "members": [third.pk, first.pk],
        "levels": ["HTXS"],
    }
    client.post(reverse("ballots:polls", args=[meeting.pk]), data)
    made = Poll.objects.filter(meeting=meeting).latest("number")
    assert (made.title, made.levels) == ("Vòng hai", ["HTXS"])
    assert [s.member for s in made.subjects.all()] == [third, first]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"title": "A", "subjects": "members", "levels": ["HTT"]}, "ít nhất một đồng chí"),
        ({"title": "A", "subjects": "cell"}, "bắt buộc"),
        ({"title": "", "subjects": "cell", "levels": ["HTT"]}, "bắt buộc"),
        ({"title": "A\u202e", "subjects": "cell", "levels": ["HTT"]}, "ký tự ẩn"),
        ({"title": "A", "subjects": "all", "levels": ["HTT"]}, "không"),
        ({"title": "A", "subjects": "cell", "levels": ["XS"]}, "không"),
    ],
)
def test_a_poll_that_cannot_be_planned_says_why_and_keeps_what_was_typed(
    client, poll, data, sentence
):
    before = Poll.objects.count()
    page = client.post(reverse("ballots:polls", args=[poll.meeting_id]), data).content.decode()
    assert sentence in page
    assert Poll.objects.count() == before


def test_the_second_round_is_filled_in_with_those_found_good(client, poll):
    meeting = poll.meeting
    rows = [[GOOD, GOOD, 3, GOOD, 1, 3]] * 5
    second = polls.poll_of(meeting, 2)
    polls.play(second, *[row[: second.subjects.count()] for row in rows])
    page = client.get(
        reverse("ballots:polls", args=[meeting.pk]) + "?lap=vong-hai"
    ).content.decode()
    assert page.count(" checked") == 3 + 1 + 1


def test_the_live_part_renews_itself_and_reloads_the_page_when_the_phase_changed(client, poll):
    verbs.open_issuing(secretary_of(poll.meeting), poll)
    part = client.get(address(poll) + "?trang-thai=issuing", headers={"HX-Request": "true"})
    assert 'id="live"' in part.content.decode()
    assert "<html" not in part.content.decode()
    gone = client.get(address(poll) + "?trang-thai=planned", headers={"HX-Request": "true"})
    assert gone.headers["HX-Refresh"] == "true"


def test_the_live_part_asks_for_nothing_that_it_does_not_show(client, poll):
    """Neither tabs nor the next step: thirty meetings renew it all the time while their phones ask for ballots."""
    verbs.open_issuing(secretary_of(poll.meeting), poll)
    costs = []
    for headers in ({}, {"HX-Request": "true"}):
        with CaptureQueriesContext(connection) as queries:
            client.get(address(poll) + "?trang-thai=issuing", headers=headers)
        costs.append(len(queries))
    whole, part = costs
    assert part < whole / 2


def test_few_voters_are_warned_and_not_stopped(client):
    meeting = make_open_meeting(4)
    client.force_login(secretary_of(meeting))
    poll = polls.poll_of(meeting)
    assert "Ít hơn 5 người bỏ phiếu" in shown(client, poll)
    post(client, poll, "poll_open")
    assert state_of(poll) == Poll.State.ISSUING


def test_names_are_escaped(client, poll, member):
    Member.objects.filter(pk=member.pk).update(name="<b>An</b>")
    verbs.open_issuing(secretary_of(poll.meeting), poll)
    assert "&lt;b&gt;An&lt;/b&gt;" in shown(client, poll)
    assert "<b>An</b>" not in shown(client, poll)


def test_as_many_slips_are_offered_as_voters_draw_and_are_not_printed_yet(client, poll):
    voters = Attendance.objects.filter(meeting=poll.meeting)
    voters.filter(member__in=members_of(poll.meeting)[1:4]).update(door=Door.SLIP)
    assert client.get(address(poll)).context["slip_count"] == 3
    client.post(address(poll, "poll_slips"), {"count": "2"})
    assert client.get(address(poll)).context["slip_count"] == 3, "a new print replaces the former"
    verbs.open_issuing(secretary_of(poll.meeting), poll)
    assert client.get(address(poll)).context["slip_count"] == 1


def test_more_slips_than_voters_are_asked_about_before_they_are_printed(client, poll):
    assert client.get(address(poll)).context["slip_count"] == 5
    asked = client.post(address(poll, "poll_slips"), {"count": "6"})
    page = asked.content.decode()
    assert "In 06 phiếu bốc thăm, mà hội nghị có 05 đồng chí có quyền biểu quyết." in page
    assert 'value="6"' in page
    assert not poll.slip_set.exists()
    again = {"count": "6", "sure": asked.context["sure"]}
    assert client.post(address(poll, "poll_slips"), again)["Content-Type"] == "application/pdf"


def test_slips_and_papers_come_as_pdf_and_slips_can_be_used(client, poll):
    answer = client.post(address(poll, "poll_slips"), {"count": "4", "shown": "1"})
    assert answer["Content-Disposition"].startswith("inline"), "asked for on this screen"
    answer = client.post(address(poll, "poll_slips"), {"count": "4"})
    assert answer["Content-Disposition"].startswith("attachment"), "no code on a wall"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert Slip.objects.filter(poll=poll).count() == 4
    assert client.get(address(poll, "poll_papers")).content.startswith(b"%PDF")


ACCESS = [  # who, GET, POST
    ("secretary", 200, 302),
    ("officer", 403, 403),
    ("outsider", 404, 404),
    ("superuser", 404, 404),
]


@pytest.mark.parametrize(("who", "get", "post_status"), ACCESS)
def test_only_who_runs_the_meeting_gets_to_its_polls(
    client, meeting, request, who, get, post_status
):
    client.force_login(request.getfixturevalue(who))
    poll = polls.poll_of(meeting)
    assert client.get(address(poll)).status_code == get
    assert client.get(reverse("ballots:polls", args=[meeting.pk])).status_code == get
    assert client.post(address(poll, "poll_open")).status_code == post_status


def test_who_is_not_yet_marked_is_counted_before_the_poll_opens(client, poll):
    assert "chưa điểm danh" not in shown(client, poll)
    late = Attendance.objects.of(poll.meeting).with_vote().last()
    Attendance.objects.filter(pk=late.pk).update(state=Attendance.State.EXPECTED)
    assert "01 đồng chí chưa điểm danh, tỷ lệ phiếu của lượt tính trên cả" in shown(client, poll)


def test_who_has_no_phone_and_chose_no_other_door_is_counted_before_the_poll_opens(client, poll):
    voters = Attendance.objects.filter(meeting=poll.meeting).present().with_vote()
    without = wording.two_digits(voters.count())
    assert f"{without} đồng chí có mặt mà chưa có máy vào họp" in shown(client, poll)
    voters.update(door=Door.SLIP)
    assert "chưa có máy vào họp" not in shown(client, poll)
