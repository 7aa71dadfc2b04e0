"""The lines of a committee's board: counted, filtered, searched, ordered and cut into pages by the database."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDate
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
    with_stage,
)
from ballots.models import Decision, Petition, Submission
from ballots.results import totals
from cells.law.periods import Period
from cells.models import Campaign, Cell, CellQuerySet, Committee, Meeting, MeetingQuerySet
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


def main_meetings(period: Period, campaigns: Sequence[int] | None = None) -> MeetingQuerySet:
    """The main meetings of the period, everybody's; of two that a cell has, the later.

    `campaigns`: as of `meetings_of`.
    """
    of_period = totals.meetings_of(period, campaigns).order_by()
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

    @cached_property
    def days(self) -> Days:
        """Until when each step is to be done."""
        return Days.under(self.committee, self.period)

    @cached_property
    def _campaigns(self) -> list[int]:
        return list(Campaign.objects.of(self.period).values_list("pk", flat=True))

    @cached_property
    def _met_in_period(self) -> MeetingQuerySet:
        """Whether a cell has a main meeting is asked of all of them: sooner told than which of two is the later."""
        return totals.meetings_of(self.period, self._campaigns).order_by()

    @cached_property
    def _of_period(self) -> MeetingQuerySet:
        """Which of two is the later is asked of each meeting only where a cell below has two, which few ever have."""
        # One of each campaign at most: an index has all that is asked here.
        main = Meeting.objects.filter(kind=Meeting.Kind.MAIN, campaign__in=self._campaigns)
        other = main.filter(cell=OuterRef("cell"), campaign__lt=OuterRef("campaign"))
        if self._below(main).filter(Exists(other)).exists():
            return main_meetings(self.period, self._campaigns)
        return self._met_in_period

    def _below(self, meetings: MeetingQuerySet) -> MeetingQuerySet:
        return meetings.filter(cell__committee__path__startswith=self.committee.path)

    @cached_property
    def _meetings(self) -> MeetingQuerySet:
        return self._below(self._of_period)

    @cached_property
    def _cells(self) -> CellQuerySet:
        cells = Cell.objects.under(self.committee).select_related("committee")
        listed = cells.filter(Q(ended_on=None) | Q(pk__in=self._met_in_period.values("cell")))
        return listed.order_by("committee__path", "name_sort", "name")

    @cached_property
    def _met(self) -> list[tuple[int, str, bool, int]]:
        """Of the cells with a meeting: key of their committee, stage, whether they have not ended, and how many."""
        rows = with_stage(self._meetings).annotate(stands_yet=Q(cell__ended_on=None))
        return _grouped(rows, "cell__committee", "stage", "stands_yet")

    @cached_property
    def _numbers(self) -> dict[str, Counter[str]]:
        """How many cells are at each stage, by the path of the committee right below (the own cells: the own path)."""
        by_committee: defaultdict[int, Counter[str]] = defaultdict(Counter)
        for committee, stage, _, number in self._met:
            by_committee[committee][stage] += number
        alone = ~Q(pk__in=self._met_in_period.values("cell"))
        at_work = Count("pk", filter=alone & begun(self._campaigns))
        for committee, number, begun_alone in _grouped(self._cells, "committee", at_work=at_work):
            counts = by_committee[committee]
            counts[Stage.DOING] += begun_alone
            counts[Stage.NOT_BEGUN] = number - counts.total()
        end = len(self.committee.path) + Committee.steplen
        numbers: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for committee, path in self.committee.subtree().values_list("pk", "path"):
            numbers[path[:end]].update(by_committee[committee])
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
        """These cells with their meetings: six queries, however many."""
        mine = with_stage(self._of_period.filter(cell__in=[cell.pk for cell in cells]))
        met = {each[0]: each for each in mine.values_list("cell", "stage", "pk", "state")}
        facts = _Facts([meeting for _, _, meeting, _ in met.values()])
        have_begun = are_begun([cell for cell in cells if cell.pk not in met], self._campaigns)
        rows = []
        for cell in cells:
            alone = Stage.DOING if cell.pk in have_begun else Stage.NOT_BEGUN
            _, name, meeting, state = met.get(cell.pk, (cell.pk, alone, None, ""))
            stage = Stage(name)
            due = due_of(stage, self.days.of(cell))
            of_meeting = facts.of(meeting) if meeting else ()
            rows.append(BoardRow(cell, stage, due, self.today, meeting, state, *of_meeting))
        return rows

    def week(self) -> list[tuple[date, int]]:
        """How many files came on each of the last seven days, today last."""
        first = self.today - timedelta(days=WEEK - 1)
        since = timezone.make_aware(datetime.combine(first, datetime.min.time()))
        came = Submission.objects.filter(
            at__gte=since,
            meeting__kind=Meeting.Kind.MAIN,
            meeting__campaign__in=self._campaigns,
            meeting__cell__committee__path__startswith=self.committee.path,
        )
        by_day = dict(_grouped(came, TruncDate("at")))
        return [(day, by_day.get(day, 0)) for day in (first + timedelta(n) for n in range(WEEK))]


class _Facts:
    """What lies here of these meetings: petitions, the last sending, the decision in force."""

    def __init__(self, meetings: Sequence[int]) -> None:
        waiting = Petition.objects.waiting().filter(decision__meeting__in=meetings)
        self._petitions = dict(_grouped(waiting, "decision__meeting"))
        of_these = Submission.objects.filter(meeting__in=meetings).order_by("number")
        sendings = of_these.values_list("meeting", "number", "at", "returned_at")
        self._sendings = {meeting: sending for meeting, *sending in sendings}  # the last one stays
        decided = Decision.objects.filter(meeting__in=meetings).order_by("number")
        self._decided = dict(decided.values_list("meeting", "dated"))

    def of(self, meeting: int) -> tuple[Any, ...]:
        """In the order in which a row has them."""
        number, at, returned_at = self._sendings.get(meeting, (0, None, None))
        petitions, decided_on = self._petitions.get(meeting, 0), self._decided.get(meeting)
        return petitions, number, at, returned_at, decided_on


def _grouped(
    rows: "QuerySet[Any]", *by: "str | Combinable", **some: Count
) -> list[tuple[Any, ...]]:
    """The values by which they are grouped, how many are in each group, and how many of `some` kind."""
    return list(rows.order_by().values_list(*by).annotate(Count("pk"), **some))
