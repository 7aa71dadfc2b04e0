"""Rows of a long sheet in parts: rows that share no name and no number never meet, and are planned apart. Pure."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cells.wording import search_key
from members.imports.spreadsheets import BadSheet, Row
from members.rules import names

SIZE = 1000  # rows of a part, where those that may meet are fewer
MOST = 5000  # rows that may meet: thousands of one name are no list of people
TOO_MANY = (
    "Tệp có hơn 5.000 dòng cùng họ tên, cùng số thẻ hoặc cùng số CCCD với nhau nên không phân biệt được. "
    "Xin xem lại các cột ấy, hoặc chia tệp."
)


class Part(NamedTuple):
    """Places of rows, in the order of the sheet, and keys of the members who may be met there."""

    rows: list[int]
    people: list[int]


def marks_of(name: str, card_number: str, citizen_id: str) -> list[str]:
    """What stands for all by which two may be one person: the name as it is sorted and searched, the numbers."""
    marks = [f"sort {names.sort_key(name)}", f"search {search_key(name)}"] if name else []
    marks += [f"card {card_number}"] if card_number else []
    marks += [f"citizen {citizen_id}"] if citizen_id else []
    return [hashlib.blake2b(mark.encode(), digest_size=8).hexdigest() for mark in marks]


def marks_of_row(row: Row) -> list[str]:
    """The same of a row; where a cell may be read in several ways, of all that it may be."""
    told: list[Mapping[str, Any]] = [row.values]
    told += [meaning.values for problem in row.problems for meaning in problem.meanings]
    marks: dict[str, None] = {}
    for values in told:
        numbers = (str(values.get(key) or "") for key in ("card_number", "citizen_id"))
        marks |= dict.fromkeys(marks_of(str(values.get("name") or ""), *numbers))
    return list(marks)


def parted(rows: Sequence[str], people: Iterable[tuple[int, Sequence[str]]]) -> Iterator[Part]:
    """The rows, by their marks parted by spaces, and the members, by their keys and marks; BadSheet."""
    meeting = _Meeting()
    first = [meeting.of(marks.split()) for marks in rows]
    groups: dict[int, list[int]] = defaultdict(list)
    known = [(pk, meeting.of(marks)) for pk, marks in people if marks]
    for at, mark in enumerate(first):
        groups[meeting.end(mark) if mark is not None else -1 - at].append(at)
    met: dict[int, list[int]] = defaultdict(list)
    for pk, mark in known:
        if mark is not None and (end := meeting.end(mark)) in groups:
            met[end].append(pk)
    part = Part([], [])
    for group, places in groups.items():
        if len(places) > MOST:
            raise BadSheet(TOO_MANY)
        if part.rows and len(part.rows) + len(places) > SIZE:
            yield Part(sorted(part.rows), part.people)
            part = Part([], [])
        part.rows.extend(places)
        part.people.extend(met.get(group, ()))
    if part.rows:
        yield Part(sorted(part.rows), part.people)


class _Meeting:
    """Which marks meet, by way of rows and members that have both (union-find)."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._above: list[int] = []

    def of(self, marks: Sequence[str]) -> int | None:
        """Let these marks meet; the first of them, None where there is none."""
        numbers = [self._number(mark) for mark in marks]
        for other in numbers[1:]:
            one, two = self.end(numbers[0]), self.end(other)
            self._above[max(one, two)] = min(one, two)
        return numbers[0] if numbers else None

    def end(self, number: int) -> int:
        """What all marks that meet have in common."""
        while self._above[number] != number:
            self._above[number] = self._above[self._above[number]]
            number = self._above[number]
        return number

    def _number(self, mark: str) -> int:
        number = self._numbers.setdefault(mark, len(self._above))
        if number == len(self._above):
            self._above.append(number)
        return number
