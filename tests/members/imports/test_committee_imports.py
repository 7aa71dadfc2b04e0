"""A sheet for all cells under a committee, from the upload to the lists, and back."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from cells.models import Cell, Committee
from cells.stale import STALE
from members.imports.bodies import people
from members.models import AuditEntry, Member, MemberImport, User
from tests.kit import factories
from tests.kit.paper_readers import words
from tests.kit.sheets import pages, saved, table
from tests.members.imports.test_imports import FULL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unconfined")]

HEADING = ["STT", "Chi bộ", "Họ và tên", "Ngày sinh", "Số thẻ đảng viên", "Quê quán"]
HANH = [1, "CB 4", "Trần Thị Hạnh", 1950, "24084011", "Gia Lai"]
AN = [2, "THÔN HẠ", "Lê Văn An", "05/07/1975", "24084012"]
BAD = [3, "Thôn Hạ", "Lê Văn Bình", "31/02/1975", "24084013"]
LOST = [4, "CB Thôn Lạ", "Lê Văn Lạc", 1980, "24084014"]


@pytest.fixture
def committee() -> Committee:
    """A committee of two cells: Trần Thị Hạnh in Chi bộ 4, nobody in Chi bộ Thôn Hạ, which is one step below."""
    committee = factories.make_committee("Đảng bộ xã Ia Grai")
    factories.make_member(
        factories.make_cell(committee, "Chi bộ 4"), "Trần Thị Hạnh", born_year=1950
    )
    factories.make_cell(factories.make_committee("Đảng bộ bộ phận", committee), "Chi bộ Thôn Hạ")
    return committee


@pytest.fixture
def officer(committee, client) -> Client:
    """The browser of an officer of the committee."""
    client.force_login(factories.make_user(committee=committee))
    return client


def address(committee: Committee, step: str = "") -> str:
    return f"/hop/dang-bo/{committee.pk}/dang-vien/nhap/{step}"


def upload(officer: Client, committee: Committee, *rows) -> str:
    data = rows[0] if isinstance(rows[0], bytes) else table(HEADING, *rows)
    file = SimpleUploadedFile("danh sách.xlsx", data)
    return officer.post(address(committee), {"file": file}, follow=True).content.decode()


def apply(officer: Client, committee: Committee) -> str:
    """Press "Áp dụng" on the page as it stands."""
    digest = officer.get(address(committee, "xem/")).context["digest"]
    data = {"digest": digest}
    return officer.post(address(committee, "ap-dung/"), data, follow=True).content.decode()


def test_the_board_leads_to_the_import(officer, committee):
    assert address(committee) in officer.get(f"/hop/dang-bo/{committee.pk}/").content.decode()


def test_looking_counts_every_cell_and_changes_nothing(officer, committee):
    text = words(upload(officer, committee, HANH, AN, BAD, LOST))
    assert "4 dòng: 1 khớp, 1 mới, 2 lỗi" in text
    assert "Ô D4 (Ngày sinh), đang ghi “31/02/1975”" in text
    assert "Ô B5 (Chi bộ), đang ghi “CB Thôn Lạ”: Đảng bộ không có chi bộ mang tên này" in text
    counts = officer.get(address(committee, "xem/")).context["counts"]
    assert [(c.name, c.same, c.changed, c.new, c.wrong) for c in counts] == [
        ("Chưa rõ chi bộ", 0, 0, 0, 1),
        ("Chi bộ 4", 0, 1, 0, 0),
        ("Chi bộ Thôn Hạ", 0, 0, 1, 1),
    ]
    assert Member.objects.count() == 1


def test_one_cell_may_be_looked_at_alone(officer, committee):
    upload(officer, committee, HANH, AN, BAD, LOST)
    cell = Cell.objects.get(name="Chi bộ Thôn Hạ")
    for first, names in [(cell.pk, ["Lê Văn Bình", "Lê Văn An"]), ("x", None), (10**30, None)]:
        page = officer.get(address(committee, "xem/"), {"chi_bo": first})
        shown = [line.row.values["name"] for line, *_ in page.context["lines"]]
        assert shown == names if names else len(shown) == 4


def test_applying_writes_to_every_cell_and_keeps_the_errors_for_correction(officer, committee):
    upload(officer, committee, HANH, AN, BAD, LOST)
    text = apply(officer, committee)
    assert "Đã áp dụng: 1 đồng chí mới, 1 đồng chí được sửa." in text
    assert "2 dòng: 0 khớp, 0 mới, 2 lỗi" in text
    hanh, an = (Member.objects.get(name=name) for name in ("Trần Thị Hạnh", "Lê Văn An"))
    assert (hanh.home_town, hanh.cell.name) == ("Gia Lai", "Chi bộ 4")
    assert (an.born_on, an.cell.name) == (date(1975, 7, 5), "Chi bộ Thôn Hạ")
    assert an in Member.objects.search("le van an")
    line = AuditEntry.objects.get(verb="members.imported")
    assert line.subject == f"cells.committee:{committee.pk}"
    assert (line.note["added"], line.note["changed"]) == ([an.pk], [hanh.pk])
    book = load_workbook(io.BytesIO(officer.get(address(committee, "dong-loi/")).content))
    assert book.active["B3"].value == "CB Thôn Lạ"
    book.active["D2"].value, book.active["B3"].value = "28/02/1975", "Chi bộ 4"
    assert "2 dòng: 0 khớp, 2 mới, 0 lỗi" in upload(officer, committee, saved(book))


def test_a_new_cell_is_made_only_when_ticked(officer, committee):
    text = upload(officer, committee, HANH, LOST, [5, "CHI BỘ THÔN XA", "Đỗ Văn Xa", 1981])
    assert "Chi bộ chưa có trong đảng bộ: 2 tên" in text
    there = address(committee, "tao-chi-bo/")
    assert "Xin đánh dấu tên chi bộ" in officer.post(there, follow=True).content.decode()
    for name in ("Chi bộ Thôn Lạ", "Chi bộ Bịa", "Chi bộ Thôn Lạ"):
        officer.post(there, {"name": name})
    made = Cell.objects.exclude(name__in=["Chi bộ 4", "Chi bộ Thôn Hạ"])
    assert [(cell.name, cell.committee) for cell in made] == [("Chi bộ Thôn Lạ", committee)]
    apply(officer, committee)
    assert Member.objects.get(name="Lê Văn Lạc").cell == made[0]


def test_no_cell_is_made_under_a_committee_that_has_ended_since_its_sheet_was_looked_at(
    officer, committee
):
    upload(officer, committee, HANH, LOST)
    Committee.objects.filter(pk=committee.pk).update(ended_on=date(2026, 11, 1))
    name = {"name": "Chi bộ Thôn Lạ"}
    page = officer.post(address(committee, "tao-chi-bo/"), name, follow=True)
    assert STALE in page.content.decode()
    assert not Cell.objects.filter(name="Chi bộ Thôn Lạ").exists()


@pytest.mark.parametrize(
    "rows",
    [
        (HEADING, [1, "CB Th\xabn L¹", "NguyÔn V¨n B×nh", 1980]),
        (HEADING, ["I. CHI Bé TH¤N L¹"], [1, "", "NguyÔn V¨n B×nh", 1980]),
    ],
    ids=["in its column", "above its people"],
)
def test_a_new_cell_typed_in_an_old_font_is_shown_converted_beside_what_was_typed(
    officer, committee, rows
):
    text = words(upload(officer, committee, table(*rows)))
    assert "<strong>Chi bộ Thôn Lạ</strong>" in text
    assert "1 dòng; chữ gốc: “" in text
    officer.post(address(committee, "tao-chi-bo/"), {"name": "Chi bộ Thôn Lạ"})
    apply(officer, committee)
    assert Member.objects.get(name="Nguyễn Văn Bình").cell.name == "Chi bộ Thôn Lạ"


def test_what_changed_since_it_was_looked_at_is_looked_at_again(officer, committee):
    upload(officer, committee, HANH, AN)
    seen = {"digest": officer.get(address(committee, "xem/")).context["digest"]}
    Member.objects.update(home_town="Bình Định")
    answer = officer.post(address(committee, "ap-dung/"), seen, follow=True).content.decode()
    assert STALE in answer
    assert Member.objects.count() == 1


def test_a_member_of_another_committee_is_told_of_without_a_name(officer, committee):
    above = factories.make_committee("Đảng bộ huyện")
    Committee.objects.move(committee, above, "last-child")
    other = factories.make_cell(factories.make_committee("Đảng bộ xã khác", above), "Chi bộ Kín")
    factories.make_member(other, "Lê Văn An", card_number="24084012")
    text = upload(officer, committee, AN)
    assert "1 lỗi" in text
    assert "Chi bộ Kín" not in text


def test_an_open_meeting_stands_in_the_way_of_nothing_as_in_the_cells_own_import(
    officer, committee
):
    meeting = factories.make_open_meeting(3, cell=Cell.objects.get(name="Chi bộ Thôn Hạ"))
    upload(officer, committee, [1, "Thôn Hạ", "Đỗ Văn Mới", 1980])
    assert "1 đồng chí mới" in apply(officer, committee)
    assert not meeting.attendance_set.filter(member__name="Đỗ Văn Mới").exists()


@pytest.fixture
def many(committee) -> None:
    """Three hundred members more in ten cells, two of them of one name under two committees."""
    below = Committee.objects.get(name="Đảng bộ bộ phận")
    for number in range(10):
        cell = factories.make_cell(below if number == 9 else committee, f"Chi bộ {number % 9 + 5}")
        people = [
            Member(
                cell=cell,
                name=f"Nguyễn Văn {'ABCDEFGHIJ'[number]} {n}",
                card_number=f"{number + 1:04}{n:04}",
                born_year=1940 + n,
            )
            for n in range(30)
        ]
        Member.objects.bulk_create(people)
    factories.make_member(cell, "Y Blir Niê", **FULL)


def test_what_is_written_out_is_all_known_when_it_is_read_back(officer, committee, many):
    written = officer.get(f"/hop/dang-bo/{committee.pk}/dang-vien/tai-excel/").content
    text = upload(officer, committee, written)
    assert "302 dòng: 302 khớp, 0 mới, 0 lỗi" in text
    assert "Tất cả đều khớp, không có gì thay đổi." in text


def test_what_is_written_out_makes_the_same_members_again(officer, committee, many):
    before = [{**p.values, "cell": p.cell} for p in people(committee)]
    written = officer.get(f"/hop/dang-bo/{committee.pk}/dang-vien/tai-excel/").content
    Member.objects.all().delete()
    upload(officer, committee, written)
    assert "302 đồng chí mới" in apply(officer, committee)
    after = [{**p.values, "cell": p.cell} for p in people(committee)]
    assert sorted(after, key=str) == sorted(before, key=str)


def test_the_number_of_queries_does_not_grow_with_the_rows(officer, committee):
    def queries(count: int) -> list[int]:
        rows = [[n, "Chi bộ 4", f"Lê Văn {n}", 1980, f"7{n:07}"] for n in range(count)]
        collected = []
        for step in (
            lambda: upload(officer, committee, *rows),
            lambda: officer.get(address(committee, "xem/")),
            lambda: apply(officer, committee),
            lambda: officer.get(f"/hop/dang-bo/{committee.pk}/dang-vien/tai-excel/"),
        ):
            with CaptureQueriesContext(
                connection,
            ) as context:
                step()
            collected.append(len(context))
        return collected

    officer.get(address(committee))  # the first page of a session lists it
    queries(2)  # the first line of a committee's audit begins its chain
    assert queries(3) == queries(30)


def test_a_name_of_a_cell_whose_font_is_not_sure_is_to_be_typed_again(officer, committee):
    rows = [1, "Chi bộ 4", "Traàn Thò Haïnh", 1951], [2, "Thôn Hoàng", "Leâ Lan", 1980]
    text = words(upload(officer, committee, *rows))
    assert "Ô B3 (Chi bộ), đang ghi “Thôn Hoàng”: Chưa rõ chữ ở ô này" in text
    assert "gõ lại ô này bằng phông Unicode" in text
    assert "chưa ghi chi bộ" not in text


SHORT = ["Họ và tên", "Năm sinh"]


def test_people_on_a_worksheet_that_is_named_after_a_cell_belong_to_it(officer, committee):
    book = pages(
        CB_4=[SHORT, ["Lê Văn An", 1970]],
        Thôn_Hạ=[SHORT, ["Lê Văn Ba", 1971]],
        CB_Lạ=[SHORT, ["Lê Văn Chi", 1972]],
    )
    upload(officer, committee, book)
    chosen = {"page": ["CB 4", "Thôn Hạ", "CB Lạ"]}
    page = officer.post(address(committee, "trang-tinh/"), chosen, follow=True).content.decode()
    assert "Trang tính “CB Lạ” (Chi bộ), đang ghi “CB Lạ”" in words(page)
    apply(officer, committee)
    placed = Member.objects.filter(name__startswith="Lê Văn").values_list("name", "cell__name")
    assert sorted(placed) == [("Lê Văn An", "Chi bộ 4"), ("Lê Văn Ba", "Chi bộ Thôn Hạ")]


def test_the_command_asks_which_worksheets_are_meant(committee, tmp_path, capsys):
    path = tmp_path / "danh-sach.xlsx"
    path.write_bytes(
        pages(CB_4=[SHORT, ["Lê Văn An", 1970]], Thôn_Hạ=[SHORT, ["Lê Văn Ba", 1971]])
    )
    user = factories.make_user(committee=committee)
    assert command(committee, user, path, "--apply") == 1
    assert "nhiều trang tính: “CB 4”, “Thôn Hạ”" in capsys.readouterr().err
    assert command(committee, user, path, "--apply", "--sheet=Thôn Hạ") == 0
    assert not Member.objects.filter(name="Lê Văn An").exists()
    assert Member.objects.get(name="Lê Văn Ba").cell.name == "Chi bộ Thôn Hạ"


def command(committee: Committee, user: User, path, *options: str) -> int:
    """The status with which the command ends."""
    arguments = [f"--committee={committee.pk}", f"--user={user.username}"]
    with pytest.raises(SystemExit) as ended:
        call_command("import_members", path, *arguments, *options)
    return ended.value.code


def test_the_command_takes_a_committee(committee, tmp_path, capsys):
    path = tmp_path / "danh-sach.xlsx"
    path.write_bytes(table(HEADING, HANH, AN))
    user = factories.make_user(committee=committee)
    assert command(committee, user, path) == 0
    assert Member.objects.count() == 1
    assert command(committee, factories.make_user(), path) == 1
    assert "không điều hành" in capsys.readouterr().err
    assert command(committee, user, path, "--apply") == 0
    assert Member.objects.get(name="Lê Văn An").cell.name == "Chi bộ Thôn Hạ"
    assert not MemberImport.objects.exists()
