"""What is remembered over the years: levels of the cell and its members, by year. Nothing of any ballot."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, QuerySet

from ballots.models import Classification, Paper
from cells.models import Campaign, Cell, CollectiveReport, Level, Meeting
from members.models import Member, SelfReview
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

    @property
    def words(self) -> str:
        """As it is shown; "" where no former year is known."""
        stage = Classification.Stage.DECIDED if self.is_decided else Classification.Stage.PROPOSED
        level = (
            f"Năm {self.year} {stage.label.lower()}: {Level(self.level).label}"
            if self.level
            else ""
        )
        return " · ".join(part for part in (level, summed(self.promises)) if part)


Levels = dict[int, dict[int | None, tuple[str, bool]]]  # year → member (None: the cell) → level


def levels_of(rows: QuerySet[Classification]) -> Levels:
    """The level in force per year and subject, and whether it was decided; of meetings whose minutes are passed."""
    passed = Paper.objects.filter(meeting=OuterRef("meeting"), kind=Paper.Kind.MINUTES)
    known = rows.filter(
        Exists(passed), superseded_by=None, meeting__campaign__kind=Campaign.Kind.YEAR
    ).exclude(meeting__kind=Meeting.Kind.REHEARSAL)
    columns = ("meeting__campaign__year", "member", "level", "stage")
    found: Levels = {}
    # The cell's own proposal first: what is decided above comes later and stands.
    for year, member, level, stage in known.order_by("-stage", "meeting").values_list(*columns):
        decided = stage == Classification.Stage.DECIDED
        found.setdefault(year, {})[member] = (level, decided)
    return found


def of_cell(cell: Cell) -> Levels:
    """All levels of a cell and its members."""
    return levels_of(Classification.objects.filter(meeting__cell=cell))


def before(
    cell: Cell, year: int, promised: Mapping[int | None, tuple[Promise, ...]]
) -> dict[int | None, Before]:
    """Per member (None: the cell itself) what the cell knows of the years before `year`, in one query.

    `promised`: last year's shortcomings with this year's answers. Whoever has neither is left out, or has no words.
    """
    levels = levels_of(
        Classification.objects.filter(meeting__cell=cell, meeting__campaign__year__lt=year)
    )
    last = {
        who: Before(past, *level) for past in sorted(levels) for who, level in levels[past].items()
    }
    return {
        who: replace(last.get(who, Before()), promises=promised.get(who, ()))
        for who in {*last, *promised}
    }


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


def of_member(member: Member) -> dict[int, tuple[str, bool]]:
    """A member's levels by year, in whichever cell."""
    found = levels_of(Classification.objects.filter(member=member))
    return {year: subjects[member.pk] for year, subjects in found.items()}


def years_of(levels: Levels) -> list[CellYear]:
    """The cell's line over the years, the latest first."""
    return [_year(year, levels[year]) for year in sorted(levels, reverse=True)]


def _year(year: int, subjects: Mapping[int | None, tuple[str, bool]]) -> CellYear:
    members = Counter(level for who, (level, _) in subjects.items() if who is not None)
    return CellYear(
        year=year,
        own=subjects.get(None, ("", False))[0],
        counts={level: members[level] for level in Level.values},
        is_decided=bool(subjects) and all(decided for _, decided in subjects.values()),
    )


def shortcomings(meeting: Meeting) -> tuple[str, ...]:
    """The cell's shortcomings of the latest earlier year held here; those answered once the minutes are locked."""
    if Paper.objects.filter(meeting=meeting).exists():
        return stored_items(meeting.report.answers)
    held = Meeting.objects.real().filter(
        cell=meeting.cell_id,
        state=Meeting.State.CLOSED,
        campaign__year__lt=meeting.campaign.year,
        campaign__kind=Campaign.Kind.YEAR,
    )
    written = CollectiveReport.objects.filter(meeting__in=held).exclude(texts={})
    former = written.order_by("-meeting__campaign__year", "-meeting__starts_at").first()
    return items_of(former.texts.get("weaknesses", ""), former.answers) if former else ()
