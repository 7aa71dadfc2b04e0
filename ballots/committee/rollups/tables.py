"""The committee's tables as an Excel workbook: the same lines as its papers, numbers as numbers, ready to print."""

import io
from collections.abc import Sequence
from fractions import Fraction

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ballots.committee.rollups.workbook import (
    HEADING,
    LEGEND,
    NUMBER,
    SUM_NUMBER,
    SUM_TEXT,
    TEXT,
    TITLE,
    styles,
)
from ballots.papers.data import Level
from ballots.papers.rollups.data import (
    CommitteeReportData,
    CountRow,
    CountTable,
    RollupTableData,
)
from cells import wording
from members.imports.spreadsheets.writing import append, print_wide

HEAD = 3  # the row of the headings
NAME_WIDTH, WIDTH, REMARK_WIDTH = 44, 11, 24
Value = str | int | float | None


def tables(report: CommitteeReportData, bodies: RollupTableData, people: RollupTableData) -> bytes:
    """One sheet by group, one that waits for its decision, two by body of the next level, one by reason."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for style in styles():
        book.add_named_style(style)
    period, of = report.head.period, report.issuer.executive
    title = f"Kết quả xếp loại chất lượng {{}} {period} – {of}"
    levels = report.levels
    for name, table in _named(report.decided):
        _counts(book, name, title.format("đã quyết định"), table, levels)
    for name, table in _named(report.waiting):
        _counts(book, f"Chờ, {name.lower()}", title.format("chờ quyết định"), table, levels)
    for name, data in (("Tập thể, từng đảng bộ", bodies), ("Đảng viên, từng đảng bộ", people)):
        _counts(book, name, title.format(data.whose), data.table, levels)
    sheet = book.create_sheet("Không xếp loại")
    rows: list[list[Value]] = [
        [place, reason, status, number]
        for place, (status, reason, number) in enumerate(report.reasons, 1)
    ]
    total: list[Value] = [None, "Tổng cộng", None, sum(number for *_, number in report.reasons)]
    _fill(
        sheet,
        f"Đảng viên không xếp loại {period} – {of}",
        "",
        ["TT", "Lý do", "Diện", "Số đảng viên"],
        [*rows, total],
    )
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _named(tables: Sequence[CountTable]) -> list[tuple[str, CountTable]]:
    """Each with the name of its sheet, which may have thirty-one letters."""
    return [(table.title.partition(" lãnh đạo")[0], table) for table in tables]


def _counts(
    book: Workbook, name: str, title: str, table: CountTable, levels: Sequence[Level]
) -> None:
    best, good = (level.code for level in levels[:2])
    headings = [
        "TT",
        "Đối tượng",
        "Tổng số",
        *(level.code for level in levels),
        table.open_as or "Chưa có mức",
        "Chưa xếp loại",
        f"% {best} trong số {good} trở lên",
        f"% {best} trên số {good}",
        "Ghi chú",
    ]
    rows = [_row(place, row) for place, row in enumerate(table.rows, 1)]
    legend = "; ".join(f"{level.code}: {level.label}" for level in levels)
    _fill(book.create_sheet(name), title, legend, headings, [*rows, _row(None, table.total)])


def _row(place: int | None, row: CountRow) -> list[Value]:
    counts = row.counts.values() or [0] * 4
    shares = (row.share, row.strict_share)
    # The one float: an Excel cell knows no fraction. It is written from the exact share and never computed with.
    written = [None if share is None else float(share) for share in shares]
    return [place, row.label, row.total, *counts, row.open, row.unrated, *written, None]


def _fill(
    sheet: Worksheet, title: str, legend: str, headings: Sequence[str], rows: Sequence[list[Value]]
) -> None:
    for text, style in ((title, TITLE), (legend, LEGEND)):
        append(sheet, [text or None])[0].style = style
    for cell in append(sheet, headings):
        cell.style = HEADING
    for at, row in enumerate(rows, 1):
        for cell in append(sheet, row):
            _dress(cell, is_sum=at == len(rows))
    for number in (1, 2):
        last = len(headings)
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=last)
    _set_page(sheet, headings)


def _dress(cell: Cell, is_sum: bool) -> None:
    """The named style of a text or a number, and a share with the digits that papers write."""
    number_format = cell.number_format
    text, number = (SUM_TEXT, SUM_NUMBER) if is_sum else (TEXT, NUMBER)
    cell.style = text if isinstance(cell.value, str) else number
    cell.number_format = number_format
    if isinstance(cell.value, float):
        share = Fraction(cell.value).limit_denominator(10**9)
        cell.number_format = wording.percent_format(share)


def _set_page(sheet: Worksheet, headings: Sequence[str]) -> None:
    widths = [5, NAME_WIDTH, *[WIDTH] * (len(headings) - 2)]
    if headings[-1] == "Ghi chú":
        widths[-1] = REMARK_WIDTH
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.row_dimensions[1].height, sheet.row_dimensions[HEAD].height = 40, 64
    sheet.freeze_panes = f"C{HEAD + 1}"
    print_wide(sheet, HEAD)
    sheet.print_options.horizontalCentered = True
