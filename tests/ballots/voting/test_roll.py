"""The roll that a teller confirms before a poll opens: who is here, by which way, and what makes it another one."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from ballots.models import Poll, Teller
from ballots.voting import polling
from ballots.voting.roll import CHANGED, UNCONFIRMED, roll_of
from cells.models import Meeting
from members.devices import cookies
from members.models import Attendance, Device, Door, PhoneChange
from tests.kit import factories, polls, verbs
from tests.kit.clients import browser, phone
from tests.kit.phones import admit

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall() -> Meeting:
    """An open meeting of six with a check-in, the roll confirmed; nobody has a phone yet."""
    return factories.make_hall(6, is_open=True)


def press(meeting: Meeting, name: str = "open_issuing") -> None:
    """The secretary's press alone."""
    getattr(polling, name)(factories.secretary_of(meeting), polls.poll_of(meeting))


def last(meeting: Meeting) -> Attendance:
    return Attendance.objects.of(meeting).last()


def knock(meeting: Meeting) -> None:
    cookies.knock(meeting, last(meeting).member, None)


def leave(meeting: Meeting) -> None:
    verbs.mark(factories.secretary_of(meeting), last(meeting), Attendance.State.EXCUSED, "Ốm")


def take_paper(meeting: Meeting) -> None:
    verbs.set_door(factories.secretary_of(meeting), last(meeting), Door.SLIP)


def come_by_phone(meeting: Meeting) -> None:
    knock(meeting)
    admit(meeting, last(meeting).member)


def link(meeting: Meeting) -> None:
    cookies.adopt(last(meeting).member, None)


CHANGES = [leave, take_paper, come_by_phone, link]


@pytest.mark.parametrize("change", CHANGES)
def test_a_roll_that_has_changed_is_confirmed_again(hall, change):
    change(hall)
    with pytest.raises(verbs.Refused) as refusal:
        press(hall)
    assert str(refusal.value) == CHANGED
    assert polls.poll_of(hall).state == Poll.State.PLANNED
    verbs.let_confirm(hall)
    press(hall)
    assert polls.poll_of(hall).state == Poll.State.ISSUING


def test_what_changes_no_voter_leaves_the_confirmation_standing(hall):
    knock(hall)
    verbs.add_guest(factories.secretary_of(hall), hall, "Nguyễn Văn Khách", "")
    press(hall)


def test_a_latecomer_is_issued_a_ballot_only_on_a_roll_confirmed_again(hall):
    leave(hall)
    verbs.let_confirm(hall)
    press(hall)
    verbs.mark(factories.secretary_of(hall), last(hall), Attendance.State.PRESENT)
    with pytest.raises(verbs.Refused, match="đã thay đổi"):
        press(hall, "reissue")
    verbs.let_confirm(hall)
    press(hall, "reissue")


def test_nobody_opens_a_poll_whose_roll_no_teller_has_confirmed(hall):
    hall.rollcheck.delete()
    client = browser(factories.secretary_of(hall))
    address = reverse("ballots:poll_open", args=[polls.poll_of(hall).pk])
    assert UNCONFIRMED in client.post(address, follow=True).content.decode()
    assert polls.poll_of(hall).state == Poll.State.PLANNED


def test_a_confirmation_by_who_is_no_teller_any_more_does_not_count(hall):
    user, (*_, fifth, sixth) = factories.secretary_of(hall), factories.members_of(hall)
    verbs.name_tellers(user, hall, [fifth, sixth], yes=6, of=6)
    with pytest.raises(verbs.Refused, match="chưa xác nhận"):
        press(hall)


def test_only_a_teller_confirms_and_never_for_the_own_press(hall):
    secretary = factories.secretary_of(hall)
    with pytest.raises(PermissionDenied):
        verbs.confirm_roll(secretary.member, hall, roll_of(hall).digest)
    # A deputy may run the meeting, and be a teller.
    Teller.objects.create(meeting=hall, member=secretary.member)
    leave(hall)
    verbs.confirm_roll(secretary.member, hall, roll_of(hall).digest)
    with pytest.raises(verbs.Refused, match="không tự xác nhận"):
        press(hall)


def test_a_teller_confirms_what_the_page_showed_or_nothing(hall):
    teller = polls.teller_of(hall)
    device = phone(teller, meeting=hall)
    page = device.get(reverse("ballots:count")).content.decode()
    digest = roll_of(hall).digest
    assert "Xác nhận 06 đồng chí có mặt" in page
    assert digest in page
    leave(hall)
    answer = device.post(reverse("ballots:roll_confirm"), {"roll": digest}, follow=True)
    assert "Xác nhận 05 đồng chí có mặt" in answer.content.decode()
    with pytest.raises(verbs.Refused, match="đã thay đổi"):
        press(hall)
    form = {"roll": roll_of(hall).digest}
    answer = device.post(reverse("ballots:roll_confirm"), form, follow=True)
    assert "Danh sách 05 đồng chí có mặt đã được xác nhận" in answer.content.decode()
    press(hall)


def test_an_absent_teller_confirms_nothing(hall):
    teller = polls.teller_of(hall)
    user, row = factories.secretary_of(hall), Attendance.objects.of(hall).get(member=teller)
    verbs.mark(user, row, Attendance.State.ABSENT)
    with pytest.raises(verbs.Refused, match="chưa được điểm danh có mặt"):
        verbs.confirm_roll(teller, hall, roll_of(hall).digest)


def test_the_second_poll_needs_no_second_tap_where_nothing_has_changed(hall):
    polls.play(polls.poll_of(hall), *[[2]] * 6)
    polling.open_issuing(factories.secretary_of(hall), polls.poll_of(hall, 2))
    assert polls.poll_of(hall, 2).state == Poll.State.ISSUING


def test_each_is_shown_by_the_way_of_coming_and_late_phones_are_marked(hall):
    chair, *people, moved = factories.members_of(hall)
    phone(chair)
    phone(people[0], by_link=True)
    token = cookies.adopt(people[1], None)
    Attendance.objects.filter(meeting=hall, member=people[2]).update(door=Door.PAPER)
    phone(moved)
    cookies.knock(hall, moved, None)
    admit(hall, moved)
    roll = roll_of(hall)
    assert [(label, [a.label for a in rows]) for label, rows in roll.groups] == [
        ("Đổi máy", [moved.name]),
        ("Đường dẫn", [people[0].name, people[1].name]),
        ("Điện thoại", [chair.name]),
        ("Phiếu giấy", [people[2].name]),
        ("Chưa có máy", [people[3].name]),
    ]
    assert {arrival.label for arrival in roll.late} == {people[1].name, moved.name}
    kinds = PhoneChange.objects.order_by("kind").values_list("kind", flat=True)
    assert list(kinds) == ["linked", "moved"]
    assert polls.teller_of(hall) == people[1]
    page = phone(token=token).get(reverse("ballots:count")).content.decode()
    assert page.count("⚠ máy nối hoặc đổi sau khi mở điểm danh") == 2


def test_a_phone_seen_with_its_number_is_the_members_own_again(hall):
    member = last(hall).member
    token = factories.make_device(member, by_link=True, state=Device.State.ADMITTED)
    device = Device.objects.get(token_hash=Device.hash(token))
    cookies.knock(hall, member, device)
    verbs.admit(factories.secretary_of(hall), hall, device)
    assert roll_of(hall).groups[0][0] == "Điện thoại"


def test_a_rehearsal_on_one_phone_is_played_without_a_tellers_device(hall):
    copy = verbs.start_rehearsal(user := factories.secretary_of(hall), hall)
    verbs.fill_rehearsal(user, copy)
    verbs.open_meeting(user, copy)
    tellers = [teller.member for teller in Teller.objects.filter(meeting=hall)]
    verbs.name_tellers(user, copy, tellers, yes=6, of=6)
    polling.open_issuing(user, polls.poll_of(copy))


def test_the_roll_takes_as_many_queries_for_six_as_for_thirty(hall, django_assert_max_num_queries):
    with django_assert_max_num_queries(4) as few:
        roll_of(hall)
    crowd = factories.make_open_meeting(30)
    with django_assert_max_num_queries(len(few)):
        roll_of(crowd)
