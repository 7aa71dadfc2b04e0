"""The worksheets of a file in which a list of members may stand, whatever program wrote the file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from members.imports.spreadsheets import columns as c
from members.imports.spreadsheets.columns import Column
from members.imports.spreadsheets.heading import Block, Grid, Heading, blocks, find
from members.imports.spreadsheets.letters import Letters
from members.imports.spreadsheets.letters import read as read_letters
from members.imports.spreadsheets.lines import FIGURES, TELLING
from members.imports.spreadsheets.opening import (
    DAMAGED,
    LONG,
    MAX_COLUMNS,
    OF_CELL,
    WIDE,
    Bounds,
    Marks,
    Opened,
    open_workbook,
)
from members.imports.spreadsheets.other_kinds import tables
from members.imports.spreadsheets.plain_text import is_plain_text, rows_of
from members.imports.spreadsheets.problems import BadSheet
from members.imports.spreadsheets.values import plain, shown


@dataclass(frozen=True)
class Page:
    """A worksheet as it was opened."""

    title: str
    cells: Grid
    marks: Marks
    merged: Sequence[Block]
    is_hidden: bool = False


@dataclass(frozen=True)
class Candidate:
    """A worksheet with a heading of its own, or with that of the worksheet `like`, whose list it goes on with."""

    title: str
    letters: Letters
    marks: Marks
    merged: Sequence[Block]
    heading: Heading
    columns: tuple[Column, ...]
    like: str = ""

    @property
    def grid(self) -> Grid:
        """Its cells, from the first row and column."""
        return self.letters.grid


def pages_of(data: bytes, bounds: Bounds = OF_CELL) -> tuple[list[Page], datetime]:
    """The worksheets in these bytes, and the day from which their days are counted; BadSheet says why not."""
    from openpyxl.utils.datetime import WINDOWS_EPOCH  # on first use: tests/test_start.py

    if is_plain_text(data):
        return [Page("", rows_of(data, bounds), Marks(), ())], WINDOWS_EPOCH
    opened = open_workbook(data, bounds)
    if opened is None:
        others = [
            Page(t.title, t.cells, Marks(), t.merged, t.is_hidden) for t in tables(data, bounds)
        ]
        return others, WINDOWS_EPOCH
    try:
        return list(_of_workbook(opened, bounds)), opened.epoch
    finally:
        opened.book.close()


def _of_workbook(opened: Opened, bounds: Bounds) -> Iterator[Page]:
    for sheet in opened.book.worksheets:
        marks = opened.marks.get(getattr(sheet, "_worksheet_path", ""))
        if marks is None:
            raise BadSheet(DAMAGED)
        if marks.last_row:
            is_hidden = sheet.sheet_state != "visible"
            yield Page(
                sheet.title, _grid(sheet, marks, bounds), marks, blocks(marks.merged), is_hidden
            )


def _grid(sheet: Any, marks: Marks, bounds: Bounds) -> list[tuple[object, ...]]:
    """All values; the size is taken from the cells themselves, not from what the sheet says of itself."""
    if marks.last_row > bounds.rows:
        raise BadSheet(LONG.format(f"{bounds.rows // 1000}.000"))
    if marks.last_column > MAX_COLUMNS:
        raise BadSheet(WIDE.format(MAX_COLUMNS))
    try:
        rows = sheet.iter_rows(
            min_row=1, max_row=marks.last_row, max_col=marks.last_column, values_only=True
        )
        return list(rows)
    except MemoryError:
        raise
    except Exception as error:
        raise BadSheet(DAMAGED) from error


def candidates(pages: Sequence[Page], many: bool) -> list[Candidate]:
    """The worksheets that may hold the list, or a part of it, in the order of the file."""
    with_heading: list[Candidate] = []
    for page in pages:
        candidate = None if page.is_hidden else _candidate(page, many, with_heading[-1:])
        if candidate is not None:
            with_heading.append(candidate)
    return with_heading


def _candidate(page: Page, many: bool, former: Sequence[Candidate]) -> Candidate | None:
    letters = read_letters(page.cells)
    heading, like = find(letters.grid, page.merged), ""
    if heading is None and former and _goes_on(letters.grid, former[0].columns):
        columns, like = former[0].columns, former[0].like or former[0].title
        heading = Heading(0, 0, columns)
    if heading is None:
        return None
    used = columns if like else tuple(_used(heading, letters.grid))
    columns = _with_cell(used) if many else used
    return Candidate(page.title, letters, page.marks, page.merged, heading, columns, like)


def _goes_on(grid: Grid, columns: Sequence[Column]) -> bool:
    """Whether most lines are people under the columns of the worksheet before."""
    lines = [row for row in grid if any(map(shown, row))]
    widest = max((column.number for column in columns), default=0)
    if not lines or len(lines[0]) > widest:
        return False
    telling = [column.number - 1 for column in columns if column.field in TELLING]
    about = [
        row
        for row in lines
        if any(FIGURES.fullmatch(shown(row[at])) for at in telling if at < len(row))
    ]
    return len(about) * 2 > len(lines)


def _used(heading: Heading, grid: Grid) -> Iterator[Column]:
    """Columns with a heading, or with anything below it; what a member had before is not lost."""
    for column in heading.columns:
        below = (row[column.number - 1] for row in grid[heading.last :])
        if column.heading or any(map(shown, below)):
            yield column


def _with_cell(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """ "Đơn vị" is the cell where no other column is."""
    if c.CELL in {column.field for column in columns}:
        return columns
    meant = next((x for x in columns if plain(x.heading) in c.CELL_TOO), None)
    return tuple(replace(x, field=c.CELL) if x is meant else x for x in columns)
