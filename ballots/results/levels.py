"""The level in force of a member, or of the cell itself (no member): what the cell proposes, what is decided above."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from ballots.models import Classification, Paper
from ballots.models.results import ClassificationQuerySet
from cells.models import Campaign, Cell, Meeting
from members.models import Member


@dataclass
class InForce:
    """Of one subject; None where there is no such level."""

    proposed: Classification | None = None
    decided: Classification | None = None
    # By the last ballots that proposed one, whatever was concluded since.
    by_vote: Classification | None = None

    @property
    def standing(self) -> Classification | None:
        """What stands: what was decided above, else what the cell proposes."""
        return self.decided or self.proposed

    def take(self, row: Classification) -> None:
        """Put the next version, in the order they were written, over what stood before."""
        if row.stage == Classification.Stage.DECIDED:
            self.decided = row
            return
        self.proposed = row
        if row.source == Classification.Source.VOTE:
            self.by_vote = row


BySubject = dict[int | None, InForce]


def of_meeting(meeting: Meeting) -> BySubject:
    """Of the members of this meeting, by member, and of the cell (None), in one query."""
    rows = Classification.objects.filter(meeting=meeting, collective=None)
    return _in_force(rows.order_by("pk"))


def of_collectives(meeting: Meeting) -> dict[int, InForce]:
    """Of the leadership collectives of this meeting, by collective, in one query."""
    rows = Classification.objects.filter(meeting=meeting, collective__isnull=False)
    subjects: dict[int, InForce] = {}
    for row in rows.order_by("pk"):
        if row.collective_id is not None:
            subjects.setdefault(row.collective_id, InForce()).take(row)
    return subjects


def of_review(cell: Cell, campaign: Campaign) -> BySubject:
    """Per subject of the cell's review; of two meetings the later result stands."""
    rows = _real(Classification.objects.filter(meeting__cell=cell, meeting__campaign=campaign))
    return _in_force(rows)


def of_years(rows: ClassificationQuerySet) -> dict[int, BySubject]:
    """The same of whole years, by year, in one query: what was decided, and what passed minutes vouch for."""
    related = ("meeting__campaign", "meeting__cell__committee", "decision__by__committee")
    by_year: dict[int, list[Classification]] = {}
    for row in _real(_yearly(rows)).select_related(*related):
        by_year.setdefault(row.meeting.campaign.year, []).append(row)
    return {year: _in_force(own) for year, own in by_year.items()}


def collectives_of_years(cell: Cell) -> dict[int, dict[str, InForce]]:
    """Of the cell's leadership collectives, by year and name: those of two meetings of a year are one by its name."""
    rows = Classification.objects.filter(meeting__cell=cell, collective__isnull=False)
    rows = _yearly(rows).exclude(meeting__kind=Meeting.Kind.REHEARSAL)
    years: dict[int, dict[str, InForce]] = {}
    for row in rows.select_related("meeting__campaign", "collective").order_by("pk"):
        own = years.setdefault(row.meeting.campaign.year, {})
        own.setdefault(str(row.collective), InForce()).take(row)
    return years


def is_decided(member: Member, campaign: Campaign) -> bool:
    """Whether the committee above has decided the member's level of this campaign."""
    decided = Classification.objects.decided()
    return decided.filter(member=member, meeting__campaign=campaign).exists()


def _yearly(rows: ClassificationQuerySet) -> ClassificationQuerySet:
    """Of reviews of a whole year: what was decided, and what passed minutes vouch for."""
    passed = Paper.objects.filter(meeting=OuterRef("meeting"), kind=Paper.Kind.MINUTES)
    vouched = Q(stage=Classification.Stage.DECIDED) | Exists(passed)
    return rows.filter(vouched, meeting__campaign__kind=Campaign.Kind.YEAR)


def _real(rows: ClassificationQuerySet) -> ClassificationQuerySet:
    """Of the cell and its members, whom years are remembered of; a leadership collective is one meeting's."""
    return (
        rows.filter(collective=None).exclude(meeting__kind=Meeting.Kind.REHEARSAL).order_by("pk")
    )


def _in_force(versions: Iterable[Classification]) -> BySubject:
    """`versions`: in the order they were written, in which each supersedes the one before."""
    subjects: BySubject = {}
    for row in versions:
        subjects.setdefault(row.member_id, InForce()).take(row)
    return subjects
