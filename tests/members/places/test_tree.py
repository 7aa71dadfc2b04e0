"""The tree of committees and cells from one sheet: looked at first, nothing overwritten, the ward asked about."""

import io

import pytest
from django.test import Client
from openpyxl import Workbook

from cells.models import Cell, Committee, PlaceChange
from members.imports.spreadsheets import BadSheet
from members.imports.spreadsheets.tree import read
from members.models import Office, User
from tests.kit import factories
from tests.kit.clients import browser, words_of

HEAD = ["STT", "Họ và tên Bí thư", "Chi bộ", "Ghi chú", "Đảng bộ", "Phó Bí thư"]


def book(*rows: list[object], merged: str = "") -> bytes:
    workbook, out = Workbook(), io.BytesIO()
    for row in rows:
        workbook.active.append(row)
    if merged:
        workbook.active.merge_cells(merged)
    workbook.save(out)
    return out.getvalue()


SHEET = book(
    ["DANH SÁCH CÁC CHI BỘ NĂM 2026"],
    [],
    HEAD,
    [1, "Nguyễn Thị Hoa", "Chi bộ Khu phố 1", "", "", "Lê Văn An; Trần Bình"],
    [2, "", "Khu phố 2", "", None, ""],
    [3, "Đỗ Cúc", "Chi bộ Giáo viên", "", "Đảng bộ Trường THCS", ""],
    ["", "", "Tổng cộng: 3 chi bộ"],
)


def test_columns_are_found_in_any_order_below_a_title():
    assert [(row.number, row.cell, row.committee, row.secretary) for row in read(SHEET)] == [
        (4, "Chi bộ Khu phố 1", "", "Nguyễn Thị Hoa"),
        (5, "Khu phố 2", "", ""),
        (6, "Chi bộ Giáo viên", "Đảng bộ Trường THCS", "Đỗ Cúc"),
    ]


def test_a_merged_committee_stands_for_all_its_rows():
    sheet = book(
        ["Đảng bộ", "Tên chi bộ"], ["Đảng bộ A", "Chi bộ 1"], [None, "Chi bộ 2"], merged="A2:A3"
    )
    assert [row.committee for row in read(sheet)] == ["Đảng bộ A", "Đảng bộ A"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (book(["Họ và tên", "Ngày sinh"], ["An", "1970"]), "cột “Chi bộ”"),
        (book(["Chi bộ"]), "không có chi bộ nào"),
        (b"\x00nothing", "không phải tệp Excel"),
    ],
)
def test_what_is_no_such_list_is_told(data, sentence):
    with pytest.raises(BadSheet, match=sentence):
        read(data)


pytestmark = pytest.mark.django_db


@pytest.fixture
def ward() -> Committee:
    return factories.make_committee("Đảng bộ phường Tân Lập")


@pytest.fixture
def client(ward, unconfined) -> Client:
    return browser(factories.make_user(committee=ward))


def upload(client: Client, ward: Committee, data: bytes):
    file = io.BytesIO(data)
    file.name = "cay.xlsx"
    return client.post(f"/hop/dang-bo/{ward.pk}/to-chuc/nhap/", {"file": file})


def press(client: Client, ward: Committee, page, **answers: str):
    sealed = {
        name: page.context[key] for name, key in (("rows_sealed", "rows"), ("digest", "digest"))
    }
    address = f"/hop/dang-bo/{ward.pk}/to-chuc/nhap/ap-dung/"
    return client.post(address, sealed | answers, follow=True)


def test_looking_changes_nothing_and_applying_makes_the_tree(client, ward):
    page = upload(client, ward, SHEET)
    assert "Thêm: 3" in words_of(page)
    assert not Cell.objects.exists()
    answer = press(client, ward, page)
    assert "Đã nhập: 3 chi bộ mới hoặc chuyển đến, 4 chức vụ." in words_of(answer)
    school = Committee.objects.get(name="Đảng bộ Trường THCS")
    assert school.above == ward
    assert sorted(Cell.objects.values_list("name", "committee")) == [
        ("Chi bộ Giáo viên", school.pk),
        ("Chi bộ Khu phố 1", ward.pk),
        ("Chi bộ Khu phố 2", ward.pk),
    ]
    assert Office.objects.held().count() == 4
    assert not PlaceChange.objects.exists()  # they were not founded today
    assert User.objects.filter(member__office__kind="secretary").count() == 2


def test_the_same_sheet_again_adds_nothing_and_overwrites_nothing(client, ward):
    press(client, ward, upload(client, ward, SHEET))
    assert "mọi nơi đã có" in words_of(upload(client, ward, SHEET))
    other = book(HEAD, [1, "Vũ Thị Tâm", "CB Khu phố 01", "", "", ""])
    page = upload(client, ward, other)
    assert "Bí thư đang là đồng chí Nguyễn Thị Hoa: giữ nguyên" in words_of(page)
    assert Office.objects.held().filter(kind="secretary", member__name="Vũ Thị Tâm").count() == 0


def test_a_cell_under_another_committee_is_asked_about(client, ward):
    a, b = (factories.make_committee(name, ward) for name in ("Đảng bộ A", "Đảng bộ B"))
    cell = factories.make_cell(a, "Chi bộ Chợ Lớn")
    sheet = book(
        ["Chi bộ", "Đảng bộ"], ["Chi bộ Chợ Lớn", "Đảng bộ B"], ["Chi bộ Mới", "Đảng bộ B"]
    )
    page = upload(client, ward, sheet)
    question = "Chi bộ Chợ Lớn đang thuộc Đảng bộ A, tệp ghi Đảng bộ B"
    assert question in words_of(page)
    left = words_of(press(client, ward, page))
    assert "Còn 1 dòng chưa nhập" in left
    cell.refresh_from_db()
    assert cell.committee == a
    page = upload(client, ward, sheet)
    press(client, ward, page, **{"answer-2": "move"})
    cell.refresh_from_db()
    assert cell.committee == b
    assert Cell.objects.count() == 2


def test_another_cell_of_the_name_is_made_when_that_is_the_answer(client, ward):
    a, b = (factories.make_committee(name, ward) for name in ("Đảng bộ A", "Đảng bộ B"))
    factories.make_cell(a, "Chi bộ 1")
    page = upload(client, ward, book(["Chi bộ", "Đảng bộ"], ["Chi bộ 1", "Đảng bộ B"]))
    press(client, ward, page, **{"answer-2": "other"})
    assert Cell.objects.filter(name="Chi bộ 1", committee=b).exists()


def test_rows_told_twice_and_names_that_are_none_stay_out(client, ward):
    page = upload(
        client,
        ward,
        book(["Chi bộ", "Bí thư"], ["Chi bộ 1", "0912 345 678"], ["CB 02", ""], ["Chi bộ 2", ""]),
    )
    said = words_of(page)
    assert "Ô ghi Bí thư không phải họ và tên: “0912 345 678”." in said
    assert "Trùng với dòng 3." in said
    press(client, ward, page)
    assert [cell.name for cell in Cell.objects.all()] == [
        "Chi bộ CB 02"
    ] or Cell.objects.count() == 1


@pytest.mark.parametrize(("committee", "left"), [("", 1), ("Đảng bộ Trường THCS", 0)])
def test_a_row_that_names_a_secretary_and_no_cell_is_told_and_gives_nobody_an_office(
    committee, left, client, ward
):
    rows = [["Lê Tám", "Chi bộ 1", ""], ["Lê Chín", "", committee]]
    page = upload(client, ward, book(["Bí thư", "Chi bộ", "Đảng bộ"], *rows))
    said = words_of(page)
    assert f"Chưa nhập được: {left}" in said
    assert "Dòng này chưa ghi tên chi bộ: chưa giao chức vụ cho ai." in said
    press(client, ward, page)
    assert offices() == [("Lê Tám", "secretary")]


def test_what_was_looked_at_is_what_is_applied(client, ward):
    page = upload(client, ward, SHEET)
    factories.make_cell(ward, "Chi bộ Khu phố 1")
    answer = press(client, ward, page)
    assert "Trang này đã cũ" in words_of(answer)
    assert Cell.objects.count() == 1


def test_rows_that_this_program_has_not_read_are_refused(client, ward):
    address = f"/hop/dang-bo/{ward.pk}/to-chuc/nhap/ap-dung/"
    answer = client.post(address, {"rows_sealed": "W10:forged", "digest": "0"}, follow=True)
    assert "Trang xem trước đã cũ" in words_of(answer)


def offices() -> list[tuple[str, str]]:
    rows = Office.objects.held().order_by("-kind", "pk")
    return list(rows.values_list("member__name", "kind"))


@pytest.mark.parametrize(
    ("secretary", "deputy", "given"),
    [
        ("Đ/c Lê An", "đ/c Hồ Tâm và đ/c Vũ Lan", ["Lê An", "Hồ Tâm", "Vũ Lan"]),
        ("LÊ AN", "Hồ Tâm, Hồ Tâm", ["Lê An", "Hồ Tâm"]),
        ("chưa có", "Khuyết", []),
        ("- -", "không có", []),
        ("Lê An", "Lê An", ["Lê An"]),  # both: the higher one
        ("Lê An; Hồ Tâm", "", []),
    ],
)
def test_boxes_name_people_as_offices_write_them(secretary, deputy, given, client, ward):
    page = upload(client, ward, book(["Chi bộ", "Bí thư", "PBT"], ["Chi bộ 1", secretary, deputy]))
    press(client, ward, page)
    assert [name for name, _ in offices()] == given
    assert Cell.objects.count() == 1


def test_no_secretary_becomes_a_deputy_by_a_sheet(client, ward):
    factories.make_member(factories.make_cell(ward, "Chi bộ 1"), "Lê An", "secretary")
    page = upload(client, ward, book(["Chi bộ", "Bí thư", "PBT"], ["Chi bộ 1", "", "Lê An"]))
    assert "Đồng chí Lê An là bí thư của chi bộ" in words_of(page)
    press(client, ward, page)
    assert offices() == [("Lê An", "secretary")]


def test_a_cell_that_the_sheet_names_in_its_place_is_not_meant_elsewhere(client, ward):
    """Each ward of a province has its "Chi bộ 1"."""
    a, b = (factories.make_committee(name, ward) for name in ("Đảng bộ A", "Đảng bộ B"))
    cell = factories.make_cell(a, "Chi bộ 1")
    sheet = book(["Chi bộ", "Đảng bộ"], ["Chi bộ 1", "Đảng bộ B"], ["Chi bộ 1", "Đảng bộ A"])
    press(client, ward, upload(client, ward, sheet), **{"answer-2": "move"})
    cell.refresh_from_db()
    assert cell.committee == a
    assert Cell.objects.filter(committee=b).count() == 1


def test_a_cell_is_moved_by_one_row_alone(client, ward):
    a, _, c = (factories.make_committee(f"Đảng bộ {name}", ward) for name in "ABC")
    cell = factories.make_cell(c, "Chi bộ 1")
    sheet = book(["Chi bộ", "Đảng bộ"], ["Chi bộ 1", "Đảng bộ A"], ["Chi bộ 1", "Đảng bộ B"])
    page = upload(client, ward, sheet)
    said = press(client, ward, page, **{"answer-2": "move", "answer-3": "move"})
    assert "Còn 1 dòng chưa nhập" in words_of(said)
    cell.refresh_from_db()
    assert cell.committee == a


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["Chi bộ 1", "Đảng bộ", ""], "“Đảng bộ” không phải tên riêng"),
        (["Chi bộ 1", "-", ""], "“-” không phải tên riêng"),
        (["…", "", ""], "“…” không phải tên riêng"),
        (["Chi bộ 1", "", "x" * 101], "Địa danh dài quá 100 chữ"),
        (["x" * 201, "", ""], "Tên dài quá 200 chữ"),
    ],
)
def test_what_is_no_name_or_too_long_stays_out(row, sentence, client, ward):
    page = upload(client, ward, book(["Chi bộ", "Đảng bộ", "Địa danh"], row))
    assert sentence in words_of(page)
    press(client, ward, page)
    assert (Cell.objects.count(), Committee.objects.count()) == (0, 1)


def test_a_refusal_leaves_nothing_half_done_and_the_answers_chosen(client, ward):
    a, _ = (factories.make_committee(name, ward) for name in ("Đảng bộ A", "Đảng bộ B"))
    meeting = factories.make_open_meeting(3)
    Cell.objects.filter(pk=meeting.cell_id).update(committee=a, name="Chi bộ 1")
    sheet = book(["Chi bộ", "Đảng bộ"], ["Chi bộ 9", "Đảng bộ B"], ["Chi bộ 1", "Đảng bộ B"])
    answer = press(client, ward, upload(client, ward, sheet), **{"answer-3": "move"})
    assert "Chi bộ 1 đang họp: xin bế mạc hội nghị rồi làm lại." in words_of(answer)
    assert not Cell.objects.filter(name="Chi bộ 9").exists()
    assert 'value="move" checked' in answer.content.decode()
