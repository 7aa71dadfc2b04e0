"""What is remembered over the years: levels of the cell and its members, by year. Nothing of any ballot."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from ballots.models import Classification, Paper
from ballots.results import levels
from ballots.results.levels import BySubject, InForce
from cells.models import Campaign, Cell, CollectiveReport, Level, Meeting
from members.models import FormerYear, Member, SelfReview
from members.models.former import SOURCE
from members.rules.promises import (
    Promise,
    items_of,
    promises,
    stored,
    stored_items,
    summed,
    typed_of,
)


@dataclass(frozen=True)
class CellYear:
    """A year of the cell: its own level ("" if none) and its members per level, decided before proposed."""

    year: int
    own: str
    counts: Mapping[str, int]
    is_decided: bool

    @property
    def rated(self) -> int:
        """How many members have a level."""
        return sum(self.counts.values())

    @property
    def row(self) -> list[int]:
        """The counts, the highest level first."""
        return list(self.counts.values())


@dataclass(frozen=True)
class Before:
    """What stands beside a subject of this year: its last level of an earlier year ("" if none), and its promises."""

    year: int = 0
    level: str = ""
    is_decided: bool = False
    promises: tuple[Promise, ...] = ()
    source: str = ""  # where it was taken from, if not from a meeting held here

    @property
    def words(self) -> str:
        """As it is shown; "" where no former year is known."""
        stage = Classification.Stage.DECIDED if self.is_decided else Classification.Stage.PROPOSED
        told = f"({self.source})" if self.source else stage.label.lower()
        level = f"Năm {self.year} {told}: {Level(self.level).label}" if self.level else ""
        return " · ".join(part for part in (level, summed(self.promises)) if part)


Levels = dict[int, BySubject]


def of_cell(cell: Cell) -> Levels:
    """All levels of a cell and its members, by year."""
    return levels.of_years(Classification.objects.filter(meeting__cell=cell))


def before(
    cell: Cell, year: int, promised: Mapping[int | None, tuple[Promise, ...]]
) -> dict[int | None, Before]:
    """Per member (None: the cell itself) what the cell knows of the years before `year`.

    `promised`: last year's shortcomings with this year's answers. Whoever has neither is left out, or has no words.
    """
    earlier = Classification.objects.filter(meeting__cell=cell, meeting__campaign__year__lt=year)
    years = levels.of_years(earlier)
    last = {who: _before(past, own) for past in sorted(years) for who, own in years[past].items()}
    for row in typed_in(cell).filter(year__lt=year).order_by("year"):
        if row.level and row.year > last.get(row.member_id, Before()).year:
            last[row.member_id] = Before(row.year, row.level, source=SOURCE)
    return {
        who: replace(last.get(who, Before()), promises=promised.get(who, ()))
        for who in {*last, *promised}
    }


def typed_in(cell: Cell) -> QuerySet[FormerYear]:
    """What came in from sheets about the members of the cell."""
    return FormerYear.objects.filter(member__cell=cell)


def beside(meeting: Meeting) -> dict[int | None, Before]:
    """`before` of everybody the meeting deals with, the cell itself included."""
    own = promises(shortcomings(meeting), typed_of(meeting.report.answers), {})
    promised = {**answered(meeting.cell, meeting.campaign), None: own}
    return before(meeting.cell, meeting.campaign.year, promised)


def answered(cell: Cell, campaign: Campaign) -> dict[int | None, tuple[Promise, ...]]:
    """Last year's shortcomings of the members with the answers they have handed in, in one query.

    Beside a paper stands at most a forgotten draft, which is its writer's alone.
    """
    handed_in = SelfReview.objects.of(cell, campaign).filter(
        state=SelfReview.State.SUBMITTED, on_paper=False
    )
    rows = handed_in.exclude(answers={}).values_list("member", "answers")
    return {member: stored(answers) for member, answers in rows}


def of_member(member: Member) -> dict[int, InForce]:
    """A member's levels by year, in whichever cell."""
    years = levels.of_years(Classification.objects.filter(member=member))
    return {year: subjects[member.pk] for year, subjects in years.items()}


def years_of(years: Levels) -> list[CellYear]:
    """The cell's line over the years, the latest first."""
    return [_year(year, years[year]) for year in sorted(years, reverse=True)]


def _year(year: int, subjects: BySubject) -> CellYear:
    counts = Counter(_level(own) for who, own in subjects.items() if who is not None)
    return CellYear(
        year=year,
        own=_level(subjects.get(None, InForce())),
        counts={level: counts[level] for level in Level.values},
        is_decided=bool(subjects) and all(own.decided for own in subjects.values()),
    )


def _level(own: InForce) -> str:
    return own.standing.level if own.standing else ""


def _before(year: int, own: InForce) -> Before:
    return Before(year, _level(own), own.decided is not None)


def shortcomings(meeting: Meeting) -> tuple[str, ...]:
    """The cell's shortcomings of the latest earlier year held here; those answered once the minutes are locked."""
    if Paper.objects.filter(meeting=meeting).exists():
        return stored_items(meeting.report.answers)
    meetings_held = Meeting.objects.real().filter(
        cell=meeting.cell_id,
        state=Meeting.State.CLOSED,
        campaign__year__lt=meeting.campaign.year,
        campaign__kind=Campaign.Kind.YEAR,
    )
    written = CollectiveReport.objects.filter(meeting__in=meetings_held).exclude(texts={})
    former = written.order_by("-meeting__campaign__year", "-meeting__starts_at").first()
    return items_of(former.texts.get("weaknesses", ""), former.answers) if former else ()
