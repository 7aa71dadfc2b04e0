"""Committee totals and files: a few aggregate queries over a whole subtree, whatever its size."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import IO

from django.db.models import Count, QuerySet
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from ballots.models import Classification, Paper
from cells import wording
from cells.models import Cell, Committee, Level, Meeting
from members.models import Attendance

NO_MEETING = "Chưa lập hội nghị"


@dataclass(frozen=True)
class CellRow:
    """One cell's result: members per level; `rated` = all levels + undecided; `unrated` stand apart."""

    cell: Cell
    state: str
    own_level: str
    counts: dict[str, int]
    rated: int
    unrated: int

    @property
    def undecided(self) -> int:
        """Rated members for whom nothing is concluded."""
        return self.rated - sum(self.counts.values())


def file_name(meeting: Meeting, paper: str) -> str:
    """A paper's name without accents and ending, by the pattern of the guidance pack."""
    pattern = meeting.campaign.rules.file_name
    name = pattern.format(paper=paper, cell=meeting.cell.name, year=meeting.campaign.year)
    return wording.file_name(name)


def rows(committee: Committee, year: int) -> list[CellRow]:
    """Every cell of the subtree with its main meeting of the year, in five queries."""
    cells = Cell.objects.under(committee).select_related("committee")
    meetings = {m.cell_id: m for m in _meetings(committee, year)}
    pks = [meeting.pk for meeting in meetings.values()]
    levels = _levels(pks)
    own = dict(_current(pks).filter(member=None).values_list("meeting_id", "level"))
    listed = Attendance.objects.filter(meeting__in=pks).values_list("meeting_id", "rated")
    people = {(pk, rated): n for pk, rated, n in listed.annotate(n=Count("pk")).order_by()}
    return [_row(cell, meetings.get(cell.pk), levels, own, people) for cell in cells]


def _row(
    cell: Cell,
    meeting: Meeting | None,
    levels: dict[tuple[int, str], int],
    own: dict[int, str],
    people: dict[tuple[int, bool], int],
) -> CellRow:
    pk = meeting.pk if meeting else 0
    return CellRow(
        cell=cell,
        state=meeting.get_state_display() if meeting else NO_MEETING,
        own_level=own.get(pk, ""),
        counts={code: levels.get((pk, code), 0) for code in Level.values},
        rated=people.get((pk, True), 0),
        unrated=people.get((pk, False), 0),
    )


def _meetings(committee: Committee, year: int) -> QuerySet[Meeting]:
    cells = Cell.objects.under(committee)
    return Meeting.objects.filter(
        cell__in=cells, campaign__year=year, kind=Meeting.Kind.MAIN
    ).select_related("cell__committee", "campaign")


def _current(meetings: list[int]) -> QuerySet[Classification]:
    return Classification.objects.current().filter(
        meeting__in=meetings, stage=Classification.Stage.PROPOSED
    )


def _levels(meetings: list[int]) -> dict[tuple[int, str], int]:
    found = _current(meetings).exclude(member=None).values_list("meeting_id", "level")
    return {(pk, level): n for pk, level, n in found.annotate(n=Count("pk")).order_by()}


def years(committee: Committee) -> list[int]:
    """The years in which a cell of the subtree has a meeting, the latest first."""
    found = Meeting.objects.filter(cell__in=Cell.objects.under(committee)).real()
    return sorted(set(found.values_list("campaign__year", flat=True)), reverse=True)


HEADINGS = [
    "TT",
    "Đảng bộ",
    "Chi bộ",
    "Hội nghị",
    "Chi bộ tự đề nghị",
    "Được xếp loại",
    *(code for code in Level.values),
    "Chưa kết luận",
    "Không xếp loại",
    *(f"% {code}" for code in Level.values),
]
FIRST_SHARE = HEADINGS.index("% HTXS")


def workbook(committee: Committee, year: int) -> bytes:
    """The Excel summary: cells × levels, numbers as numbers, shares over the rated members; last row the sum."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("Tổng hợp")
    _write(sheet, [f"Tổng hợp kết quả xếp loại đảng viên năm {year} – {committee.name}"])
    _write(sheet, [f"{label}: {code}" for code, label in Level.choices])
    _write(sheet, HEADINGS)
    found = rows(committee, year)
    for number, row in enumerate(found, start=1):
        names: list[str | int | float | None] = [
            number,
            row.cell.committee.name,
            row.cell.name,
            row.state,
            row.own_level,
        ]
        _write(sheet, [*names, *_numbers([row])])
    _write(sheet, ["", "", "Tổng cộng", "", "", *_numbers(found)])
    _dress(sheet)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _numbers(found: list[CellRow]) -> list[int | float | None]:
    """The number columns of one row or of the sum of many; a share of nobody stays empty."""
    rated = sum(row.rated for row in found)
    counts = [sum(row.counts[code] for row in found) for code in Level.values]
    # The one float: an Excel cell knows no fraction. It is written from the exact share and never computed with.
    shares = [float(Fraction(count, rated)) if rated else None for count in counts]
    rest = [sum(row.undecided for row in found), sum(row.unrated for row in found)]
    return [rated, *counts, *rest, *shares]


def _write(sheet: Worksheet, values: Sequence[str | int | float | None]) -> None:
    """Append a row; a text is a text, also where it begins with = + - or @."""
    sheet.append(["" for _ in values])
    for cell, value in zip(sheet[sheet.max_row], values, strict=True):
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"


def _dress(sheet: Worksheet) -> None:
    bold = Font(bold=True)
    for number in (1, 3, sheet.max_row):
        for cell in sheet[number]:
            cell.font = bold
    for cell in sheet[3]:
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
    for row in sheet.iter_rows(min_row=4, min_col=FIRST_SHARE + 1):
        for share in row:
            share.number_format = "0.0%"
    for column, width in {"A": 5, "B": 40, "C": 28, "D": 18, "E": 12}.items():
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "D4"


def archive(committee: Committee, year: int, file: IO[bytes]) -> None:
    """Write all locked papers of the year into `file` as a ZIP: a folder per cell, an index, check sums."""
    index: list[list[object]] = [["TT", "Đảng bộ", "Chi bộ", "Văn bản", "Tệp", "SHA-256"]]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        for number, (paper, name) in enumerate(_named(committee, year), start=1):
            bundle.writestr(f"{name}.pdf", bytes(paper.pdf))
            bundle.writestr(f"{name}.docx", bytes(paper.docx))
            cell = paper.meeting.cell
            kind = paper.get_kind_display()
            index.append(
                [number, cell.committee.name, cell.name, kind, f"{name}.pdf", paper.sha256]
            )
        sums = "".join(f"{row[5]}  {row[4]}\n" for row in index[1:])
        bundle.writestr("SHA256SUMS", sums)
        bundle.writestr("muc-luc.csv", _csv(index))


def _named(committee: Committee, year: int) -> Iterator[tuple[Paper, str]]:
    """Each locked paper with its path in the archive; cells of one name get their committee's number."""
    papers = Paper.objects.filter(meeting__in=_meetings(committee, year)).select_related(
        "meeting__cell__committee", "meeting__campaign"
    )
    for paper in papers.order_by(
        "meeting__cell__committee__path", "meeting__cell__name", "kind"
    ).iterator(chunk_size=20):
        cell = paper.meeting.cell
        folder = wording.file_name(f"{cell.committee.name}/{cell.name}_{cell.pk}")
        yield paper, f"{folder}/{file_name(paper.meeting, paper.get_kind_display())}"


def _csv(table: list[list[object]]) -> bytes:
    """For Excel: UTF-8 with its mark; no cell can be taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in table:
        writer.writerow([f"'{v}" if str(v)[:1] in {"=", "+", "-", "@"} else v for v in row])
    return text.getvalue().encode("utf-8-sig")
