"""The list of members and the links sent to them."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cells.models import Cell
from members.devices import cookies, links
from members.models import AuditEntry, Device, Member, Office
from members.people.forms import MemberForm
from tests.kit import factories, verbs
from tests.kit.clients import phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def cell() -> Cell:
    """A cell whose secretary is Hà Xuân Quang."""
    cell = factories.make_cell()
    factories.make_member(cell, "Hà Xuân Quang", office=Office.Kind.SECRETARY)
    return cell


@pytest.fixture
def secretary(cell, client) -> Client:
    """The secretary's browser."""
    client.force_login(factories.make_user(Member.objects.get(cell=cell)))
    return client


def form_of(cell: Cell, member: Member | None = None, **data) -> MemberForm:
    values = {"name": "Lê Văn An", "status": "full", "position": "0"} | data
    return MemberForm(values, instance=member or Member(cell=cell))


def names_in(answer) -> list[str]:
    return re.findall(r'class="person">\s*<strong>([^<]+)</strong>', answer.content.decode())


def test_members_stand_in_the_order_of_given_names(secretary, cell):
    for name in ("Đỗ Dũng", "Hoàng Ấn", "Trần Anh", "Lê Văn An", "Bùi Đức"):
        factories.make_member(cell, name)
    shown = names_in(secretary.get(f"/hop/chi-bo/{cell.pk}/dang-vien/"))
    assert shown == ["Lê Văn An", "Trần Anh", "Hoàng Ấn", "Đỗ Dũng", "Bùi Đức", "Hà Xuân Quang"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("duc", ["Trần Minh Đức"]),
        ("tran minh", ["Trần Minh Đức"]),
        ("ĐỨC", ["Trần Minh Đức"]),
        ("4321", ["Trần Minh Đức"]),
        ("789", ["Trần Minh Đức"]),
        ("khong ai", []),
    ],
)
def test_members_are_found_without_accents_and_by_last_digits(secretary, cell, query, expected):
    factories.make_member(cell, "Trần Minh Đức", card_number="12344321", phone="0912345789")
    assert names_in(secretary.get(f"/hop/chi-bo/{cell.pk}/dang-vien/", {"q": query})) == expected


def test_long_lists_have_pages(secretary, cell):
    for number in range(60):
        factories.make_member(cell, f"Lê Văn {number:02}")
    address = f"/hop/chi-bo/{cell.pk}/dang-vien/"
    first, second = secretary.get(address), secretary.get(address, {"page": 2})
    assert (len(names_in(first)), len(names_in(second))) == (50, 11)
    assert secretary.get(address, {"page": "x"}).status_code == 200


def test_the_list_costs_as_many_queries_for_30_members_as_for_3(client):
    def queries(size: int) -> int:
        cell = factories.make_cell()
        user = factories.make_user(factories.make_members(cell, size)[0])
        client.force_login(user)
        with CaptureQueriesContext(connection) as caught:
            assert len(names_in(client.get(f"/hop/chi-bo/{cell.pk}/dang-vien/"))) == size
        return len(caught)

    assert queries(3) == queries(30)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("k\u2019brôi", "K'Brôi"),
        ("kbroi", "K'Brôi"),
        ("y bim", "Y Bĭm Niê"),
        ("hhen nie", "H\u2019Hen Niê"),
    ],
)
def test_names_of_the_central_highlands_are_found_in_the_list(secretary, cell, typed, name):
    for each in ("K'Brôi", "Y Bĭm Niê", "H\u2019Hen Niê"):
        factories.make_member(cell, each)
    page = secretary.get(f"/hop/chi-bo/{cell.pk}/dang-vien/", {"q": typed})
    assert [member.name for member in page.context["page"]] == [name]


def test_a_member_is_added_with_the_name_composed(secretary, cell):
    decomposed = "  Nguye\u0302\u0303n  Thi\u0323 Ha\u0323nh "
    data = {"name": decomposed, "status": "full", "born_on": "5.7.1975", "phone": "0912 345 678"}
    answer = secretary.post(f"/hop/chi-bo/{cell.pk}/dang-vien/them/", data)
    assert answer.url == f"/hop/chi-bo/{cell.pk}/dang-vien/"
    member = Member.objects.get(cell=cell, born_year=1975)
    assert (member.name, member.phone) == ("Nguyễn Thị Hạnh", "0912345678")
    assert member.born_on.isoformat() == "1975-07-05"
    assert AuditEntry.objects.get().verb == "member.added"


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"name": ""}, "name", "bắt buộc"),
        ({"name": "An\u200bBình"}, "name", ""),
        ({"name": "An\u202eBình"}, "name", ""),
        ({"name": "NguyÔn V¨n B×nh"}, "name", "TCVN3 (.VnTime), có lẽ là “Nguyễn Văn Bình”"),
        ({"born_on": "31/02/1975"}, "born_on", "không có ngày 31"),
        ({"born_on": "1975"}, "born_on", "ngày/tháng/năm"),
        ({"born_year": "1875"}, "born_year", "Năm sinh phải từ 1900 đến"),
        ({"born_year": "1974", "born_on": "05/07/1975"}, "__all__", "không khớp"),
        ({"admitted_on": "03/02/2001", "official_on": "03/02/2000"}, "__all__", "Ngày chính thức"),
        ({"phone": "gọi sau"}, "phone", "Số điện thoại không đúng"),
        ({"citizen_id": "1234"}, "citizen_id", "12 chữ số"),
        ({"note": "An\u200bBình"}, "note", "ký tự ẩn"),
        ({"status": "king"}, "status", ""),
        ({"office": "secretary"}, "office", "Hà Xuân Quang"),
    ],
)
def test_what_cannot_be_is_refused_in_words(cell, data, field, words):
    form = form_of(cell, **data)
    assert not form.is_valid()
    assert words in " ".join(form.errors[field])


def test_namesakes_must_be_told_apart_by_year_of_birth(cell):
    factories.make_member(cell, "Lê Văn An", born_year=1950)
    assert "năm sinh" in str(form_of(cell).errors["born_year"])
    assert "name" in form_of(cell, born_year="1950").errors
    assert form_of(cell, born_year="1975").is_valid()
    factories.make_member(cell, "Lê Văn An", born_on=date(1960, 3, 12), born_year=1960)
    assert "name" in form_of(cell, born_on="12/03/1960").errors
    assert form_of(cell, born_on="27/09/1960").is_valid()


def post_member(secretary, cell, **data: str):
    address = f"/hop/chi-bo/{cell.pk}/dang-vien/them/"
    return secretary.post(address, {"name": "Lê Văn An", "status": "full"} | data)


def test_who_may_be_one_who_is_there_is_asked_for_side_by_side_and_added_on_a_second_press(
    secretary, cell
):
    factories.make_member(cell, "Lê Văn An", born_year=1950, phone="0912345678")
    typed = {"born_year": "1950", "phone": "0987654321"}
    page = post_member(secretary, cell, **typed)
    text = page.content.decode()
    assert (page.status_code, "Có phải cùng một người không?" in text) == (422, True)
    assert ["0912345678" in text, "0987654321" in text] == [True, True]
    assert text.count("<td>Lê Văn An</td>") == 2
    assert Member.objects.filter(name="Lê Văn An").count() == 1
    assert post_member(secretary, cell, **typed, another="1").status_code == 302
    assert Member.objects.filter(name="Lê Văn An", born_year=1950).count() == 2


def test_a_number_of_another_member_is_refused_and_who_is_elsewhere_is_not_named(secretary, cell):
    there = factories.make_cell(cell.committee)
    factories.make_member(cell, "Lê Văn Ba", card_number="24000001")
    factories.make_member(there, "Lê Văn Kín", citizen_id="001075012345")
    page = post_member(secretary, cell, card_number="24 000 001", citizen_id="001075012345")
    text = page.content.decode()
    assert page.status_code == 422
    assert "Số này đang là của đồng chí Lê Văn Ba." in text
    assert "thuộc chi bộ khác trong đảng bộ" in text
    assert "Lê Văn Kín" not in text


def test_a_refused_form_keeps_what_was_typed(secretary, cell):
    data = {"name": "Lê Văn An", "status": "full", "phone": "gọi sau"}
    answer = secretary.post(f"/hop/chi-bo/{cell.pk}/dang-vien/them/", data)
    assert answer.status_code == 422
    assert 'value="gọi sau"' in answer.content.decode()
    assert Member.objects.filter(cell=cell).count() == 1


def test_an_office_begins_changes_and_ends(cell):
    member = factories.make_member(cell, "Lê Văn An")
    today = timezone.localdate()
    form_of(cell, member, office="deputy", office_since="01/02/2026").save()
    office = Office.objects.get(member=member)
    assert (office.kind, str(office.since), office.until) == ("deputy", "2026-02-01", None)
    form_of(cell, member, office="deputy", office_since="01/03/2026").save()
    office.refresh_from_db()
    assert str(office.since) == "2026-03-01"
    form_of(cell, member, office="executive", office_since="01/03/2026").save()
    office.refresh_from_db()
    assert office.until == today
    assert Office.objects.get(member=member, until=None).kind == "executive"
    form_of(cell, member, office="executive", left_on="01/03/2026").save()
    assert not Office.objects.filter(member=member, until=None).exists()


# Personal links


@pytest.fixture
def an(cell) -> Member:
    return factories.make_member(cell, "Lê Văn An")


def address_of(member: Member) -> str:
    return links.personal_link(member, "https://hop.example").removeprefix("https://hop.example")


def test_looking_at_a_personal_link_uses_nothing_up_and_pressing_does(an):
    address = address_of(an)
    for _ in range(3):
        page = phone().get(address)
        assert "Chào đồng chí Lê Văn An" in page.content.decode()
        assert cookies.COOKIE not in page.cookies
    mine = phone()
    assert mine.post(address).url == "/hop/hop/"
    assert mine.get("/hop/hop/").status_code == 200
    assert mine.get(address).url == "/hop/hop/", "tapped again on the same phone, it leads home"
    other = phone()
    assert [other.get(address).status_code, other.post(address).status_code] == [410, 410]
    assert Device.objects.get().state == Device.State.ADMITTED


def test_a_new_personal_link_ends_the_former_one(an):
    former = address_of(an)
    links.renew(an)
    assert phone().get(former).status_code == 410
    assert phone().get(address_of(an)).status_code == 200


def test_a_personal_link_lives_30_days(an):
    address = address_of(an)
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        assert phone().get(address).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert phone().get(address).status_code == 410


def test_a_forged_personal_link_is_dead(an):
    address = address_of(an)
    for forged in (address[:-3] + "xx/", "/hop/toi/abc/", "/hop/toi/a:b:c/"):
        assert phone().get(forged).status_code == 410


def test_a_personal_link_replaces_the_former_phone_between_meetings(an):
    former = phone()
    former.post(address_of(an))
    links.renew(an)
    phone().post(address_of(an))
    assert former.get("/hop/hop/").url == "/hop/vao/"
    assert Device.objects.filter(member=an, state=Device.State.ADMITTED).count() == 1


def test_during_a_meeting_only_the_secretary_changes_phones(meeting, member):
    factories.make_device(member, meeting=meeting)
    address = address_of(member)
    answer = phone().post(address)
    assert answer.status_code == 409
    assert "Đổi sang máy này" in answer.content.decode()
    assert phone().get(address).status_code == 200, "the refusal did not use the link up"


def test_a_phone_in_use_at_a_meeting_cannot_be_taken_by_anothers_link(
    meeting, member, probationary
):
    client = phone()
    client.cookies[cookies.COOKIE] = factories.make_device(member, meeting=meeting)
    assert client.post(address_of(probationary)).status_code == 409
    assert client.get("/hop/hop/").status_code == 200


def test_the_secretary_copies_a_message_ready_for_zalo(secretary, cell, an):
    page = f"/hop/dang-vien/{an.pk}/lien-ket/"
    assert "Tạo liên kết" in secretary.get(page).content.decode()
    assert Member.objects.get(pk=an.pk).link_nonce == "", "looking makes nothing"
    text = secretary.post(page, follow=True).content.decode()
    match = re.search(r"http://localhost(/hop/toi/[^/]+/)", text)
    assert match
    assert "Kính gửi đồng chí Lê Văn An" in text
    assert phone().get(match[1]).status_code == 200


def test_the_message_names_the_coming_meeting_and_the_public_address(client, settings):
    settings.HTTPS_URL = "https://hop.example"
    meeting = factories.make_meeting(3)
    client.force_login(factories.secretary_of(meeting))
    member = factories.members_of(meeting)[2]
    links.renew(member)
    text = client.get(f"/hop/dang-vien/{member.pk}/lien-ket/", secure=True).content.decode()
    assert "hội nghị kiểm điểm năm 2026 lúc 19:30 ngày 05/12/2026" in text
    assert "https://hop.example/hop/toi/" in text


def test_a_linked_phone_still_needs_the_secretarys_eye_to_be_present(an):
    meeting = factories.make_meeting(2, cell=factories.make_cell())
    Member.objects.filter(pk=an.pk).update(cell=meeting.cell)
    client = phone()
    client.post(address_of(an))
    verbs.open_checkin(factories.secretary_of(meeting), meeting)
    assert not meeting.attendance_set.present().exists()
    assert "Đã điểm danh" not in client.get("/hop/hop/").content.decode()


def test_who_holds_an_office_is_asked_by_date_and_now_is_who_has_not_given_it_up(cell):
    member = factories.make_member(cell, "Lê Văn An")
    first, last = date(2024, 3, 1), date(2026, 3, 1)
    former = Office.objects.create(member=member, kind="deputy", since=first, until=last)
    present = Office.objects.create(member=member, kind="executive", since=last)
    own = Office.objects.filter(member=member)
    assert not own.held(on=date(2024, 2, 29))
    assert list(own.held(on=first)) == [former]
    assert set(own.held(on=last)) == {former, present}
    assert list(own.held()) == [present]
