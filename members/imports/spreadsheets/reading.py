"""A sheet of members as people have it → rows with clean values, and every problem at its cell."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from members.imports.spreadsheets import columns as c
from members.imports.spreadsheets.columns import Column
from members.imports.spreadsheets.groups import Groups
from members.imports.spreadsheets.heading import Block, Grid, Heading, blocks, find
from members.imports.spreadsheets.letters import Letters
from members.imports.spreadsheets.letters import read as read_letters
from members.imports.spreadsheets.lines import Sorter
from members.imports.spreadsheets.month_first import DAYS, either_way
from members.imports.spreadsheets.opening import (
    DAMAGED,
    HEAVY,
    LONG,
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    WIDE,
    Marks,
    Opened,
    open_workbook,
)
from members.imports.spreadsheets.people import UNCOMPUTED, Clock, SheetPerson, person_of
from members.imports.spreadsheets.plain_text import is_plain_text, rows_of
from members.imports.spreadsheets.problems import BadSheet, Problem
from members.imports.spreadsheets.values import plain, shown

NO_HEADING = (
    "Không tìm thấy dòng tiêu đề có cột “Họ và tên”. "
    "Xin ghi tên các cột trên một dòng ngay phía trên danh sách."
)
NOBODY = "Dưới dòng tiêu đề không có đồng chí nào."
INHERITED = frozenset(
    {"workplace", "home_town", "education", "theory", "profession", "note", "", c.CELL}
)
MAX_INHERITED = 1_000_000  # cells filled from merged ranges


@dataclass(frozen=True)
class Row:
    """One line of the list: where it stands, its cells as text, its clean values, and what is wrong with it.

    `cell_name` is the cell that it names, as written in its column or above its group, and `named_at` where;
    `originals` what was typed in another font, by heading, where it is shown converted.
    """

    number: int
    cells: tuple[str, ...]
    values: dict[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    cell_name: str = ""
    named_at: str = ""
    originals: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Sheet:
    """What was read. `skipped` are lines that are no person, `notes` what else the reader should know."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    skipped: tuple[tuple[int, str], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def unknown(self) -> list[str]:
        """Headings of columns that are not kept."""
        return [column.heading for column in self.columns if not column.field and column.heading]

    def typed(self, row: Row, name: str) -> str:
        """What was typed in another font for one field of a row; "" where nothing was converted."""
        headings = {column.heading for column in self.columns if column.field == name}
        known = (text for heading, text in row.originals if heading in headings)
        return next(known, "")

    def problem(self, row: Row, name: str, sentence: str) -> Problem:
        """Something wrong with one field of a row, at its cell; at the name where it has no column."""
        if name == c.CELL and row.named_at:
            return Problem(row.named_at, c.HEADINGS[c.CELL], row.cell_name, sentence)
        births = (c.BIRTH, "born_year", c.BIRTH_MALE, c.BIRTH_FEMALE)
        alike = births if name == c.BIRTH else (name,)
        known = {column.field: (place, column) for place, column in enumerate(self.columns)}
        for candidate in (*alike, c.NAME, c.MIDDLE, c.GIVEN):
            if candidate in known:
                place, column = known[candidate]
                value = row.cells[place]
                return Problem(f"{column.letter}{row.number}", column.heading, value, sentence)
        return Problem(f"A{row.number}", "", "", sentence)


def read(data: bytes, today: date, cells: Collection[str] | None = None) -> Sheet:
    """The list of members in these bytes; BadSheet where there is none that can be read.

    `cells` are the names of the cells that a sheet of many cells may tell of.
    """
    if len(data) > MAX_BYTES:
        raise BadSheet(HEAVY)
    groups = Groups(cells or ())
    candidates, epoch = _candidates(data, many=cells is not None)
    if not candidates:
        raise BadSheet(NO_HEADING)
    best = max(candidates, key=lambda candidate: candidate.heading.meant)
    rows, skipped = _rows(best, Clock(today, epoch), groups)
    if not rows:
        raise BadSheet(NOBODY)
    others = [candidate.title for candidate in candidates if candidate is not best]
    columns = best.columns
    if c.CELL not in {column.field for column in columns} and any(row.cell_name for row in rows):
        columns = (*columns, Column(0, "", c.HEADINGS[c.CELL], c.CELL))
        rows = [replace(row, cells=(*row.cells, row.cell_name)) for row in rows]
    return Sheet(best.title, columns, tuple(rows), tuple(skipped), _notes(best, others))


@dataclass(frozen=True)
class _Candidate:
    """A worksheet in which a heading was found."""

    title: str
    letters: Letters
    marks: Marks
    merged: list[Block]
    heading: Heading
    columns: tuple[Column, ...]

    @property
    def grid(self) -> Grid:
        """Its cells, from the first row and column."""
        return self.letters.grid


def _candidates(data: bytes, many: bool) -> tuple[list[_Candidate], datetime]:
    """The worksheets with a heading, and the day from which their days are counted."""
    if is_plain_text(data):
        from openpyxl.utils.datetime import WINDOWS_EPOCH  # on first use: tests/test_start.py

        candidate = _candidate("", rows_of(data), Marks(), many)
        return [candidate] if candidate else [], WINDOWS_EPOCH
    opened = open_workbook(data)
    try:
        return list(_of_workbook(opened, many)), opened.epoch
    finally:
        opened.book.close()


def _of_workbook(opened: Opened, many: bool) -> Iterator[_Candidate]:
    for sheet in opened.book.worksheets:
        marks = opened.marks.get(getattr(sheet, "_worksheet_path", ""))
        if marks is None:
            raise BadSheet(DAMAGED)
        if sheet.sheet_state != "visible" or not marks.last_row:
            continue
        candidate = _candidate(sheet.title, _grid(sheet, marks), marks, many)
        if candidate is not None:
            yield candidate


def _candidate(title: str, cells: Grid, marks: Marks, many: bool) -> _Candidate | None:
    letters, merged = read_letters(cells), blocks(marks.merged)
    heading = find(letters.grid, merged)
    if heading is None:
        return None
    used = tuple(_used(heading, letters.grid))
    return _Candidate(title, letters, marks, merged, heading, _with_cell(used) if many else used)


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


def _grid(sheet: Any, marks: Marks) -> list[tuple[object, ...]]:
    """All values; the size is taken from the cells themselves, not from what the sheet says of itself."""
    if marks.last_row > MAX_ROWS:
        raise BadSheet(LONG.format(f"{MAX_ROWS // 1000}.000"))
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


def _rows(
    sheet: _Candidate, clock: Clock, groups: Groups
) -> tuple[list[Row], list[tuple[int, str]]]:
    """People and skipped lines, in the order of the sheet; people below the name of a cell belong to it."""
    rows: list[Row] = []
    skipped: list[tuple[int, str]] = []
    lines = _lines(sheet)
    sorter = Sorter(sheet.columns, list(lines.values()))
    unreadable = _unreadable(sheet, lines)
    above = above_at = ""
    above_typed: tuple[tuple[str, str], ...] = ()
    for number, line in lines.items():
        place, name = groups.named(sheet.columns, line)
        if name:
            above, above_at = name, f"{sheet.columns[place].letter}{number}"
            typed = sheet.letters.originals.get((number, sheet.columns[place].number))
            above_typed = ((c.HEADINGS[c.CELL], typed),) if typed else ()
            sorter.closed = False
        if name or not sorter.is_person(line):
            skipped.append((number, " ".join(filter(None, map(shown, line)))[:120]))
            continue
        cells = list(zip(sheet.columns, line, strict=True))
        person = person_of(number, cells, unreadable.get(number, {}), clock)
        row = _row(person, sheet.columns, above, above_at)
        originals = _originals(sheet, number) + (above_typed if row.named_at == above_at else ())
        rows.append(replace(row, originals=originals))
    return rows, skipped


def _unreadable(
    sheet: _Candidate, lines: Mapping[int, Sequence[object]]
) -> Mapping[int, dict[int, str]]:
    """Why cells cannot be read, by row and column, where it is not the cell alone that tells."""
    sentences = dict.fromkeys(sheet.marks.uncomputed, UNCOMPUTED)
    sentences.update(sheet.letters.unsure)
    for at, column in enumerate(sheet.columns):
        if column.field in DAYS:
            days = {number: line[at] for number, line in lines.items()}
            for number, sentence in either_way(column.letter, days).items():
                sentences[number, column.number] = sentence
    by_row: dict[int, dict[int, str]] = defaultdict(dict)
    for (number, place), sentence in sentences.items():
        by_row[number][place] = sentence
    return by_row


def _originals(sheet: _Candidate, number: int) -> tuple[tuple[str, str], ...]:
    originals = (
        (x.heading, sheet.letters.originals.get((number, x.number))) for x in sheet.columns
    )
    return tuple((heading, original) for heading, original in originals if original)


def _row(person: SheetPerson, columns: Sequence[Column], above: str, above_at: str) -> Row:
    """The line of a person, with the cell that it names, or else the one named above it."""
    own = person.values.pop(c.CELL, "")
    place = next((at for at, column in enumerate(columns) if column.field == c.CELL), None)
    named_at = f"{columns[place].letter}{person.number}" if place is not None else ""
    if not own and above:
        own, named_at = above, above_at
        if place is not None:
            person.cells[place] = above
    return Row(
        person.number,
        tuple(person.cells),
        person.values,
        tuple(person.problems),
        own,
        named_at,
    )


def _lines(sheet: _Candidate) -> dict[int, list[object]]:
    """The lines below the heading that hold anything, by their number."""
    inherited = _inherited(sheet)
    lines = {}
    for number in range(sheet.heading.last + 1, len(sheet.grid) + 1):
        whole = sheet.grid[number - 1]
        line = [whole[column.number - 1] for column in sheet.columns]
        if any(map(shown, line)):
            lines[number] = [
                inherited.get((number, column.number)) if value is None else value
                for column, value in zip(sheet.columns, line, strict=True)
            ]
    return lines


def _inherited(sheet: _Candidate) -> dict[tuple[int, int], object]:
    """What cells inside ranges that are merged downwards say: one workplace written beside many people."""
    values: dict[tuple[int, int], object] = {}
    columns = [column.number for column in sheet.columns if column.field in INHERITED]
    steps = 0
    for block in sheet.merged:
        if block.left not in columns or block.top <= sheet.heading.last:
            continue
        for row in range(block.top + 1, min(block.bottom, len(sheet.grid)) + 1):
            values[row, block.left] = sheet.grid[block.top - 1][block.left - 1]
            steps += 1
            if steps > MAX_INHERITED:
                raise BadSheet(HEAVY)
    return values


def _notes(sheet: _Candidate, others: Sequence[str]) -> tuple[str, ...]:
    notes = [*sheet.letters.notes]
    if others:
        notes.append(f"Chỉ đọc trang tính “{sheet.title}”; không đọc: {', '.join(others)}.")
    hidden = [x.heading for x in sheet.columns if x.number in sheet.marks.hidden_columns]
    if hidden:
        notes.append(f"Cột đang ẩn cũng được đọc: {', '.join(filter(None, hidden))}.")
    rows = [number for number in sheet.marks.hidden_rows if number > sheet.heading.last]
    if rows:
        notes.append(f"{len(rows)} dòng đang ẩn cũng được đọc.")
    return tuple(notes)
