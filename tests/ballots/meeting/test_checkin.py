"""The check-in board: phones admitted one by one or together, members recorded by hand, guests, the live parts."""

import pytest
from django.urls import reverse
from django.utils import timezone

from ballots.meeting.forms import NumbersForm
from cells.models import Meeting, Setting
from cells.stale import STALE
from members.models import Attendance, Device, Door, Guest, Member, PhoneChange
from tests.kit import factories, verbs
from tests.kit.clients import phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(client) -> Meeting:
    """A meeting of five whose check-in is open; its secretary is signed in."""
    meeting = factories.make_meeting(5)
    client.force_login(factories.secretary_of(meeting))
    verbs.open_checkin(factories.secretary_of(meeting), meeting)
    meeting.refresh_from_db()
    return meeting


def url(name: str, meeting: Meeting) -> str:
    return reverse(f"ballots:{name}", args=[meeting.pk])


def board(client, meeting: Meeting, target: str = "") -> str:
    headers = {"HX-Request": "true", "HX-Target": target} if target else {}
    return client.get(url("checkin", meeting), headers=headers).content.decode()


def knock(meeting: Meeting, member: Member, number: int) -> Device:
    return Device.objects.create(
        member=member, meeting=meeting, number=number, token_hash=f"{meeting.pk}-{number}"
    )


def states(meeting: Meeting) -> list[str]:
    return [row.state for row in Attendance.objects.of(meeting)]


def row_of(meeting: Meeting, place: int) -> Attendance:
    return Attendance.objects.of(meeting)[place]


def test_the_board_shows_the_digits_only_while_check_in_is_open(client, planned):
    digits = f"{planned.code[:3]} {planned.code[3:]}"
    assert digits in board(client, planned)
    assert "data:image/svg+xml" in board(client, planned)
    client.post(url("checkin_close", planned))
    assert digits not in board(client, planned)
    client.post(url("checkin_open", planned))
    planned.refresh_from_db()
    assert planned.code is not None


def test_one_click_admits_a_knocking_phone(client, planned):
    device = knock(planned, factories.members_of(planned)[2], 47)
    assert "47" in board(client, planned)
    client.post(url("admit", planned), {"device": device.pk})
    assert row_of(planned, 2).state == Attendance.State.PRESENT
    assert "Đang chờ vào họp" not in board(client, planned)


def known(meeting: Meeting, member: Member, number: int) -> Device:
    """A phone that was admitted at an earlier meeting, and knocks."""
    device = knock(meeting, member, number)
    Device.objects.filter(pk=device.pk).update(state=Device.State.ADMITTED)
    return device


def test_admit_all_takes_only_the_known_phones_that_stood_on_the_page(client, planned):
    people = factories.members_of(planned)
    shown = [known(planned, member, number) for number, member in enumerate(people[:2], start=10)]
    stranger = knock(planned, people[2], 12)
    late = known(planned, people[3], 13)
    page = board(client, planned)
    assert "Nhận tất cả: 03 máy quen" in page
    form = {"shown": [device.pk for device in [*shown, stranger]]}
    answer = client.post(url("admit_all", planned), form, follow=True)
    assert states(planned) == ["present", "present", "expected", "expected", "expected"]
    assert "Đã nhận 02 máy. Còn 01 máy mới" in answer.content.decode()
    late.refresh_from_db()
    assert late.number == 13


def test_two_phones_under_one_name_hold_nobody_else_up(client, planned):
    people = factories.members_of(planned)
    doubled = [knock(planned, people[1], number) for number in (11, 12)]
    shown = [knock(planned, people[0], 10), *doubled]
    form = {"shown": [device.pk for device in shown], "numbers": "10, 11, 12"}
    page = client.post(url("admit_all", planned), form, follow=True).content.decode()
    assert states(planned)[:2] == ["present", "expected"]
    assert "Đã nhận 01 máy." in page
    assert f"Hai máy cùng chọn tên {people[1].name}: xin hỏi số rồi nhận đúng một máy." in page


def test_admit_all_takes_a_new_phone_whose_number_was_read_out(client, planned):
    people = factories.members_of(planned)
    shown = [knock(planned, member, number) for number, member in enumerate(people[:3], start=10)]
    form = {"shown": [device.pk for device in shown], "numbers": "10, 12"}
    client.post(url("admit_all", planned), form)
    assert states(planned)[:3] == ["present", "expected", "present"]


def test_a_number_nobody_shows_is_named_and_what_was_typed_is_not_typed_again(client, planned):
    device = knock(planned, factories.members_of(planned)[0], 47)
    form = {"shown": [device.pk], "numbers": "47 99"}
    page = client.post(url("admit_all", planned), form, follow=True).content.decode()
    assert "Không có máy nào đang chờ với số 99" in page
    assert 'value="47 99"' in page
    device.refresh_from_db()
    assert device.state == Device.State.PENDING


def test_a_phone_in_the_name_of_who_is_here_is_named_and_holds_nobody_else_up(client, planned):
    present, other, *_ = factories.members_of(planned)
    factories.arrive(planned, present)
    taken, fresh = knock(planned, present, 47), knock(planned, other, 48)
    form = {"shown": [taken.pk, fresh.pk], "numbers": "47 48"}
    page = client.post(url("admit_all", planned), form, follow=True).content.decode()
    assert f"Chưa nhận máy chọn tên {present}: đồng chí ấy đã có mặt" in page
    assert "Đã nhận 01 máy.<" in page
    taken.refresh_from_db()
    fresh.refresh_from_db()
    assert (taken.state, fresh.state) == (Device.State.PENDING, Device.State.ADMITTED)


def test_all_who_knock_are_refused_in_one_press(client, planned):
    people = factories.members_of(planned)
    stranger, friend = knock(planned, people[0], 10), known(planned, people[1], 11)
    answer = client.post(url("refuse_all", planned), follow=True)
    assert "Đã từ chối 02 máy" in answer.content.decode()
    assert not Device.objects.knocking(planned).exists()
    stranger.refresh_from_db()
    friend.refresh_from_db()
    assert (stranger.state, friend.state) == (Device.State.REVOKED, Device.State.ADMITTED)


def test_the_code_changes_when_the_secretary_says_so(client, planned, monkeypatch):
    former = planned.code
    draws = iter([int(former) - 100_000, 0, 1])  # the former one first, as may happen by chance
    monkeypatch.setattr("secrets.randbelow", lambda _: next(draws))
    client.post(url("checkin_code", planned))
    planned.refresh_from_db()
    assert planned.code not in (None, former)
    assert phone().get(f"/hop/vao/{former}/").status_code == 404
    assert phone().get(f"/hop/vao/{planned.code}/").status_code == 200
    client.post(url("checkin_close", planned))
    answer = client.post(url("checkin_code", planned), follow=True)
    assert "Điểm danh đang đóng" in answer.content.decode()


def test_a_phone_with_the_wrong_name_is_sent_away(client, planned):
    device = knock(planned, factories.members_of(planned)[2], 47)
    client.post(url("refuse", planned), {"device": device.pk})
    device.refresh_from_db()
    assert (device.state, device.number) == (Device.State.REVOKED, None)
    assert states(planned)[2] == "expected"


def test_another_phone_of_a_present_member_is_offered_as_a_change_and_marked(client, planned):
    member = factories.members_of(planned)[2]
    first, second = knock(planned, member, 10), knock(planned, member, 11)
    client.post(url("admit", planned), {"device": first.pk})
    page = board(client, planned)
    assert "Đổi sang máy này" in page
    assert "đã có mặt, đang có một máy khác" in page
    # Drawn before the first phone came in, the page offered no change: it is asked for.
    answer = client.post(url("admit", planned), {"device": second.pk}, follow=True)
    assert "muốn thay máy ấy thì bấm" in answer.content.decode()
    assert not PhoneChange.objects.exists()
    client.post(url("admit", planned), {"device": second.pk, "moved": "1"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (Device.State.REVOKED, Device.State.ADMITTED)
    assert PhoneChange.objects.get().kind == PhoneChange.Kind.MOVED


@pytest.mark.parametrize("device", ["", "0", "x", "99999999999999999999"])
@pytest.mark.parametrize("verb", ["admit", "refuse"])
def test_a_phone_that_is_gone_gets_one_sentence(client, planned, verb, device):
    answer = client.post(url(verb, planned), {"device": device}, follow=True)
    assert STALE in answer.content.decode()


def test_a_phone_of_another_meeting_is_not_admitted(client, planned):
    other = factories.make_meeting(3)
    device = knock(other, factories.members_of(other)[0], 47)
    answer = client.post(url("admit", planned), {"device": device.pk}, follow=True)
    assert "không còn chờ nữa" in answer.content.decode()
    assert "expected" in states(other)[0]


@pytest.mark.parametrize(
    ("state", "reason", "becomes", "sentence"),
    [
        ("present", "", "present", ""),
        ("excused", "Đi công tác", "excused", "Đi công tác"),
        ("excused", "", "expected", "phải ghi lý do"),
        ("absent", "không dùng", "absent", "Vắng không lý do"),
        ("nowhere", "", "expected", "Xin chọn có mặt"),
        ("", "", "expected", "Xin chọn có mặt"),
    ],
)
def test_members_are_recorded_by_hand(client, planned, state, reason, becomes, sentence):
    row = row_of(planned, 2)
    form = {"attendance": row.pk, "state": state, "reason": reason}
    answer = client.post(url("mark", planned), form, follow=True)
    row.refresh_from_db()
    assert row.state == becomes
    assert sentence in answer.content.decode()


def test_a_missing_reason_is_asked_at_the_line_which_stays_open_with_what_was_typed(
    client, planned
):
    row = row_of(planned, 2)
    for reason in ("", "x" * 201):
        form = {"attendance": row.pk, "state": "excused", "reason": reason}
        answer = client.post(url("mark", planned), form)
        assert answer.status_code == 422
        line = answer.content.decode().partition(f'<li id="dv-{row.pk}">')[2].partition("</li>")[0]
        assert "<details open>" in line
        assert f'name="reason" value="{reason}"' in line
        assert 'role="alert"' in line
        assert answer.content.decode().count('role="alert"') == 1


@pytest.mark.parametrize(
    ("hour", "day"), [("20:15", "20:15 05/12/2026"), ("00:10", "00:10 06/12/2026")]
)
def test_who_leaves_early_stands_on_the_board_with_the_hour(client, hour, day):
    meeting = factories.make_open_meeting(5)
    client.force_login(factories.secretary_of(meeting))
    row = row_of(meeting, 4)
    client.post(url("leave", meeting), {"attendance": row.pk, "left": hour})
    row.refresh_from_db()
    assert timezone.localtime(row.left_at).strftime("%H:%M %d/%m/%Y") == day
    assert f"ra về lúc {hour}" in board(client, meeting)
    client.post(url("mark", meeting), {"attendance": row.pk, "state": "present"})
    assert row_of(meeting, 4).left_at is None


@pytest.mark.parametrize(
    ("state", "left", "sentence"),
    [
        ("present", "", "Xin ghi giờ ra về"),
        ("present", "tối", "Xin ghi giờ ra về"),
        ("absent", "20:15", "Chỉ người có mặt mới ghi được giờ ra về."),
    ],
)
def test_a_leaving_that_cannot_be_is_refused(client, state, left, sentence):
    meeting = factories.make_open_meeting(5)
    client.force_login(factories.secretary_of(meeting))
    row = row_of(meeting, 4)
    Attendance.objects.filter(pk=row.pk).update(state=state)
    form = {"attendance": row.pk, "left": left}
    assert sentence in client.post(url("leave", meeting), form, follow=True).content.decode()
    assert row_of(meeting, 4).left_at is None


def test_a_line_of_another_meeting_is_not_touched(client, planned):
    row = row_of(factories.make_meeting(3), 0)
    answer = client.post(
        url("mark", planned), {"attendance": row.pk, "state": "present"}, follow=True
    )
    row.refresh_from_db()
    assert row.state == "expected"
    assert STALE in answer.content.decode()


def test_a_voter_without_a_phone_is_asked_for_another_door(client, planned):
    row = row_of(planned, 2)
    client.post(url("mark", planned), {"attendance": row.pk, "state": "present"})
    assert "Chưa có máy, bỏ phiếu bằng" in board(client, planned)
    client.post(url("set_door", planned), {"attendance": row.pk, "door": Door.SLIP})
    assert "Chưa có máy, bỏ phiếu bằng" not in board(client, planned)
    row.refresh_from_db()
    assert row.door == Door.SLIP


def test_an_unknown_door_is_refused(client, planned):
    form = {"attendance": row_of(planned, 2).pk, "door": "window"}
    answer = client.post(url("set_door", planned), form, follow=True)
    assert "Xin chọn điện thoại, phiếu bốc thăm hoặc phiếu giấy" in answer.content.decode()


def test_exempt_members_count_only_when_they_come(client, planned):
    exempt = row_of(planned, 4)
    Attendance.objects.filter(pk=exempt.pk).update(standing=Member.Status.EXEMPT)
    assert "Có mặt 00/04" in board(client, planned)
    assert "Không bắt buộc dự: 01" in board(client, planned)
    client.post(url("mark", planned), {"attendance": exempt.pk, "state": "present"})
    assert "Có mặt 01/05" in board(client, planned)


def test_suspended_members_cannot_be_recorded_as_present(client, planned):
    row = row_of(planned, 4)
    Attendance.objects.filter(pk=row.pk).update(standing=Member.Status.SUSPENDED)
    form = {"attendance": row.pk, "state": "present"}
    assert "đình chỉ" in client.post(url("mark", planned), form, follow=True).content.decode()


@pytest.mark.parametrize(
    ("present", "words"),
    [
        (0, "Có mặt 00/05 (0%) — chưa đủ để khai mạc, cần ít nhất 03/05 <"),
        (2, "Có mặt 02/05 (40%) — chưa đủ để khai mạc, cần ít nhất 03/05 <"),
        (3, "Có mặt 03/05 (60%) — đủ để họp, nhưng vắng nhiều <"),
        (5, "Có mặt 05/05 (100%) — đủ điều kiện <"),
    ],
)
def test_the_quorum_line_says_where_it_stands(client, planned, present, words):
    people = factories.members_of(planned)[:present]
    if people:
        factories.arrive(planned, *people)
    assert words in " ".join(board(client, planned).split())


def test_how_many_are_needed_follows_the_rule_of_the_committee(client, planned):
    committee = planned.cell.committee
    Setting.objects.create(committee=committee, key="quorum", value=">=4/5", basis="CV 4")
    assert "cần ít nhất 04/05" in board(client, planned)
    answer = client.post(url("meeting_open", planned), follow=True).content.decode()
    assert "chưa có mặt" in answer  # the chair comes first
    factories.arrive(planned, *factories.members_of(planned)[:2])
    answer = client.post(url("meeting_open", planned), follow=True).content.decode()
    sentence = (
        "Mới có mặt 02/05 đồng chí có quyền biểu quyết, chưa đủ để khai mạc: cần ít nhất 04/05."
    )
    assert sentence in answer


@pytest.mark.parametrize("page", ["meeting", "checkin"])
def test_the_button_that_opens_check_in_stands_on_a_page_once(client, planned, page):
    verbs.close_checkin(factories.secretary_of(planned), planned)
    shown = client.get(url(page, planned)).content.decode()
    assert shown.count(">Mở điểm danh</button>") == shown.count("btn-next") == 1
    assert ">Điểm danh</a>" not in shown[shown.index('id="next"') :]


def test_late_phones_are_let_in_from_the_board_once_the_opening_comes_next(client, planned):
    verbs.close_checkin(factories.secretary_of(planned), planned)
    factories.arrive(planned)
    shown = board(client, planned)
    assert shown.count(">Mở điểm danh</button>") == shown.count("btn-next") == 1
    assert "Khai mạc hội nghị" in shown[shown.index("btn-next") :]


def test_live_parts_are_fragments_and_the_next_step_comes_with_them(client, planned):
    factories.arrive(planned)
    door = board(client, planned, "door")
    assert "<html" not in door
    assert "Khai mạc hội nghị" in door
    assert 'hx-swap-oob="true"' in door
    listed = board(client, planned, "list")
    assert "<html" not in listed
    assert "Đã điểm danh: 05" in listed
    assert "hx-swap-oob" not in listed


def test_an_unknown_part_is_the_whole_page(client, planned):
    assert "<html" in board(client, planned, "../secret")


def test_twins_are_told_apart_by_year_of_birth(client, planned):
    one, two, *_ = factories.members_of(planned)
    for member, year in ((one, 1960), (two, 1975)):
        Member.objects.filter(pk=member.pk).update(name="Nguyễn Văn An", born_year=year)
    page = board(client, planned)
    assert "Nguyễn Văn An (1960)" in page
    assert "Nguyễn Văn An (1975)" in page


def test_guests_are_added_and_removed(client, planned):
    for _sent_twice in range(2):
        client.post(url("guests", planned), {"name": " Lê  Thị Hoa ", "post": "Phó Bí thư"})
    guest = Guest.objects.get(meeting=planned)
    assert guest.name == "Lê Thị Hoa"
    client.post(url("guest_remove", planned), {"guest": guest.pk})
    assert not Guest.objects.exists()
    again = client.post(url("guest_remove", planned), {"guest": guest.pk}, follow=True)
    assert STALE in again.content.decode()


def test_a_refused_guest_keeps_what_was_typed(client, planned):
    answer = client.post(url("guests", planned), {"name": "", "post": "Phó Bí thư Đảng ủy"})
    assert "Phó Bí thư Đảng ủy" in answer.content.decode()
    assert not Guest.objects.exists()


def test_the_numbers_of_a_hundred_phones_can_be_typed_at_once():
    form = NumbersForm({"numbers": " và ".join(map(str, range(10, 210, 2)))})
    assert form.is_valid()
    assert len(form.cleaned_data["numbers"]) == 100
