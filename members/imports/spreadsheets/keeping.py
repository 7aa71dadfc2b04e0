"""A sheet that was read, as plain JSON and back: it is kept between looking and applying."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from members.imports.spreadsheets.columns import Column
from members.imports.spreadsheets.problems import Meaning, Problem
from members.imports.spreadsheets.reading import lists_in
from members.imports.spreadsheets.sheet import Row, Sheet


def as_json(data: bytes, today: str, cells: list[str] | None) -> bytes:
    """The lists in these bytes, one for each worksheet that has one, as JSON; the task of a confined process."""
    lists = lists_in(data, date.fromisoformat(today), cells)
    return json.dumps([to_json(sheet) for sheet in lists]).encode()


def to_json(sheet: Sheet) -> dict[str, Any]:
    """Only lists, dicts, strings and numbers."""
    return {
        "title": sheet.title,
        "columns": [asdict(column) for column in sheet.columns],
        "rows": [row_to_json(row) for row in sheet.rows],
        "skipped": sheet.skipped,
        "notes": sheet.notes,
        "letters": sheet.letters,
    }


def row_to_json(row: Row) -> list[Any]:
    """One line."""
    return [
        *(row.number, row.cells, row.values, [asdict(problem) for problem in row.problems]),
        *(row.cell_name, row.named_at, row.originals, row.page),
    ]


def row_from_json(stored: Sequence[Any]) -> Row:
    """What row_to_json was given."""
    number, cells, values, problems, cell_name, named_at, originals, page = stored
    return Row(
        *(number, tuple(cells), values, tuple(map(problem_from_json, problems))),
        *(cell_name, named_at, tuple((heading, text) for heading, text in originals), page),
    )


def from_json(stored: Mapping[str, Any]) -> Sheet:
    """What to_json was given."""
    return Sheet(
        title=stored["title"],
        columns=tuple(Column(**column) for column in stored["columns"]),
        rows=tuple(map(row_from_json, stored["rows"])),
        skipped=tuple((number, text) for number, text in stored["skipped"]),
        notes=tuple(stored["notes"]),
        letters=stored["letters"],
    )


def problem_from_json(stored: Mapping[str, Any]) -> Problem:
    """What asdict made of it."""
    meanings = tuple(Meaning(**meaning) for meaning in stored["meanings"])
    return Problem(**{**stored, "meanings": meanings})
