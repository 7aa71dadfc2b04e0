"""The committee's Excel files in a real spreadsheet: LibreOffice opens each, finds the same numbers, prints on A4."""

import io
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader

from ballots.committee.acts.workbook import workbook as list_workbook
from ballots.committee.quota import verbs as quota
from ballots.committee.quota.reading import RoomView
from ballots.committee.quota.workbook import workbook as quota_workbook
from ballots.committee.rollups.workbook import workbook
from ballots.committee.upward.composing import Papers
from ballots.models import CommitteeDecision, QuotaDraft, Total
from ballots.papers.rollups.gather import ReportWords
from ballots.papers.rulings.joint_gather import joint_papers
from ballots.results import sums as summed
from cells.law.periods import Period
from cells.models import Committee
from members.imports import applying
from members.models import Member
from tests.kit import drafts, waiting

pytestmark = [
    pytest.mark.spreadsheet,
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.usefixtures("undrawn"),
]
HOSTILE = (
    '=HYPERLINK("http://x";"An")',
    "+84 Lê Văn Bình",
    "-Trần Thị Cúc",
    "@SUM(1+1)*cmd|' /C calc'!A0",
)
A4, A3 = (842, 595), (1191, 842)  # landscape, in points
PAPERS = {"rollup": {A4}, "report": {A4}, "quota": {A4, A3}, "members": {A3}, "list": {A4}}


def make_ward() -> QuotaDraft:
    """Files of two cells, whose members and whose own names a spreadsheet would take for formulas."""
    draft = drafts.make_draft()
    committee: Committee = draft.committee
    drafts.send(committee)
    for member, name in zip(Member.objects.order_by("pk"), HOSTILE * 3, strict=False):
        member.name = name
        member.save()
    for cell, name in zip(committee.cell_set.all(), ("=1+1", "-Chi bộ 2"), strict=False):
        cell.name = name
        cell.save()
    fresh = quota.make(draft.by, committee, drafts.PERIOD, "=Lần 2")
    quota.move(draft.by, drafts.line_of(fresh), 0, "HTXS", "+Thành tích")
    return fresh


def sheets(draft: QuotaDraft) -> Mapping[str, bytes]:
    """All Excel files that an officer of the committee takes home."""
    committee = draft.committee
    report = Papers.gather(committee, Period(2026), ReportWords(body="=Đảng ủy"))
    return {
        "rollup": workbook(committee, Period(2026)),
        "quota": quota_workbook(RoomView.load(draft)),
        "members": applying.workbook(committee),
        "report": report.drawn("tables", "xlsx"),
    }


def reopened(folder: Path, files: Mapping[str, bytes]) -> Path:
    """The folder where LibreOffice has written each anew, as a sheet and as it prints."""
    for name, data in files.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    for kind in ("xlsx", "pdf"):
        command = ["soffice", profile, "--headless", "--convert-to", kind]
        command += ["--outdir", folder / "again", *sorted(folder.glob("*.xlsx"))]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / "again"


def values(sheet: Worksheet) -> list[list[object]]:
    """Its rows, up to the last cell that says anything."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return [[None if v == "" else v for v in row] for row in rows]


def are_alike(ours: Mapping[str, bytes], folder: Path) -> None:
    """The spreadsheet reads what was written, and takes no name for a formula."""
    for name, data in ours.items():
        before, after = load_workbook(io.BytesIO(data)), load_workbook(folder / f"{name}.xlsx")
        assert after.sheetnames == before.sheetnames
        for sheet in before:
            again = after[sheet.title]
            kinds = {cell.data_type for row in again.iter_rows() for cell in row}
            assert kinds <= {"n", "s", "d"}, (name, sheet.title)
            assert values(again) == values(sheet), (name, sheet.title)
    read = [load_workbook(folder / f"{name}.xlsx") for name in ours]
    words = {v for book in read for sheet in book for row in values(sheet) for v in row}
    assert {*HOSTILE, "=1+1", "+Thành tích"} <= words


def add_up(folder: Path) -> None:
    """The sums of every file are those of each other."""
    rollup = values(load_workbook(folder / "rollup.xlsx").active)
    head, *of_cells, total = rollup[2:]
    of_cells = [row for row in of_cells if isinstance(row[0], int)]
    for at in range(head.index("Được xếp loại"), head.index("% HTXS")):
        assert total[at] == sum(row[at] for row in of_cells), head[at]
    rated = total[head.index("Được xếp loại")]
    quota_book = load_workbook(folder / "quota.xlsx")
    cases = values(quota_book["Từng trường hợp"])[1:]
    groups = values(quota_book["Nhóm"])[3:]
    assert sum(row[1] in HOSTILE for row in cases) == rated
    assert sum(row[1] for row in groups) == len(cases)
    everybody = values(load_workbook(folder / "report.xlsx")["Chờ, đảng viên"])[-1]
    assert everybody[2] - everybody[8] == rated


def the_list_adds_up(act: CommitteeDecision, folder: Path) -> None:
    """As many of each level on the list as beside it, and in the totals of the committee."""
    book = load_workbook(folder / "list.xlsx")
    lines, sums = values(book["Danh sách"])[2:], values(book["Theo mức"])[2:]
    assert [row[0] for row in lines] == [*range(1, len(lines) + 1)]
    *levels, (_, *whole) = sums
    assert whole == [sum(row[at] for row in levels) for at in (1, 2, 3)]
    assert whole[2] == len(lines)
    for level, *_, number in levels:
        assert number == sum(row[5] == level for row in lines), level
    decided = summed.of_committee(act.committee, Period(2026))
    assert whole[:2] == [
        sum(decided.of(*groups).at("decided").values()) for groups in (Total.BODIES, Total.PEOPLE)
    ]


def print_on_one_page_each(folder: Path) -> None:
    """Landscape, each sheet one page wide; so few rows on one page, and the widest on A3."""
    for name, papers in PAPERS.items():
        pages = PdfReader(folder / f"{name}.pdf").pages
        sizes = {tuple(round(float(side)) for side in page.mediabox[2:]) for page in pages}
        assert sizes == papers, name
        assert len(pages) <= len(load_workbook(folder / f"{name}.xlsx").sheetnames), name


def test_a_spreadsheet_reads_the_same_numbers_adds_them_up_and_prints_a_page_of_each(tmp_path):
    draft = make_ward()
    ours = dict(sheets(draft))
    act = waiting.decide(draft.by).act
    ours["list"] = list_workbook(*joint_papers(act))
    folder = reopened(tmp_path, ours)
    are_alike(ours, folder)
    add_up(folder)
    the_list_adds_up(act, folder)
    print_on_one_page_each(folder)
