"""The officers' pages of a meeting: they render, for few and many, for the right person only, and safely."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ballots.core.page import ASIDE
from ballots.core.stages import STAGES
from ballots.models import Teller
from cells.models import Meeting
from members.models import Attendance, Device, Guest, Member
from tests.kit import factories, verbs
from tests.kit.polls import issue, poll_of

pytestmark = pytest.mark.django_db

PAGES = ["meeting", "roster", "checkin", "guests", "report", "comments", "tellers", "projector"]
POSTS = [
    "duty",
    "meeting_open",
    "meeting_next",
    "meeting_previous",
    "meeting_close",
    "checkin_open",
    "checkin_close",
    "admit",
    "admit_all",
    "refuse",
    "mark",
    "set_door",
    "guest_remove",
    "comment_remove",
    "rehearsal_end",
    "rehearsal_fill",
]
EVIL = '<script>alert("x")</script>"><img src=x onerror=alert(1)>'


def url(name: str, meeting: Meeting) -> str:
    return reverse(f"ballots:{name}", args=[meeting.pk])


def furnish(meeting: Meeting) -> None:
    """Everybody speaks about somebody and knocks with a phone; as many guests."""
    people = factories.members_of(meeting)
    user = factories.secretary_of(meeting)
    for number, (by, on) in enumerate(zip(people, reversed(people), strict=True)):
        verbs.comment(user, meeting, by, on, "Cần mạnh dạn hơn.")
        Device.objects.create(member=by, meeting=meeting, number=number, token_hash=str(by.pk))
        Guest.objects.create(meeting=meeting, name=f"Khách {number}")


def test_pages_cost_the_same_queries_for_3_and_for_30_members(client):
    costs = []
    for size in (3, 30):
        meeting = factories.make_meeting(size)
        factories.arrive(meeting)
        verbs.open_meeting(factories.secretary_of(meeting), meeting)
        furnish(meeting)
        client.force_login(factories.secretary_of(meeting))
        costs.append({page: cost(client, url(page, meeting)) for page in PAGES})
    assert costs[0] == costs[1]


def cost(client, address: str) -> int:
    """Queries of one look at a page."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("page", [*PAGES, "rehearsal_start"])
def test_pages_render_without_any_member(client, page):
    cell = factories.make_cell()
    secretary = factories.make_member(cell, office="secretary")
    campaign = factories.make_campaign(cell.committee)
    meeting = Meeting.objects.create(cell=cell, campaign=campaign, starts_at="2026-12-05T12:30Z")
    client.force_login(factories.make_user(secretary))
    assert client.get(url(page, meeting)).status_code == 200


@pytest.mark.parametrize("verb", POSTS)
def test_opening_the_address_of_a_verb_presses_nothing(client, meeting, verb):
    client.force_login(factories.secretary_of(meeting))
    assert client.get(url(verb, meeting)).status_code == 405


def test_the_committee_above_sees_the_meeting_but_no_button(client, meeting, officer):
    client.force_login(officer)
    page = client.get(url("meeting", meeting)).content.decode()
    assert "data-do=" not in page
    assert 'id="next"' not in page


@pytest.mark.parametrize("page", PAGES)
def test_names_and_texts_are_shown_as_text(client, page):
    meeting = factories.make_meeting(4)
    Member.objects.filter(cell=meeting.cell).update(name=EVIL[:100])
    Meeting.objects.filter(pk=meeting.pk).update(venue=EVIL)
    factories.set_report(meeting, summary=EVIL)
    factories.arrive(meeting)
    user = factories.secretary_of(meeting)
    verbs.open_meeting(user, meeting)
    furnish(meeting)
    verbs.add_guest(user, meeting, EVIL, EVIL)
    verbs.comment(user, meeting, factories.members_of(meeting)[0], None, EVIL)
    client.force_login(user)
    shown = client.get(url(page, meeting)).content.decode()
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown


@pytest.mark.parametrize("page", PAGES)
def test_no_page_carries_inline_script_or_style(client, meeting, page):
    client.force_login(factories.secretary_of(meeting))
    shown = client.get(url(page, meeting)).content.decode()
    assert "<style" not in shown
    assert "style=" not in shown
    assert "onclick" not in shown
    assert all(' src="' in tag for tag in re.findall("<script[^>]*>", shown))


@pytest.mark.parametrize("page", [*PAGES, "rehearsal_start"])
def test_a_rehearsal_says_so_on_every_page(client, page):
    meeting = factories.make_meeting()
    user = factories.secretary_of(meeting)
    rehearsal = verbs.start_rehearsal(user, meeting)
    client.force_login(user)
    assert "HỌP THỬ" in client.get(url(page, rehearsal)).content.decode()
    assert "HỌP THỬ" not in client.get(url("meeting", meeting)).content.decode()


LINKS = [*[(page, label) for page, label, _kinds, _test in STAGES], *ASIDE]


def test_every_page_of_the_meeting_is_on_the_path_or_in_the_menu_and_knows_when_one_stands_on_it(
    client, meeting
):
    client.force_login(factories.secretary_of(meeting))
    for page, label in LINKS:
        shown = client.get(reverse(page, args=[meeting.pk])).content.decode()
        assert f'aria-current="page">{label}</a>' in shown
        assert shown.count('aria-current="page"') == 1


def test_officers_above_have_a_link_at_the_top_for_whatever_they_may_read(
    client, meeting, officer
):
    client.force_login(officer)
    top = client.get(url("meeting", meeting)).content.decode().partition("</nav>")[0]
    addresses = [reverse(page, args=[meeting.pk]) for page, _ in LINKS]
    readable = {place for place in addresses if client.get(place).status_code == 200}
    assert {place for place in addresses if f'href="{place}"' in top} == readable


def test_going_back_asks_again(client, meeting):
    client.force_login(factories.secretary_of(meeting))
    assert "no-store" in client.get(url("meeting", meeting))["Cache-Control"]


def test_the_meeting_is_run_by_its_big_button(client):
    meeting = factories.make_meeting()
    user = factories.secretary_of(meeting)
    client.force_login(user)
    Attendance.objects.filter(meeting=meeting).update(state="present")
    client.post(url("meeting_open", meeting))
    for position in (1, 2):
        page = client.get(url("meeting", meeting))
        assert f'name="step" value="{position}"' in page.content.decode()
        client.post(url("meeting_next", meeting), {"step": position})
    meeting.refresh_from_db()
    assert meeting.step == 3


def test_next_item_from_a_stale_tab_changes_nothing(client, meeting):
    client.force_login(factories.secretary_of(meeting))
    for step in (1, 1, "", "x", "٣"):
        assert client.post(url("meeting_next", meeting), {"step": step}).status_code == 302
    meeting.refresh_from_db()
    assert meeting.step == 2


def test_one_goes_back_to_an_item_that_was_passed_over(client, meeting):
    client.force_login(factories.secretary_of(meeting))
    Teller.objects.filter(meeting=meeting).delete()
    tellers = meeting.items.get(kind="tellers").position
    Meeting.objects.filter(pk=meeting.pk).update(step=tellers + 1)
    page = client.get(url("meeting", meeting)).content.decode()
    assert page.count("(chưa làm)") == 1
    assert "thông qua biên bản (chưa làm)" not in page
    for _ in ("a press", "the same press from a stale tab"):
        client.post(url("meeting_previous", meeting), {"step": tellers + 1})
        meeting.refresh_from_db()
        assert meeting.step == tellers
    page = client.get(url("meeting", meeting)).content.decode()
    assert "btn-primary btn-next" in page[page.index("Cử tổ kiểm phiếu") - 200 :]
    client.post(url("meeting_previous", meeting), {"step": "1"})
    meeting.refresh_from_db()
    assert meeting.step == tellers


@pytest.mark.parametrize(
    ("verb", "sentence"),
    [
        ("meeting_open", "và thư ký (đ/c"),
        ("meeting_open", "ở dòng tên trong trang “Điểm danh”"),
        ("meeting_next", "chưa khai mạc"),
        ("meeting_close", "Xin tải lại trang"),
        ("rehearsal_end", "Đây là hội nghị thật"),
    ],
)
def test_a_step_out_of_order_is_refused_with_one_sentence(client, verb, sentence):
    meeting = factories.make_meeting()
    client.force_login(factories.secretary_of(meeting))
    answer = client.post(url(verb, meeting), {"step": "0"}, follow=True)
    assert sentence in answer.content.decode()
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.PLANNED


def test_no_rehearsal_starts_while_a_poll_of_the_meeting_is_under_way(client):
    """The tellers' devices would go over to it, and forget the stamps of this poll's paper ballots."""
    meeting = factories.make_open_meeting(5)
    client.force_login(factories.secretary_of(meeting))
    issue(poll_of(meeting))
    refused = client.post(url("rehearsal_start", meeting), follow=True)
    assert "Xin làm xong lượt này rồi mới họp thử." in refused.content.decode()
    assert not Meeting.objects.filter(kind=Meeting.Kind.REHEARSAL).exists()


def test_a_rehearsal_starts_on_a_copy_fills_and_ends(client):
    meeting = factories.make_meeting()
    client.force_login(factories.secretary_of(meeting))
    # No second button, which would open the check-in of the real meeting.
    assert 'id="next"' not in client.get(url("rehearsal_start", meeting)).content.decode()
    client.post(url("rehearsal_start", meeting))
    rehearsal = Meeting.objects.get(kind=Meeting.Kind.REHEARSAL)
    assert "Vào buổi họp thử" in client.get(url("meeting", meeting)).content.decode()
    refused = client.post(url("rehearsal_start", meeting), follow=True)
    assert "đang có một buổi họp thử" in refused.content.decode()
    client.post(url("rehearsal_fill", rehearsal))
    client.post(url("meeting_open", rehearsal))
    client.post(url("rehearsal_end", rehearsal))
    rehearsal.refresh_from_db()
    meeting.refresh_from_db()
    assert (rehearsal.state, meeting.state) == (Meeting.State.CLOSED, Meeting.State.PLANNED)
    assert not Attendance.objects.filter(meeting=meeting).present().exists()


def test_a_planned_meeting_can_be_moved_and_an_open_one_cannot(client):
    meeting = factories.make_meeting()
    secretary = factories.secretary_of(meeting)
    client.force_login(secretary)
    address = reverse("ballots:reschedule", args=[meeting.pk])
    moved = {"starts_at": "2026-12-06T08:00", "venue": "Hội trường Ủy ban"}
    half = client.post(address, moved | {"starts_at": ""})
    assert half.status_code == 422
    assert 'value="Hội trường Ủy ban"' in half.content.decode()
    assert "Xin ghi ngày giờ họp." in half.content.decode()
    client.post(address, moved)
    meeting.refresh_from_db()
    assert (meeting.venue, timezone.localtime(meeting.starts_at).hour) == ("Hội trường Ủy ban", 8)
    factories.arrive(meeting)
    verbs.open_meeting(secretary, meeting)
    answer = client.post(address, moved | {"venue": "Nơi khác"}, follow=True)
    assert "đã khai mạc" in answer.content.decode()
    meeting.refresh_from_db()
    assert meeting.venue == "Hội trường Ủy ban"


def test_a_member_who_came_later_is_put_on_the_list_and_on_the_ballot():
    meeting = factories.make_meeting(4)
    factories.make_member(meeting.cell, "Bùi Văn Mới")
    assert verbs.list_newcomers(factories.secretary_of(meeting), meeting) == 1
    assert [m.name for m in factories.members_of(meeting)][-1] == "Bùi Văn Mới"
    poll = poll_of(meeting, 2)
    assert "Bùi Văn Mới" in [subject.label for subject in poll.subjects.all()]
