"""Where a member takes part: away, here, elsewhere for a time."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from cells.models import Cell
from members.models import AuditEntry, Member, Office, Transfer
from tests.kit import factories
from tests.kit.clients import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def cell() -> Cell:
    """A cell whose secretary is Hà Xuân Quang."""
    cell = factories.make_cell(name="Chi bộ Thôn 4")
    factories.make_member(cell, "Hà Xuân Quang", office=Office.Kind.SECRETARY)
    return cell


@pytest.fixture
def an(cell) -> Member:
    """Lê Văn An, deputy of the cell."""
    return factories.make_member(
        cell, "Lê Văn An", office=Office.Kind.DEPUTY, born_year=1975, card_number="24084012"
    )


@pytest.fixture
def there(cell) -> Cell:
    """Another cell of the same committee, with its own secretary."""
    other = factories.make_cell(cell.committee, "Chi bộ Thôn 5")
    factories.make_member(other, "Trần Thị Thư", office=Office.Kind.SECRETARY)
    return other


def secretary(cell: Cell) -> Client:
    holder = Member.objects.get(cell=cell, office__kind=Office.Kind.SECRETARY)
    return browser(getattr(holder, "user", None) or factories.make_user(holder))


def move(member: Member, kind: str = "out", **values):
    data = {"kind": kind, "place": "Chi bộ Thôn 5", "since": "01/10/2026"} | values
    return secretary(member.cell).post(f"/hop/dang-vien/{member.pk}/qua-trinh/", data)


def receive(cell: Cell, **values):
    data = {"name": "LÊ VĂN AN", "number": "24.084012", "since": "5/10/2026"} | values
    return secretary(cell).post(f"/hop/chi-bo/{cell.pk}/dang-vien/nhan/", data)


def test_who_leaves_is_off_the_list_and_out_of_office(an):
    assert move(an).status_code == 302
    an.refresh_from_db()
    assert an.left_on == date(2026, 10, 1)
    assert Office.objects.get(member=an).until == date(2026, 10, 1)
    assert str(Transfer.objects.get()) == "Chuyển đi: Chi bộ Thôn 5"
    assert AuditEntry.objects.latest("pk").verb == "member.transfer_out"
    assert "đã chuyển đi từ trước" in move(an).content.decode()


def test_the_receiving_secretary_takes_over_the_person_and_makes_no_twin(an, there):
    move(an)
    assert receive(there).status_code == 302
    an.refresh_from_db()
    assert (an.cell, an.left_on, an.born_year) == (there, None, 1975)
    assert Transfer.objects.get(kind="in").place == "Chi bộ Thôn 4"
    assert Member.objects.filter(name="Lê Văn An").count() == 1
    text = secretary(there).get(f"/hop/dang-vien/{an.pk}/qua-trinh/").content.decode()
    assert "Phó Bí thư" in text
    assert "Chuyển đến" in text


def test_who_comes_back_is_received_by_the_own_cell(an, cell):
    move(an)
    assert receive(cell).status_code == 302
    an.refresh_from_db()
    assert (an.cell, an.left_on) == (cell, None)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": "Lê Văn Anh"}, "Không tìm thấy"),
        ({"number": "99"}, "Không tìm thấy"),
        ({"number": ". ."}, "Không tìm thấy"),
        ({"since": "1/9/2026"}, "không thể trước ngày chuyển đi"),
        ({"since": ""}, "bắt buộc"),
    ],
)
def test_who_cannot_be_told_is_not_received(an, there, values, words):
    move(an)
    answer = receive(there, **values)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    an.refresh_from_db()
    assert an.cell != there


def test_nobody_is_taken_from_a_cell_that_has_not_let_go_nor_from_another_tree(an, cell, there):
    assert "đang sinh hoạt ở Chi bộ Thôn 4" in receive(there).content.decode()
    assert "đang ở trong danh sách" in receive(cell).content.decode()
    move(an)
    stranger = factories.make_cell()
    factories.make_member(stranger, "Ai Đó", office=Office.Kind.SECRETARY)
    assert "Không tìm thấy" in receive(stranger).content.decode()


def test_a_namesake_must_be_told_apart_before_one_is_received(an, there):
    move(an)
    factories.make_member(there, "Lê Văn An")
    assert "để phân biệt trước khi nhận" in receive(there).content.decode()


def test_a_stay_elsewhere_is_shown_on_the_list_until_it_ends(an, cell):
    assert move(an, "stay").status_code == 302
    shown = secretary(cell).get(f"/hop/chi-bo/{cell.pk}/dang-vien/").content.decode()
    assert "Sinh hoạt tạm thời tại Chi bộ Thôn 5" in shown
    assert "Xin ghi ngày kết thúc lần ấy trước" in move(an, "stay").content.decode()
    back = f"/hop/dang-vien/{an.pk}/tro-lai/"
    too_early = secretary(cell).post(back, {"until": "1/9/2026"})
    assert "không thể trước ngày bắt đầu" in too_early.content.decode()
    assert secretary(cell).post(back, {"until": "1/12/2026"}).status_code == 302
    assert Transfer.objects.get().until == date(2026, 12, 1)
    an.refresh_from_db()
    assert an.left_on is None


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"place": ""}, "bắt buộc"),
        ({"kind": "in"}, "in"),
        ({"until": "1/11/2026"}, "để trống ngày kết thúc"),
        ({"kind": "stay", "until": "1/9/2026"}, "không thể trước ngày bắt đầu"),
        ({"since": "hôm qua"}, "ngày/tháng/năm"),
    ],
)
def test_a_transfer_that_cannot_be_is_refused_and_keeps_what_was_typed(an, values, words):
    answer = move(an, **values)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Transfer.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "king"},
        {"place": ""},
        {"until": date(2026, 11, 1)},
        {"kind": "stay", "until": date(2026, 9, 1)},
    ],
)
def test_the_database_refuses_what_cannot_be(an, values):
    row = {"kind": "out", "place": "x", "since": date(2026, 10, 1)} | values
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.create(member=an, **row)
