"""The files of a period that a committee has not decided yet, with what their cells propose, many of them at once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from ballots.models import Classification, Decision, Submission
from ballots.models.submissions import SubmissionQuerySet
from ballots.results.classification import CELL_ADDRESS, COLLECTIVE_ADDRESS
from ballots.results.decisions import departs
from cells.law.periods import Period
from cells.models import Collective, Committee, Meeting
from members.models import Attendance, Member
from members.rules.names import ListedNames

# Who has a level or has none, within one meeting: member and collective, both None for the cell itself.
Levels = dict[tuple[int, int | None, int | None], str]


@dataclass(frozen=True)
class Waiting:
    """One subject that waits for its level; `proposed`: the code of what the cell proposes, "" where it is nothing."""

    key: str  # as Case.key
    name: str
    post: str
    proposed: str
    member: Member | None = None
    collective: Collective | None = None
    concluded: str = ""  # by the committee's own meeting on which the decision rests

    def needs_reason(self, level: str) -> bool:
        """Whether deciding so departs from what the cell proposes, or the committee concludes; "" never does."""
        return departs(level, self.proposed, self.concluded)


@dataclass(frozen=True)
class WaitingFile:
    """The last sending of a file, and whom it is about: the cell, its leadership collectives, its rated members."""

    sending: Submission
    cases: tuple[Waiting, ...]

    @property
    def meeting(self) -> Meeting:
        """Whose file it is."""
        meeting: Meeting = self.sending.meeting
        return meeting

    @property
    def members(self) -> int:
        """How many members it rates."""
        return sum(case.member is not None for case in self.cases)


def sendings(committee: Committee, period: Period) -> SubmissionQuerySet:
    """The last sendings of files that lie above and on which nothing was ever decided; by committee and cell.

    A file that was decided and is open again is decided by itself, with its reason.
    """
    decided = Exists(Decision.objects.filter(meeting=OuterRef("meeting")))
    above = Submission.objects.last_ones().filter(
        returned_at=None,
        meeting__campaign__year=period.year,
        meeting__campaign__kind=period.kind,
        meeting__kind__in=[Meeting.Kind.MAIN, Meeting.Kind.EXTRA],
        meeting__cell__committee__path__startswith=committee.path,
    )
    related = above.exclude(decided).select_related(
        "meeting__cell__committee", "meeting__campaign"
    )
    cell = "meeting__cell"
    return related.order_by(f"{cell}__committee__path", f"{cell}__name_sort", cell, "meeting")


def files_of(sent: Iterable[Submission]) -> list[WaitingFile]:
    """These with their cases, in four queries."""
    rows = list(sent)
    meetings = [row.meeting for row in rows]
    keys = [meeting.pk for meeting in meetings]
    names = Attendance.objects.names_by_meeting(meetings)
    places: dict[int, list[Attendance]] = {pk: [] for pk in keys}
    rated = Attendance.objects.filter(meeting__in=keys, rated=True).select_related("member")
    for place in rated.order_by("position", "member__name_sort", "pk"):
        places[place.meeting_id].append(place)
    levels = _proposed(keys)
    bodies: dict[int, list[Collective]] = {pk: [] for pk in keys}
    for body in Collective.objects.filter(meeting__in=keys).order_by("pk"):
        bodies[body.meeting_id].append(body)
    files = []
    for row in rows:
        pk = row.meeting_id
        people = _people(places[pk], names[pk], levels)
        files.append(WaitingFile(row, (*_bodies(row, bodies[pk], levels), *people)))
    return files


def _people(places: Iterable[Attendance], names: ListedNames, levels: Levels) -> list[Waiting]:
    return [
        Waiting(
            key=str(place.member_id),
            name=names.label(place.member),
            post=place.member.post,
            proposed=levels.get((place.meeting_id, place.member_id, None), ""),
            member=place.member,
        )
        for place in places
    ]


def _bodies(row: Submission, bodies: Iterable[Collective], levels: Levels) -> list[Waiting]:
    """The cell where it is rated, then the collectives that are rated for themselves."""
    own = levels.get((row.meeting_id, None, None), "")
    cell = row.meeting.cell.name
    cases = [Waiting(CELL_ADDRESS, cell, "", own)] if own or row.listed.get("cell") else []
    rated = set(row.listed.get("collectives", ()))
    for body in bodies:
        level = levels.get((row.meeting_id, None, body.pk), "")
        if level or body.pk in rated:
            key = COLLECTIVE_ADDRESS.format(body.pk)
            cases.append(Waiting(key, body.name, "", level, collective=body))
    return cases


def _proposed(meetings: Collection[int]) -> Levels:
    rows = Classification.objects.proposed().filter(meeting__in=meetings).order_by()
    columns = rows.values_list("meeting", "member", "collective", "level")
    return {(meeting, member, body): level for meeting, member, body, level in columns}
