"""A sheet of members as people have it → rows with clean values, and every problem at its cell."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from members.imports.spreadsheets import columns as c
from members.imports.spreadsheets.columns import Column
from members.imports.spreadsheets.groups import Groups
from members.imports.spreadsheets.lines import Sorter
from members.imports.spreadsheets.month_first import DAYS, either_way
from members.imports.spreadsheets.opening import HEAVY, OF_CELL, Bounds
from members.imports.spreadsheets.pages import Candidate, Page, candidates, pages_of
from members.imports.spreadsheets.people import UNCOMPUTED, Clock, SheetPerson, person_of
from members.imports.spreadsheets.problems import BadSheet, Doubt
from members.imports.spreadsheets.sheet import Row, Sheet, together
from members.imports.spreadsheets.values import shown

NAME_COLUMNS = "Xin ghi tên các cột trên một dòng ngay phía trên danh sách."
NO_HEADING = f"Không tìm thấy dòng tiêu đề có cột “Họ và tên”. {NAME_COLUMNS}"
NOBODY = "Dưới dòng tiêu đề không có đồng chí nào."
NOT_READ = "Không thấy danh sách đảng viên ở trang tính: {}."
HIDDEN = "Trang tính đang ẩn không được đọc: {}."
NO_HEADING_HERE = "Trang tính “{}” không có dòng tiêu đề: các cột được đọc như ở trang “{}”."
INHERITED = frozenset(
    {"workplace", "home_town", "education", "theory", "profession", "note", "", c.CELL}
)
MAX_INHERITED = 1_000_000  # cells filled from merged ranges


def read(data: bytes, today: date, cells: Collection[str] | None = None) -> Sheet:
    """The list of members in these bytes, that of all worksheets together; BadSheet where there is none."""
    return together(lists_in(data, today, cells))


def lists_in(
    data: bytes, today: date, cells: Collection[str] | None = None, bounds: Bounds = OF_CELL
) -> list[Sheet]:
    """The list on each worksheet that has one; BadSheet where none can be read.

    `cells` are the names of the cells that a sheet of many cells may tell of.
    """
    if len(data) > bounds.packed:
        raise BadSheet(HEAVY)
    groups = Groups(cells or ())
    pages, epoch = pages_of(data, bounds)
    several = candidates(pages, many=cells is not None)
    if not several:
        raise BadSheet(NO_HEADING)
    read_pages = [_sheet(one, Clock(today, epoch), groups, cells is not None) for one in several]
    lists = [sheet for sheet in read_pages if sheet.rows]
    if not lists:
        raise BadSheet(NOBODY)
    notes = [*not_read(pages, {sheet.title for sheet in lists})]
    lists = [replace(sheet, notes=(*sheet.notes, *notes)) for sheet in lists]
    return lists if len(lists) == 1 else [*map(_on_its_page, lists)]


def not_read(pages: Sequence[Page], titles: Collection[str]) -> Iterable[str]:
    """That nothing of a worksheet goes in unseen: those without a list, and those that somebody hid."""
    left = [page for page in pages if page.title not in titles and any(map(any, page.cells))]
    for sentence, hidden in ((NOT_READ, False), (HIDDEN, True)):
        named = [page.title for page in left if page.is_hidden == hidden]
        if named:
            yield sentence.format(", ".join(named))


def _on_its_page(sheet: Sheet) -> Sheet:
    """The same, every row with the name of its worksheet."""
    rows = [
        replace(
            row,
            page=sheet.title,
            problems=tuple(replace(problem, page=sheet.title) for problem in row.problems),
        )
        for row in sheet.rows
    ]
    skipped = [(f"{number} trang “{sheet.title}”", text) for number, text in sheet.skipped]
    return replace(sheet, rows=tuple(rows), skipped=tuple(skipped))


def _sheet(one: Candidate, clock: Clock, groups: Groups, many: bool) -> Sheet:
    above = groups.named_by(one.title) if many else ""
    skipped: list[tuple[str, str]] = []
    rows = list(rows_in(one, clock, groups, above, skipped))
    columns = one.columns
    if c.CELL not in {column.field for column in columns} and any(row.cell_name for row in rows):
        columns = (*columns, Column(0, "", c.HEADINGS[c.CELL], c.CELL))
        rows = [replace(row, cells=(*row.cells, row.cell_name)) for row in rows]
    return Sheet(one.title, columns, tuple(rows), tuple(skipped), notes_of(one))


def rows_in(
    sheet: Candidate, clock: Clock, groups: Groups, above: str, skipped: list[tuple[str, str]]
) -> Iterator[Row]:
    """People in the order of the sheet; people below the name of a cell belong to it. Other lines go into `skipped`.

    `above`: the cell that the worksheet itself is named after.
    """
    lines = _lines(sheet)
    sorter = Sorter(sheet.columns, list(lines.values()))
    unreadable = _unreadable(sheet, lines)
    above_at = ""
    above_typed: tuple[tuple[str, str], ...] = ()
    for number, line in lines.items():
        place, name = groups.named(sheet.columns, line)
        if name:
            above, above_at = name, f"{sheet.columns[place].letter}{number}"
            typed = sheet.letters.originals.get((number, sheet.columns[place].number))
            above_typed = ((c.HEADINGS[c.CELL], typed),) if typed else ()
            sorter.closed = False
        if name or not sorter.is_person(line):
            skipped.append((str(number), " ".join(filter(None, map(shown, line)))[:120]))
            continue
        cells = list(zip(sheet.columns, line, strict=True))
        person = person_of(number, cells, unreadable.get(number, {}), clock)
        row = _row(person, sheet.columns, above, above_at)
        originals = _originals(sheet, number) + (above_typed if row.named_at == above_at else ())
        yield replace(row, originals=originals)


def _unreadable(
    sheet: Candidate, lines: Mapping[int, Sequence[object]]
) -> Mapping[int, dict[int, Doubt]]:
    """Why cells cannot be read, by row and column, where it is not the cell alone that tells."""
    doubts = dict.fromkeys(sheet.marks.uncomputed, Doubt(UNCOMPUTED))
    doubts.update(sheet.letters.unsure)
    for at, column in enumerate(sheet.columns):
        if column.field in DAYS:
            days = {number: line[at] for number, line in lines.items()}
            for number, doubt in either_way(column.letter, days).items():
                doubts[number, column.number] = doubt
    by_row: dict[int, dict[int, Doubt]] = defaultdict(dict)
    for (number, place), doubt in doubts.items():
        by_row[number][place] = doubt
    return by_row


def _originals(sheet: Candidate, number: int) -> tuple[tuple[str, str], ...]:
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


def _lines(sheet: Candidate) -> dict[int, list[object]]:
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


def _inherited(sheet: Candidate) -> dict[tuple[int, int], object]:
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


def notes_of(sheet: Candidate) -> tuple[str, ...]:
    notes = [*sheet.letters.notes]
    if sheet.like:
        notes.append(NO_HEADING_HERE.format(sheet.title, sheet.like))
    hidden = [x.heading for x in sheet.columns if x.number in sheet.marks.hidden_columns]
    if hidden:
        notes.append(f"Cột đang ẩn cũng được đọc: {', '.join(filter(None, hidden))}.")
    rows = [number for number in sheet.marks.hidden_rows if number > sheet.heading.last]
    if rows:
        notes.append(f"{len(rows)} dòng đang ẩn cũng được đọc.")
    return tuple(notes)
