"""Who is reviewed and rated: the list of the year, made from the rules, and that of the meeting, in step with it."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ballots.core.verbs import Refused, lock_meetings, locked_meeting, must_be_editable
from ballots.models import Paper, Poll
from ballots.results import levels
from ballots.voting.planning import strike, write_subjects
from cells.law.guidance import load_pack
from cells.models import Campaign, Cell, Meeting
from members.models import Attendance, ReviewLine, User
from members.permissions import runs_cell
from members.rules.eligibility import Eligibility

BY_HAND = "Bí thư chi bộ ghi"
DECIDED = "Cấp trên đã quyết định mức của đồng chí này nên diện kiểm điểm giữ nguyên."
# Constraints that speak of these hold as they did: saving the list asks for those of what it writes.
UNTOUCHED = {"meeting", "member", "duty", "state", "door"}
VOTED = "Đã phát phiếu về đảng viên rồi nên danh sách xếp loại của hội nghị không đổi được nữa."


def eligibility_of(campaign: Campaign) -> Eligibility:
    """Who is not reviewed by the campaign's pack."""
    return Eligibility.from_pack(load_pack(campaign.pack))


@transaction.atomic(durable=True)
def make_list(user: User, cell: Cell, campaign: Campaign) -> None:
    """Bring the cell's list of the year up to date; what was changed by hand stays."""
    if not runs_cell(user, cell):
        raise PermissionDenied
    ReviewLine.objects.make(cell, campaign, eligibility_of(campaign))


@transaction.atomic(durable=True)
def set_line(
    user: User, line: ReviewLine, status: str, reason: str, return_on: date | None
) -> None:
    """Change by hand whether a member is reviewed, with the reason; who is not yet rated may have a day to return to.

    Raises ValidationError, with the constraint's own sentence, without a reason.
    """
    _must_be_undecided(user, line)
    line.status, line.reason, line.return_on = status, reason.strip(), return_on
    line.basis, line.by_hand, line.set_at = BY_HAND, True, timezone.now()
    line.validate_constraints()
    line.save(update_fields=["status", "reason", "return_on", "basis", "by_hand", "set_at"])
    user.record("review.line_set", line, status=status, reason=line.reason)
    _tell_the_meeting(line)


@transaction.atomic(durable=True)
def follow_rules(user: User, line: ReviewLine) -> None:
    """Take a change by hand back: the rules say again whether the member is reviewed."""
    _must_be_undecided(user, line)
    user.record("review.line_reset", line, status=line.status, reason=line.reason)
    changes = {"by_hand": False, "return_on": None, "set_at": timezone.now()}
    ReviewLine.objects.filter(pk=line.pk).update(**changes)
    ReviewLine.objects.make(line.cell, line.campaign, eligibility_of(line.campaign))
    line.refresh_from_db()
    _tell_the_meeting(line)


def _must_be_undecided(user: User, line: ReviewLine) -> None:
    """Guard, and lock; Refused once the committee above has decided the member's level of this campaign."""
    if not runs_cell(user, line.cell):
        raise PermissionDenied
    lock_meetings(line.cell_id, line.campaign_id)
    if levels.is_decided(line.member, line.campaign):
        raise Refused(DECIDED)


def _tell_the_meeting(line: ReviewLine) -> None:
    """Let the meeting's list say what the year's list now says of a member, while its ballots can still follow."""
    main = Meeting.objects.filter(
        cell=line.cell_id, campaign=line.campaign_id, kind=Meeting.Kind.MAIN
    ).exclude(state=Meeting.State.CLOSED)
    planned_meeting = main.first()
    if planned_meeting is None:
        return
    meeting = locked_meeting(planned_meeting)
    place = Attendance.objects.filter(meeting=meeting, member=line.member_id).first()
    if (
        place is None
        or Paper.objects.passed(meeting)
        or Poll.objects.naming_members(meeting).exists()
    ):
        return
    was = rated_in(meeting)
    place.rated, place.unrated_reason = line.is_rated, "" if line.is_rated else line.reason
    place.save(update_fields=["rated", "unrated_reason"])
    keep_polls_in_step(meeting, was)


@transaction.atomic(durable=True)
def set_review(
    user: User, attendance: Attendance, rated: bool, unrated_reason: str, self_level: str
) -> None:
    """Say whether a member is rated at this meeting, why not, and the level the member claims."""
    meeting = must_be_editable(user, attendance.meeting)
    if attendance.rated != rated and Poll.objects.naming_members(meeting).exists():
        raise Refused(VOTED)
    was = rated_in(meeting) if attendance.rated != rated else None
    attendance.rated, attendance.self_level = rated, self_level
    attendance.unrated_reason = "" if rated else unrated_reason.strip()
    attendance.validate_constraints(exclude=UNTOUCHED)
    attendance.save(update_fields=["rated", "unrated_reason", "self_level"])
    if was is not None:
        keep_polls_in_step(meeting, was)
    _tell_the_year(attendance)
    user.record("attendance.reviewed", attendance, rated=rated)


def rated_in(meeting: Meeting) -> set[int]:
    """The keys of the members whom the meeting rates."""
    rated = Attendance.objects.filter(meeting=meeting, rated=True)
    return set(rated.values_list("member", flat=True))


def keep_polls_in_step(meeting: Meeting, was: set[int]) -> None:
    """Let the planned member polls follow the list of the rated; `was`: who was rated before it changed.

    A poll on all of them stays one on all; one on a few, such as a second round, only loses who is rated no more.
    """
    rated = [a.member for a in Attendance.objects.of(meeting).filter(rated=True)]
    for poll in Poll.objects.filter(meeting=meeting, state=Poll.State.PLANNED):
        capacities = dict(poll.subjects.values_list("member", "as_leader"))
        if None in capacities:
            strike(poll, poll.subjects.exclude(member=None).exclude(member__in=rated))
            continue
        poll.subjects.all().delete()
        as_leaders = any(capacities.values())
        on_all = capacities.keys() >= was and not as_leaders
        listed = [m for m in rated if on_all or m.pk in capacities]
        write_subjects(poll, listed, as_leaders)


def _tell_the_year(attendance: Attendance) -> None:
    """Let the year's list say what the meeting's list now says of a member; a rehearsal changes nothing."""
    meeting = attendance.meeting
    if meeting.is_rehearsal:
        return
    line = ReviewLine.objects.of(meeting.cell, meeting.campaign).filter(
        member=attendance.member_id
    )
    now = line.first()
    if now is None or now.is_rated == attendance.rated:
        return
    status = ReviewLine.Status.SUBJECT if attendance.rated else ReviewLine.Status.UNRATED
    reason = attendance.unrated_reason or "Hội nghị đưa vào danh sách xếp loại"
    line.update(status=status, reason=reason, basis=BY_HAND, by_hand=True, return_on=None)
