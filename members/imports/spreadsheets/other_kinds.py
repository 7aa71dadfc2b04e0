"""What openpyxl does not read: Excel before 2007 (.xls), LibreOffice (.ods), Strict Open XML; read by calamine.

Only in a confined process: a damaged .xls may ask the library for any amount of memory.
"""

import io
from collections.abc import Iterator
from typing import NamedTuple

from members.imports.spreadsheets.heading import Block, Grid
from members.imports.spreadsheets.opening import (
    DAMAGED,
    LOCKED,
    LONG,
    MAX_COLUMNS,
    NO_WORKBOOK,
    OLD_EXCEL,
    WIDE,
    Bounds,
)
from members.imports.spreadsheets.problems import BadSheet


class Table(NamedTuple):
    """A worksheet: its title, its cells from the first row and column, what is merged, whether it is hidden."""

    title: str
    cells: Grid
    merged: list[Block]
    is_hidden: bool


def tables(data: bytes, bounds: Bounds) -> Iterator[Table]:
    """The worksheets in these bytes, formulas as their stored results; BadSheet says why not."""
    import python_calamine as calamine  # on first use: tests/test_start.py

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except calamine.PasswordError as error:
        raise BadSheet(LOCKED) from error
    except calamine.CalamineError as error:
        raise BadSheet(NO_WORKBOOK if data.startswith(OLD_EXCEL) else DAMAGED) from error
    for page in book.sheets_metadata:
        if page.typ == calamine.SheetTypeEnum.WorkSheet:
            is_hidden = page.visible != calamine.SheetVisibleEnum.Visible
            yield _table(book, page.name, is_hidden, bounds)


def _table(book: object, title: str, is_hidden: bool, bounds: Bounds) -> Table:
    try:
        sheet = book.get_sheet_by_name(title)  # type: ignore[attr-defined]
        if sheet.total_height > bounds.rows:
            raise BadSheet(LONG.format(f"{bounds.rows // 1000}.000"))
        if sheet.total_width > MAX_COLUMNS:
            raise BadSheet(WIDE.format(MAX_COLUMNS))
        rows = sheet.to_python(skip_empty_area=False)
        merged = sheet.merged_cell_ranges or []
    except (BadSheet, MemoryError):
        raise
    except Exception as error:  # whatever the library raises on damage
        raise BadSheet(DAMAGED) from error
    cells = [[None if value == "" else value for value in row] for row in rows]
    blocks = [Block(x + 1, y + 1, last + 1, low + 1) for (y, x), (low, last) in merged]
    return Table(title, cells, blocks, is_hidden)
