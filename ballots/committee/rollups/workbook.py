"""The summary over a committee's cells as an Excel workbook."""

import io
import math
from collections.abc import Sequence
from fractions import Fraction

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ballots.jobs.kinds import Step, unwatched
from ballots.results.totals import Result, rows
from cells import wording
from cells.law.periods import Period
from cells.models import Committee, Level
from members.imports.spreadsheets.writing import append, print_wide

HEADINGS = [
    "TT",
    "Đảng bộ",
    "Chi bộ",
    "Hội nghị",
    "Chi bộ tự đề nghị",
    "Được xếp loại",
    *(code for code in Level.values),
    "Chưa kết luận",
    "Không thuộc diện, chưa xếp loại",
    *(f"% {code}" for code in Level.values),
]


FIRST_NUMBER = HEADINGS.index("Được xếp loại")


FIRST_SHARE = HEADINGS.index("% HTXS")


HEAD = 3  # the row of the headings: a title and the legend stand above it


WIDTHS = [5, 36, 26, 20, 12, 9, *[8] * len(Level.values), 9, 9, *[9] * len(Level.values)]


HEIGHTS = {1: 40, 2: 36, HEAD: 48}  # in points


LINE = 16


FONT = "Times New Roman"


THIN = Side(style="thin")

# Names of styles, as Excel lists them.
TITLE, LEGEND, HEADING = "Đầu đề", "Chú giải", "Đầu cột"
TEXT, NUMBER, SUM_TEXT, SUM_NUMBER = "Chữ", "Số", "Tổng, chữ", "Tổng, số"


def workbook(committee: Committee, period: Period, step: Step = unwatched) -> bytes:
    """The Excel summary: cells × levels, numbers as numbers, shares over the rated members; last row the sum.

    A step is a cell; half of its work is to write it, half to dress it.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    for style in styles():
        book.add_named_style(style)
    sheet = book.create_sheet("Tổng hợp")
    append(
        sheet,
        [f"Tổng hợp mức xếp loại chất lượng {period.words} do chi bộ đề nghị – {committee.name}"],
    )
    append(sheet, ["; ".join(f"{code}: {label}" for code, label in Level.choices)])
    append(sheet, HEADINGS)
    cell_rows = rows(committee, period)
    for number, row in enumerate(cell_rows, start=1):
        step(number // 2, len(cell_rows))
        names: list[str | int | float | None] = [
            number,
            row.cell.committee.name,
            row.cell.name,
            row.state,
            row.result.own_level,
        ]
        append(sheet, [*names, *_numbers([row.result])])
        for name, level in row.result.collectives:
            about = ["", row.cell.committee.name, f"{row.cell.name}: {name}", "", level]
            append(sheet, [*about, *[None] * (len(HEADINGS) - len(about))])
    append(sheet, ["", "", "Tổng cộng", "", "", *_numbers([row.result for row in cell_rows])])
    _dress(sheet, len(cell_rows), step)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _numbers(results: list[Result]) -> list[int | float | None]:
    """The number columns of one row or of the sum of many; a share of nobody stays empty."""
    rated = sum(row.rated for row in results)
    counts = [sum(row.counts[code] for row in results) for code in Level.values]
    # The one float: an Excel cell knows no fraction. It is written from the exact share and never computed with.
    shares = [float(Fraction(count, rated)) if rated else None for count in counts]
    rest = [sum(row.undecided for row in results), sum(row.unrated for row in results)]
    return [rated, *counts, *rest, *shares]


def _dress(sheet: Worksheet, cells: int, step: Step) -> None:
    """What makes it a sheet to print and hang up: bold heads, borders, one A4 page wide."""
    for number in (1, 2):
        sheet.merge_cells(
            start_row=number, end_row=number, start_column=1, end_column=len(HEADINGS)
        )
    last = sheet.max_row
    for number, row in enumerate(sheet.iter_rows(), start=1):
        step((cells + min(number, cells)) // 2, cells)
        for at, cell in enumerate(row):
            number_format = cell.number_format
            cell.style = _style(number, at, last)
            cell.number_format = number_format
            if at >= FIRST_SHARE and isinstance(cell.value, float):
                # The digits are those that papers write: of the share as it comes, within a billionth.
                share = Fraction(cell.value).limit_denominator(10**9)
                cell.number_format = wording.percent_format(share)
    _set_page(sheet)


def _style(number: int, at: int, last: int) -> str:
    """The name of the style of the cell in this row and at this place of it."""
    if number < HEAD:
        return TITLE if number == 1 else LEGEND
    if number == HEAD:
        return HEADING
    middle = at == 0 or at >= FIRST_NUMBER - 1
    if number == last:
        return SUM_NUMBER if middle else SUM_TEXT
    return NUMBER if middle else TEXT


def styles() -> list[NamedStyle]:
    """Named, for a cell takes one by its name at once, and one put together for itself a hundred times slower."""
    line = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
    middle = Alignment("center", "center", wrap_text=True)
    left = Alignment("left", "center", wrap_text=True)
    plain, bold = Font(FONT, size=12), Font(FONT, size=12, bold=True)
    return [
        NamedStyle(TITLE, Font(FONT, size=14, bold=True), alignment=middle),
        NamedStyle(LEGEND, plain, alignment=middle),
        NamedStyle(HEADING, bold, border=line, alignment=middle),
        NamedStyle(TEXT, plain, border=line, alignment=left),
        NamedStyle(NUMBER, plain, border=line, alignment=middle),
        NamedStyle(SUM_TEXT, bold, border=line, alignment=left),
        NamedStyle(SUM_NUMBER, bold, border=line, alignment=middle),
    ]


def _height(row: Sequence[object]) -> int:
    """Room for the longest text of a row: not every program makes room for wrapped lines by itself."""
    lines = [
        math.ceil(len(str(value)) / (width - 2))
        for value, width in zip(row, WIDTHS, strict=True)
        if isinstance(value, str)
    ]
    return LINE * max(lines, default=1) + 4


def _set_page(sheet: Worksheet) -> None:
    for number, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for number, height in HEIGHTS.items():
        sheet.row_dimensions[number].height = height
    for number, row in enumerate(sheet.iter_rows(min_row=HEAD + 1, values_only=True), HEAD + 1):
        sheet.row_dimensions[number].height = _height(row)
    sheet.freeze_panes = f"D{HEAD + 1}"
    print_wide(sheet, HEAD)
    sheet.print_options.horizontalCentered = True
