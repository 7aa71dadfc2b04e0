"""Committee totals and files: a few aggregate queries over a whole subtree, whatever its size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from ballots.models import Classification, Total
from ballots.models.totals import PROPOSED
from ballots.results import classification, sums
from cells.law.periods import Period
from cells.law.rules import Rules
from cells.models import Cell, Committee, Level, Meeting, MeetingQuerySet
from members.models import Attendance

NO_MEETING = "Chưa lập hội nghị"
COLLECTIVES = "Tập thể lãnh đạo, quản lý"


@dataclass(frozen=True)
class Result:
    """What a meeting proposes: members per level; `rated` = all levels + undecided; `unrated` stand apart.

    `collectives`: name and level of each leadership collective.
    """

    own_level: str
    counts: dict[str, int]
    rated: int
    unrated: int
    collectives: tuple[tuple[str, str], ...] = ()

    @property
    def undecided(self) -> int:
        """Rated members for whom nothing is concluded."""
        return self.rated - sum(self.counts.values())


@dataclass(frozen=True)
class CellRow:
    """One cell, how its main meeting of the period stands, and its result."""

    cell: Cell
    state: str
    result: Result


NO_RESULT = Result("", dict.fromkeys(Level.values, 0), 0, 0)


def rows(committee: Committee, period: Period) -> list[CellRow]:
    """Every cell of the subtree with its main meeting of the period, in six queries."""
    under = Cell.objects.under(committee).select_related("committee")
    cells = under.order_by("committee__path", "name_sort", "name")
    by_cell = {m.cell_id: m for m in meetings(committee, period)}
    by_meeting = results([meeting.pk for meeting in by_cell.values()])
    return [
        _row(cell, by_cell.get(cell.pk), by_meeting)
        for cell in cells
        if cell.ended_on is None or cell.pk in by_cell
    ]


def _row(cell: Cell, meeting: Meeting | None, by_meeting: dict[int, Result]) -> CellRow:
    if meeting is None:
        return CellRow(cell, NO_MEETING, NO_RESULT)
    return CellRow(cell, meeting.get_state_display(), by_meeting[meeting.pk])


def results(meetings: list[int]) -> dict[int, Result]:
    """The result of each of these meetings, by key, in three queries."""
    levels = _levels(meetings)
    own: dict[int, str] = {}
    bodies: dict[int, list[tuple[str, str]]] = {}
    of_nobody = _current(meetings).filter(member=None).order_by("collective")
    for pk, name, level in of_nobody.values_list("meeting_id", "collective__name", "level"):
        if name is None:
            own[pk] = level
        else:
            bodies.setdefault(pk, []).append((name, level))
    listed = Attendance.objects.filter(meeting__in=meetings).values_list("meeting_id", "rated")
    people = {(pk, rated): n for pk, rated, n in listed.annotate(n=Count("pk")).order_by()}
    return {
        pk: Result(
            own_level=own.get(pk, ""),
            counts={code: levels.get((pk, code), 0) for code in sums.LEVELS},
            rated=people.get((pk, True), 0),
            unrated=people.get((pk, False), 0),
            collectives=tuple(bodies.get(pk, ())),
        )
        for pk in meetings
    }


@dataclass(frozen=True)
class BodyGroup:
    """Collectives of like role under a committee: how many at each level, and how many the cap lets be excellent."""

    name: str
    counts: Mapping[str, int]  # by level, the highest first
    allowed: str  # by both readings
    is_exceeded: bool  # by the reading in force


def bodies(committee: Committee, period: Period, rules: Rules) -> list[BodyGroup]:
    """Cells, then leadership collectives, as the files that lie above propose them; one query of the stored totals.

    One of which nothing is proposed is left out. The cap is that of collectives (QĐ 124, điều 12; QĐ 366, điều 11).
    """
    whole = sums.of_committee(committee, period)
    groups = []
    for group, name in ((Total.Group.CELL, "Chi bộ"), (Total.Group.COLLECTIVE, COLLECTIVES)):
        counts = whole.of(group).at(PROPOSED)
        check = classification.check_cap(counts, rules)
        if any(counts.values()):
            allowed = classification.both_readings(check)
            groups.append(BodyGroup(name, counts, allowed, check.warning))
    return groups


def meetings(committee: Committee, period: Period) -> QuerySet[Meeting]:
    """The main meetings of the period in the committee's subtree."""
    under = meetings_of(period).filter(cell__committee__path__startswith=committee.path)
    return under.select_related("cell__committee", "campaign")


def meetings_of(period: Period, campaigns: Sequence[int] | None = None) -> MeetingQuerySet:
    """The main meetings of the period, everybody's; not one that an ended cell had only planned.

    `campaigns`: those of the period, by key, where they are known already, which is a join less.
    """
    main = Meeting.objects.filter(kind=Meeting.Kind.MAIN)
    if campaigns is None:
        main = main.filter(campaign__year=period.year, campaign__kind=period.kind)
    else:
        main = main.filter(campaign__in=campaigns)
    return main.exclude(state=Meeting.State.PLANNED, cell__ended_on__isnull=False)


def _current(meetings: list[int]) -> QuerySet[Classification]:
    return Classification.objects.proposed().filter(meeting__in=meetings)


def _levels(meetings: list[int]) -> dict[tuple[int, str], int]:
    rows = _current(meetings).exclude(member=None).values_list("meeting_id", "level")
    return {(pk, level): n for pk, level, n in rows.annotate(n=Count("pk")).order_by()}
