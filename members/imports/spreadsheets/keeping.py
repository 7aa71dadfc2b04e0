"""A sheet that was read, as plain JSON and back: it is kept between looking and applying."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from members.imports.spreadsheets.columns import Column
from members.imports.spreadsheets.problems import Problem
from members.imports.spreadsheets.reading import Row, Sheet, read


def as_json(data: bytes, today: str, cells: list[str] | None) -> bytes:
    """What `read` finds in these bytes, as JSON; the task of a confined process."""
    return json.dumps(to_json(read(data, date.fromisoformat(today), cells))).encode()


def to_json(sheet: Sheet) -> dict[str, Any]:
    """Only lists, dicts, strings and numbers."""
    return {
        "title": sheet.title,
        "columns": [asdict(column) for column in sheet.columns],
        "rows": [
            [
                *(
                    row.number,
                    row.cells,
                    row.values,
                    [asdict(problem) for problem in row.problems],
                ),
                *(row.cell_name, row.named_at, row.originals),
            ]
            for row in sheet.rows
        ],
        "skipped": sheet.skipped,
        "notes": sheet.notes,
    }


def from_json(stored: Mapping[str, Any]) -> Sheet:
    """What to_json was given."""
    rows = (
        Row(
            *(number, tuple(cells), values, tuple(Problem(**problem) for problem in problems)),
            *(cell_name, named_at, tuple((heading, text) for heading, text in originals)),
        )
        for number, cells, values, problems, cell_name, named_at, originals in stored["rows"]
    )
    return Sheet(
        title=stored["title"],
        columns=tuple(Column(**column) for column in stored["columns"]),
        rows=tuple(rows),
        skipped=tuple((number, text) for number, text in stored["skipped"]),
        notes=tuple(stored["notes"]),
    )
