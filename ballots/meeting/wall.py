"""What the wall is drawn with: pages to turn, names in a size that fits, the ring of a poll's ballots. Pure."""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item")

ROWS = 8  # the most of a table on one page: read from the last chair
LINES, LINE = 11, 90  # of a text on one page, and letters in each
# A list of names up to so many lines is written as large as projector.css says for it.
SIZES = (4, 8, 14, 18, 22, 28, 33, 44, 72)


@dataclass(frozen=True)
class Pages:
    """Which of how many pages is shown; `held`: a hand has turned to it, so that it does not turn by itself.

    `query`: what asks for it again.
    """

    number: int
    of: int
    held: bool
    query: str

    @classmethod
    def asked(cls, of: int, query: Mapping[str, str], first: int = 1) -> "Pages":
        """As the address asks (?trang=2&giu=1); what is no page of these is the first one to show."""
        typed = query.get("trang", "")
        number = int(typed) if typed.isdecimal() and len(typed) < 4 else 0
        if not 1 <= number <= of:
            return cls(first, of, held=False, query="")
        held = "giu" in query
        return cls(number, of, held, f"?trang={number}" + "&giu=1" * held)

    @property
    def other(self) -> str:
        """What asks to hold this page, or to let it go."""
        return "" if self.held else f"?trang={self.number}&giu=1"

    @property
    def following(self) -> int:
        """After the last one the first again."""
        return self.number % self.of + 1

    @property
    def former(self) -> int:
        """Before the first one the last."""
        return (self.number - 2) % self.of + 1


def even(rows: Sequence[Item], most: int = ROWS) -> list[Sequence[Item]]:
    """Cut into as few pages as hold `most` each, none much fuller than the others."""
    count = -(-len(rows) // most) or 1
    each = -(-len(rows) // count) or 1
    return [rows[at : at + each] for at in range(0, max(len(rows), 1), each)]


def filled(items: Sequence[Item], lines: Callable[[Item], int]) -> list[list[Item]]:
    """Spread over as many pages as these take, in order, by the lines that each needs; none is parted."""
    pages: list[list[Item]] = []
    room = 0
    for item in items:
        needed = lines(item)
        if needed > room or not pages:
            pages.append([])
            room = LINES
        pages[-1].append(item)
        room -= needed
    return pages


def lines_of(text: str) -> int:
    """How many lines of a page a text takes."""
    return max(-(-len(text) // LINE), 1)


def text_size_of(lines: int) -> str:
    """How large a page of so many lines is written."""
    return "large" if lines < LINES // 2 else "medium" if lines < LINES - 2 else "full"


def leaves(texts: Sequence[tuple[Item, str]], heading: int = 0) -> list[list[tuple[Item, str]]]:
    """Spread texts, each with what it belongs to, over pages; one longer than a page goes on, on the next.

    `heading`: the lines that stand above each of them.
    """
    parts = [
        (of, part)
        for of, text in texts
        for part in textwrap.wrap(text, LINE * (LINES - heading)) or [""]
    ]
    return filled(parts, lambda part: heading + lines_of(part[1]))


def size_of(lines: int) -> str:
    """The size in which so many lines fill the wall."""
    return next((str(most) for most in SIZES if lines <= most), "all")


@dataclass(frozen=True)
class Arc:
    """A run of equal ballots in the ring."""

    kind: str
    start: int
    length: int


@dataclass(frozen=True)
class Ring:
    """A poll's ballots round in a circle, each as wide as the others; in whole units, so that no comma gets in."""

    whole: int
    arcs: tuple[Arc, ...]

    UNIT = 1000  # the width of one ballot

    @property
    def length(self) -> int:
        """All of the circle."""
        return self.whole * self.UNIT

    @property
    def gap(self) -> int:
        """Between two ballots: as wide in every ring, and never wider than a third of a ballot."""
        return min(6 * self.whole, self.UNIT // 3) if self.whole > 1 else 0

    @property
    def half_gap(self) -> int:
        """What of a gap lies behind the place where two ballots meet."""
        return self.gap // 2

    @property
    def end(self) -> int:
        """Of the last ballot, where they stand in a row."""
        return self.length - self.gap

    @property
    def ballot(self) -> int:
        """What the gap leaves of one ballot."""
        return self.UNIT - self.gap


def ring_of(whole: int, numbers: Sequence[tuple[str, int]]) -> Ring:
    """The ring of `whole` ballots, of which so many are of these kinds, from the top on."""
    ends = [0]
    for _, number in numbers:
        ends.append(ends[-1] + number * Ring.UNIT)
    arcs = tuple(
        Arc(kind, start, number * Ring.UNIT)
        for (kind, number), start in zip(numbers, ends, strict=False)
        if number
    )
    return Ring(max(whole, ends[-1] // Ring.UNIT, 1), arcs)
