"""Offices that a sheet names: which words name one, and that the officer is asked who holds it since when."""

from datetime import date

import pytest
from django.test import Client

from cells.models import Cell
from members.imports.offices import kind_in
from members.models import Office
from tests.kit import factories
from tests.kit.importing import address, apply, upload
from tests.kit.paper_readers import words
from tests.kit.sheets import table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unconfined")]


@pytest.mark.parametrize(
    ("post", "kind"),
    [
        ("Bí thư", "secretary"),
        ("BÍ THƯ CHI BỘ", "secretary"),
        ("Trưởng thôn, Bí thư", "secretary"),
        ("Bí thư kiêm Trưởng phòng", "secretary"),
        ("Phó Bí thư", "deputy"),
        ("PBT", "deputy"),
        ("Chi ủy viên; Kế toán", "executive"),
        ("Chi uỷ viên", "executive"),
        ("Bí thư Đoàn thanh niên", ""),
        ("Nguyên Bí thư", ""),
        ("Thư ký", ""),
        ("", ""),
    ],
)
def test_only_a_post_that_is_an_office_in_the_cell_is_taken_for_one(post, kind):
    assert kind_in(post) == kind


def office_page(secretary: Client, cell: Cell, kinds: list[str], since: str = "") -> str:
    """Answer the question after the import, in the order of its rows; the page after it."""
    rows = secretary.get(address(cell, "chuc-vu/")).context["rows"]
    data = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": len(rows)}
    for at, ((member, _), kind) in enumerate(zip(rows, kinds, strict=True)):
        data |= {f"form-{at}-member": member.pk, f"form-{at}-kind": kind}
        data[f"form-{at}-since"] = since
    return words(secretary.post(address(cell, "chuc-vu/"), data, follow=True).content.decode())


POSTS = ["Họ và tên", "Năm sinh", "Chức vụ"]


def test_an_import_asks_who_holds_which_office_and_since_when(secretary, cell):
    rows = ["Hà Xuân Quang", 1960, "Bí thư"], ["Lê Văn An", 1970, "Phó Bí thư, Trưởng thôn"]
    upload(secretary, cell, table(POSTS, *rows, ["Trần Thị Hạnh", 1950, "Bí thư Đoàn xã"]))
    page = words(apply(secretary, cell).content.decode())
    assert "Ai giữ chức vụ gì?" in page
    assert ["Lê Văn An" in page, "Trần Thị Hạnh" in page] == [True, False]
    assert "Đã ghi chức vụ của 01 đồng chí." in office_page(
        secretary, cell, ["deputy"], "3/2/2025"
    )
    office = Office.objects.get(member__name="Lê Văn An")
    assert (office.kind, office.since) == ("deputy", date(2025, 2, 3))
    assert "Không còn đồng chí nào" in secretary.get(address(cell, "chuc-vu/")).content.decode()


@pytest.mark.parametrize("forged", ["abc", "1.5", "²", "\x00", "9" * 5000, "-1", ""])
def test_an_office_for_whoever_is_not_asked_about_is_nobodys(secretary, cell, forged):
    factories.make_member(cell, "Lê Văn An", post="Phó Bí thư")
    data = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-kind": "deputy"}
    secretary.post(address(cell, "chuc-vu/"), data | {"form-0-member": forged})
    assert not Office.objects.filter(member__name="Lê Văn An").exists()


def test_one_member_sent_twice_holds_one_office(secretary, cell):
    asked = factories.make_member(cell, "Lê Văn An", post="Phó Bí thư")
    data = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 2}
    for at, kind in enumerate(["executive", "deputy"]):
        data |= {f"form-{at}-member": asked.pk, f"form-{at}-kind": kind}
    secretary.post(address(cell, "chuc-vu/"), data)
    assert list(Office.objects.filter(member=asked).values_list("kind", flat=True)) == ["deputy"]


def test_offices_that_nobody_holds_do_not_hide_those_after_them(secretary, cell, monkeypatch):
    monkeypatch.setattr("members.imports.views.PAGE", 1)
    rows = ["Lê Văn An", 1970, "Chi ủy viên"], ["Lê Văn Bình", 1971, "Chi ủy viên"]
    upload(secretary, cell, table(POSTS, *rows))
    apply(secretary, cell)
    page = office_page(secretary, cell, [""])
    assert ["Lê Văn An" in page, "Lê Văn Bình" in page] == [False, True]


def test_an_office_has_begun(secretary, cell):
    upload(secretary, cell, table(POSTS, ["Lê Văn An", 1970, "Chi ủy viên"]))
    apply(secretary, cell)
    assert "Ngày này chưa đến" in office_page(secretary, cell, ["executive"], "1/1/2999")
    assert not Office.objects.filter(member__name="Lê Văn An").exists()


def test_a_cell_gets_no_two_secretaries_from_a_sheet(secretary, cell):
    upload(secretary, cell, table(POSTS, ["Lê Văn An", 1970, "Chi ủy viên"]))
    apply(secretary, cell)
    assert "có hơn một Bí thư" in office_page(secretary, cell, ["secretary"])
    assert not Office.objects.filter(member__name="Lê Văn An").exists()
    office_page(secretary, cell, [""])
    assert not Office.objects.filter(member__name="Lê Văn An").exists(), "none was said"


def test_offices_are_asked_for_before_the_rows_that_are_left_and_on_the_first_page_until_they_are_set(
    secretary, cell
):
    rows = ["Lê Văn An", 1970, "Phó Bí thư"], ["Lê Văn Ba", "x", ""]
    upload(secretary, cell, table(POSTS, *rows))
    assert "Ai giữ chức vụ gì?" in words(apply(secretary, cell).content.decode())
    start = words(secretary.get(address(cell)).content.decode())
    assert "01 đồng chí có chức vụ trong chi ủy" in start
    assert "1 dòng: 0 khớp, 0 mới, 1 lỗi" in office_page(secretary, cell, ["deputy"])
    assert "có chức vụ trong chi ủy theo" not in secretary.get(address(cell)).content.decode()


def test_a_second_secretary_in_the_list_is_told_of(secretary, cell):
    upload(secretary, cell, table(POSTS, ["Lê Văn An", 1970, "Bí thư chi bộ"]))
    page = words(apply(secretary, cell).content.decode())
    assert "ghi đồng chí Lê Văn An là bí thư, nhưng bí thư đang là đồng chí Hà Xuân Quang" in page
