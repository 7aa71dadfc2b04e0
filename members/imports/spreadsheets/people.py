"""The cells of one line → the clean values of one person, and a sentence for each cell that cannot be read."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from members.imports.spreadsheets import columns as c
from members.imports.spreadsheets import values as v
from members.imports.spreadsheets.columns import Column
from members.imports.spreadsheets.problems import Doubt, Meaning, Problem
from members.rules import fields

ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)")
BLANK = re.compile(r"[-–—._/\\*…\s]*")
NOT_TICKED = {"", "0", "khong"}
CLEAN: Mapping[str, Callable[[object], Any]] = {
    "gender": v.gender,
    "status": v.status,
    "position": v.position,
    "phone": v.phone,
    "card_number": v.card_number,
    "citizen_id": v.citizen_id,
}
LONGEST = {"name": 100, "card_number": 20, "phone": 20}

# Where some write an apostrophe, so that Excel leaves the figures alone.
QUOTED = frozenset({*CLEAN, c.BIRTH, "born_year", "admitted_on", "official_on"})
ADDRESS = re.compile(r"(?i)^(đồng chí|đ/c|đc\.|đ\.c)[\s:.]+(?=\S)")  # no part of a name
NO_NAME = "Dòng này thiếu họ và tên."
NAMELESS = "Họ và tên không đúng."
BAD_FORMULA = "Công thức ở ô này bị lỗi. Xin sửa công thức, hoặc gõ thẳng nội dung."
UNCOMPUTED = (
    "Công thức ở ô này chưa có kết quả. Xin mở tệp bằng Excel rồi lưu lại, hoặc gõ thẳng nội dung."
)
TOO_LONG = "Ô này dài hơn {} chữ. Xin viết gọn lại."


@dataclass(frozen=True)
class Clock:
    """What days are read against: today, and the day from which the workbook counts."""

    today: date
    epoch: datetime


@dataclass
class SheetPerson:
    """The values that could be read, how the cells are to be written back, and what is wrong."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    cells: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def complain(
        self,
        column: Column,
        value: object,
        sentence: str,
        meanings: tuple[Meaning, ...] = (),
    ) -> None:
        """Note what is wrong with one cell, and how it may be meant."""
        place = f"{column.letter}{self.number}"
        text, field = v.shown(value), column.field
        self.problems.append(
            Problem(place, column.heading, text, sentence, field, meanings=meanings)
        )


def is_blank(value: object) -> bool:
    """Whether nothing stands in the cell, or only what people write for nothing."""
    return value is None or BLANK.fullmatch(v.shown(value)) is not None


def person_of(
    number: int,
    line: Sequence[tuple[Column, object]],
    unreadable: Mapping[int, Doubt],
    clock: Clock,
) -> SheetPerson:
    """Read one line of a sheet; `unreadable` says by the number of a column why its cell cannot be read here."""
    person = _read(number, line, unreadable, clock)
    open_cells = [
        (column, value, _meanings(person, line, at, unreadable, clock))
        for at, (column, value) in enumerate(line)
        if column.number in unreadable and column.field
    ]
    for column, value, meanings in open_cells:
        person.complain(column, value, unreadable[column.number].sentence, meanings)
    return person


def _meanings(
    person: SheetPerson,
    line: Sequence[tuple[Column, object]],
    at: int,
    unreadable: Mapping[int, Doubt],
    clock: Clock,
) -> tuple[Meaning, ...]:
    """What the line would say with each of the ways to read this cell; a way that cannot be is left out."""
    column = line[at][0]
    if (
        column.field == c.CELL
    ):  # which cell is meant is found out by its name, before anybody is asked
        return ()
    others = {number: doubt for number, doubt in unreadable.items() if number != column.number}
    meanings = []
    for way in unreadable[column.number].ways:
        other = [*line[:at], (column, way.cell), *line[at + 1 :]]
        read = _read(person.number, other, others, clock)
        told = {n: value for n, value in read.values.items() if person.values.get(n) != value}
        if told and len(read.problems) == len(person.problems):
            meanings.append(Meaning(way.kind, way.words, told))
    return tuple(meanings)


def _read(
    number: int,
    line: Sequence[tuple[Column, object]],
    unreadable: Mapping[int, Doubt],
    clock: Clock,
) -> SheetPerson:
    """The line without the cells that cannot be read."""
    person = SheetPerson(number)
    names: dict[str, list[str]] = {c.NAME: [], c.MIDDLE: [], c.GIVEN: []}
    for column, value in line:
        problem_count = len(person.problems)
        written = v.shown(value)
        if column.number in unreadable and column.field:
            pass  # said at the end, when all the rest is read
        elif column.field in names:
            names[column.field] += _part(person, column, value)
        elif column.field and not is_blank(value):
            written = _field(person, column, value, clock) or written
        person.cells.append(written if problem_count == len(person.problems) else v.shown(value))
    if not any(column.field in names and column.number in unreadable for column, _ in line):
        _name(person, names, line)
    return person


def _part(person: SheetPerson, column: Column, value: object) -> list[str]:
    """The part of a name in this cell."""
    try:
        return [] if is_blank(value) else [v.text(value)]
    except ValueError as error:
        person.complain(column, value, str(error))
        return []


def _name(
    person: SheetPerson, names: Mapping[str, list[str]], line: Sequence[tuple[Column, object]]
) -> None:
    """Put the name together; complain at the cell where it should stand."""
    written = " ".join(names[c.NAME] or names[c.MIDDLE] + names[c.GIVEN])
    name = v.person(ADDRESS.sub("", written))
    column, value = next((at, value) for at, value in line if at.field in names)
    if any(p.place == f"{column.letter}{person.number}" for p in person.problems):
        return
    if not name:
        person.complain(column, value, NO_NAME)
    elif not any(char.isalpha() for char in name) or ERROR.match(written):
        person.complain(column, value, NAMELESS)
    elif len(name) > LONGEST["name"]:
        person.complain(column, value, TOO_LONG.format(LONGEST["name"]))
    else:
        person.values["name"] = name


def _field(person: SheetPerson, column: Column, value: object, clock: Clock) -> str:
    """Read one cell into the person's values; returns how it is to be written back, where that differs."""
    if isinstance(value, str) and ERROR.match(value):
        person.complain(column, value, BAD_FORMULA)
        return ""
    if isinstance(value, str) and column.field in QUOTED:
        value = re.sub(r"^\s*['\u2019\u2018`]", "", value)
    try:
        if column.field in (c.BIRTH, "born_year", c.BIRTH_MALE, c.BIRTH_FEMALE):
            _birth(person, column.field, value, clock)
        elif column.field in (c.MALE, c.FEMALE):
            if v.plain(v.shown(value)) not in NOT_TICKED:
                person.values["gender"] = column.field
        elif column.field not in (c.NUMBER, c.ERRORS):
            return _simple(person, column.field, value, clock)
    except ValueError as error:
        person.complain(column, value, str(error))
    return ""


def _simple(person: SheetPerson, name: str, value: object, clock: Clock) -> str:
    """A field that stands in one cell."""
    if name in ("admitted_on", "official_on"):
        on = v.day(value, clock.today, clock.epoch, fields.FOUNDED)
        person.values[name] = on.isoformat()
        return ""
    cleaned = CLEAN.get(name, v.text)(value)
    longest = LONGEST.get(name, fields.LINE)
    if isinstance(cleaned, str) and len(cleaned) > longest:
        raise ValueError(TOO_LONG.format(longest))
    person.values[name] = cleaned
    return cleaned if name in ("phone", "card_number", "citizen_id") else ""


def _birth(person: SheetPerson, name: str, value: object, clock: Clock) -> None:
    """Day and year of birth, from one column or from two; a column of its own may tell the gender too."""
    born_on, born_year = v.birth(value, clock.today, clock.epoch)
    if person.values.get("born_year", born_year) != born_year:
        raise ValueError(fields.BIRTH_DISAGREES)
    person.values["born_year"] = born_year
    if born_on is not None:
        person.values["born_on"] = born_on.isoformat()
    if name in (c.BIRTH_MALE, c.BIRTH_FEMALE):
        person.values["gender"] = "male" if name == c.BIRTH_MALE else "female"
