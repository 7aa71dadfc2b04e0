"""A committee's long sheet of members: read, looked at and applied by jobs, whole or not at all, and once."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from openpyxl import load_workbook

from ballots.committee.imports import views
from ballots.models import Job
from cells.models import Cell, Committee
from cells.stale import STALE
from members.imports.bodies import people
from members.imports.large import changing, keeping, parts
from members.imports.large.planning import Planner, parts_of
from members.imports.plans import summary
from members.models import AuditEntry, CommitteeSheet, Member, SheetRow, User
from tests.kit import factories
from tests.kit.clients import browser, words_of
from tests.kit.sheets import pages, table

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("unconfined", "long"),
]

HEADING = ["STT", "Chi bộ", "Họ và tên", "Ngày sinh", "Số thẻ đảng viên", "Quê quán"]
HANH = [1, "CB 4", "Trần Thị Hạnh", 1950, "24084011", "Gia Lai"]
AN = [2, "THÔN HẠ", "Lê Văn An", "05/07/1975", "24084012"]
BAD = [3, "Thôn Hạ", "Lê Văn Bình", "31/02/1975", "24084013"]
LOST = [4, "CB Thôn Lạ", "Lê Văn Lạc", 1980, "24084014"]
ALL = (HANH, AN, BAD, LOST)


@pytest.fixture
def long(monkeypatch) -> None:
    """Every file is a long one, and two rows are a part."""
    monkeypatch.setattr(views, "AT_ONCE", 0)
    monkeypatch.setattr(parts, "SIZE", 2)


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
def officer(committee) -> Client:
    return browser(factories.make_user(committee=committee))


def address(committee: Committee, step: str = "") -> str:
    return f"/hop/dang-bo/{committee.pk}/dang-vien/tep/{step}"


def upload(officer: Client, committee: Committee, *rows) -> Job:
    """No worker is there: it is read before the page answers."""
    data = rows[0] if isinstance(rows[0], bytes) else table(HEADING, *rows)
    file = SimpleUploadedFile("danh sách.xlsx", data)
    officer.post(f"/hop/dang-bo/{committee.pk}/dang-vien/nhap/", {"file": file})
    return Job.objects.first()


def apply(officer: Client, committee: Committee) -> Job:
    """Press "Áp dụng" on the page as it stands."""
    digest = officer.get(address(committee)).context["digest"]
    officer.post(address(committee, "ap-dung/"), {"digest": digest})
    return Job.objects.first()


def sheet_of(user: User, *rows) -> CommitteeSheet:
    """Sent, and not yet read."""
    return keeping.send(user, user.committee, "danh sách.xlsx", table(HEADING, *rows))


def go_on(done: int, of: int) -> None:
    """A step of work that nobody stops."""


class Killed(Exception):
    """The process is gone."""


def killed_after(steps: int):
    """A step that ends the work once so many rows are done."""

    def step(done: int, of: int) -> None:
        if done >= steps:
            raise Killed

    return step


def test_the_job_says_what_the_file_would_do_and_makes_the_rows_with_errors(officer, committee):
    job = upload(officer, committee, *ALL)
    assert (job.state, job.answer) == ("done", "4 dòng: 1 khớp, 1 mới, 2 lỗi.")
    data = b"".join(bytes(part.data) for part in job.parts.all())
    book = load_workbook(io.BytesIO(data))
    assert [book.active[f"C{row}"].value for row in (2, 3)] == ["Lê Văn Bình", "Lê Văn Lạc"]
    sheet = CommitteeSheet.objects.get()
    assert (sheet.state, sheet.data) == ("read", None)
    assert Member.objects.count() == 1


def test_the_page_shows_what_the_job_found(officer, committee):
    upload(officer, committee, *ALL)
    page = officer.get(address(committee))
    text = words_of(page)
    assert "4 dòng: 1 khớp, 1 mới, 2 lỗi" in text
    assert ("mỗi lúc ghi một việc" in text) == (connection.vendor == "sqlite")
    assert "Ô D4 (Ngày sinh), đang ghi “31/02/1975”" in text
    assert "Ô B5 (Chi bộ), đang ghi “CB Thôn Lạ”: Đảng bộ không có chi bộ mang tên này" in text
    assert [(c.name, c.same, c.changed, c.new, c.wrong) for c in page.context["counts"]] == [
        ("Chưa rõ chi bộ", 0, 0, 0, 1),
        ("Chi bộ 4", 0, 1, 0, 0),
        ("Chi bộ Thôn Hạ", 0, 0, 1, 1),
    ]
    cell = Cell.objects.get(name="Chi bộ Thôn Hạ")
    alone = officer.get(address(committee), {"chi_bo": cell.pk})
    assert [line.row.values["name"] for line, *_ in alone.context["lines"]] == [
        "Lê Văn Bình",
        "Lê Văn An",
    ]
    assert "Xem tệp" in words_of(officer.get("/hop/viec-nen/"))


def test_applying_writes_to_every_cell_and_keeps_the_errors_for_correction(officer, committee):
    upload(officer, committee, *ALL)
    job = apply(officer, committee)
    outcome = "Đã áp dụng: 1 đồng chí mới, 1 đồng chí được sửa. Còn 2 dòng lỗi hoặc cần hỏi."
    assert (job.state, job.answer) == ("done", outcome)
    hanh, an = (Member.objects.get(name=name) for name in ("Trần Thị Hạnh", "Lê Văn An"))
    assert (hanh.home_town, an.cell.name) == ("Gia Lai", "Chi bộ Thôn Hạ")
    assert "2 dòng: 0 khớp, 0 mới, 2 lỗi" in words_of(officer.get(address(committee)))
    line = AuditEntry.objects.get(verb="members.imported")
    assert (line.note["added"], line.note["changed"]) == ([an.pk], [hanh.pk])
    back = officer.get(address(committee, "dong-loi/")).content
    assert load_workbook(io.BytesIO(back)).active["B3"].value == "CB Thôn Lạ"


@pytest.mark.parametrize("digest", ["", "\0", "0" * 64, "x" * 70])
def test_what_no_page_has_shown_is_not_applied(officer, committee, digest):
    job = upload(officer, committee, *ALL)
    answer = officer.post(address(committee, "ap-dung/"), {"digest": digest}, follow=True)
    assert STALE in words_of(answer)
    assert Job.objects.get() == job
    assert not AuditEntry.objects.filter(verb="members.imported").exists()


def test_nothing_of_the_file_is_left_once_all_is_applied(officer, committee):
    upload(officer, committee, HANH, AN)
    assert apply(officer, committee).state == "done"
    assert not SheetRow.objects.exists()
    assert "Đã áp dụng: 1 đồng chí mới" in words_of(officer.get(address(committee)))


def test_what_changed_since_it_was_looked_at_is_planned_anew_and_nothing_is_written(
    officer, committee
):
    upload(officer, committee, HANH, AN)
    digest = officer.get(address(committee)).context["digest"]
    Member.objects.update(home_town="Bình Định")
    officer.post(address(committee, "ap-dung/"), {"digest": digest})
    job = Job.objects.first()
    assert job.state == "failed"
    assert "Máy đã tính lại" in job.error
    assert Member.objects.count() == 1
    assert "Bình Định" in words_of(officer.get(address(committee)))
    assert apply(officer, committee).state == "done"


def test_of_two_officers_with_one_file_the_second_is_shown_what_the_first_has_written(
    officer, committee
):
    other = browser(factories.make_user(committee=committee))
    for each in (officer, other):
        upload(each, committee, HANH, AN)
    digest = other.get(address(committee)).context["digest"]
    assert apply(officer, committee).state == "done"
    other.post(address(committee, "ap-dung/"), {"digest": digest})
    assert Job.objects.first().state == "failed"
    assert "2 dòng: 2 khớp, 0 mới, 0 lỗi" in words_of(other.get(address(committee)))
    assert Member.objects.count() == 2


def test_a_reading_that_was_killed_is_begun_anew_and_no_row_is_there_twice(committee):
    sheet = sheet_of(factories.make_user(committee=committee), *ALL)
    with pytest.raises(Killed):
        keeping.read(sheet, killed_after(2))
    sheet.refresh_from_db()
    assert (sheet.state, sheet.data is None) == ("sent", False)
    keeping.read(sheet, go_on)
    keeping.read(sheet, go_on)  # by who was taken for dead
    assert sorted(sheet.rows.values_list("key", flat=True)) == ["2", "3", "4", "5"]


def test_an_applying_that_was_killed_has_written_nothing_and_is_done_once(committee):
    sheet = sheet_of(factories.make_user(committee=committee), HANH, AN, LOST)
    keeping.read(sheet, go_on)
    sheet.refresh_from_db()
    with pytest.raises(Killed):
        changing.apply(sheet.user, sheet, sheet.effect, killed_after(2))
    assert not Member.objects.exclude(name="Trần Thị Hạnh").exists()
    assert Member.objects.get().home_town == ""
    first = changing.apply(sheet.user, sheet, sheet.effect, go_on)
    assert changing.apply(sheet.user, sheet, sheet.effect, go_on) == first
    assert Member.objects.count() == 2
    assert AuditEntry.objects.filter(verb="members.imported").count() == 1


def test_who_begins_to_read_it_takes_it_from_who_was_reading(committee):
    sheet = sheet_of(factories.make_user(committee=committee), *ALL)

    def overtaken(done: int, of: int) -> None:
        CommitteeSheet.objects.update(reader="another")

    with pytest.raises(keeping.Stale):
        keeping.read(sheet, overtaken)
    assert not SheetRow.objects.exists()


REFUSED = {
    "has no heading": (table(["STT", "Ghi chú"], [1, "x"]), "Không tìm thấy dòng tiêu đề"),
    "has nobody": (table(HEADING), "không có đồng chí nào"),
    "is no sheet": (b"%PDF-1.7", "không phải tệp Excel"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_job_says_why_a_file_cannot_be_read_that(officer, committee, name):
    data, sentence = REFUSED[name]
    job = upload(officer, committee, data)
    assert job.state == "failed"
    assert sentence in job.error
    assert not CommitteeSheet.objects.exists()


def test_a_file_of_too_many_of_one_name_is_refused(officer, committee, monkeypatch):
    monkeypatch.setattr(parts, "MOST", 2)
    same = [[n, "CB 4", "Lê Văn An", 1950 + n] for n in range(3)]
    assert "cùng họ tên" in upload(officer, committee, *same).error


def test_a_file_that_was_dropped_is_not_read_any_more(officer, committee):
    sheet = sheet_of(factories.make_user(committee=committee), HANH)
    job = Job.objects.create(
        kind=Job.Kind.SHEET, about="x", args={"sheet": sheet.pk}, asked_by=sheet.user
    )
    browser(sheet.user).post(address(committee, "bo/"))
    views.asking.run_now(job)
    job.refresh_from_db()
    assert "Tệp này đã được bỏ" in job.error


def test_a_question_is_answered_where_it_stands(officer, committee):
    upload(officer, committee, [1, "CB 4", "Trần Thị Hạnh", None, "24084011"])
    page = officer.get(address(committee))
    assert "Có phải cùng một người không?" in words_of(page)
    (line, *_) = page.context["lines"][0]
    said = {"row": line.row.key, "choice": line.asked[0].key}
    officer.post(address(committee, "tra-loi/"), said)
    again = officer.get(address(committee))
    assert "1 dòng: 1 khớp, 0 mới, 0 lỗi" in words_of(again)
    stored = CommitteeSheet.objects.get()
    changing.plan_again(stored, go_on)
    assert CommitteeSheet.objects.get().effect == again.context["digest"]
    assert apply(officer, committee).state == "done"
    assert Member.objects.get().card_number == "24084011"


def test_a_column_with_days_in_two_orders_is_answered_at_once(officer, committee):
    upload(
        officer,
        committee,
        [1, "CB 4", "Lê Văn An", "05/07/1975"],
        [2, "CB 4", "Lê Văn Ba", "06/08/1976"],
        [3, "CB 4", "Lê Văn Chi", "07/25/1977"],
    )
    assert "Cả cột được đọc thế nào?" in words_of(officer.get(address(committee)))
    officer.post(address(committee, "tra-loi/"), {"field": "born_on", "kind": "month-first"})
    assert Job.objects.first().answer == "3 dòng: 0 khớp, 3 mới, 0 lỗi."


def test_a_new_cell_is_made_only_when_ticked_and_its_people_find_it(officer, committee):
    upload(officer, committee, HANH, LOST)
    assert "Chi bộ chưa có trong đảng bộ: 1 tên" in words_of(officer.get(address(committee)))
    officer.post(address(committee, "tao-chi-bo/"), {"name": ["Chi bộ Thôn Lạ", "Chi bộ Bịa"]})
    assert Job.objects.first().answer == "2 dòng: 1 khớp, 1 mới, 0 lỗi."
    assert Cell.objects.filter(committee=committee).count() == 2


def test_no_cell_is_made_under_a_committee_that_has_ended_meanwhile(officer, committee):
    upload(officer, committee, HANH, LOST)
    Committee.objects.filter(pk=committee.pk).update(ended_on=date(2026, 11, 1))
    name = {"name": "Chi bộ Thôn Lạ"}
    answer = officer.post(address(committee, "tao-chi-bo/"), name, follow=True)
    assert STALE in words_of(answer)
    assert not Cell.objects.filter(name="Chi bộ Thôn Lạ").exists()


SHORT = ["Họ và tên", "Năm sinh"]


def test_all_worksheets_are_read_as_one_and_named(officer, committee):
    book = pages(
        CB_4=[SHORT, ["Lê Văn An", 1970]],
        Thôn_Hạ=[["Năm sinh", "Họ và tên"], [1971, "Lê Văn Ba"]],
        CB_Lạ=[SHORT, ["Lê Văn Chi", 1972]],
    )
    job = upload(officer, committee, book)
    assert job.answer == "3 dòng: 0 khớp, 2 mới, 1 lỗi."
    page = words_of(officer.get(address(committee)))
    assert "được đọc cùng nhau: CB 4, Thôn Hạ, CB Lạ" in page
    apply(officer, committee)
    placed = Member.objects.filter(name__startswith="Lê Văn").values_list("name", "cell__name")
    assert sorted(placed) == [("Lê Văn An", "Chi bộ 4"), ("Lê Văn Ba", "Chi bộ Thôn Hạ")]


MANY = [
    HANH,
    [2, "Thôn Hạ", "Trần Thị Hạnh", 1950, "24084011"],
    [3, "CB 4", "Lê Văn An", 1975],
    [4, "CB 4", "Lê Văn An", None],
    [5, "Thôn Hạ", "Le Van An", 1975],
    [6, "Thôn Hạ", "Đỗ Văn Ba", 1980, "24084015"],
    [7, "CB 4", "Đỗ Văn Bốn", 1981, "24084015"],
    [8, "CB 4", "Hoàng Văn Năm", 1982],
    BAD,
    LOST,
]


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_in_whichever_parts_it_is_planned_the_same_becomes_of_every_row(
    officer, committee, monkeypatch, size
):
    def planned(size: int) -> tuple[dict, str]:
        monkeypatch.setattr(parts, "SIZE", size)
        stored = CommitteeSheet.objects.get()
        rows = changing.StoredRows(stored)
        planner: Planner = changing.planner_of(stored)
        lines = [
            line
            for part in planner.planned(rows, list(parts_of(committee, rows)), go_on)
            for line in part.lines
        ]
        return {line.row.key: line for line in lines}, planner.digest

    upload(officer, committee, *MANY)
    assert planned(size) == planned(1000)
    kinds = [line.kind for line in planned(size)[0].values()]
    assert summary({kind: kinds.count(kind) for kind in kinds}).startswith("10 dòng")


def test_of_very_many_cells_those_with_the_most_to_look_at_are_counted(
    officer, committee, monkeypatch
):
    monkeypatch.setattr(views, "MOST_CELLS", 1)
    upload(officer, committee, HANH, BAD)
    page = officer.get(address(committee))
    assert [count.name for count in page.context["counts"]] == ["Chi bộ Thôn Hạ"]
    assert "1 chi bộ khác có ít dòng cần xem hơn" in words_of(page)


def test_a_page_asks_the_same_number_of_questions_for_more_rows(
    officer, committee, django_assert_max_num_queries
):
    upload(officer, committee, *[[n, "CB 4", f"Lê Văn {n}", 1980] for n in range(60)])
    officer.get(address(committee))
    with django_assert_max_num_queries(40):
        assert len(officer.get(address(committee)).context["lines"]) == 50


def test_some_members_are_told_by_their_keys(committee):
    hanh = Member.objects.get()
    assert [each.name for each in people(committee, [hanh.pk])] == ["Trần Thị Hạnh"]
    assert people(committee, []) == []
