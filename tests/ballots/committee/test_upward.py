"""A committee reports to the one above: drafts, the Excel tables, sending, returning by pins, approving."""

import hashlib
from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from ballots.committee.upward import composing, verbs
from ballots.committee.upward.composing import Papers
from ballots.core.verbs import Refused
from ballots.models import CommitteeFile, CommitteePaper, CommitteePin
from ballots.papers.rollups.gather import ReportWords
from cells.law.periods import Period
from cells.models import Committee
from members.models import AuditEntry
from tests.kit import factories, trees
from tests.kit.clients import browser, words_of

pytestmark = pytest.mark.django_db
YEAR = Period(2026)
WORDS = ReportWords(body="Ban Thường vụ", post="Bí thư", name="Trần Văn Hoà", symbol="12-BC/ĐU")


def report_of(committee: Committee, number: int = 1, note: str = "") -> verbs.Report:
    return verbs.Report(committee, YEAR, WORDS, number, note, timezone.localdate())


class Province:
    """A province above a ward of two cells that have sent, one decided; an officer for each, and one beside them."""

    def __init__(self) -> None:
        self.top = factories.make_committee("Đảng bộ tỉnh Mẫu")
        self.ward = factories.make_committee("Đảng bộ phường Hoa Sen", self.top)
        beside = factories.make_committee("Đảng bộ phường Bên", self.top)
        self.campaign = factories.make_campaign(self.top)
        cell = factories.make_cell(self.ward, "=Chi bộ 1")
        trees.count_file(cell, self.campaign, decided=True, HTXS=1, HTT=6)
        trees.count_file(factories.make_cell(self.ward, "Chi bộ 2"), self.campaign, HTT=3)
        self.above = factories.make_user(committee=self.top)
        self.own = factories.make_user(committee=self.ward)
        self.beside = factories.make_user(committee=beside)

    def send(self, number: int = 1, note: str = "") -> CommitteeFile:
        return verbs.send(self.own, report_of(self.ward, number, note))


@pytest.fixture
def province(undrawn) -> Province:
    return Province()


def test_a_report_is_locked_with_its_tables_and_their_check_sums_and_stands_on_the_page_above(
    province,
):
    file = province.send()
    papers = list(file.papers.all())
    assert [(p.kind, p.ending) for p in papers] == [
        *((kind, e) for kind in ("report", "bodies", "people") for e in ("pdf", "docx")),
        ("tables", "xlsx"),
    ]
    assert all(hashlib.sha256(p.content).hexdigest() == p.sha256 for p in papers)
    report = bytes(papers[0].content).decode()
    assert "BẢN DỰ THẢO" not in report
    assert "Số 12-BC/ĐU" in report
    assert AuditEntry.objects.get().verb == "report.sent"
    page = browser(province.above).get(reverse("ballots:rollup", args=[province.top.pk, "2026"]))
    assert "Báo cáo lần 1: chờ duyệt" in words_of(page)
    for paper in (papers[0], papers[-1]):
        answer = browser(province.above).get(reverse("ballots:upward_paper", args=[paper.pk]))
        assert answer.content == bytes(paper.content)


def test_it_is_returned_by_pins_sent_again_with_a_reason_and_approved_once(province):
    file, page = province.send(), browser(province.above)
    address = reverse("ballots:upward_file", args=[file.pk])
    assert page.post(address, {}).status_code == 422
    assert page.post(address, {"decided-1": "Cộng lại"}).status_code == 302
    pin = CommitteePin.objects.get()
    assert (pin.text, pin.about.partition(":")[0]) == ("Cộng lại", "Đã quyết định")
    own = browser(province.own)
    upward = reverse("ballots:upward", args=[province.ward.pk, "2026"])
    assert "Cộng lại" in words_of(own.get(upward))
    with pytest.raises(ValidationError, match="Xin ghi lý do gửi lại"):
        province.send(2)
    assert own.post(upward, {"sending": 2, "note": "Đã sửa"}).status_code == 302
    again = CommitteeFile.objects.get(number=2)
    assert again.note == "Đã sửa"
    with pytest.raises(Refused):
        verbs.approve_report(province.above, file)
    approve = reverse("ballots:upward_approve", args=[again.pk])
    assert page.post(approve).status_code == 302
    again.refresh_from_db()
    assert again.standing == "approved"
    with pytest.raises(Refused):
        verbs.return_report(province.above, again, {"sent": "Sai"})
    with pytest.raises(Refused, match="đã duyệt"):
        province.send(3, "Nữa")
    assert "Cấp trên đã duyệt báo cáo này" in words_of(own.get(upward))


def test_who_returns_what_another_officer_has_just_approved_is_told_and_loses_no_word(province):
    file, page = province.send(), browser(province.above)
    verbs.approve_report(province.above, file)
    answer = page.post(
        reverse("ballots:upward_file", args=[file.pk]), {"decided-1": "Cộng lại dòng này"}
    )
    assert answer.status_code == 422
    assert verbs.ANSWERED in words_of(answer)
    assert "Chưa gửi: Cộng lại dòng này" in words_of(answer)
    assert not CommitteePin.objects.exists()


def test_who_reads_and_approves_a_report_does_not_send_it(province):
    address = reverse("ballots:upward", args=[province.ward.pk, "2026"])
    above = browser(province.above)
    assert "do cán bộ của Đảng bộ" in words_of(above.get(address))
    with pytest.raises(PermissionDenied):
        verbs.send(province.above, report_of(province.ward))
    assert "Gửi báo cáo" in words_of(browser(province.own).get(address))


def test_a_report_is_refused_from_an_old_page_without_files_and_where_nobody_stands_above(
    province,
):
    province.send()
    with pytest.raises(Refused):
        province.send(1, "Bấm hai lần")
    with pytest.raises(Refused, match="không có cấp ủy nào ở trên"):
        verbs.send(province.above, report_of(province.top))
    with pytest.raises(Refused, match="Chưa có hồ sơ chi bộ nào"):
        verbs.send(province.beside, report_of(province.beside.committee))
    province.ward.ended_on = date(2026, 12, 1)
    with pytest.raises(Refused, match="Hoa Sen đã thôi hoạt động"):
        verbs.send(province.own, report_of(province.ward, 2, "Sáp nhập"))


def test_a_number_that_changes_while_the_papers_are_drawn_stores_nothing(province, monkeypatch):
    drawn = Papers.files

    def meanwhile(papers, step):
        files = drawn(papers, step)
        trees.count_file(factories.make_cell(province.ward), province.campaign)
        return files

    monkeypatch.setattr(Papers, "files", meanwhile)
    with pytest.raises(Refused, match="Số vừa thay đổi"):
        province.send()
    assert not CommitteePaper.objects.exists()


def test_nobody_answers_the_own_report_and_who_stands_beside_sees_none(province):
    file = province.send()
    for verb in (verbs.approve_report, lambda u, f: verbs.return_report(u, f, {"sent": "Sai"})):
        for user in (province.own, province.beside):
            with pytest.raises(PermissionDenied):
                verb(user, file)
    with pytest.raises(PermissionDenied):
        verbs.send(province.beside, report_of(province.ward, 2, "Thay"))
    paper = file.papers.first()
    address = reverse("ballots:upward_file", args=[file.pk])
    assert browser(province.own).get(address).status_code == 200
    assert browser(province.own).post(address, {"sent": "Sai"}).status_code == 403
    places = [
        address,
        reverse("ballots:upward_paper", args=[paper.pk]),
        reverse("ballots:upward", args=[province.ward.pk, "2026"]),
        reverse("ballots:upward_draft", args=[province.ward.pk, "2026", "report", "pdf"]),
    ]
    answers = [browser(province.beside).get(place).status_code for place in places]
    assert answers == [404] * len(places)
    assert browser(province.own).get(places[3]).status_code == 200
    unknown = reverse("ballots:upward_draft", args=[province.ward.pk, "2026", "tables", "pdf"])
    assert browser(province.own).get(unknown).status_code == 404


def test_the_excel_tables_are_numbers_that_add_up_and_no_name_becomes_a_formula(province):
    content = Papers.gather(province.ward, YEAR, WORDS).drawn("tables", "xlsx")
    book = load_workbook(BytesIO(content))
    assert book.sheetnames == [
        "Tổ chức đảng, tập thể",
        "Đảng viên",
        "Chờ, tổ chức đảng, tập thể",
        "Chờ, đảng viên",
        "Tập thể, từng đảng bộ",
        "Đảng viên, từng đảng bộ",
        "Không xếp loại",
    ]
    for sheet in book:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
        numbers = [[v for v in row[2:9] if isinstance(v, int)] for row in rows]
        *parts, total = numbers
        assert [sum(column) for column in zip(*parts, strict=True)] == total
        assert all(cell.data_type in ("n", "s") for row in sheet.iter_rows() for cell in row)
        assert sheet.page_setup.paperSize == int(sheet.PAPERSIZE_A4)
        assert sheet.print_title_rows == "$3:$3"
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    people = book["Đảng viên, từng đảng bộ"]
    assert people["B4"].value == "=Chi bộ 1"
    # 1 of 7 decided good or better, the cell's leader among the good: 1/8 and 1/7.
    assert (people["J4"].value, people["J4"].number_format) == (0.125, "0.0%")
    assert people["K4"].number_format == "0.00%"
    assert people["C4"].value == 9
    assert book["Không xếp loại"]["B4"].value == "=Miễn sinh hoạt"


def test_the_papers_say_what_is_decided_and_what_still_waits():
    province = Province()
    papers = Papers.gather(province.ward, YEAR, WORDS)
    decided, waiting = (
        [row for table in tables for row in table.rows]
        for tables in (papers.report.decided, papers.report.waiting)
    )
    assert [(row.label, row.total, row.counts["HTT"]) for row in decided] == [
        ("Tổ chức đảng", 2, 1),
        ("Đảng viên giữ chức vụ lãnh đạo, quản lý", 2, 1),
        ("Đảng viên không giữ chức vụ lãnh đạo, quản lý", 12, 6),
    ]
    assert [row.total for row in waiting] == [1, 1, 3]
    assert papers.report.to == "Tỉnh ủy Mẫu"
    assert papers.bodies.table.total.total == 2
    assert papers.people.table.total.counts == {"HTXS": 1, "HTT": 7, "HT": 0, "KHT": 0}
    for kind in ("report", "people"):
        assert papers.drawn(kind, "pdf").startswith(b"%PDF")
        assert papers.drawn(kind, "docx").startswith(b"PK")
    with pytest.raises(KeyError):
        papers.drawn("report", "odt")
    assert composing.file_name(province.ward, YEAR, "people") == (
        "Bang tong hop dang vien 2026 Dang bo phuong Hoa Sen"
    )
