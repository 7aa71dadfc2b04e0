"""The lines of a committee's board: counted, filtered, searched, ordered and cut into pages by the database."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Substr, TruncDate
from django.utils import timezone

from ballots.committee.board.days import Days
from ballots.committee.board.stages import (
    SIGNS,
    WORK_LEFT,
    Stage,
    are_begun,
    begun,
    due_of,
    in_stage,
    stage_of,
    with_standing,
)
from ballots.models import STANDING, Decision, Petition, Submission
from ballots.results import totals
from cells.law.periods import Period
from cells.models import Campaign, Cell, CellQuerySet, Committee, MeetingQuerySet
from cells.wording import search_key, time_left

# Asked beside a stage: of which members petition and wait for an answer, whose approved file is not decided, and whose
# day has passed.
PETITIONS, UNDECIDED, LATE = "petitions", "undecided", "late"
WEEK = 7


@dataclass(frozen=True)
class BoardRow:
    """One cell on the board: how far it is, until when its next step is to be done, and what lies here of it."""

    cell: Cell
    stage: Stage
    due: date | None
    today: date
    meeting: int | None = None
    state: str = ""
    petitions: int = 0  # not yet answered
    sending: int = 0  # how many times the file was sent up
    sent_at: datetime | None = None
    returned_at: datetime | None = None
    decided_on: date | None = None

    @property
    def left(self) -> str:
        """How long there is time, in words; "" without a day."""
        return time_left(self.due, self.today) if self.due else ""

    @property
    def sign(self) -> str:
        """By which class its stage is drawn."""
        return SIGNS.get(self.stage, "")

    @property
    def work_left(self) -> str:
        """What the cell has to do next, as it is reminded."""
        return WORK_LEFT.get(self.stage, "")

    @property
    def is_late(self) -> bool:
        """Whether its day has passed."""
        return self.due is not None and self.due < self.today


@dataclass(frozen=True)
class Branch:
    """A committee right below, and how many of its cells are at each stage, in their order."""

    committee: Committee
    numbers: list[int]

    @property
    def tiled(self) -> list[tuple[Stage, int]]:
        """Each stage with its number."""
        return list(zip(Stage, self.numbers, strict=True))

    @property
    def total(self) -> int:
        """All its cells."""
        return sum(self.numbers)


def main_meetings(period: Period) -> MeetingQuerySet:
    """The main meetings of the period, everybody's; of two that a cell has, the later."""
    of_period = totals.meetings_of(period).order_by()
    same_time = Q(starts_at=OuterRef("starts_at"), pk__gt=OuterRef("pk"))
    later = of_period.filter(
        Q(starts_at__gt=OuterRef("starts_at")) | same_time, cell=OuterRef("cell")
    )
    return of_period.exclude(Exists(later))


def alone_under(campaign: Campaign) -> CellQuerySet:
    """Cells that it reaches and no nearer one of the period does, and that have no meeting of the period."""
    met = totals.meetings_of(campaign.span).filter(cell=OuterRef("pk"))
    cells = Cell.objects.under(campaign.committee).standing().exclude(Exists(met))
    for path in campaign.nearer:
        cells = cells.exclude(committee__path__startswith=path)
    return cells


def closing_with(campaign: Campaign) -> Q:
    """The cells that the closing of this campaign concerns."""
    held = main_meetings(campaign.span).closing_with(campaign)
    return Q(pk__in=held.values("cell")) | Q(pk__in=alone_under(campaign).values("pk"))


class Board:
    """The cells under a committee and their main meetings of one period; of two that a cell has, the later."""

    def __init__(self, committee: Committee, period: Period, today: date) -> None:
        """Asks nothing yet."""
        self.committee, self.period, self.today = committee, period, today
        # Whether a cell has a main meeting is asked of all of them, which is sooner told than which is the later.
        self._met_in_period = totals.meetings_of(period).order_by()
        self._of_period = main_meetings(period)
        self._meetings = self._of_period.filter(cell__committee__path__startswith=committee.path)
        cells = Cell.objects.under(committee).select_related("committee")
        listed = cells.filter(Q(ended_on=None) | Q(pk__in=self._met_in_period.values("cell")))
        self._cells = listed.order_by("committee__path", "name_sort", "name")

    @cached_property
    def days(self) -> Days:
        """Until when each step is to be done."""
        return Days.under(self.committee, self.period)

    @cached_property
    def _campaigns(self) -> list[int]:
        return list(Campaign.objects.of(self.period).values_list("pk", flat=True))

    @cached_property
    def _met(self) -> list[tuple[str, Stage, bool, int]]:
        """Of the cells with a meeting: path as in `_numbers`, stage, whether they have not ended, and how many."""
        end = len(self.committee.path) + Committee.steplen
        rows = with_standing(self._meetings).annotate(stands_yet=Q(cell__ended_on=None))
        below = Substr("cell__committee__path", 1, end)
        return [
            (path, stage_of(state, stands, True), stands_yet, number)
            for path, state, stands, stands_yet, number in _grouped(
                rows, below, "state", "stands", "stands_yet"
            )
        ]

    @cached_property
    def _numbers(self) -> dict[str, Counter[str]]:
        """How many cells are at each stage, by the path of the committee right below (the own cells: the own path)."""
        below = Substr("committee__path", 1, len(self.committee.path) + Committee.steplen)
        all_cells = _grouped(self._cells, below)
        numbers: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for path, stage, _, number in self._met:
            numbers[path][stage] += number
        alone = self._cells.exclude(pk__in=self._met_in_period.values("cell"))
        begun_alone = alone.filter(begun(self._campaigns))
        for path, number in _grouped(begun_alone, below):
            numbers[path][Stage.DOING] += number
        for path, number in all_cells:
            numbers[path][Stage.NOT_BEGUN] = number - numbers[path].total()
        return dict(numbers)

    @cached_property
    def counts(self) -> Counter[str]:
        """How many cells are at each stage; together all of them."""
        counts: Counter[str] = Counter()
        for numbers in self._numbers.values():
            counts.update(numbers)
        return counts

    def branches(self) -> list[Branch]:
        """The committees right below with their numbers."""
        stages, none = list(Stage), Counter[str]()
        return [
            Branch(child, [self._numbers.get(child.path, none)[stage] for stage in stages])
            for child in self.committee.below
        ]

    def late(self) -> QuerySet[Cell]:
        """The cells whose day has passed; not those that have ended, of which nobody does anything any more."""
        asked = Q(pk__in=[])
        for stage, late in self.days.late(self.today):
            asked |= in_stage(stage, self._of_period, self._campaigns) & late
        return self._cells.filter(asked, ended_on=None)

    def late_number(self) -> int:
        """How many those are; without counting them one by one where one day binds all."""
        if self.days.below or self.days.own:
            return self.late().count()
        days = {stage: due_of(stage, self.days.common) for stage in Stage}
        over = [stage for stage, day in days.items() if day and day < self.today]
        return sum(self.counts[stage] - self._ended[stage] for stage in over)

    @cached_property
    def _ended(self) -> Counter[str]:
        """Of the cells that have ended, how many stand at each stage."""
        numbers: Counter[str] = Counter()
        for _, stage, stands_yet, number in self._met:
            numbers[stage] += 0 if stands_yet else number
        return numbers

    def shown(
        self, standing: str, query: str, *, late: bool = False, of: Campaign | None = None
    ) -> QuerySet[Cell]:
        """The cells at this stage ("" = all) that are called so, accents aside; none for what is no stage.

        `of`: only those that the closing of this campaign concerns.
        """
        cells = self.late() if late else self._cells
        if of is not None:
            cells = cells.filter(closing_with(of))
        if key := search_key(query):
            cells = cells.filter(name_search__contains=key)
        if not standing:
            return cells
        if standing == PETITIONS:
            waiting = Petition.objects.waiting().filter(decision__meeting=OuterRef("pk"))
            return cells.filter(pk__in=self._meetings.filter(Exists(waiting)).values("cell"))
        if standing == UNDECIDED:
            approved = in_stage(Stage.APPROVED, self._of_period, self._campaigns)
            decided = Decision.objects.filter(meeting__in=self._meetings)
            return cells.filter(approved).exclude(pk__in=decided.values("meeting__cell"))
        if standing not in Stage.values:
            return cells.none()
        return cells.filter(in_stage(standing, self._of_period, self._campaigns))

    def number_shown(self, standing: str) -> int | None:
        """How many `shown` has of this stage ("" = all), uncounted; None for what is no stage."""
        if not standing:
            return self.counts.total()
        return self.counts[standing] if standing in Stage.values else None

    def rows(self, cells: Sequence[Cell]) -> list[BoardRow]:
        """These cells with their meetings: two queries, however many."""
        of_file = Submission.objects.filter(meeting=OuterRef("pk")).order_by("-number")
        decided = Decision.objects.filter(meeting=OuterRef("pk")).order_by("-number")
        waiting = Petition.objects.waiting().filter(decision__meeting=OuterRef("pk")).order_by()
        number = waiting.values("decision__meeting").annotate(number=Count("pk"))
        meetings = self._of_period.filter(cell__in=[cell.pk for cell in cells]).values_list(
            "cell",
            Coalesce(Subquery(of_file.values_list(STANDING)[:1]), Value("")),
            "pk",
            "state",
            Coalesce(Subquery(number.values("number")), 0),
            Coalesce(Subquery(of_file.values("number")[:1]), 0),
            Subquery(of_file.values("at")[:1]),
            Subquery(of_file.values("returned_at")[:1]),
            Subquery(decided.values("dated")[:1]),
        )
        by_cell = {cell: (standing, *facts) for cell, standing, *facts in meetings}
        have_begun = are_begun(list(cells), self._campaigns)
        rows = []
        for cell in cells:
            standing, *facts = by_cell.get(cell.pk, ("", None, ""))
            stage = stage_of(facts[1], standing, cell.pk in have_begun)
            due = due_of(stage, self.days.of(cell))
            rows.append(BoardRow(cell, stage, due, self.today, *facts))
        return rows

    def week(self) -> list[tuple[date, int]]:
        """How many files came on each of the last seven days, today last."""
        first = self.today - timedelta(days=WEEK - 1)
        since = timezone.make_aware(datetime.combine(first, datetime.min.time()))
        below = self._met_in_period.filter(cell__committee__path__startswith=self.committee.path)
        came = Submission.objects.filter(at__gte=since, meeting__in=below)
        by_day = dict(_grouped(came, TruncDate("at")))
        return [(day, by_day.get(day, 0)) for day in (first + timedelta(n) for n in range(WEEK))]


def _grouped(rows: "QuerySet[Any]", *by: "str | Combinable") -> list[tuple[Any, ...]]:
    """The values by which they are grouped, and how many are in each group."""
    return list(rows.order_by().values_list(*by).annotate(Count("pk")))
