"""The small chart of the week: how many files came on each day. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cells.wording import two_digits

HEIGHT, STEP = 40, 44  # of the drawing, in its own measure
NAMES = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")


@dataclass(frozen=True)
class Bar:
    """One day, as it is drawn."""

    day: date
    number: int
    x: int
    height: int

    @property
    def name(self) -> str:
        """The day of the week as calendars have it."""
        return NAMES[self.day.weekday()]

    @property
    def top(self) -> int:
        """Where the bar begins."""
        return HEIGHT - self.height

    @property
    def middle(self) -> int:
        """Where its words stand."""
        return self.x + STEP // 2


@dataclass(frozen=True)
class Chart:
    """Bars and the same in words."""

    bars: tuple[Bar, ...]
    words: str

    @property
    def total(self) -> int:
        """All files of the week."""
        return sum(bar.number for bar in self.bars)


def chart(days: Sequence[tuple[date, int]]) -> Chart:
    """The drawing of these numbers by day."""
    most = max((number for _, number in days), default=0) or 1
    bars = tuple(
        Bar(day, number, at * STEP, number * HEIGHT // most)
        for at, (day, number) in enumerate(days)
    )
    words = "; ".join(f"{day:%d/%m}: {two_digits(number)}" for day, number in days)
    return Chart(bars, words)
