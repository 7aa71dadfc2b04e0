"""Which lines below a heading are people, and which are totals, groups, signatures and the like."""

import re
import unicodedata
from collections.abc import Sequence

from members.imports.spreadsheets import columns as c
from members.imports.spreadsheets.columns import Column, recognise
from members.imports.spreadsheets.people import is_blank
from members.imports.spreadsheets.values import plain, shown

# What tells that a line is about one person, whatever else stands in it.
TELLING = frozenset(
    {c.BIRTH, "born_year", c.BIRTH_MALE, c.BIRTH_FEMALE, "citizen_id", "phone", "card_number"}
    | {"admitted_on", "official_on"}
)
CLOSING = re.compile(
    r"(tong cong|tong so|tong$|tong [0-9]|cong$|cong [0-9]|nguoi lap|t m |tm |bi thu$|thu ky$"
    r"|danh sach (nay )?(co|gom))"
)
# With its accents, so that nobody called Tống Công is taken for a total; counts may stand beside it.
TOTAL = re.compile(r"(tổng cộng|tổng số|cộng)\b")
SMALL = re.compile(r"[0-9]{1,4}(\.0)?( ?(đ/c|đồng chí|đảng viên|người))?")
NOTE = re.compile(r"(ghi chu|luu y)( |$)")
TIER = re.compile(r"([IVXLC]+|[A-Z])[.)]?")  # "I" in the column of numbers: a group
GROUP = re.compile(r"([IVX]+|[A-Z]|[0-9]+)[.)/:-]\s")  # "I. Chi ủy"
FIGURES = re.compile(r"[\s0-9./+()-]*[0-9][\s0-9./+()-]*")
PLACE = re.compile(r"\(?([0-9]{1,2}|[a-zA-Z])\)?")  # "(2)", "B"
FEW = 2  # a line with more cells than this is about a person


class Sorter:
    """Goes down the lines of one sheet and tells people from the rest."""

    def __init__(self, columns: Sequence[Column], lines: Sequence[Sequence[object]]) -> None:
        """Look through all lines first: whether people are numbered here."""
        self.closed = False
        self.of = {column.field: place for place, column in enumerate(columns) if column.field}
        self.named = [place for place, column in enumerate(columns) if column.field in _NAMES]
        self.telling = [place for place, column in enumerate(columns) if column.field in TELLING]
        people = [line for line in lines if self._name(line) and _is_about_somebody(line)]
        self.numbered = sum(map(self._has_number, people)) * 2 > len(people)

    def is_person(self, line: Sequence[object]) -> bool:
        """Whether this line is about a person, even if badly so."""
        if self._repeats_the_heading(line):
            return False
        if self._is_total(line):
            self.closed = True
            return False
        told = any(FIGURES.fullmatch(shown(line[place])) for place in self.telling)
        if told or self._has_number(line):
            return True
        filled = _filled(line)
        if CLOSING.match(plain(filled[0]) if filled else ""):
            self.closed = True
            return False
        if len(filled) == 1 and (GROUP.match(filled[0]) or NOTE.match(plain(filled[0]))):
            return False
        if len(filled) <= FEW and self._has_tier(line):
            return False
        few = len(filled) <= FEW
        return bool(self._name(line)) and not (few and (self.closed or self.numbered))

    def _is_total(self, line: Sequence[object]) -> bool:
        """Whether the line adds up, with counts where people have days and numbers."""
        filled = _filled(line)
        first = unicodedata.normalize("NFC", filled[0]).casefold() if filled else ""
        rest = filled[1:]
        return bool(TOTAL.match(first)) and all(SMALL.fullmatch(text) for text in rest)

    def _has_tier(self, line: Sequence[object]) -> bool:
        """Whether the line is numbered as a group is: "I", "A"."""
        place = self.of.get(c.NUMBER)
        return place is not None and bool(TIER.fullmatch(shown(line[place])))

    def _repeats_the_heading(self, line: Sequence[object]) -> bool:
        """The heading once more, as on every printed page, or the numbers of the columns below it."""
        name = self._name(line)
        if PLACE.fullmatch(name):
            filled = _filled(line)
            return len(filled) > 1 and all(map(PLACE.fullmatch, filled))
        return recognise(name) in _NAMES

    def _name(self, line: Sequence[object]) -> str:
        return " ".join(filter(None, (shown(line[place]) for place in self.named)))

    def _has_number(self, line: Sequence[object]) -> bool:
        """Whether the line is numbered as one of the list, and has more than its number."""
        place = self.of.get(c.NUMBER)
        if place is None or not re.fullmatch(r"[0-9]+\.?", shown(line[place])):
            return False
        return bool(self._name(line))


def _is_about_somebody(line: Sequence[object]) -> bool:
    return sum(value is not None for value in line) > FEW


def _filled(line: Sequence[object]) -> list[str]:
    """What stands in the cells that are not empty."""
    return [shown(value) for value in line if not is_blank(value)]


_NAMES = frozenset({c.NAME, c.MIDDLE, c.GIVEN})
