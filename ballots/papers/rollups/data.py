"""What a committee's tables and its report upwards say, as frozen values; shares follow from the counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ballots.papers.data import Head, Level
from ballots.papers.rulings.data import Issuer


@dataclass(frozen=True)
class CountRow:
    """One line of a table: how many there are, at each level, and not rated; the rest of the rated has no level."""

    label: str
    total: int
    counts: Mapping[str, int]
    unrated: int
    open: int = 0

    @property
    def share(self) -> Fraction | None:
        """Excellent among good or better; None where there is nobody."""
        best, good = self._best_and_good
        return Fraction(best, best + good) if best + good else None

    @property
    def strict_share(self) -> Fraction | None:
        """Excellent over good, the literal reading."""
        best, good = self._best_and_good
        return Fraction(best, good) if good else None

    @property
    def _best_and_good(self) -> tuple[int, int]:
        """The two highest levels; the sum of no lines counts nobody at any."""
        best, good, *_ = (*self.counts.values(), 0, 0)
        return best, good

    def __add__(self, other: "CountRow") -> "CountRow":
        """Both together, under the name of the first."""
        counts = {code: number + other.counts[code] for code, number in self.counts.items()}
        total, unrated = self.total + other.total, self.unrated + other.unrated
        return CountRow(self.label, total, counts, unrated, self.open + other.open)


@dataclass(frozen=True)
class CountTable:
    """Lines and their sum; `open_as`: what the rated without a level are called; `title`: where it is one of two."""

    rows: tuple[CountRow, ...]
    open_as: str
    title: str = ""

    @property
    def total(self) -> CountRow:
        """All lines together."""
        codes = next(iter(self.rows)).counts if self.rows else {}
        return sum(self.rows, CountRow("Tổng cộng", 0, dict.fromkeys(codes, 0), 0))


@dataclass(frozen=True)
class RollupTableData:
    """Bảng tổng hợp kết quả of bodies or of members, a line per body of the next level down."""

    head: Head
    issuer: Issuer
    levels: tuple[Level, ...]
    whose: str  # "tổ chức đảng, tập thể lãnh đạo, quản lý" or "đảng viên"
    table: CountTable


@dataclass(frozen=True)
class CommitteeReportData:
    """Báo cáo kết quả of a committee to the one above: what is decided, what still waits, and what it proposes."""

    head: Head
    issuer: Issuer
    to: str
    basis: tuple[str, ...]
    levels: tuple[Level, ...]
    cells: int
    sent: int
    # Of bodies, then of members: they are not added up with each other; without those of nobody.
    decided: tuple[CountTable, ...]
    waiting: tuple[CountTable, ...]
    reasons: tuple[tuple[str, str, int], ...]  # status, reason, members
    proposals: str
