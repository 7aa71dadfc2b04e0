"""What becomes of a row of a long sheet, as plain JSON and back: it is shown page by page, and not planned again."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from members.imports.plans import Change, KnownMember, MatchedRow, Other
from members.imports.spreadsheets import Row
from members.imports.spreadsheets.keeping import problem_from_json, row_from_json
from members.models import SheetRow


def to_json(line: MatchedRow, row: Row) -> dict[str, Any]:
    """What a page shows of it beside the row as it was read; what is empty is left out."""
    told = {
        # With open cells as the officer had them read.
        "values": line.row.values if line.row.values != row.values else None,
        "changes": [list(asdict(change).values()) for change in line.changes],
        "problems": [asdict(problem) for problem in line.problems],
        "asked": [_of_other(other) for other in line.asked],
        "is_plain": line.is_plain,
    }
    return {name: value for name, value in told.items() if value}


def _of_other(other: Other) -> dict[str, Any]:
    member = other.member
    return {
        "key": other.key,
        "values": dict(other.values),
        "place": other.place,
        "member": [member.pk, member.left, member.cell, member.cell_name] if member else None,
        "row": [other.row.number, other.row.page] if other.row else None,
        "is_here": other.is_here,
    }


def line_of(stored: SheetRow) -> MatchedRow:
    """The line as a page shows it."""
    told: Mapping[str, Any] = stored.outcome
    row = row_from_json(stored.told)
    row = replace(row, values=told.get("values", row.values))
    return MatchedRow(
        stored.kind,
        row,
        values=row.values,
        changes=tuple(Change(*change) for change in told.get("changes", ())),
        problems=tuple(map(problem_from_json, told.get("problems", ()))),
        cell=stored.cell_id,
        asked=tuple(map(_other, told.get("asked", ()))),
        is_plain=told.get("is_plain", False),
    )


def _other(told: Mapping[str, Any]) -> Other:
    values, member, row = told["values"], None, None
    if told["member"]:
        pk, left, cell, cell_name = told["member"]
        member = KnownMember(pk, values, left, cell, cell_name)
    if told["row"]:
        number, page = told["row"]
        row = Row(number, (), values, page=page)
    return Other(told["key"], values, told["place"], member, row, told["is_here"])
