"""The stored totals of a committee: one sum by the prefix of its path, whatever stands below it."""

import functools
import operator
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from django.db.models import CharField, Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Substr

from ballots.models import Total, UnratedTotal
from ballots.models.totals import COLUMNS, DECIDED, PROPOSED, WAITING, column
from cells.law.periods import Period
from cells.models import Committee, Level

LEVELS = tuple(Level.values)  # made once: the class makes its list anew each time it is asked
BEST, GOOD = Level.EXCELLENT.value, Level.GOOD.value
BELOW = "__startswith"  # at the committee or anywhere below it; "" at the committee itself


def _nothing() -> dict[str, int]:
    return dict.fromkeys(LEVELS, 0)


@dataclass(frozen=True)
class Sums:
    """How many of one group, or of several together; by level at each stage, the highest first."""

    total: int = 0
    reviewed: int = 0
    rated: int = 0
    proposed: Mapping[str, int] = field(default_factory=_nothing)
    decided: Mapping[str, int] = field(default_factory=_nothing)
    waiting: Mapping[str, int] = field(
        default_factory=_nothing
    )  # proposed, of those not yet decided

    def at(self, stage: str) -> dict[str, int]:
        """How many stand at each level at this stage."""
        stages = {PROPOSED: self.proposed, DECIDED: self.decided, WAITING: self.waiting}
        return {code: stages[stage].get(code, 0) for code in LEVELS}

    def open_at(self, stage: str) -> int:
        """Of the rated, how many have no level at this stage."""
        return self.rated - sum(self.at(stage).values())

    def share(self, stage: str) -> Fraction | None:
        """Excellent over all rated; None of nobody."""
        return Fraction(self.at(stage)[BEST], self.rated) if self.rated else None

    def share_of_good(self, stage: str) -> Fraction | None:
        """Excellent over good, the literal reading of the cap; None where nobody is good."""
        counts = self.at(stage)
        return Fraction(counts[BEST], counts[GOOD]) if counts[GOOD] else None

    def share_of_good_or_better(self, stage: str) -> Fraction | None:
        """Excellent over good and excellent together, the other reading; None where nobody is either."""
        counts = self.at(stage)
        base = counts[BEST] + counts[GOOD]
        return Fraction(counts[BEST], base) if base else None

    def __add__(self, other: "Sums") -> "Sums":
        """Both together."""
        levels = (
            {code: a + other.at(stage)[code] for code, a in self.at(stage).items()}
            for stage in (PROPOSED, DECIDED, WAITING)
        )
        return Sums(
            self.total + other.total,
            self.reviewed + other.reviewed,
            self.rated + other.rated,
            *levels,
        )


@dataclass(frozen=True)
class Rollup:
    """The sums of one body by group; a group of which there is nobody is empty."""

    groups: Mapping[str, Sums]

    def of(self, *groups: str) -> Sums:
        """Of these groups together."""
        own = [self.groups[group] for group in groups if group in self.groups]
        return functools.reduce(operator.add, own) if own else Sums()

    @property
    def people(self) -> Sums:
        """Of all members, leaders or not."""
        return self.of(*Total.PEOPLE)


@dataclass(frozen=True)
class Reason:
    """How many members are not rated for one reason."""

    status: str  # as people read it
    reason: str
    number: int


def of_committee(committee: Committee, period: Period) -> Rollup:
    """Everything below the committee, in one query."""
    rows = _counted(committee, period).values_list("group").annotate(**_sums())
    return Rollup({group: _read(numbers) for group, *numbers in rows.order_by()})


def reasons(committee: Committee, period: Period) -> list[Reason]:
    """Why members below the committee are not rated, in one query: the most frequent reason first."""
    below = _counted(committee, period).filter(group__in=Total.PEOPLE)
    rows = UnratedTotal.objects.filter(total__in=below).values_list("status", "reason")
    summed = rows.annotate(all=Sum("number")).order_by("-status", "-all", "reason")
    labels = dict(UnratedTotal.Status.choices)
    return [Reason(str(labels[status]), reason, number) for status, reason, number in summed]


def by_branch(committee: Committee, period: Period) -> dict[str, Rollup]:
    """The next level down, by its path, and under the committee's own path what its own cells come to: one query."""
    length = len(committee.path) + Committee.steplen
    rows = _counted(committee, period).annotate(
        branch=Substr("at", 1, length, output_field=CharField())
    )
    groups: dict[str, dict[str, Sums]] = {}
    for branch, group, *numbers in (
        rows.values_list("branch", "group").annotate(**_sums()).order_by()
    ):
        groups.setdefault(branch, {})[group] = _read(numbers)
    return {branch: Rollup(own) for branch, own in groups.items()}


def by_cell(committee: Committee, period: Period) -> dict[int, Rollup]:
    """Of the files that count under the committee itself, by cell: one query."""
    rows = (
        _counted(committee, period, "")
        .values_list("meeting__cell", "group")
        .annotate(**_sums())
        .order_by()
    )
    groups: dict[int, dict[str, Sums]] = {}
    for cell, group, *numbers in rows:
        groups.setdefault(cell, {})[group] = _read(numbers)
    return {cell: Rollup(own) for cell, own in groups.items()}


def by_year(committee: Committee) -> dict[int, Rollup]:
    """The reviews of whole years, the earliest first: one query."""
    rows = _at(Total.objects.filter(kind="year"), committee)
    groups: dict[int, dict[str, Sums]] = {}
    for year, group, *numbers in (
        rows.values_list("year", "group").annotate(**_sums()).order_by("year")
    ):
        groups.setdefault(year, {})[group] = _read(numbers)
    return {year: Rollup(own) for year, own in groups.items()}


def files(committee: Committee, period: Period) -> tuple[int, int]:
    """How many files lie above below this committee, and how many of them are decided."""
    rows = _counted(committee, period).order_by()
    decided = Q(decided_under__isnull=False)
    counted = rows.aggregate(
        every=Count("meeting", distinct=True),
        decided=Count("meeting", distinct=True, filter=decided),
    )
    return counted["every"], counted["decided"]


def _counted(committee: Committee, period: Period, where: str = BELOW) -> QuerySet[Total]:
    return _at(Total.objects.filter(year=period.year, kind=period.kind), committee, where)


def _at(totals: QuerySet[Total], committee: Committee, where: str = BELOW) -> QuerySet[Total]:
    """Those that count there: where they were decided, else where the cell stands."""
    place = Coalesce("decided_under__path", "meeting__cell__committee__path")
    return totals.annotate(at=place).filter(**{f"at{where}": committee.path})


def _sums() -> dict[str, Sum]:
    return {f"sum_{name}": Sum(name) for name in COLUMNS}


def _read(numbers: list[int]) -> Sums:
    values = dict(zip(COLUMNS, numbers, strict=True))
    levels = (
        {code: values[column(stage, code)] for code in LEVELS}
        for stage in (PROPOSED, DECIDED, WAITING)
    )
    return Sums(values["total"], values["reviewed"], values["rated"], *levels)
