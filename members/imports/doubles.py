"""Rows of one sheet that mean one person twice, may do, or are namesakes who cannot be told apart. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from members.imports.known import MOST, Match
from members.imports.plans import ERROR, KEYS, NEW, OPEN, MatchedRow, Other
from members.imports.spreadsheets import Row, Sheet
from members.rules import fields, names
from members.rules.identity import Likeness, agree_for_life, likeness, may_be_one, year_of

NAMED = 5  # rows that an error names; a hostile sheet has thousands of one person
NEAR = 50  # namesakes with which one row is compared
TWICE = (
    "Dòng này và dòng {} cùng là một đồng chí. "
    "Xin giữ lại một dòng; nếu là hai người thì ghi ngày sinh, số thẻ hoặc số CCCD của cả hai."
)


SAME_NUMBER = (
    "Dòng này và dòng {} ghi cùng một số thẻ hoặc số CCCD mà khác tên. Xin xem lại số; cùng một đồng chí thì giữ lại "
    "một dòng."
)


def with_rivals(rows: Mapping[str, tuple[Row, Match, int]]) -> dict[str, Match]:
    """The matches by the keys of rows, and of rows that meet, what has to be asked; each row with its cell.

    Two rows of different people that could both be one member: the one that has no more than the year in common
    with the member is asked. Two that are new, and may be one person or two: the later one is asked.
    """
    matches = {key: match for key, (_, match, _) in rows.items()}
    for keys in _by_member(rows).values():
        for key in keys if _are_several([rows[key][0] for key in keys]) else ():
            row, match, cell = rows[key]
            member = match.person
            if member is not None and not agree_for_life(row.values, member.values):
                rival = Other.of_member(member, cell)
                matches[key] = replace(match, asked=(rival,), is_open=True)
    for first, second in _new_pairs(rows, matches):
        if _may_be_one(rows[first], rows[second]):
            match = matches[second]
            asked = (*match.asked, Other.of_row(rows[first][0]))[:MOST]
            matches[second] = replace(match, asked=asked, is_open=True, is_plain=False)
    return matches


def _by_member(rows: Mapping[str, tuple[Row, Match, int]]) -> dict[int, list[str]]:
    by_member: dict[int, list[str]] = defaultdict(list)
    for key, (_, match, _) in rows.items():
        if match.person is not None and not match.is_open:
            by_member[match.person.pk].append(key)
    return {pk: keys for pk, keys in by_member.items() if len(keys) > 1}


def _are_several(rows: Sequence[Row]) -> bool:
    """Whether any of these rows is not surely the same person as the first one."""
    return any(not _is_one(rows[0], row, beside=True) for row in rows[1:NEAR])


def _new_pairs(
    rows: Mapping[str, tuple[Row, Match, int]], matches: Mapping[str, Match]
) -> Iterator[tuple[str, str]]:
    """Rows of one name and year of which neither is surely a member, in the order of the sheet."""
    alike: dict[tuple[str, int | None], list[str]] = defaultdict(list)
    for key, (row, _, _) in rows.items():
        match = matches[key]
        if not match.sentence and (match.person is None or match.is_open):
            alike[names.sort_key(row.values["name"]), year_of(row.values)].append(key)
    for keys in alike.values():
        for at, second in enumerate(keys):
            for first in keys[max(0, at - NEAR) : at]:
                yield first, second


def _may_be_one(one: tuple[Row, Match, int], other: tuple[Row, Match, int]) -> bool:
    """Whether nobody can tell two rows apart, nor for sure take them for one."""
    (first, _, cell), (second, _, there) = one, other
    if cell != there and not may_be_one(first.values, second.values):
        return False
    is_two = likeness(first.values, second.values) == Likeness.TWO
    return not is_two and not _is_one(first, second, beside=cell == there)


def _is_one(first: Row, second: Row, *, beside: bool) -> bool:
    """Whether two rows of one name are surely one person: by what is for life, or in one cell word for word."""
    if likeness(first.values, second.values) != Likeness.ONE:
        return False
    same = beside and first.values == second.values
    return same or agree_for_life(first.values, second.values)


def once_each(sheet: Sheet, lines: Sequence[MatchedRow]) -> list[MatchedRow]:
    """Rows that mean one member, or one new person, twice are errors, all of them."""
    meant: dict[object, list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        for sign in _signs(line):
            meant[sign].append(place)
    twice: dict[int, set[int]] = defaultdict(set)
    for places in meant.values():
        for place in places if len(set(places)) > 1 else ():
            twice[place].update(islice((other for other in places if other != place), NAMED))
    _add_twins(lines, twice)
    return [
        doubled(sheet, line, [lines[other].row for other in sorted(twice[place])])
        if place in twice
        else line
        for place, line in enumerate(lines)
    ]


def _signs(line: MatchedRow) -> Iterable[object]:
    """By what a row would be taken for the same person as another row."""
    if line.problems:
        return
    if line.person is not None and line.kind != OPEN:
        yield line.person.pk
    for key in KEYS:
        if line.row.values.get(key):
            yield key, line.row.values[key]


def _add_twins(lines: Sequence[MatchedRow], twice: dict[int, set[int]]) -> None:
    """Two rows of one name that are surely one person: one too many, or one of two cells is wrong."""
    alike: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        if not line.problems:
            alike[names.sort_key(line.values["name"]), year_of(line.values)].append(place)
    for places in alike.values():
        for at, first in enumerate(places):
            for second in places[at + 1 : at + NEAR]:
                if _are_twins(lines[first], lines[second]):
                    twice[first].add(second)
                    twice[second].add(first)


def _are_twins(one: MatchedRow, other: MatchedRow) -> bool:
    """Whether both tell of one person who is new here, or of one in two cells."""
    both_new = one.person is None and other.person is None
    beside = one.cell == other.cell
    return (both_new or not beside) and _is_one(one.row, other.row, beside=beside)


def doubled(sheet: Sheet, line: MatchedRow, others: Collection[Row]) -> MatchedRow:
    """A row as an error, for it tells of whom these rows tell of."""
    own = names.sort_key(line.row.values["name"])
    is_named_alike = any(names.sort_key(row.values.get("name", "")) == own for row in others)
    sentence = (TWICE if is_named_alike else SAME_NUMBER).format(
        ", ".join(row.called for row in islice(others, NAMED))
    )
    problem = sheet.problem(line.row, "name", sentence)
    return replace(line, kind=ERROR, changes=(), problems=(problem,))


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
