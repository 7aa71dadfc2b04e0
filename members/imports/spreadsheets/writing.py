"""Members into a workbook: the official columns, text as text, days as days; and the lines with errors."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from members.imports.spreadsheets import columns as c
from members.imports.spreadsheets.columns import OFFICIAL, Column
from members.imports.spreadsheets.problems import Problem
from members.imports.spreadsheets.values import GENDER_LABELS, STATUS_LABELS

DAY = "dd/mm/yyyy"
TEXT = "@"
WIDTHS = {
    "name": 28,
    c.CELL: 28,
    "home_town": 28,
    "workplace": 28,
    "post": 20,
    "note": 28,
    c.NUMBER: 6,
}
WIDTH, WIDEST = 15, 70
HEADING_ROW = 3
BOLD = Font(bold=True)
HEADING = Alignment(wrap_text=True, horizontal="center", vertical="center")
WRONG = PatternFill("solid", fgColor="FDE8E8")


def append(
    sheet: Worksheet, values: Sequence[str | int | float | date | None]
) -> tuple[Cell, ...]:
    """Append a row and return its cells; a text is a text, also where it begins with = + - or @."""
    # Not at max_row + 1: the sheet would look through all its cells for it, at each row.
    cells = tuple(
        _put(Cell(sheet, row=1, column=column), value)
        for column, value in enumerate(values, start=1)
    )
    sheet.append(cells)
    return cells


def _put(cell: Any, value: str | int | float | date | None) -> Cell:
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
        cell.number_format = TEXT
    else:
        cell.value = value
        if isinstance(value, date):
            cell.number_format = DAY
    return cell  # type: ignore[no-any-return]


def members_workbook(
    title: str, people: Iterable[Mapping[str, Any]], with_cell: bool = False
) -> bytes:
    """The official columns of these people; what `read` makes of it is what was given.

    With `with_cell` a column more, after the name, for people of many cells.
    """
    headings = dict(OFFICIAL)
    if with_cell:
        headings = {c.NUMBER: "", c.NAME: "", c.CELL: c.HEADINGS[c.CELL], **headings} | headings
    # Row by row into the file: the people of a province would not fit into memory as cells.
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Danh sách đảng viên")
    for column, field in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = WIDTHS.get(field, WIDTH)
    sheet.freeze_panes = f"C{HEADING_ROW + 1}"
    # So many columns could not be read on A4.
    print_wide(sheet, HEADING_ROW, Worksheet.PAPERSIZE_A3)
    sheet.append([_bold(WriteOnlyCell(sheet), title)])
    for _ in range(HEADING_ROW - 2):
        sheet.append([])
    sheet.append([_heading(WriteOnlyCell(sheet), value) for value in headings.values()])
    pens = [_Pen(sheet) for _ in headings]
    for number, person in enumerate(people, start=1):
        written = (number if field == c.NUMBER else _written(person, field) for field in headings)
        sheet.append([pen.put(value) for pen, value in zip(pens, written, strict=True)])
    return _saved(book)


def print_wide(sheet: Any, head: int, paper: str = Worksheet.PAPERSIZE_A4) -> None:
    """Across, one page wide and as many high as it takes, the headings in line `head` on each, pages numbered."""
    sheet.page_setup.paperSize = paper
    sheet.page_setup.orientation = Worksheet.ORIENTATION_LANDSCAPE
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.6, bottom=0.75, footer=0.3)
    sheet.print_title_rows = f"{head}:{head}"
    sheet.oddFooter.center.text = "Trang &P/&N"


def _bold(cell: Any, value: str) -> Any:
    _put(cell, value).font = BOLD
    return cell


def _heading(cell: Any, value: str) -> Any:
    _bold(cell, value).alignment = HEADING
    return cell


class _Pen:
    """One cell of a column, written with again in each row: its style is put together once."""

    def __init__(self, sheet: Any, fill: PatternFill | None = None) -> None:
        self._text, self._day = (_put(WriteOnlyCell(sheet), value) for value in ("", date.min))
        if fill is not None:
            self._text.fill = fill

    def put(self, value: str | int | date | None) -> Any:
        """What the row is to have: a cell, or the value itself where it needs no style."""
        if value is None or isinstance(value, int):
            return value
        cell = self._text if isinstance(value, str) else self._day
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
        cell.data_type = "s" if isinstance(value, str) else "d"
        return cell


def table_workbook(title: str, table: Sequence[Sequence[object]]) -> bytes:
    """A table of texts and numbers, in columns wide enough to be read; row by row into the file, however long."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for number, column in enumerate(zip(*table, strict=True), start=1):
        longest = max(len(str(value)) for value in column)
        sheet.column_dimensions[get_column_letter(number)].width = min(longest + 2, WIDEST)
    pens = [_Pen(sheet) for _ in table[0]]
    for row in table:
        values = (value if isinstance(value, int) else str(value) for value in row)
        sheet.append([pen.put(value) for pen, value in zip(pens, values, strict=True)])
    return _saved(book)


def _written(person: Mapping[str, Any], field: str) -> str | int | date | None:
    """How a value stands in the sheet; nothing where nothing is known."""
    value = person.get(field)
    if field == c.BIRTH and value is None:
        born = person.get("born_year")
        return None if born is None else str(born)
    if field == "position":
        return value or None
    labels = {"gender": GENDER_LABELS, "status": STATUS_LABELS}.get(field)
    if labels is not None:
        value = labels.get(value or "", "")
    return None if value == "" else value


def error_workbook(
    columns: Sequence[Column], lines: Iterable[tuple[Sequence[str], Sequence[Problem]]]
) -> bytes:
    """The lines with errors as they were, all of it text, and what is wrong in a last column; to be read again."""
    places = [place for place, column in enumerate(columns) if column.field != c.ERRORS]
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Dòng có lỗi")
    for column in range(1, len(places) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 18
    sheet.column_dimensions[get_column_letter(len(places) + 1)].width = 80
    sheet.freeze_panes = "A2"
    headings = [c.HEADINGS.get(columns[at].field) or columns[at].heading for at in places]
    headings.append(c.HEADINGS[c.ERRORS])
    sheet.append([_heading(WriteOnlyCell(sheet), heading) for heading in headings])
    numbers = {columns[at].field: number for number, at in enumerate(places)}
    pens, wrong = ([_Pen(sheet, fill) for _ in headings] for fill in (None, WRONG))
    for cells, problems in lines:
        sentences = "; ".join(f"{p.heading or p.place}: {p.sentence}" for p in problems)
        marked = {numbers.get(problem.field, len(places)) for problem in problems}
        texts = [*(cells[at] for at in places), sentences]
        sheet.append(
            [
                (wrong if at in marked else pens)[at].put(text or ("" if at in marked else None))
                for at, text in enumerate(texts)
            ]
        )
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
