"""From the rows to the facts of files: who is listed in which group, was reviewed and rated, and at which level."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from ballots.models import Classification, Poll, Subject, Submission, Total, UnratedTotal
from ballots.results import concerned
from ballots.results.classification import CELL
from ballots.results.facts import Fact, File
from cells.models import Campaign, Collective, Meeting
from members.models import Attendance, Office, SelfReview

Group, Status = Total.Group, UnratedTotal.Status
Stage = Classification.Stage
# By meeting, member and collective, each None where it is neither's: the level in force at each stage.
Levels = Mapping[tuple[int, int | None, int | None], Mapping[str, str]]


def listed_of(meeting: Meeting) -> dict[str, Any]:
    """What a file that is sent now says of its subjects beside what its meeting has closed over; members by key.

    Who holds a post on the day of the meeting, was reviewed, and whom the review does not concern; whether the cell
    itself is rated, and which leadership collectives are.
    """
    listed = Attendance.objects.filter(meeting=meeting)
    offices = Office.objects.filter(member__in=listed.values("member"))
    day = timezone.localdate(meeting.starts_at)
    leading = offices.leading(meeting.rules.leader_posts, day)
    reviews = SelfReview.objects.of(meeting.cell, meeting.campaign)
    written = reviews.filter(state=SelfReview.State.SUBMITTED)
    reviewed = {
        *listed.present().values_list("member", flat=True),
        *written.values_list("member", flat=True),
    }
    return {
        "leaders": sorted({office.member_id for office in leading}),
        "reviewed": sorted(reviewed),
        "outside": sorted(concerned.not_subject(meeting)),
        "cell": CELL in meeting.rules.polls or _is_about_itself(meeting),
        "collectives": sorted(Collective.objects.rated(meeting).values_list("pk", flat=True)),
    }


def _is_about_itself(meeting: Meeting) -> bool:
    """Whether the cell was voted on, or a level of it concluded, where its guidance does not ask for one."""
    about = {"member": None, "collective": None}
    polls = Poll.objects.filter(meeting=meeting).counted()
    return (
        Subject.objects.filter(poll__in=polls, **about).exists()
        or Classification.objects.proposed().filter(meeting=meeting, **about).exists()
    )


def files_above(meetings: Collection[int]) -> list[File]:
    """The files of these meetings, by key, that lie with the committee above: sent, and not returned since.

    What was decided stays in force, and counts, while a file that was reopened is being mended.
    """
    decided = Classification.objects.decided().filter(meeting=OuterRef("meeting"))
    sent = Submission.objects.filter(meeting__in=meetings).last_ones()
    sent = sent.filter(Q(returned_at=None) | Exists(decided))
    sent = sent.exclude(meeting__kind=Meeting.Kind.REHEARSAL)
    rows = list(sent.select_related("meeting__campaign", "meeting__cell__committee"))
    keys = [row.meeting_id for row in rows]
    levels = _levels(keys)
    listed: dict[int, list[Attendance]] = {}
    for place in Attendance.objects.filter(meeting__in=keys).order_by("pk"):
        listed.setdefault(place.meeting_id, []).append(place)
    names = dict(Collective.objects.filter(meeting__in=keys).values_list("pk", "name"))
    return [
        File(
            row.meeting_id,
            row.meeting.starts_at,
            (
                *_bodies(row.meeting, _listed(row), levels, names),
                *_people(row.meeting, _listed(row), levels, listed.get(row.meeting_id, [])),
            ),
        )
        for row in rows
    ]


def _listed(sending: Submission) -> dict[str, Any]:
    """As it was when the file was sent: kept from the first time it is added up, which is in that very transaction.

    Of a file that a former version has sent, as it is when this one adds it up first.
    """
    listed: dict[str, Any] = sending.listed
    if not listed:
        listed = listed_of(sending.meeting)
        Submission.objects.filter(pk=sending.pk).update(listed=listed)
    return listed


def _levels(meetings: Collection[int]) -> Levels:
    levels: dict[tuple[int, int | None, int | None], dict[str, str]] = {}
    rows = Classification.objects.current().filter(meeting__in=meetings)
    for meeting, member, collective, stage, level in rows.values_list(
        "meeting", "member", "collective", "stage", "level"
    ):
        levels.setdefault((meeting, member, collective), {})[stage] = level
    return levels


def _bodies(
    meeting: Meeting, listed: Mapping[str, Any], levels: Levels, names: Mapping[int, str]
) -> list[Fact]:
    """The cell itself, then its leadership collectives, which are one in two meetings by their name."""
    cell = ("cell", meeting.cell_id)
    facts = []
    if listed["cell"]:
        own = levels.get((meeting.pk, None, None), {})
        facts.append(_rated(cell, Group.CELL, own))
    for pk in listed["collectives"]:
        if pk in names:
            own = levels.get((meeting.pk, None, pk), {})
            facts.append(_rated((*cell, names[pk]), Group.COLLECTIVE, own))
    return facts


def _people(
    meeting: Meeting, listed: Mapping[str, Any], levels: Levels, places: Iterable[Attendance]
) -> list[Fact]:
    """The members on the list; in a quarter the leaders alone, who are all that the review concerns."""
    is_year = meeting.campaign.kind == Campaign.Kind.YEAR
    leaders, reviewed, outside = (set(listed[key]) for key in ("leaders", "reviewed", "outside"))
    facts = []
    for place in places:
        subject = ("member", place.member_id)
        group = Group.MEMBER if is_year and place.member_id not in leaders else Group.LEADER
        is_outside = place.member_id in outside
        if place.rated:
            own = levels.get((meeting.pk, place.member_id, None), {})
            facts.append(_rated(subject, group, own))
        elif is_year or not is_outside:
            facts.append(
                Fact(
                    subject,
                    group,
                    is_rated=False,
                    is_reviewed=place.member_id in reviewed and not is_outside,
                    status=Status.NOT_SUBJECT if is_outside else Status.UNRATED,
                    reason=place.unrated_reason,
                )
            )
    return facts


def _rated(subject: tuple[object, ...], group: str, own: Mapping[str, str]) -> Fact:
    proposed, decided = (own.get(stage, "") for stage in (Stage.PROPOSED, Stage.DECIDED))
    return Fact(subject, group, True, True, proposed=proposed, decided=decided)


def circle_of(meetings: Collection[int]) -> set[int]:
    """These meetings, by key, and all others of their period with somebody on both lists, or of the same cell."""
    circle = set(meetings)
    periods = Meeting.objects.filter(pk__in=circle).values_list("campaign__year", "campaign__kind")
    for year, kind in set(periods.order_by()):
        of_period = Meeting.objects.real().filter(campaign__year=year, campaign__kind=kind)
        own = of_period.filter(pk__in=meetings)
        people = Attendance.objects.filter(meeting__in=own).values("member")
        shared = Attendance.objects.filter(member__in=people, meeting__in=of_period)
        circle |= set(shared.order_by().values_list("meeting", flat=True).distinct())
        same = of_period.filter(cell__in=own.values("cell"))
        circle |= set(same.order_by().values_list("pk", flat=True))
    return circle
