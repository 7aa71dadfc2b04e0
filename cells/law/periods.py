"""Which period (kỳ) a review is of, a year or one of its first three quarters, and how an address names it. Pure."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

YEAR, QUARTER = "year", "quarter"  # what a guidance pack may serve
QUARTERS = {"q1": "quý I", "q2": "quý II", "q3": "quý III"}
MONTHS = 12
QUARTER_MONTHS = 3
WRITTEN = "[0-9]{4}(?:-q[1-3])?"


@dataclass(frozen=True, order=True)
class Period:
    """A year (`kind` "year") or a quarter of it ("q1" to "q3"); the fourth is reviewed with the year."""

    year: int
    kind: str = YEAR

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read "2026" or "2026-q3"; ValueError on anything else."""
        match = re.fullmatch(WRITTEN, text)
        if match is None:
            raise ValueError("Kỳ kiểm điểm viết như “2026” hoặc “2026-q3”.")
        year, _, kind = text.partition("-")
        return cls(int(year), kind or YEAR)

    def __str__(self) -> str:
        """As an address has it: "2026" or "2026-q3"."""
        return f"{self.year}" if self.kind == YEAR else f"{self.year}-{self.kind}"

    @property
    def words(self) -> str:
        """As it is written: "năm 2026" or "quý III năm 2026"."""
        year = f"năm {self.year}"
        return year if self.kind == YEAR else f"{QUARTERS[self.kind]} {year}"

    @property
    def serving(self) -> str:
        """What a guidance pack has to serve for it: "year" or "quarter"."""
        return YEAR if self.kind == YEAR else QUARTER

    def day(self, month: int, day: int) -> date:
        """A day by its month within the period, the last of the month where that one is shorter."""
        month += 0 if self.kind == YEAR else QUARTER_MONTHS * list(QUARTERS).index(self.kind)
        return date(self.year, month, min(day, calendar.monthrange(self.year, month)[1]))

    @property
    def begins_on(self) -> date:
        """Its first day."""
        return self.day(1, 1)

    @property
    def ends_on(self) -> date:
        """Its last day."""
        return self.day(MONTHS if self.kind == YEAR else QUARTER_MONTHS, 31)

    @property
    def following(self) -> "Period":
        """The next one of its kind: the next year, or the next quarter that is reviewed for itself."""
        kinds = list(QUARTERS)
        if self.kind in kinds[:-1]:
            return Period(self.year, kinds[kinds.index(self.kind) + 1])
        return Period(self.year + 1, YEAR if self.kind == YEAR else kinds[0])

    def months_to(self, other: "Period") -> int:
        """How many months lie between the beginnings of the two."""
        first, second = self.begins_on, other.begins_on
        return (second.year - first.year) * MONTHS + second.month - first.month
