"""What an officer is asked of a sheet, and that the answer is what is done: who is meant, days, worksheets."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from cells.stale import STALE
from members.models import Member, MemberImport
from tests.kit import factories
from tests.kit.importing import GOOD, PHONE, address, answer, apply, sheet, upload
from tests.kit.paper_readers import words
from tests.kit.sheets import pages, saved, table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unconfined")]


@pytest.mark.parametrize(
    ("is_same", "phones"), [(True, ["0987654321"]), (False, [PHONE, "0987654321"])]
)
def test_a_row_that_may_be_another_person_waits_for_an_answer(secretary, cell, is_same, phones):
    row = ["Trần Thị Hạnh", 1950, "0987654321"]
    page = words(
        upload(
            secretary, cell, table(["Họ và tên", "Năm sinh", "Số điện thoại"], row)
        ).content.decode()
    )
    assert "1 cần hỏi" in page
    assert "Có phải cùng một người không?" in page
    assert "Áp dụng</button>" not in page
    hanh = Member.objects.get(name="Trần Thị Hạnh")
    answer(secretary, cell, row="2", choice=str(hanh.pk) if is_same else "")
    apply(secretary, cell)
    known = Member.objects.filter(name="Trần Thị Hạnh").order_by("phone")
    assert [member.phone for member in known] == phones


def test_an_answer_to_what_is_not_asked_changes_nothing(secretary, cell):
    upload(secretary, cell, sheet(GOOD))
    for data in ({"row": "2", "choice": "1"}, {"row": "9"}, {"field": "born_on", "kind": "x"}):
        assert STALE in answer(secretary, cell, **data)
    assert MemberImport.objects.get().answers == {}


def test_days_in_two_orders_are_read_as_the_column_is_said_to_be(secretary, cell):
    days = ["07/25/1975", "07/05/1972", "02/09/1968"]
    rows = [[f"Lê Văn {'ABC'[at]}", day] for at, day in enumerate(days)]
    page = words(
        upload(secretary, cell, table(["Họ và tên", "Ngày sinh"], *rows)).content.decode()
    )
    assert "3 dòng: 0 khớp, 0 mới, 0 lỗi, 3 cần hỏi" in page
    assert "Cả cột được đọc thế nào?" in page
    page = answer(secretary, cell, field="born_on", kind="month-first")
    assert "3 dòng: 0 khớp, 3 mới, 0 lỗi" in page
    apply(secretary, cell)
    born = Member.objects.filter(name__startswith="Lê Văn").order_by("name")
    assert [str(day) for day in born.values_list("born_on", flat=True)] == [
        "1975-07-25",
        "1972-07-05",
        "1968-02-09",
    ]


def test_one_open_cell_is_read_as_it_is_said_to_be(secretary, cell):
    rows = ["Trần Thị Hạnh", "07/25/1950"], ["Lê Văn An", "07/05/1972"]
    upload(secretary, cell, table(["Họ và tên", "Ngày sinh"], *rows))
    answer(secretary, cell, row="3", field="born_on", kind="day-first")
    apply(secretary, cell)
    assert Member.objects.get(name="Lê Văn An").born_on == date(1972, 5, 7)
    assert Member.objects.get(name="Trần Thị Hạnh").born_on is None
    assert MemberImport.objects.exists()


def test_names_alone_are_asked_for_and_one_answer_does_for_all(secretary, cell):
    factories.make_member(cell, "Lê Văn An")
    factories.make_member(cell, "Lê Văn Ba")
    upload(
        secretary, cell, table(["Họ và tên", "Năm sinh"], ["Lê Văn An", 1970], ["Lê Văn Ba", 1971])
    )
    page = answer(secretary, cell, plain="1")
    assert "2 dòng: 2 khớp, 0 mới, 0 lỗi" in page
    apply(secretary, cell)
    assert Member.objects.get(name="Lê Văn Ba").born_year == 1971


NAMES = ["Họ và tên", "Năm sinh"]


OTHER_WAY = ["Năm sinh", "Quê quán", "Họ và tên"]


@pytest.mark.parametrize(
    ("chosen", "added"),
    [
        (["Tổ 1"], ["Lê Văn An"]),
        (["Tổ 1", "Tổ 2"], ["Lê Văn An", "Lê Văn Ba", "Lê Văn Chi"]),
        (["Tổ 2"], ["Lê Văn Ba", "Lê Văn Chi"]),
    ],
)
def test_which_worksheets_are_read_is_asked_where_several_have_a_list(
    secretary, cell, chosen, added
):
    second = [OTHER_WAY, [1971, "Gia Lai", "Lê Văn Ba"], [1972, "", "Lê Văn Chi"]]
    data = pages(Tổ_1=[NAMES, ["Lê Văn An", 1970]], Tổ_2=second, Ghi_chú=[["Lập ngày 5/12"]])
    page = words(upload(secretary, cell, data).content.decode())
    assert "Tệp “danh sách.xlsx” có danh sách ở 2 trang tính" in page
    assert "<strong>Tổ 2</strong>: 2 đồng chí" in page
    assert secretary.get(address(cell, "xem/")).url == address(cell, "trang-tinh/")
    nothing = secretary.post(address(cell, "trang-tinh/"))
    assert "Xin đánh dấu ít nhất một trang tính" in nothing.content.decode()
    assert nothing.status_code == 422
    text = secretary.post(address(cell, "trang-tinh/"), {"page": chosen}, follow=True)
    assert "Không thấy danh sách đảng viên ở trang tính: Ghi chú." in text.content.decode()
    apply(secretary, cell)
    names = Member.objects.filter(name__startswith="Lê Văn").order_by("name")
    assert [member.name for member in names] == added


def test_nothing_is_applied_before_the_worksheets_are_chosen(secretary, cell):
    data = pages(Tổ_1=[NAMES, ["Lê Văn An", 1970]], Tổ_2=[NAMES, ["Lê Văn Ba", 1971]])
    upload(secretary, cell, data)
    secretary.post(address(cell, "ap-dung/"), {"digest": ""})
    assert Member.objects.count() == 2


def test_errors_on_two_worksheets_are_found_and_come_back_in_one(secretary, cell):
    second = [OTHER_WAY, ["không rõ", "Gia Lai", "Lê Văn Ba"]]
    upload(secretary, cell, pages(Tổ_1=[NAMES, ["Lê Văn An", "x"]], Tổ_2=second))
    data = {"page": ["Tổ 1", "Tổ 2"]}
    page = words(secretary.post(address(cell, "trang-tinh/"), data, follow=True).content.decode())
    assert "Ô B2 trang tính “Tổ 1” (Năm sinh), đang ghi “x”" in page
    assert "Ô A2 trang tính “Tổ 2” (Năm sinh), đang ghi “không rõ”" in page
    book = load_workbook(io.BytesIO(secretary.get(address(cell, "dong-loi/")).content))
    rows = [[c.value for c in row][:3] for row in book.active]
    assert rows == [
        ["Họ và tên", "Năm sinh", "Quê quán"],
        ["Lê Văn An", "x", None],
        ["Lê Văn Ba", "không rõ", "Gia Lai"],
    ]


def test_a_list_that_goes_on_without_a_heading_is_read_by_the_columns_before(secretary, cell):
    rest = [["Lê Văn Ba", 1971], ["Lê Văn Chi", 1972]]
    upload(secretary, cell, pages(Trang_1=[NAMES, ["Lê Văn An", 1970]], Trang_2=rest))
    data = {"page": ["Trang 1", "Trang 2"]}
    page = secretary.post(address(cell, "trang-tinh/"), data, follow=True).content.decode()
    assert "Trang tính “Trang 2” không có dòng tiêu đề" in page
    assert "3 dòng: 0 khớp, 3 mới, 0 lỗi" in page


def test_a_worksheet_that_is_hidden_is_told_of(secretary, cell):
    book = load_workbook(
        io.BytesIO(pages(A=[NAMES, ["Lê Văn An", 1970]], B=[NAMES, ["Lê Văn Ba", 1]]))
    )
    book["B"].sheet_state = "hidden"
    assert "đang ẩn không được đọc: B." in upload(secretary, cell, saved(book)).content.decode()
