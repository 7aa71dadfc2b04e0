"""Which row of a sheet is which member: what matches, what is new, what has to be asked. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from cells.wording import search_key, short_date
from members.imports.doubles import doubled, namesakes_apart, once_each, with_rivals
from members.imports.known import SOMEBODY_ELSE, Known, Match, called
from members.imports.plans import (
    CHANGED,
    ERROR,
    KEYS,
    NEW,
    OPEN,
    SAME,
    Answers,
    Change,
    KnownMember,
    MatchedRow,
    Other,
    Plan,
)
from members.imports.spreadsheets import CELL, HEADINGS, Problem, Row, Sheet
from members.imports.spreadsheets.values import GENDER_LABELS, STATUS_LABELS
from members.rules import fields, names

UNKNOWN_STATUS = (
    "Chưa rõ đồng chí là đảng viên chính thức hay dự bị. "
    "Xin ghi ngày chính thức, hoặc thêm cột “Diện”."
)
IS_THERE = (
    "Đồng chí {} đang ở {}. Nếu đồng chí chuyển chi bộ thì nơi đi ghi chuyển đi, nơi đến nhận; nếu không, xin sửa tên "
    "chi bộ trong bảng."
)
HAS_LEFT = "Đồng chí {} đã chuyển đi. Xin mở lại ở trang của đồng chí ấy, hoặc bỏ dòng này."


def plan(
    sheet: Sheet,
    people: Iterable[KnownMember],
    elsewhere: Collection[tuple[str, str]] = (),
    placed: Mapping[str, int | Problem] | None = None,
    answers: Answers | None = None,
) -> Plan:
    """Compare every row with the members of its cell; nobody is matched twice, nobody is moved or taken away.

    `elsewhere` are numbers, each with its field, of members of cells not asked about: they are received, not made
    anew. `placed` tells the cell of each row by its key, or why there is none; without it all are of one cell.
    `answers` say who is meant, and what a cell means, where that is open.
    """
    known, placed, answers = Known(people, elsewhere), placed or {}, answers or Answers()
    rows = {row.key: _as_read(row, answers.read.get(row.key, {})) for row in sheet.rows}
    cells = {key: placed.get(key, 0) for key in rows}
    readable = {
        key: (row, known.match(row.values, cell), cell)
        for key, row in rows.items()
        if not row.problems and isinstance(cell := cells[key], int)
    }
    matches = with_rivals(readable)
    lines = [
        _line(sheet, row, cell, matches[key], answers)
        if key in matches and isinstance(cell := cells[key], int)
        else _unreadable(row, cells[key])
        for key, row in rows.items()
    ]
    lines = namesakes_apart(sheet, once_each(sheet, lines))
    told = {line.cell for line in lines}
    met = {line.person.pk for line in lines if line.person is not None}
    met |= {other.member.pk for line in lines for other in line.asked if other.member}
    missing = [p for p in known.people if not p.left and p.cell in told and p.pk not in met]
    return Plan(tuple(lines), tuple(missing))


def _as_read(row: Row, kinds: Mapping[str, str]) -> Row:
    """The row with its open cells as they are to be read."""
    if not kinds:
        return row
    values, left = dict(row.values), []
    for problem in row.problems:
        kind = kinds.get(problem.field)
        meaning = next((each for each in problem.meanings if each.kind == kind), None)
        if meaning is None:
            left.append(problem)
        else:
            values |= meaning.values
    return replace(row, values=values, problems=tuple(left))


def _unreadable(row: Row, cell: int | Problem) -> MatchedRow:
    """A row with something wrong at its cells, or only with cells that somebody has to say how to read."""
    own = row.problems
    if isinstance(cell, Problem) and not any(problem.field == CELL for problem in own):
        own = (*own, cell)
    kind = OPEN if all(problem.meanings for problem in own) else ERROR
    return MatchedRow(kind, row, problems=own, cell=cell if isinstance(cell, int) else None)


def _line(sheet: Sheet, row: Row, cell: int, match: Match, answers: Answers) -> MatchedRow:
    if match.sentence:
        problem = sheet.problem(row, match.where, match.sentence)
        return MatchedRow(ERROR, row, problems=(problem,), cell=cell)
    answer, person = answers.who.get(row.key), match.person
    chosen: Other | None = None
    said = answer is not None and answer.of == tuple(other.key for other in match.asked)
    if answer is not None and said:
        chosen = next((other for other in match.asked if other.key == answer.choice), None)
        person = chosen.member if chosen else None
    line = _compared(sheet, row, person, cell, match)
    if chosen is not None or (said and match.number):
        return _as_said(sheet, line, chosen, match, cell)
    # A row that would change nothing is no question, whoever is meant.
    is_open = match.is_open and not said and not (match.is_plain and line.kind == SAME)
    return replace(line, kind=OPEN) if is_open and line.kind != ERROR else line


def _as_said(
    sheet: Sheet, line: MatchedRow, chosen: Other | None, match: Match, cell: int
) -> MatchedRow:
    """The line of a row of which somebody said who is meant, where that cannot be done here."""
    if chosen is None:
        owner = called(match.person) if match.person else ""
        return _wrong(sheet, line, match.number, SOMEBODY_ELSE.format(KEYS[match.number], owner))
    if chosen.row is not None:
        return doubled(sheet, line, [chosen.row])
    if chosen.member is not None and chosen.member.left:
        return _wrong(sheet, line, "name", HAS_LEFT.format(called(chosen.member)))
    if chosen.member is not None and chosen.member.cell != cell:
        there = chosen.member.cell_name
        return _wrong(sheet, line, "name", IS_THERE.format(called(chosen.member), there))
    return line


def _wrong(sheet: Sheet, line: MatchedRow, field: str, sentence: str) -> MatchedRow:
    problem = sheet.problem(line.row, field, sentence)
    return replace(line, kind=ERROR, person=None, changes=(), problems=(problem,))


def _compared(
    sheet: Sheet, row: Row, person: KnownMember | None, cell: int, match: Match
) -> MatchedRow:
    """What becomes of a row that tells of this member, or of somebody new."""
    values = _merged(row.values, person)
    line = MatchedRow(NEW, row, person, values, (), (), cell, match.asked, match.is_plain)
    problem = _contradiction(sheet, row, values, person)
    if problem is not None:
        return replace(line, kind=ERROR, problems=(problem,))
    if person is None:
        return line
    changes = tuple(_changes(person.values, values))
    return replace(line, kind=CHANGED if changes else SAME, changes=changes)


def _merged(values: Mapping[str, Any], person: KnownMember | None) -> dict[str, Any]:
    """What the member would be afterwards: an empty cell takes nothing away."""
    if person is None:
        return dict(values)
    merged = {**person.values, **values}
    if _is_respelled(values["name"], person.name):
        merged["name"] = person.name
    return merged


def _is_respelled(told_name: str, name: str) -> bool:
    """Whether only a tone stands elsewhere (Hòa, Hoà), or the accents were left out."""
    if told_name.casefold() == name.casefold():
        return False
    left_out = told_name.isascii() and search_key(told_name) == search_key(name)
    return left_out or names.sort_key(told_name) == names.sort_key(name)


def _contradiction(
    sheet: Sheet, row: Row, values: Mapping[str, Any], person: KnownMember | None
) -> Problem | None:
    born_on, admitted_on, official_on = (
        date.fromisoformat(values[name]) if values.get(name) else None
        for name in ("born_on", "admitted_on", "official_on")
    )
    sentence = fields.contradiction(born_on, values.get("born_year"), admitted_on, official_on)
    if sentence:
        where = "born_on" if sentence == fields.BIRTH_DISAGREES else "official_on"
        return sheet.problem(row, where, sentence)
    columns = {column.field for column in sheet.columns}
    official_missing = "official_on" in columns and admitted_on is not None and official_on is None
    if person is None and official_missing and not values.get("status"):
        return sheet.problem(row, "official_on", UNKNOWN_STATUS)
    return None


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[Change]:
    for name, value in new.items():
        if (old.get(name) or "") != (value or "") and not _is_told_by_day(name, old, new):
            yield Change(HEADINGS[name], told(name, old.get(name)), told(name, value))


def _is_told_by_day(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """A year of birth that the day already tells is no change of its own."""
    return name == "born_year" and new.get("born_on") is not None and old.get(name) is None


def told(name: str, value: Any) -> str:
    """A value as people read it."""
    if value in (None, ""):
        return ""
    if name in ("born_on", "admitted_on", "official_on"):
        return short_date(date.fromisoformat(value))
    labels = {"gender": GENDER_LABELS, "status": STATUS_LABELS}.get(name, {})
    return labels.get(str(value), str(value))
