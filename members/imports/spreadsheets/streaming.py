"""The sheet of a whole committee as lines of JSON: a row each as it is read, at the end what is known of the sheet."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from members.imports.spreadsheets import columns as c
from members.imports.spreadsheets.columns import Column
from members.imports.spreadsheets.groups import Groups
from members.imports.spreadsheets.keeping import row_to_json, to_json
from members.imports.spreadsheets.opening import HEAVY, OF_COMMITTEE
from members.imports.spreadsheets.pages import Candidate, candidates, pages_of
from members.imports.spreadsheets.people import Clock
from members.imports.spreadsheets.problems import BadSheet
from members.imports.spreadsheets.reading import (
    NO_HEADING,
    NOBODY,
    not_read,
    notes_of,
    rows_in,
)
from members.imports.spreadsheets.sheet import Row, Sheet, meaning, together

SKIPPED = 500  # lines that are no person, of which the text is kept
SEVERAL = "Danh sách ở nhiều trang tính được đọc cùng nhau: {}."


def as_lines(data: bytes, today: str, cells: list[str]) -> Iterator[bytes]:
    """All lists in these bytes, read as one; the task of a confined process. BadSheet where there is none.

    Each row is written before the next is read: the rows of a province do not fit into memory at once.
    """
    if len(data) > OF_COMMITTEE.packed:
        raise BadSheet(HEAVY)
    groups = Groups(cells)
    pages, epoch = pages_of(data, OF_COMMITTEE)
    several = candidates(pages, many=True)
    if not several:
        raise BadSheet(NO_HEADING)
    clock = Clock(date.fromisoformat(today), epoch)
    empty = [Sheet(one.title, _with_cell(one.columns), ()) for one in several]
    joined, skipped, titles = together(empty), [], []  # type: ignore[var-annotated]
    for one, own in zip(several, empty, strict=True):
        for number, row in enumerate(_rows(one, clock, groups, skipped)):
            if not number:
                titles.append(one.title)
            page = one.title if several[1:] else ""
            yield _line(row_to_json(_moved(row, own.columns, joined.columns, page)))
    if not titles:
        raise BadSheet(NOBODY)
    notes = [*dict.fromkeys(note for one in several for note in notes_of(one))]
    notes += not_read(pages, titles)
    notes += [SEVERAL.format(", ".join(titles))] if titles[1:] else []
    yield _line(to_json(replace(joined, notes=tuple(notes), skipped=tuple(skipped[:SKIPPED]))))


def _line(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def _with_cell(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The cell has its column, also where it is named above its people alone."""
    if c.CELL in {column.field for column in columns}:
        return columns
    return (*columns, Column(0, "", c.HEADINGS[c.CELL], c.CELL))


def _rows(
    one: Candidate, clock: Clock, groups: Groups, skipped: list[tuple[str, str]]
) -> Iterator[Row]:
    for row in rows_in(one, clock, groups, groups.named_by(one.title), skipped):
        own = c.CELL in {column.field for column in one.columns}
        yield row if own else replace(row, cells=(*row.cells, row.cell_name))


def _moved(row: Row, own: Sequence[Column], joined: Sequence[Column], page: str) -> Row:
    """The row with its cells below the columns of all worksheets; `page`: its own, where there are several."""
    if not page:
        return row
    at = {meaning(column): place for place, column in enumerate(own)}
    cells = tuple(row.cells[at[x]] if (x := meaning(column)) in at else "" for column in joined)
    problems = tuple(replace(problem, page=page) for problem in row.problems)
    return replace(row, cells=cells, page=page, problems=problems)
