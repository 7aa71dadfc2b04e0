"""Excel sheets written row by row, each a page wide in print: numbers as numbers, words as words."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, Side
from openpyxl.utils import get_column_letter

from members.imports.spreadsheets.writing import print_wide

FONT = "Times New Roman"
HEAD, TEXT, TITLE = "Đầu cột", "Ô", "Đầu đề"

Value = str | int | float | None


def new_book() -> Workbook:
    """A workbook without sheets, whose rows go into the file as they come."""
    book = Workbook(write_only=True)
    for style in _styles():
        book.add_named_style(style)
    return book


def write(
    book: Workbook,
    title: str,
    rows: Iterable[Sequence[Value]],
    widths: Sequence[int],
    titles: int = 0,
) -> None:
    """One sheet, one A4 page wide: so many lines of title, the headings, the rows with borders."""
    sheet = book.create_sheet(title)
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = f"C{titles + 2}"
    print_wide(sheet, titles + 1)
    pens = {name: _Pen(sheet, name) for name in (TITLE, HEAD, TEXT)}
    for number, row in enumerate(rows):
        name = TITLE if number < titles else HEAD if number == titles else TEXT
        sheet.append(pens[name].written(row))


class _Pen:
    """The cells of one style, written with again and again: the style is put together once."""

    def __init__(self, sheet: Any, style: str) -> None:
        self._text, self._number = WriteOnlyCell(sheet), WriteOnlyCell(sheet)
        self._text.style = self._number.style = style
        self._text.number_format = "@"

    def written(self, row: Sequence[Value]) -> Iterator[Any]:
        """The cells of a row, each written before the next is put together."""
        return (self._put(value) for value in row)

    def _put(self, value: Value) -> Any:
        """The cell with this value; a text is a text, also where it begins with = + - or @."""
        cell = self._text if isinstance(value, str) else self._number
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
        cell.data_type = "s" if isinstance(value, str) else "n"
        return cell


def _styles() -> list[NamedStyle]:
    side = Side(style="thin")
    line = Border(left=side, right=side, top=side, bottom=side)
    wrap, plain = Alignment(vertical="center", wrap_text=True), Font(FONT, size=11)
    bold = Font(FONT, size=11, bold=True)
    return [
        NamedStyle(TITLE, bold, alignment=Alignment(vertical="center")),
        NamedStyle(HEAD, bold, border=line, alignment=wrap),
        NamedStyle(TEXT, plain, border=line, alignment=wrap),
    ]
