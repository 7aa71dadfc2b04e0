"""A phone joins a meeting: who gets in, who is sent away and with which words, and what two at once can do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connections

from ballots.models import Paper
from cells.models import Meeting
from members.devices import cookies
from members.joining import codes
from members.models import Attendance, Device, Member
from tests.kit import factories, verbs
from tests.kit.clients import browser, phone
from tests.kit.phones import admit, find, names_shown, never_drawn, pick

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(db) -> Meeting:
    """A planned meeting of six, whose check-in is open."""
    return factories.make_hall(6)


@pytest.fixture
def an(hall) -> Member:
    """A member of the list without any duty."""
    return factories.members_of(hall)[3]


# The six digits


def test_the_root_and_the_short_address_lead_to_the_page_where_one_joins(client, hall):
    assert client.get("/").url == "/hop/vao/"
    assert client.get(f"/{hall.code}").url == f"/hop/vao/{hall.code}/"


@pytest.mark.parametrize("typed", ["{}", "{:.3} {}", " {} ", "{:.3}.{}", "{:.3}-{}"])
def test_digits_may_be_typed_with_spaces_and_dots(client, hall, typed):
    whole = typed.count("{") == 1
    code = typed.format(hall.code) if whole else typed.format(hall.code, hall.code[3:])
    response = client.get("/hop/vao/", {"code": code}, follow=True)
    assert response.status_code == 200
    assert "Họ và tên của đồng chí" in response.content.decode()


def test_no_digits_get_a_sentence_of_ours_and_none_of_the_browsers(client):
    page = client.get("/hop/vao/").content.decode()
    empty = client.get("/hop/vao/", {"code": " "}).content.decode()
    assert "Xin gõ sáu số trên màn chiếu, rồi bấm" not in page
    assert "Xin gõ sáu số trên màn chiếu, rồi bấm" in empty
    assert "novalidate" in page
    assert "pattern=" not in page


@pytest.mark.parametrize("code", ["000000", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "' OR 1=1"])
def test_a_code_that_does_not_exist_gets_one_clear_sentence(client, hall, code):
    response = client.get(f"/hop/vao/{code}/")
    assert response.status_code == 404
    assert "Không có cuộc họp nào đang điểm danh với mã này." in response.content.decode()
    assert names_shown(response) == []


def test_a_code_lives_only_while_check_in_is_open(client, hall):
    code = hall.code
    assert client.get(f"/hop/vao/{code}/").status_code == 200
    verbs.close_checkin(factories.secretary_of(hall), hall)
    assert client.get(f"/hop/vao/{code}/").status_code == 404


def test_the_qr_code_opens_the_meeting_and_dies_with_check_in(client, hall):
    scanned = codes.key_of(hall.code)
    assert client.get(f"/{scanned}").url == f"/hop/vao/{scanned}/"
    assert client.get(f"/hop/vao/{scanned}/").status_code == 200
    verbs.close_checkin(factories.secretary_of(hall), hall)
    assert client.get(f"/hop/vao/{scanned}/").status_code == 404


def test_a_hall_of_sixty_behind_one_address_is_let_in_within_a_minute_though_some_mistype(
    hall, time_machine
):
    time_machine.move_to(datetime(2026, 12, 30, 12, tzinfo=UTC), tick=False)
    an = factories.members_of(hall)[3]
    for number in range(60):
        client = browser()
        if number % 5 == 0:
            assert client.get(f"/hop/vao/{never_drawn(number)}/").status_code == 404
            assert find(client, hall, f"Trần Văn {number}").status_code == 200
        assert names_shown(find(client, hall, an.name)) == [an.name]


# Knocking, waiting, being let in


def test_a_member_joins_with_two_digits_and_is_remembered(hall, an):
    client = phone()
    answer = pick(client, hall, an)
    assert answer.url == "/hop/cho/"
    cookie = answer.cookies[cookies.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/hop/", True, "Lax")
    number = Device.objects.get(member=an).number
    assert number in cookies.NUMBERS
    assert f'data-wait="{number}"' in client.get("/hop/cho/").content.decode()
    ask = {"accept": "application/json"}
    assert client.get("/hop/cho/", headers=ask).json() == {"number": number, "go": ""}
    admit(hall, an)
    assert client.get("/hop/cho/", headers=ask).json() == {"number": None, "go": "/hop/hop/"}
    assert client.get("/hop/cho/").url == "/hop/hop/"
    page = client.get("/hop/hop/").content.decode()
    assert "Đã điểm danh có mặt" in page
    assert f"/phieu/#{hall.door_key}" in page


def test_the_cookie_is_kept_as_a_hash_only(hall, an):
    client = phone()
    pick(client, hall, an)
    token = client.cookies[cookies.COOKIE].value
    device = Device.objects.get(member=an)
    assert token not in str(Device.objects.filter(pk=device.pk).values())
    assert device.token_hash == Device.hash(token)


def test_tapping_twice_keeps_the_number(hall, an):
    client = phone()
    pick(client, hall, an)
    first = Device.objects.get(member=an).number
    pick(client, hall, an)
    assert [device.number for device in Device.objects.filter(member=an)] == [first]


def test_a_phone_that_picks_another_name_is_a_new_row_so_that_no_click_admits_the_wrong_person(
    hall, an
):
    client = phone()
    pick(client, hall, an)
    seen = Device.objects.get(member=an)
    other = factories.members_of(hall)[4]
    pick(client, hall, other)
    with pytest.raises(Device.DoesNotExist):
        verbs.admit(factories.secretary_of(hall), hall, seen)
    assert not Attendance.objects.filter(meeting=hall).present().exists()
    assert Device.objects.knocking(hall).get().member == other


def test_a_known_phone_types_no_name_and_stays_admitted(hall, an):
    client = phone(an)
    page = client.get(f"/hop/vao/{hall.code}/")
    assert names_shown(page) == []
    assert f"Chào đồng chí {an}" in page.content.decode()
    assert pick(client, hall).url == "/hop/cho/"
    device = Device.objects.get(member=an)
    assert device.state == Device.State.ADMITTED
    assert device.number is not None
    assert client.get(f"/hop/vao/{hall.code}/").url == "/hop/cho/"
    admit(hall, an)
    assert client.get(f"/hop/vao/{hall.code}/").url == "/hop/hop/"


def test_a_known_phone_of_another_cell_is_asked_for_a_name(hall):
    stranger = factories.make_member()
    client = phone(stranger)
    assert "Đồng chí là ai?" in client.get(f"/hop/vao/{hall.code}/").content.decode()
    assert pick(client, hall).status_code == 409, "without a name there is nobody to knock for"


def test_who_borrows_a_known_phone_may_still_pick_the_own_name(hall, an):
    client = phone(an)
    other = factories.members_of(hall)[4]
    asked = client.get(f"/hop/vao/{hall.code}/?doi-ten=1").content.decode()
    assert "Đồng chí là ai?" in asked
    assert pick(client, hall, other).status_code == 302
    assert Device.objects.knocking(hall).get().member == other


def test_a_phone_in_use_at_the_meeting_cannot_take_another_name(hall, an):
    client = phone()
    pick(client, hall, an)
    admit(hall, an)
    answer = pick(client, hall, factories.members_of(hall)[4])
    assert answer.status_code == 409
    assert "Máy này đang họp với tên đồng chí" in answer.content.decode()
    assert client.get("/hop/hop/").status_code == 200


def test_a_second_phone_of_a_checked_in_member_hears_of_the_change_and_takes_over_when_admitted(
    hall, an
):
    first, second = phone(), phone()
    pick(first, hall, an)
    admit(hall, an)
    page = find(second, hall, an.name).content.decode()
    assert page.index("Đã vào họp bằng một máy khác") < page.index(f">{an.name}<")
    pick(second, hall, an)
    assert "bấm “Đổi sang máy này”" in second.get("/hop/cho/").content.decode()
    admit(hall, an)
    assert second.get("/hop/cho/").url == "/hop/hop/"
    assert first.get("/hop/hop/").url == "/hop/vao/"
    assert "Máy này không còn được dùng" in first.get("/hop/vao/").content.decode()
    assert Device.objects.filter(member=an, state=Device.State.ADMITTED).count() == 1


def test_a_refused_phone_is_told_and_may_knock_again(hall, an):
    client = phone()
    pick(client, hall, an)
    verbs.refuse(factories.secretary_of(hall), hall, Device.objects.get(member=an))
    assert "Đồng chí chưa vào họp" in client.get("/hop/cho/").content.decode()
    assert pick(client, hall, an).status_code == 302
    assert Device.objects.knocking(hall).filter(member=an).count() == 1


def test_closing_check_in_ends_the_waiting(hall, an):
    client = phone()
    pick(client, hall, an)
    verbs.close_checkin(factories.secretary_of(hall), hall)
    assert "Đồng chí chưa vào họp" in client.get("/hop/cho/").content.decode()


def test_the_end_of_a_meeting_ends_the_waiting(hall, an):
    client = phone()
    secretary = factories.secretary_of(hall)
    rehearsal = verbs.start_rehearsal(secretary, hall)
    verbs.open_checkin(secretary, rehearsal)
    rehearsal.refresh_from_db()
    pick(client, rehearsal, an)
    assert "Xin đọc số này cho bí thư" in client.get("/hop/cho/").content.decode()
    verbs.end_rehearsal(secretary, rehearsal)
    assert "Đồng chí chưa vào họp" in client.get("/hop/cho/").content.decode()
    factories.make_device(an, meeting=hall, state=Device.State.PENDING, number=47)
    hall.open()
    factories.make_paper(hall, Paper.Kind.MINUTES)
    verbs.close_meeting(secretary, hall)
    assert not Device.objects.knocking(hall).exists()


@pytest.mark.parametrize("token", ["", "unknown", "' OR 1=1"])
def test_pages_of_trusted_phones_send_others_to_join(hall, token):
    client = phone(token=token)
    assert client.get("/hop/hop/").url == "/hop/vao/"
    assert client.get("/hop/cho/").url == "/hop/vao/"
    refusal = client.get("/hop/hop/", headers={"accept": "application/json"})
    assert refusal.status_code == 403
    assert "mã sáu số" in refusal.json()["error"]


def test_a_phone_that_only_waits_is_not_trusted_yet(hall, an):
    client = phone()
    pick(client, hall, an)
    assert client.get("/hop/hop/").url == "/hop/vao/"


@pytest.mark.parametrize("member", ["", "0", "999999", "abc", "-1", "9" * 30])
def test_a_name_that_is_not_on_the_list_is_refused(hall, member):
    answer = phone().post(f"/hop/vao/{hall.code}/chon/", {"member": member})
    assert answer.status_code == 409
    assert "không có trong danh sách" in answer.content.decode()
    assert not Device.objects.exists()


def test_names_are_escaped(client):
    cell = factories.make_cell()
    factories.make_member(cell, "<script>alert(1)</script>")
    meeting = factories.make_meeting(2, cell=cell)
    verbs.open_checkin(factories.secretary_of(meeting), meeting)
    meeting.refresh_from_db()
    assert b"<script>alert" not in client.get(f"/hop/vao/{meeting.code}/").content


def test_picking_a_name_needs_the_token_of_the_page(hall, an):
    client = browser(enforce_csrf_checks=True)
    assert pick(client, hall, an).status_code == 403
    client.get(f"/hop/vao/{hall.code}/")
    token = client.cookies["csrftoken"]
    assert token["path"] == settings.SITE_PATH
    data = {"member": an.pk, "q": an.name, "csrfmiddlewaretoken": token.value}
    assert client.post(f"/hop/vao/{hall.code}/chon/", data).status_code == 302


# Two at once


@pytest.mark.django_db(transaction=True)
def test_phones_that_knock_at_once_show_different_numbers(monkeypatch):
    meeting = factories.make_meeting(12)
    members = factories.members_of(meeting)
    # So few numbers that the phones must collide.
    monkeypatch.setattr(cookies, "NUMBERS", range(10, 22))

    def knock(member: Member) -> None:
        try:
            cookies.knock(meeting, member, None)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(knock, members))
    numbers = list(Device.objects.knocking(meeting).values_list("number", flat=True))
    assert sorted(numbers) == list(range(10, 22))


def test_a_number_taken_in_between_is_replaced_by_another(hall, an, monkeypatch):
    """The constraint, not the look at the table, decides who has a number."""
    other = factories.members_of(hall)[4]
    answers = iter([42, 42, 43])
    monkeypatch.setattr(cookies.secrets, "choice", lambda free: next(answers))
    cookies.knock(hall, other, None)
    cookies.knock(hall, an, None)
    assert {device.member: device.number for device in Device.objects.knocking(hall)} == {
        other: 42,
        an: 43,
    }


def test_when_every_number_waits_the_next_phone_is_told(hall, monkeypatch):
    monkeypatch.setattr(cookies, "NUMBERS", range(10, 11))
    monkeypatch.setattr(cookies, "MORE_NUMBERS", range(100, 101))
    members = factories.members_of(hall)
    for member in members[:2]:
        cookies.knock(hall, member, None)
    answer = pick(phone(), hall, members[2])
    assert answer.status_code == 409
    assert "quá nhiều máy chờ" in answer.content.decode()


def test_phone_pages_are_light_and_leave_nothing_in_caches(hall, an):
    client = phone()
    pick(client, hall, an)
    for address in ("/hop/vao/", f"/hop/vao/{hall.code}/?doi-ten=1", "/hop/cho/"):
        answer = client.get(address)
        assert "no-store" in answer["Cache-Control"]
        assert "sessionid" not in answer.cookies
        assert len(answer.content) < 20_000
