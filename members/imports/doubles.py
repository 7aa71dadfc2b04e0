"""Rows of one sheet that mean one person twice, or namesakes who cannot be told apart. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import islice

from members.imports.plans import ERROR, KEYS, NEW, MatchedRow
from members.imports.spreadsheets import Sheet
from members.rules import fields, names
from members.rules.identity import Likeness, likeness, may_be_one, year_of

NAMED = 5  # rows that an error names; a hostile sheet has thousands of one person
NEAR = 50  # namesakes with which one row is compared
TWICE = (
    "Dòng này và dòng {} cùng là một đồng chí. "
    "Xin giữ lại một dòng, hoặc ghi năm sinh, số thẻ để phân biệt."
)


def once_each(sheet: Sheet, lines: Sequence[MatchedRow]) -> list[MatchedRow]:
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
    _add_twins(lines, twice)
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
    for key in KEYS:
        if line.row.values.get(key):
            yield key, line.row.values[key]


def _add_twins(lines: Sequence[MatchedRow], twice: dict[int, set[int]]) -> None:
    """Two rows that may be one person by name, birth and numbers: one too many, or one of two cells is wrong."""
    alike: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        if line.kind != ERROR:
            alike[names.sort_key(line.values["name"]), year_of(line.values)].append(place)
    for places in alike.values():
        for at, first in enumerate(places):
            for second in places[at + 1 : at + NEAR]:
                if _are_twins(lines[first], lines[second]):
                    twice[first].add(lines[second].row.number)
                    twice[second].add(lines[first].row.number)


def _are_twins(one: MatchedRow, other: MatchedRow) -> bool:
    """Whether both tell of one person who is new here, or of one in two cells."""
    if one.cell != other.cell:
        return may_be_one(one.values, other.values)
    both_new = one.person is None and other.person is None
    return both_new and likeness(one.values, other.values) != Likeness.TWO


def _doubled(sheet: Sheet, line: MatchedRow, others: Collection[int]) -> MatchedRow:
    sentence = TWICE.format(", ".join(map(str, sorted(others)[:NAMED])))
    return replace(
        line, kind=ERROR, changes=(), problems=(sheet.problem(line.row, "name", sentence),)
    )


def namesakes_apart(sheet: Sheet, lines: Sequence[MatchedRow]) -> list[MatchedRow]:
    """New people of one name need a year of birth each."""
    new = Counter(_new_name(line) for line in lines if line.kind == NEW)
    return [
        replace(
            line,
            kind=ERROR,
            problems=(sheet.problem(line.row, "born_on", fields.NAMESAKE_WITHOUT_YEAR),),
        )
        if line.kind == NEW and new[_new_name(line)] > 1 and year_of(line.values) is None
        else line
        for line in lines
    ]


def _new_name(line: MatchedRow) -> tuple[int | None, str]:
    return line.cell, names.sort_key(line.values["name"])
