"""The hall's doors: whoever holds the six digits, or the secretary alone, takes no member's place unseen."""

import pytest
from django.conf import settings
from django.urls import reverse

from ballots.papers.minutes.count_text import compose_count
from ballots.papers.minutes.gather import gather_count, gather_minutes
from ballots.papers.minutes.text import compose_minutes
from cells.models import Meeting
from members.devices import cookies, links
from members.models import Attendance, Device, PhoneChange
from tests.kit import factories, polls, verbs
from tests.kit.clients import browser, phone
from tests.kit.phones import pick

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall() -> Meeting:
    """A meeting of seven whose check-in is open."""
    return factories.make_hall(7)


def press(meeting: Meeting, name: str, **form):
    """The secretary's press on the check-in board."""
    client = browser(factories.secretary_of(meeting))
    return client.post(reverse(f"ballots:{name}", args=[meeting.pk]), form, follow=True)


def test_an_outsider_with_the_code_takes_no_absent_members_place_by_one_press(hall):
    for member in factories.members_of(hall)[1:]:
        pick(phone(), hall, member)
    press(
        hall, "admit_all", shown=list(Device.objects.knocking(hall).values_list("pk", flat=True))
    )
    assert not Attendance.objects.filter(meeting=hall).present().exists()
    assert not Device.objects.filter(state=Device.State.ADMITTED).exists()


def test_ninety_knocks_shut_no_honest_phone_out(hall):
    *others, honest = factories.members_of(hall)
    for knock in range(90):
        cookies.knock(hall, others[knock % len(others)], None)
    answer = pick(client := phone(), hall, honest)
    assert answer.url == "/hop/cho/"
    number = Device.objects.knocking(hall).get(member=honest).number
    assert f'data-wait="{number}"' in client.get("/hop/cho/").content.decode()
    assert Device.objects.knocking(hall).count() <= cookies.STRANGERS * len(others) + 1


def test_a_phone_crowded_out_is_told_to_come_again(hall):
    member = factories.members_of(hall)[1]
    client = phone()
    pick(client, hall, member)
    for _ in range(cookies.STRANGERS):
        cookies.knock(hall, member, None)
    assert "Đồng chí chưa vào họp" in client.get("/hop/cho/").content.decode()
    assert pick(client, hall, member).url == "/hop/cho/"


def test_one_browser_knocks_once_whatever_it_does_with_the_phone_cookie(hall):
    first, second = factories.members_of(hall)[1:3]
    for member in (first, first, second):
        client = phone()
        client.cookies[settings.CSRF_COOKIE_NAME] = "b" * 32
        pick(client, hall, member)
    assert Device.objects.knocking(hall).get().member == second


def test_a_thiefs_knock_does_not_take_a_present_members_phone_away(hall):
    member = factories.members_of(hall)[1]
    mine = phone(member, meeting=hall)
    factories.arrive(hall, member)
    pick(phone(), hall, member)
    thief = Device.objects.knocking(hall).get()
    press(hall, "admit", device=thief.pk)
    assert mine.get("/hop/hop/").status_code == 200
    thief.refresh_from_db()
    assert thief.state == Device.State.PENDING


def test_the_members_own_phone_says_that_another_asks_in_its_name(hall):
    member = factories.members_of(hall)[1]
    mine = phone(member, meeting=hall)
    factories.arrive(hall, member)
    pick(phone(), hall, member)
    number = Device.objects.knocking(hall).get().number
    assert f"Một máy khác (số {number})" in mine.get("/hop/hop/").content.decode()
    press(hall, "refuse_all")
    assert "Một máy khác" not in mine.get("/hop/hop/").content.decode()


def test_a_phone_linked_while_checkin_is_closed_for_a_moment_is_marked(hall):
    *others, absent = factories.members_of(hall)
    factories.arrive(hall, *others)
    press(hall, "checkin_close")
    browser().post(links.personal_link(absent, ""))
    press(hall, "checkin_open")
    assert PhoneChange.objects.get(meeting=hall).member == absent


def test_the_secretary_alone_casts_for_no_absent_member(hall):
    """A second phone linked in an absent member's name, the member marked present by hand, and a poll opened."""
    secretary = factories.secretary_of(hall)
    absent = factories.members_of(hall)[-1]
    factories.arrive(hall, *factories.members_of(hall)[:-1])
    verbs.open_meeting(secretary, hall)
    tellers = factories.members_of(hall)[2:4]
    verbs.name_tellers(secretary, hall, tellers, yes=6, of=6)
    verbs.let_confirm(hall)
    second = browser()
    second.post(links.personal_link(absent, ""))
    row = Attendance.objects.get(meeting=hall, member=absent)
    press(hall, "mark", attendance=row.pk, state="present")
    poll = polls.poll_of(hall)
    browser(secretary).post(reverse("ballots:poll_open", args=[poll.pk]))
    poll.refresh_from_db()
    assert poll.state == poll.State.PLANNED
    hall.items.update(kind="poll")
    shown = browser(secretary).get(reverse("ballots:projector", args=[hall.pk])).content.decode()
    assert f"⚠ {absent.name}" in shown
    for paper in (compose_minutes(gather_minutes(hall)), compose_count(gather_count(hall))):
        said = " ".join(block.text for block in paper.blocks if hasattr(block, "text"))
        assert f"nối bằng đường dẫn 01 máy (đồng chí {absent.name})" in " ".join(said.split())
