"""Which row of a sheet is which member: what matches, what is new, what cannot be told. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from cells.wording import short_date
from members.imports.doubles import namesakes_apart, once_each
from members.imports.plans import (
    CHANGED,
    ERROR,
    KEYS,
    NEW,
    OPEN,
    SAME,
    Answer,
    Change,
    KnownMember,
    MatchedRow,
    Plan,
)
from members.imports.spreadsheets import HEADINGS, Problem, Row, Sheet
from members.imports.spreadsheets.values import GENDER_LABELS, STATUS_LABELS
from members.rules import fields, names
from members.rules.identity import Likeness, likeness, may_be_one, year_of

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


def plan(
    sheet: Sheet,
    people: Iterable[KnownMember],
    elsewhere: Collection[tuple[str, str]] = (),
    placed: Mapping[int, int | Problem] | None = None,
    answers: Mapping[int, Answer] | None = None,
) -> Plan:
    """Compare every row with the members of its cell; nobody is matched twice, nobody is moved or taken away.

    `elsewhere` are numbers, each with its field, of members of cells not asked about: they are received, not made
    anew. `placed` tells the cell of each row by its number, or why there is none; without it all are of one cell.
    `answers`, by the number of the row, say who is meant where that is open.
    """
    known = _Known(people, elsewhere)
    placed, answers = placed or {}, answers or {}
    lines = [
        _line(sheet, row, known, placed.get(row.number, 0), answers.get(row.number))
        for row in sheet.rows
    ]
    lines = namesakes_apart(sheet, once_each(sheet, lines))
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
        if other_name and (year_of(values) is None or year_of(values) != person.born):
            return None, key, SOMEBODY_ELSE.format(label, _called(person))
        return person, "", ""

    def _by_name(
        self, values: Mapping[str, Any], cell: int
    ) -> tuple[KnownMember | None, str, str]:
        """Who has this name and may be meant, by the year of birth and all else that is known of both."""
        everywhere = self.by_name[names.sort_key(values["name"])]
        namesakes = [
            person
            for person in everywhere
            if person.cell == cell and likeness(person.values, values) != Likeness.TWO
        ]
        born = year_of(values)
        alike = [p for p in namesakes if p.born == born] if born is not None else []
        alike = alike or [p for p in namesakes if born is None or p.born is None]
        if len(alike) > 1:
            return None, "name", NAMESAKES.format(len(alike))
        if alike:
            return alike[0], "", ""
        there = [p for p in everywhere if p.cell != cell and may_be_one(p.values, values)]
        if there:
            return None, "name", ALIKE_THERE.format(there[0].cell_name)
        return None, "", ""

    def twin(self, values: Mapping[str, Any], cell: int) -> KnownMember | None:
        """The only member of the cell with this name and year of birth, though another person by all else."""
        everyone = self.by_name[names.sort_key(values["name"])]
        born = year_of(values)
        twins = [p for p in everyone if p.cell == cell and born is not None and p.born == born]
        return twins[0] if len(twins) == 1 else None


def _line(
    sheet: Sheet, row: Row, known: _Known, cell: int | Problem, answer: Answer | None
) -> MatchedRow:
    if isinstance(cell, Problem):
        return MatchedRow(ERROR, row, problems=(*row.problems, cell), cell=None)
    if row.problems:
        return MatchedRow(ERROR, row, problems=row.problems, cell=cell)
    person, where, sentence = known.find(row.values, cell)
    if sentence:
        return MatchedRow(ERROR, row, problems=(sheet.problem(row, where, sentence),), cell=cell)
    # Without a word of the officer's, who differs for life is another person; what else is open stays a question.
    asked = _asked(row.values, person) if person else known.twin(row.values, cell)
    told = answer.is_same if answer and asked and answer.member == asked.pk else None
    if asked is not None and told is not None:
        person = asked if told else None
    values = _merged(row.values, person)
    problem = _contradiction(sheet, row, values, person)
    if problem is not None:
        return MatchedRow(ERROR, row, person, problems=(problem,), cell=cell, asked=asked)
    if person is None:
        return MatchedRow(NEW, row, values=values, cell=cell, asked=asked)
    changes = tuple(_changes(person.values, values))
    kind = OPEN if asked and told is None else CHANGED if changes else SAME
    return MatchedRow(kind, row, person, values, changes, cell=cell, asked=asked)


def _asked(values: Mapping[str, Any], person: KnownMember) -> KnownMember | None:
    """The member, where the row may as well tell of another of this name; a number that both have settles it."""
    by_number = any(values.get(key) and values[key] == person.values.get(key) for key in KEYS)
    is_open = not by_number and likeness(values, person.values) == Likeness.OPEN
    return person if is_open else None


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


def _called(person: KnownMember) -> str:
    return names.display(person.name, person.born, twin=True)
