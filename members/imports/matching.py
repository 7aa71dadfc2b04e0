"""Which row of a sheet is which member: what matches, what is new, what cannot be told. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import Any

from cells.wording import short_date, thousands
from members.imports.spreadsheets import HEADINGS, Problem, Row, Sheet
from members.imports.spreadsheets.values import GENDER_LABELS, STATUS_LABELS
from members.rules import fields, names

ERROR, NEW, CHANGED, SAME = "error", "new", "changed", "same"
ORDER = (ERROR, NEW, CHANGED, SAME)
NAMED = 5  # rows that an error names; a hostile sheet has thousands of one person
NEAR = 50  # namesakes with which one row is compared
KEYS: Mapping[str, str] = {"card_number": "Số thẻ", "citizen_id": "Số CCCD"}
UNKNOWN_STATUS = (
    "Chưa rõ đồng chí là đảng viên chính thức hay dự bị. "
    "Xin ghi ngày chính thức, hoặc thêm cột “Diện”."
)
WHO_LEFT = "{} này là của đồng chí {}, đã chuyển đi. Xin mở lại ở trang của đồng chí ấy."
SOMEBODY_ELSE = (
    "{} này đang là của đồng chí {}. Xin xem lại số, hoặc sửa tên ở trang của đồng chí ấy."
)
TWO_PEOPLE = "Dòng này khớp với hai đồng chí: {}. Xin xem lại số thẻ và số CCCD."
ELSEWHERE = (
    "{} này là của một đảng viên thuộc chi bộ khác trong đảng bộ. "
    "Xin dùng “Nhận đồng chí chuyển đến” ở trang danh sách."
)
NAMESAKES = "Chi bộ có {} đồng chí cùng họ tên. Xin ghi năm sinh hoặc số thẻ để phân biệt."
THERE = (
    "{} này là của đồng chí {}, đang ở {}. Xin sửa tên chi bộ trong bảng; nếu đồng chí chuyển chi bộ thì nơi đi ghi "
    "chuyển đi, nơi đến nhận."
)
LEFT_THERE = "{} này là của đồng chí {}, đã chuyển đi từ {}. Chi bộ mới xin dùng “Nhận đồng chí chuyển đến”."
ALIKE_THERE = (
    "Đồng chí cùng họ tên, cùng năm sinh đang ở {}. Nếu là người khác, xin ghi số thẻ hoặc ngày sinh của cả hai "
    "để phân biệt; nếu chuyển chi bộ thì nơi đi ghi chuyển đi, nơi đến nhận."
)
TWICE = (
    "Dòng này và dòng {} cùng là một đồng chí. "
    "Xin giữ lại một dòng, hoặc ghi năm sinh, số thẻ để phân biệt."
)


@dataclass(frozen=True)
class KnownMember:
    """A member as a sheet would tell it; `values` by field, days as "1975-07-05"; the cell where there are many."""

    pk: int
    values: Mapping[str, Any]
    left: bool = False
    cell: int = 0
    cell_name: str = ""

    @property
    def name(self) -> str:
        """Họ và tên."""
        return str(self.values["name"])

    @property
    def born(self) -> int | None:
        """Năm sinh."""
        return _born(self.values)


@dataclass(frozen=True)
class Change:
    """One field that the sheet tells otherwise, old and new as people read them."""

    heading: str
    old: str
    new: str


@dataclass(frozen=True)
class MatchedRow:
    """What becomes of one row: an error, a new member, or a member with or without changes.

    `cell` is the cell that the row tells of; None where that is not known.
    """

    kind: str
    row: Row
    person: KnownMember | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    cell: int | None = 0


@dataclass(frozen=True)
class Plan:
    """What applying a sheet would do; `missing` are members who stand in no row."""

    lines: tuple[MatchedRow, ...]
    missing: tuple[KnownMember, ...]

    def count(self, *kinds: str) -> int:
        """How many rows are of these kinds."""
        return sum(line.kind in kinds for line in self.lines)

    @property
    def matched(self) -> int:
        """Rows that are members of the cell, with or without changes."""
        return self.count(CHANGED, SAME)

    @property
    def summary(self) -> str:
        """The counts in one line: "1.204 dòng: 1.187 khớp, 12 mới, 5 lỗi"."""
        total, matched, new, wrong = map(
            thousands, (len(self.lines), self.matched, self.count(NEW), self.count(ERROR))
        )
        return f"{total} dòng: {matched} khớp, {new} mới, {wrong} lỗi"

    @property
    def ordered(self) -> list[MatchedRow]:
        """What needs looking at first: errors, new ones, changes, then the rest; each in the order of the sheet."""
        return sorted(self.lines, key=lambda line: ORDER.index(line.kind))


def plan(
    sheet: Sheet,
    people: Iterable[KnownMember],
    elsewhere: Collection[tuple[str, str]] = (),
    placed: Mapping[int, int | Problem] | None = None,
) -> Plan:
    """Compare every row with the members of its cell; nobody is matched twice, nobody is moved or taken away.

    `elsewhere` are numbers, each with its field, of members of cells not asked about: they are received, not made
    anew. `placed` tells the cell of each row by its number, or why there is none; without it all are of one cell.
    """
    known = _Known(people, elsewhere)
    lines = [
        _line(sheet, row, known, placed.get(row.number, 0) if placed else 0) for row in sheet.rows
    ]
    lines = _namesakes_apart(sheet, _once_each(sheet, lines))
    met = {line.person.pk for line in lines if line.person is not None}
    told = {line.cell for line in lines}
    missing = [p for p in known.people if not p.left and p.cell in told and p.pk not in met]
    return Plan(tuple(lines), tuple(missing))


class _Known:
    """The members of the cells, looked up by what tells them apart."""

    def __init__(
        self, people: Iterable[KnownMember], elsewhere: Collection[tuple[str, str]]
    ) -> None:
        self.people = list(people)
        self.elsewhere = frozenset(elsewhere)
        self.by_key: dict[tuple[str, str], list[KnownMember]] = defaultdict(list)
        self.by_name: dict[str, list[KnownMember]] = defaultdict(list)
        for person in self.people:
            for key in KEYS:
                if person.values.get(key):
                    self.by_key[key, str(person.values[key])].append(person)
            if not person.left:
                self.by_name[names.sort_key(person.name)].append(person)

    def find(self, values: Mapping[str, Any], cell: int) -> tuple[KnownMember | None, str, str]:
        """The member of this cell who is meant, or what is wrong: the field and the sentence."""
        matches = {
            person.pk: (person, key)
            for key in KEYS
            for person in self.by_key[key, str(values.get(key) or "")]
        }
        if len(matches) > 1:
            who = ", ".join(_called(person) for person, _ in matches.values())
            return None, next(iter(matches.values()))[1], TWO_PEOPLE.format(who)
        for key, label in KEYS.items():
            number = (key, str(values.get(key) or ""))
            if number in self.elsewhere and not self.by_key[number]:
                return None, key, ELSEWHERE.format(label)
        if not matches:
            return self._by_name(values, cell)
        person, key = next(iter(matches.values()))
        if person.cell == cell:
            return self._by_number(values, person, key)
        sentence = LEFT_THERE if person.left else THERE
        return None, key, sentence.format(KEYS[key], _called(person), person.cell_name)

    def _by_number(
        self, values: Mapping[str, Any], person: KnownMember, key: str
    ) -> tuple[KnownMember | None, str, str]:
        """Who has this number, unless the row tells of somebody else."""
        label = KEYS[key]
        if person.left:
            return None, key, WHO_LEFT.format(label, _called(person))
        other_name = names.sort_key(values["name"]) != names.sort_key(person.name)
        if other_name and (_born(values) is None or _born(values) != person.born):
            return None, key, SOMEBODY_ELSE.format(label, _called(person))
        return person, "", ""

    def _by_name(
        self, values: Mapping[str, Any], cell: int
    ) -> tuple[KnownMember | None, str, str]:
        """Who has this name and year of birth, or this name alone where one of both sides knows no year."""
        everywhere = self.by_name[names.sort_key(values["name"])]
        namesakes = [person for person in everywhere if person.cell == cell]
        born = _born(values)
        alike = [p for p in namesakes if p.born == born] if born is not None else []
        alike = alike or [p for p in namesakes if born is None or p.born is None]
        if len(alike) > 1:
            return None, "name", NAMESAKES.format(len(alike))
        if alike:
            return alike[0], "", ""
        there = [p for p in everywhere if p.cell != cell and _may_be_one(p.values, values)]
        if there:
            return None, "name", ALIKE_THERE.format(there[0].cell_name)
        return None, "", ""


def _may_be_one(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two of one name are one person as far as their births and numbers tell."""
    if _born(one) is None or _born(one) != _born(other):
        return False
    telling = ("born_on", *KEYS)
    return not any(one.get(x) and other.get(x) and one[x] != other[x] for x in telling)


def _line(sheet: Sheet, row: Row, known: _Known, cell: int | Problem) -> MatchedRow:
    if isinstance(cell, Problem):
        return MatchedRow(ERROR, row, problems=(*row.problems, cell), cell=None)
    if row.problems:
        return MatchedRow(ERROR, row, problems=row.problems, cell=cell)
    person, where, sentence = known.find(row.values, cell)
    if sentence:
        return MatchedRow(ERROR, row, problems=(sheet.problem(row, where, sentence),), cell=cell)
    values = _merged(row.values, person)
    problem = _contradiction(sheet, row, values, person)
    if problem is not None:
        return MatchedRow(ERROR, row, person, problems=(problem,), cell=cell)
    if person is None:
        return MatchedRow(NEW, row, values=values, cell=cell)
    changes = tuple(_changes(person.values, values))
    return MatchedRow(CHANGED if changes else SAME, row, person, values, changes, cell=cell)


def _merged(values: Mapping[str, Any], person: KnownMember | None) -> dict[str, Any]:
    """What the member would be afterwards: an empty cell takes nothing away."""
    if person is None:
        return dict(values)
    merged = {**person.values, **values}
    told_name, name = values["name"], person.name
    if told_name.casefold() != name.casefold() and names.sort_key(told_name) == names.sort_key(
        name
    ):
        merged["name"] = name  # only the tone stands elsewhere: Hòa, Hoà
    return merged


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


def _once_each(sheet: Sheet, lines: Sequence[MatchedRow]) -> list[MatchedRow]:
    """Rows that mean one member, or one new person, twice are errors, all of them."""
    meant: dict[object, list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        for sign in _signs(line):
            meant[sign].append(place)
    twice: dict[int, set[int]] = defaultdict(set)
    for places in meant.values():
        for place in places if len(set(places)) > 1 else ():
            others = (lines[other].row.number for other in places if other != place)
            twice[place].update(islice(others, NAMED))
    _add_twins_of_two_cells(lines, twice)
    return [
        _doubled(sheet, line, twice[place]) if place in twice else line
        for place, line in enumerate(lines)
    ]


def _signs(line: MatchedRow) -> Iterable[object]:
    """By what a row would be taken for the same person as another row."""
    if line.kind == ERROR:
        return
    if line.person is not None:
        yield line.person.pk
    else:
        yield line.cell, names.sort_key(line.values["name"]), _born(line.values)
    for key in KEYS:
        if line.row.values.get(key):
            yield key, line.row.values[key]


def _add_twins_of_two_cells(lines: Sequence[MatchedRow], twice: dict[int, set[int]]) -> None:
    """Two rows in two cells that may be one person by name, birth and numbers: one of the two cells is wrong."""
    alike: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        if line.kind != ERROR:
            alike[names.sort_key(line.values["name"]), _born(line.values)].append(place)
    for places in alike.values():
        for at, first in enumerate(places):
            for second in places[at + 1 : at + NEAR]:
                one, other = lines[first], lines[second]
                if one.cell != other.cell and _may_be_one(one.values, other.values):
                    twice[first].add(other.row.number)
                    twice[second].add(one.row.number)


def _doubled(sheet: Sheet, line: MatchedRow, others: Collection[int]) -> MatchedRow:
    sentence = TWICE.format(", ".join(map(str, sorted(others)[:NAMED])))
    return replace(
        line, kind=ERROR, changes=(), problems=(sheet.problem(line.row, "name", sentence),)
    )


def _namesakes_apart(sheet: Sheet, lines: Sequence[MatchedRow]) -> list[MatchedRow]:
    """New people of one name need a year of birth each."""
    new = Counter(_new_name(line) for line in lines if line.kind == NEW)
    return [
        replace(
            line,
            kind=ERROR,
            problems=(sheet.problem(line.row, "born_on", fields.NAMESAKE_WITHOUT_YEAR),),
        )
        if line.kind == NEW and new[_new_name(line)] > 1 and _born(line.values) is None
        else line
        for line in lines
    ]


def _new_name(line: MatchedRow) -> tuple[int | None, str]:
    return line.cell, names.sort_key(line.values["name"])


def _born(values: Mapping[str, Any]) -> int | None:
    if values.get("born_year"):
        return int(values["born_year"])
    day = values.get("born_on")
    return int(day[:4]) if day else None


def _called(person: KnownMember) -> str:
    return names.display(person.name, person.born, twin=True)
