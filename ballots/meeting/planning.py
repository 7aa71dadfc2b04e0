"""Before the meeting: the list, the agenda, the polls, the drawn slips, and the rehearsal (họp thử)."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from ballots.core.verbs import (
    NO_NEW_MEETING,
    Refused,
    locked_meeting,
    locked_poll,
    must_be_editable,
    must_be_running,
    must_run,
)
from ballots.meeting import collectives
from ballots.meeting.roster import eligibility_of, keep_polls_in_step, rated_in
from ballots.models import Poll
from ballots.results.classification import CELL
from ballots.voting.planning import add_poll
from ballots.voting.polling import void_now
from cells.models import (
    AgendaItem,
    Campaign,
    Cell,
    Collective,
    CollectiveReport,
    Level,
    Meeting,
)
from members.models import Attendance, Device, Member, Office, ReviewLine, SelfReview, User
from members.permissions import runs_cell

ELSEWHERE = "Đã kiểm điểm, xếp loại ở chi bộ khác"  # of who joined after another cell's meeting


@transaction.atomic(durable=True)
def plan_meeting(
    user: User,
    cell: Cell,
    campaign: Campaign,
    *,
    starts_at: datetime,
    venue: str,
    chair: Member,
    clerk: Member,
    presenter: Member | None = None,
) -> Meeting:
    """Plan the cell's main meeting of the campaign: attendance list, agenda and polls from the pack."""
    if not runs_cell(user, cell):
        raise PermissionDenied
    _one_at_a_time(cell)
    must_be_running(campaign.pk, NO_NEW_MEETING)
    meeting = Meeting(cell=cell, campaign=campaign, starts_at=starts_at, venue=venue)
    meeting.validate_constraints()
    meeting.save()
    _list_members(meeting)
    write_duties(meeting, chair, clerk, presenter)
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, position=position, title=title, kind=kind)
        for position, (title, kind) in enumerate(meeting.rules.agenda, start=1)
    )
    collectives.take_over(meeting)
    for polled in meeting.rules.polls:
        _plan_default(meeting, polled)
    collectives.plan_poll_first(meeting)
    user.record("meeting.planned", meeting)
    return meeting


def _plan_default(meeting: Meeting, polled: str) -> None:
    """The poll of the pack on the cell itself, or on its rated members."""
    about = f"Xếp loại chất lượng {{}} {meeting.campaign.period}"
    if polled == CELL:
        add_poll(meeting, about.format(meeting.cell.name), None, Level.values)
    elif polled == "members":
        rated = [a.member for a in Attendance.objects.of(meeting).filter(rated=True)]
        add_poll(meeting, about.format(meeting.rules.texts["persons"]), rated, Level.values)


def _one_at_a_time(cell: Cell) -> None:
    """Lock the cell, so that of two clicks the second finds the meeting that the first has made."""
    Cell.objects.select_for_update(no_key=True).get(pk=cell.pk)


def _list_members(meeting: Meeting) -> None:
    """Put members still missing on the list: in the cell's own order, else the head first, then by given name."""
    last = Attendance.objects.filter(meeting=meeting).aggregate(last=Max("position"))["last"] or 0
    offices = Office.objects.held().filter(member__cell=meeting.cell_id)
    heads = dict(offices.values_list("member_id", "kind"))
    rank = {kind: place for place, kind in enumerate(Office.Kind.values)}
    claimed = SelfReview.objects.of(meeting.cell, meeting.campaign).claimed()
    members = sorted(
        Member.objects.missing_from(meeting),
        key=lambda m: (m.position, rank.get(heads.get(m.pk, ""), len(rank)), m.name_sort),
    )
    ReviewLine.objects.make(meeting.cell, meeting.campaign, eligibility_of(meeting.campaign))
    listed = ReviewLine.objects.of(meeting.cell, meeting.campaign)
    why_not = {line.member_id: "" if line.is_rated else line.reason for line in listed}
    Attendance.objects.bulk_create(
        Attendance(
            meeting=meeting,
            member=member,
            position=position,
            standing=member.status,
            rated=not why_not.get(member.pk, ELSEWHERE),
            unrated_reason=why_not.get(member.pk, ELSEWHERE),
            self_level=claimed.get(member.pk, ""),
        )
        for position, member in enumerate(members, start=last + 1)
    )


@transaction.atomic(durable=True)
def list_newcomers(user: User, meeting: Meeting) -> int:
    """Put members who joined the cell after the meeting was planned on its list; returns how many."""
    meeting = must_be_editable(user, meeting)
    if Poll.objects.filter(meeting=meeting).exclude(state=Poll.State.PLANNED).exists():
        raise Refused("Đã bỏ phiếu rồi nên không thêm được vào danh sách.")
    count = Member.objects.missing_from(meeting).count()
    was = rated_in(meeting)
    _list_members(meeting)
    keep_polls_in_step(meeting, was)
    user.record("meeting.newcomers_listed", meeting, count=count)
    return count


@transaction.atomic(durable=True)
def reschedule(user: User, meeting: Meeting, starts_at: datetime, venue: str) -> None:
    """Change the hour and the place of a meeting that has not been opened."""
    meeting = must_be_editable(user, meeting)
    if meeting.state != Meeting.State.PLANNED:
        raise Refused("Hội nghị đã khai mạc nên không đổi được giờ và địa điểm.")
    meeting.starts_at, meeting.venue = starts_at, venue
    meeting.save(update_fields=["starts_at", "venue"])
    user.record("meeting.rescheduled", meeting, starts_at=starts_at.isoformat(), venue=venue)


@transaction.atomic(durable=True)
def set_duty(
    user: User, meeting: Meeting, chair: Member, clerk: Member, presenter: Member | None = None
) -> None:
    """Name chair and clerk, two different members of the list, and who presents the collective report."""
    write_duties(must_be_editable(user, meeting), chair, clerk, presenter)
    user.record("meeting.duties", meeting, chair=chair.pk, clerk=clerk.pk)


def write_duties(meeting: Meeting, chair: Member, clerk: Member, presenter: Member | None) -> None:
    """Who chairs, writes and presents, of those listed; who calls has asked whether it may be."""
    if chair == clerk:
        raise Refused("Chủ trì và thư ký phải là hai đồng chí khác nhau.")
    listed = Attendance.objects.filter(meeting=meeting)
    listed.exclude(duty="", presents=False).update(duty="", presents=False)
    listed.filter(member=chair).update(duty=Attendance.Duty.CHAIR)
    listed.filter(member=clerk).update(duty=Attendance.Duty.CLERK)
    listed.filter(member=presenter).update(presents=True)


@transaction.atomic(durable=True)
def start_rehearsal(user: User, meeting: Meeting) -> Meeting:
    """Họp thử: a copy with the same list, agenda and polls, which never touches the real meeting."""
    must_run(user, meeting)
    _one_at_a_time(meeting.cell)
    must_be_alone(meeting)
    copy = make_rehearsal(meeting)
    _copy_parts(meeting, copy)
    user.record("meeting.rehearsal_started", copy)
    return copy


def make_rehearsal(meeting: Meeting) -> Meeting:
    """An empty meeting of the same body, time and place, which rehearses this one."""
    copy: Meeting = Meeting.objects.create(
        cell=meeting.cell,
        committee=meeting.committee,
        campaign=meeting.campaign,
        kind=Meeting.Kind.REHEARSAL,
        rehearses=meeting,
        starts_at=meeting.starts_at,
        venue=meeting.venue,
    )
    return copy


def must_be_alone(meeting: Meeting) -> None:
    """Refused while the same body has a rehearsal, or this meeting a poll that is under way."""
    running = Meeting.objects.of_same_body(meeting).filter(kind=Meeting.Kind.REHEARSAL)
    if running.exclude(state=Meeting.State.CLOSED).exists():
        whose = "Cấp ủy" if meeting.is_sitting else "Chi bộ"
        raise Refused(f"{whose} đang có một buổi họp thử. Xin kết thúc buổi đó trước.")
    if Poll.objects.filter(meeting=meeting).active().exists():
        # The tellers' devices would go over to the rehearsal, and forget the stamps of this poll's paper ballots.
        raise Refused("Đang có lượt bỏ phiếu của hội nghị. Xin làm xong lượt này rồi mới họp thử.")


def copy_agenda(meeting: Meeting, copy: Meeting) -> None:
    """The same items in the same order."""
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=copy, position=item.position, title=item.title, kind=item.kind)
        for item in meeting.items.all()
    )


def copy_list(meeting: Meeting, copy: Meeting) -> None:
    """The same people with the same duties, nobody there yet."""
    copied = (
        *("member_id", "position", "standing", "duty", "presents"),
        *("rated", "unrated_reason", "self_level"),
    )
    Attendance.objects.bulk_create(
        Attendance(meeting=copy, **values)
        for values in Attendance.objects.filter(meeting=meeting).values(*copied)
    )


def _copy_parts(meeting: Meeting, copy: Meeting) -> None:
    copy_agenda(meeting, copy)
    Collective.objects.copy(meeting, copy)
    own = {collective.name: collective for collective in copy.collectives.all()}
    columns = ("summary", "texts", "scores", "answers", "self_level", "self_score")
    for values in meeting.reports.values("collective__name", *columns):
        name = values.pop("collective__name")
        CollectiveReport.objects.create(meeting=copy, collective=own.get(name), **values)
    copy_list(meeting, copy)
    for poll in Poll.objects.filter(meeting=meeting).exclude(state=Poll.State.VOID):
        rows = poll.subjects.select_related("member", "collective")
        named = [row.member or own[row.label] for row in rows if row.member or row.collective]
        as_leaders = any(row.as_leader for row in rows)
        add_poll(copy, poll.title, named or None, poll.levels, as_leaders)


@transaction.atomic(durable=True)
def fill_rehearsal(user: User, meeting: Meeting) -> None:
    """Count everybody who is awaited as present, so that a rehearsal needs no more than one phone."""
    meeting = must_be_editable(user, meeting)
    if not meeting.is_rehearsal:
        raise Refused("Đây là hội nghị thật, chỉ ghi có mặt cho người đến họp.")
    awaited = Attendance.objects.filter(meeting=meeting, state=Attendance.State.EXPECTED)
    awaited.exclude(standing__in=Member.NOT_REVIEWED).update(state=Attendance.State.PRESENT)
    user.record("meeting.rehearsal_filled", meeting)


@transaction.atomic(durable=True)
def end_rehearsal(user: User, meeting: Meeting) -> None:
    """Kết thúc họp thử at any point: what is not finished is void, and nobody need pass its minutes."""
    must_run(user, meeting)
    meeting = locked_meeting(meeting)
    if not meeting.is_rehearsal:
        raise Refused("Đây là hội nghị thật, chỉ bế mạc được sau khi thông qua biên bản.")
    unfinished = Poll.objects.filter(meeting=meeting, confirmed=False).exclude(
        state=Poll.State.VOID
    )
    for poll in [locked_poll(poll) for poll in unfinished]:
        void_now(poll, "Kết thúc họp thử")
    if meeting.state == Meeting.State.PLANNED:
        meeting.open()
    meeting.close()
    Device.objects.knocking(meeting).stop_knocking()
    user.record("meeting.rehearsal_ended", meeting)
