"""What an officer is asked of a list, as pages show it: who is meant, how a column is read, which worksheets."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from members.imports.matching import told
from members.imports.plans import MatchedRow, questions
from members.imports.spreadsheets import HEADINGS, Sheet
from members.imports.spreadsheets.month_first import AS_STORED, DAY_FIRST, MONTH_FIRST, SWAPPED
from members.rules import names
from members.rules.identity import year_of

ASKED_BY = ("name", "born_on", "born_year", "card_number", "citizen_id", "phone")
BESIDE = ("post", "home_town", "workplace")
COLUMN_KINDS = {
    DAY_FIRST: "Ngày trước, tháng sau",
    MONTH_FIRST: "Tháng trước, ngày sau",
    AS_STORED: "Giữ như Excel đã ghi",
    SWAPPED: "Đổi chỗ ngày và tháng",
}


class Compared(NamedTuple):
    """One thing of which the file and those asked about say something."""

    heading: str
    cells: list[str]
    differs: bool


def side_by_side(line: MatchedRow) -> tuple[list[str], list[Compared]]:
    """The row beside each of those asked about: the heads of the columns, one line for each thing."""
    if not line.asked:
        return [], []
    records = [line.row.values, *(other.values for other in line.asked)]
    return ["Trong tệp", *(other.place for other in line.asked)], compared(records)


def compared(records: Sequence[Mapping[str, Any]]) -> list[Compared]:
    """What these records say, as a sheet tells it, one line for each thing of which any says something."""
    rows = []
    for name in (*ASKED_BY, *BESIDE):
        cells = [told(name, record.get(name)) for record in records]
        by_day = name == "born_year" and all(record.get("born_on") for record in records)
        if any(cells) and not by_day:
            rows.append(Compared(HEADINGS[name], cells, len(set(filter(None, cells))) > 1))
    return rows


class ColumnAsked(NamedTuple):
    """A column of which one answer settles many cells: how many, and the answers, each with an example."""

    field: str
    heading: str
    cells: int
    answers: list[tuple[str, str, str]]


def columns_asked(lines: Iterable[MatchedRow]) -> list[ColumnAsked]:
    """The columns with days in two orders, where more than one cell is open."""
    by_field: dict[str, list[tuple[str, str, str]]] = {}
    counts: dict[str, int] = {}
    for (field, kind), rows in questions(lines).items():
        if kind in COLUMN_KINDS and len(rows) > 1:
            example = example_of(rows[-1], field, kind)
            by_field.setdefault(field, []).append((kind, COLUMN_KINDS[kind], example))
            counts[field] = max(counts.get(field, 0), len(rows))
    return [
        ColumnAsked(field, HEADINGS[field], counts[field], answers)
        for field, answers in by_field.items()
    ]


def example_of(line: MatchedRow, field: str, kind: str) -> str:
    """A cell of the column, and what it would be."""
    problem = next(problem for problem in line.problems if problem.field == field)
    words = next(meaning.words for meaning in problem.meanings if meaning.kind == kind)
    return f"{problem.cell_text} là {words}"


class PageAsked(NamedTuple):
    """A worksheet with a list: how many people, the first of them, how many of them another worksheet has too."""

    title: str
    people: int
    first: list[str]
    also: list[tuple[str, int]]


def pages_asked(lists: Sequence[Sheet]) -> list[PageAsked]:
    """The worksheets among which somebody has to choose."""
    keys = {sheet.title: {_who(row.values) for row in sheet.rows} - {None} for sheet in lists}
    return [
        PageAsked(
            sheet.title,
            len(sheet.rows),
            [str(row.values["name"]) for row in sheet.rows if "name" in row.values][:3],
            [
                (title, len(own & others))
                for title, others in keys.items()
                if title != sheet.title and (own := keys[sheet.title]) & others
            ],
        )
        for sheet in lists
    ]


def _who(values: dict[str, object]) -> tuple[str, int | None] | None:
    name = values.get("name")
    return (names.sort_key(str(name)), year_of(values)) if name else None
