"""A sheet of members from the upload to the list, and back."""

import io
from datetime import date

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from cells.models import Cell
from cells.stale import STALE
from members.imports.bodies import people
from members.imports.spreadsheets import HEAVY, read
from members.models import AuditEntry, Member, MemberImport, Office, User
from tests.kit import factories
from tests.kit.clients import browser
from tests.kit.importing import BAD, GOOD, address, apply, sheet, upload
from tests.kit.paper_readers import words
from tests.kit.sheets import TODAY, saved, table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unconfined")]


def test_looking_at_a_file_changes_nothing_and_says_what_it_would_do(secretary, cell):
    rows = [1, "TRẦN THỊ HẠNH", 1950, "24084011", "Gia Lai"], [2, "Hà Xuân Quang", 1960]
    text = words(upload(secretary, cell, sheet(*rows, GOOD, BAD)).content.decode())
    assert "4 dòng: 2 khớp, 1 mới, 1 lỗi" in text
    assert "Ô C5 (Ngày sinh), đang ghi “31/02/1975”: Tháng 2 năm 1975 không có ngày 31." in text
    assert text.index("Lê Văn Bình") < text.index("Lê Văn An") < text.index("Trần Thị Hạnh")
    assert "→ <ins>Gia Lai</ins>" in text
    assert Member.objects.count() == 2
    assert Member.objects.get(name="Trần Thị Hạnh").home_town == ""


def test_applying_adds_and_changes_and_keeps_the_errors_for_correction(secretary, cell):
    upload(secretary, cell, sheet([1, "Trần Thị Hạnh", 1950, None, "Gia Lai"], GOOD, BAD))
    text = apply(secretary, cell).content.decode()
    assert "Đã áp dụng: 1 đồng chí mới, 1 đồng chí được sửa." in text
    assert "1 dòng: 0 khớp, 0 mới, 1 lỗi" in text
    assert "Không có trong tệp" not in text
    hanh, an = (Member.objects.get(name=name) for name in ("Trần Thị Hạnh", "Lê Văn An"))
    assert (hanh.home_town, hanh.phone) == ("Gia Lai", "0912345678")
    assert (an.born_on, an.born_year, an.card_number) == (date(1975, 7, 5), 1975, "24084012")
    assert an in Member.objects.search("le van an")
    line = AuditEntry.objects.get(verb="members.imported")
    assert (line.note["added"], line.note["changed"]) == ([an.pk], [hanh.pk])


def test_a_second_person_of_one_name_and_year_is_added_and_nobody_written_over(secretary, cell):
    heading = ["Họ và tên", "Ngày sinh", "Số thẻ đảng viên", "Số điện thoại"]
    rows = [
        ["Nguyễn Văn Hùng", "12/03/1975", "24000001", "0912000001"],
        ["Nguyễn Văn Hùng", "27/09/1975", "24000002", "0912000002"],
    ]
    for row in rows:
        upload(secretary, cell, table(heading, row))
        apply(secretary, cell)
    known = Member.objects.filter(name="Nguyễn Văn Hùng").order_by("card_number")
    assert [(m.born_on, m.card_number, m.phone) for m in known] == [
        (date(1975, 3, 12), "24000001", "0912000001"),
        (date(1975, 9, 27), "24000002", "0912000002"),
    ]
    page = words(secretary.get(f"/hop/chi-bo/{cell.pk}/dang-vien/").content.decode())
    assert ["Hùng (12/03/1975)" in page, "Hùng (27/09/1975)" in page] == [True, True]


def test_a_corrected_error_sheet_is_fed_back(secretary, cell):
    upload(secretary, cell, sheet(GOOD, BAD))
    apply(secretary, cell)
    errors = secretary.get(address(cell, "dong-loi/")).content
    book = load_workbook(io.BytesIO(errors))
    assert "không có ngày 31" in book.active["F2"].value
    assert book.active["C2"].value == "31/02/1975"
    book.active["C2"].value = "28/02/1975"
    assert "1 dòng: 0 khớp, 1 mới, 0 lỗi" in upload(secretary, cell, saved(book)).content.decode()
    assert apply(secretary, cell).redirect_chain[-1][0].endswith("/dang-vien/")
    assert Member.objects.get(name="Lê Văn Bình").born_on == date(1975, 2, 28)
    assert not MemberImport.objects.exists()


def test_what_changed_since_it_was_looked_at_is_looked_at_again(secretary, cell):
    upload(secretary, cell, sheet([1, "Trần Thị Hạnh", 1950, None, "Gia Lai"], GOOD))
    seen = secretary.get(address(cell, "xem/")).context["digest"]
    Member.objects.filter(name="Trần Thị Hạnh").update(home_town="Bình Định")
    answer = secretary.post(address(cell, "ap-dung/"), {"digest": seen}, follow=True)
    assert STALE in answer.content.decode()
    assert Member.objects.count() == 2
    Member.objects.filter(name="Trần Thị Hạnh").update(home_town="", link_nonce="x")
    answer = secretary.post(address(cell, "ap-dung/"), {"digest": seen}, follow=True)
    assert "Đã áp dụng" in answer.content.decode(), "what the sheet does not tell does not matter"


def test_another_file_takes_the_place_of_the_first_and_its_page(secretary, cell):
    upload(secretary, cell, sheet(GOOD))
    seen = secretary.get(address(cell, "xem/")).context["digest"]
    upload(secretary, cell, sheet([1, "Đỗ Văn Khác", 1980]))
    secretary.post(address(cell, "ap-dung/"), {"digest": seen})
    assert Member.objects.count() == 2
    assert MemberImport.objects.count() == 1


def test_who_belongs_to_another_cell_is_received_and_not_made_anew(secretary, cell):
    there = factories.make_cell(cell.committee)
    factories.make_member(there, "Lê Văn An", card_number="24084012")
    factories.make_member(name="Người Nơi Khác", card_number="24084099")
    text = upload(secretary, cell, sheet(GOOD, [4, "Đỗ Văn Mới", 1980, "24084099"])).content
    assert "2 dòng: 0 khớp, 1 mới, 1 lỗi" in text.decode()
    assert "Nhận đồng chí chuyển đến" in text.decode()


def test_a_file_may_be_dropped_and_nothing_is_left_of_it(secretary, cell):
    upload(secretary, cell, sheet(GOOD))
    secretary.post(address(cell, "bo/"))
    assert not MemberImport.objects.exists()
    assert secretary.get(address(cell, "xem/")).url == address(cell)
    assert secretary.post(address(cell, "ap-dung/")).url == address(cell)


def test_another_officers_file_is_not_seen(secretary, cell):
    deputy = factories.make_member(cell, "Đỗ Văn Phó", office=Office.Kind.DEPUTY, born_year=1970)
    upload(secretary, cell, sheet(GOOD))
    other = browser(factories.make_user(deputy))
    assert other.get(address(cell, "xem/")).url == address(cell)
    assert other.get(address(cell, "dong-loi/")).url == address(cell)


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "rỗng"), (b"x", "không phải tệp Excel"), (bytes(5 * 1024 * 1024 + 1), HEAVY)],
)
def test_a_file_that_cannot_be_read_is_refused_at_the_form(secretary, cell, data, words):
    answer = upload(secretary, cell, data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not MemberImport.objects.exists()


def test_no_file_is_asked_for(secretary, cell):
    answer = secretary.post(address(cell))
    assert (answer.status_code, "Xin chọn tệp Excel trước" in answer.content.decode()) == (
        422,
        True,
    )


FULL = {
    "born_on": date(1975, 7, 5),
    "born_year": 1975,
    "gender": "male",
    "status": "probationary",
    "admitted_on": date(2026, 2, 3),
    "post": "=Bí thư",
    "position": 7,
    "phone": "+84912345678",
    "card_number": "00000007",
    "citizen_id": "066075000007",
    "home_town": "@Đắk Lắk",
    "education": "12/12",
    "theory": "Trung cấp",
    "profession": "Kỹ sư",
    "badge": "30 năm",
    "workplace": "Trường số 1",
    "note": "-5",
}


@pytest.fixture
def written(secretary, cell) -> bytes:
    """The list of the cell, with one member of whom everything is known, as it is downloaded."""
    factories.make_member(cell, "Y Blir Niê", **FULL)
    factories.make_member(cell, "Lê Văn An", born_on=date(1980, 1, 2))
    factories.make_member(cell, "Đã Chuyển", left_on=date(2026, 1, 1))
    return secretary.get(f"/hop/chi-bo/{cell.pk}/dang-vien/tai-excel/").content


def test_what_is_written_out_is_all_known_when_it_is_read_back(secretary, cell, written):
    names = [row.values["name"] for row in read(written, TODAY).rows]
    assert names == ["Lê Văn An", "Trần Thị Hạnh", "Y Blir Niê", "Hà Xuân Quang"]
    text = upload(secretary, cell, written).content.decode()
    assert "4 dòng: 4 khớp, 0 mới, 0 lỗi" in text
    assert "Tất cả đều khớp, không có gì thay đổi." in text


def test_what_is_written_out_makes_the_same_members_elsewhere(secretary, cell, written):
    there = factories.make_cell()
    Member.objects.exclude(name="Hà Xuân Quang").update(cell=there)
    upload(secretary, cell, written)
    apply(secretary, cell)
    before = {person.name: person.values for person in people(there) if not person.left}
    after = {person.name: person.values for person in people(cell)}
    assert before["Lê Văn An"].pop("born_year") is None
    assert after["Lê Văn An"].pop("born_year") == 1980, "the day tells the year"
    assert {name: after[name] for name in before} == before


def test_a_long_file_has_pages(secretary, cell):
    rows = [[number, f"Lê Văn {number}", 1970] for number in range(1, 61)]
    upload(secretary, cell, table(["STT", "Họ và tên", "Năm sinh"], *rows))
    pages = [secretary.get(address(cell, "xem/"), {"page": page}) for page in (1, 2)]
    assert [page.content.decode().count("line-new") for page in pages] == [50, 10]


def command(cell: Cell, tmp_path, data: bytes, *options: str) -> int:
    """The status with which the command ends."""
    path = tmp_path / "danh-sach.xlsx"
    path.write_bytes(data)
    user = User.objects.get().username
    with pytest.raises(SystemExit) as ended:
        call_command("import_members", path, f"--cell={cell.pk}", f"--user={user}", *options)
    return ended.value.code


def test_the_command_looks_and_applies_only_when_told_to(secretary, cell, tmp_path, capsys):
    assert command(cell, tmp_path, sheet(GOOD, BAD)) == 1
    assert "2 dòng: 0 khớp, 1 mới, 1 lỗi\nÔ C3: Tháng 2 năm 1975" in capsys.readouterr().out
    assert Member.objects.count() == 2
    assert command(cell, tmp_path, sheet(GOOD), "--apply") == 0
    assert Member.objects.filter(name="Lê Văn An").exists()
    assert not MemberImport.objects.exists()


def test_the_command_refuses_in_words(secretary, cell, tmp_path, capsys):
    assert command(factories.make_cell(), tmp_path, sheet(GOOD)) == 1
    assert command(cell, tmp_path, b"x") == 1
    printed = capsys.readouterr().err
    assert "không điều hành chi bộ hoặc đảng bộ ấy" in printed
    assert "không phải tệp Excel" in printed
