"""Check-in (điểm danh): phones are admitted by a person who sees the person."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from ballots.core.verbs import Refused, must_be_editable, must_be_open
from ballots.models import Issue, Poll
from ballots.voting.doors import locked_issuing
from cells.models import Meeting
from members.models import Attendance, Device, Door, Member, PhoneChange, RateLimit, User
from members.models.devices import DeviceQuerySet


@transaction.atomic(durable=True)
def open_checkin(user: User, meeting: Meeting) -> None:
    """Give the meeting its six digits; calling it again changes nothing."""
    must_be_editable(user, meeting).open_checkin()
    user.record("meeting.checkin_opened", meeting)


@transaction.atomic(durable=True)
def change_code(user: User, meeting: Meeting) -> None:
    """Đổi mã: give the meeting other digits; who has the former ones joins no more. Phones that wait go on waiting."""
    meeting = must_be_editable(user, meeting)
    if meeting.code is None:
        raise Refused("Điểm danh đang đóng nên chưa có mã. Xin bấm “Mở điểm danh” để lấy mã mới.")
    former = meeting.code
    meeting.close_checkin()
    meeting.open_checkin(former)
    user.record("meeting.code_changed", meeting)


@transaction.atomic(durable=True)
def close_checkin(user: User, meeting: Meeting) -> None:
    """Take the six digits away; phones that still knock are forgotten."""
    must_be_editable(user, meeting).close_checkin()
    Device.objects.knocking(meeting).stop_knocking()
    RateLimit.objects.forget()
    user.record("meeting.checkin_closed", meeting)


@transaction.atomic(durable=True)
def admit(user: User, meeting: Meeting, device: Device, moved: bool = False) -> None:
    """Let the phone in, and its member with it.

    Where the member has a phone already, only if the secretary was shown both and chose this one: `moved` (Đổi máy).
    """
    meeting = must_be_editable(user, meeting)
    _admit(meeting, device, moved)
    Device.objects.filter(pk=device.pk).update(by_link=False)
    user.record("device.admitted", device.member, meeting=meeting.pk, moved=moved)


class Admitted(NamedTuple):
    """How many phones were let in; whose were not: two that knocked under one name, and of who is here or has one."""

    phones: int
    doubled: list[str]
    taken: list[str]


@transaction.atomic(durable=True)
def admit_all(
    user: User, meeting: Meeting, shown: Collection[int], numbers: Collection[int] = ()
) -> Admitted:
    """Let in, of the phones `shown` that still knock, those known from before and those whose number was read out.

    None that takes a present member's place or another phone's, which are looked at one by one, and of two under one
    name neither: they hold nobody else up. Only phones that stood on the secretary's screen: one that knocked a second
    later was seen by nobody.
    """
    meeting = must_be_editable(user, meeting)
    waiting = [knock for knock in knocks(meeting) if knock.device.pk in shown]
    read_out = {knock.device.number: knock for knock in waiting if knock.device.number in numbers}
    if unknown := sorted(set(numbers) - set(read_out)):
        raise Refused(f"Không có máy nào đang chờ với số {unknown[0]}. Xin hỏi lại số trên máy.")
    asked = [k for k in waiting if k.device.number in read_out or k.known]
    times = Counter(knock.device.member_id for knock in asked)
    doubled = [knock for knock in asked if times[knock.device.member_id] > 1]
    taken = [k for k in asked if k not in doubled and (k.present or k.former)]
    single = [knock.device for knock in asked if knock not in doubled and knock not in taken]
    for device in single:
        _admit(meeting, device, moved=False)
    seen = [device.pk for device in single if device.number in read_out]
    Device.objects.filter(pk__in=seen).update(by_link=False)
    user.record("device.admitted_all", meeting, count=len(single))
    return Admitted(len(single), _names(meeting, doubled), _names(meeting, taken))


def _names(meeting: Meeting, knocks_left: Collection["Knock"]) -> list[str]:
    """Under which names these knock; the list of the meeting is read only where there is one."""
    if not knocks_left:
        return []
    names = Attendance.objects.of(meeting).listed_names()
    return sorted({names.label(knock.device.member) for knock in knocks_left})


@dataclass(frozen=True)
class Knock:
    """A phone that waits, and what the secretary has to know of the member in whose name it knocks."""

    device: Device
    present: bool  # already checked in
    former: Device | None  # another phone of the member, which is admitted
    known: bool  # this one was admitted before this check-in began, and the member is not here yet


def knocks(meeting: Meeting) -> list[Knock]:
    """The phones that wait, in order of arrival."""
    waiting = list(Device.objects.knocking(meeting).order_by("pk"))
    owners = [device.member_id for device in waiting]
    rows = Attendance.objects.filter(meeting=meeting, member__in=owners).present()
    here = set(rows.values_list("member_id", flat=True))
    marks = PhoneChange.objects.filter(meeting=meeting, member__in=owners)
    unknown = here | set(marks.values_list("member_id", flat=True))
    admitted = {
        device.member_id: device
        for device in Device.objects.filter(member__in=owners, state=Device.State.ADMITTED)
    }
    return [
        Knock(
            device,
            present=device.member_id in here,
            former=None
            if device.state == Device.State.ADMITTED
            else admitted.get(device.member_id),
            known=device.state == Device.State.ADMITTED and device.member_id not in unknown,
        )
        for device in waiting
    ]


def _admit(meeting: Meeting, device: Device, moved: bool) -> None:
    device.refresh_from_db()
    if device.meeting_id != meeting.pk or device.number is None:
        raise Refused("Máy này không còn chờ nữa. Xin đồng chí ấy vào lại bằng mã.")
    # The member too: another phone may be using the personal link at this moment.
    rows = Attendance.objects.select_for_update(no_key=True, of=("self", "member"))
    listed = rows.select_related("member").filter(meeting=meeting, member=device.member_id)
    attendance = listed.first()
    if attendance is None or attendance.standing == Member.Status.SUSPENDED:
        name = _name(meeting, device)
        raise Refused(f"Đồng chí {name} không có trong danh sách dự hội nghị.")
    _replace_former(meeting, device, moved)
    Device.objects.filter(pk=device.pk).stop_knocking(state=Device.State.ADMITTED)
    attendance.state, attendance.reason, attendance.left_at = Attendance.State.PRESENT, "", None
    attendance.save(update_fields=["state", "reason", "left_at"])
    _follow_on_the_roll(meeting, attendance)


def _name(meeting: Meeting, phone: Device) -> str:
    return Attendance.objects.of(meeting).listed_names().label(phone.member)


def _replace_former(meeting: Meeting, device: Device, moved: bool) -> None:
    """Đổi máy: never silently, and never while the former phone holds a ballot; marked for room and minutes."""
    admitted = Device.objects.filter(member=device.member_id, state=Device.State.ADMITTED)
    former = admitted.exclude(pk=device.pk)
    if not former.exists():
        return
    if not moved:
        raise Refused(
            f"Đồng chí {_name(meeting, device)} đã có một máy được nhận. Xin hỏi đúng đồng chí ấy; "
            "muốn thay máy ấy thì bấm “Đổi sang máy này”."
        )
    if _holds_ballot(meeting, device.member):
        raise Refused(
            f"Máy cũ của đồng chí {_name(meeting, device)} đang giữ một lá phiếu. "
            "Xin đồng chí ấy bỏ phiếu bằng máy cũ, hoặc bấm “Phát lại cho tất cả” khi chưa ai bỏ phiếu."
        )
    former.stop_knocking(state=Device.State.REVOKED)
    PhoneChange.objects.note(device.member_id, PhoneChange.Kind.MOVED, meeting)


def _holds_ballot(meeting: Meeting, member: Member) -> bool:
    polls = Poll.objects.filter(
        meeting=meeting, state__in=[Poll.State.ISSUING, Poll.State.CASTING]
    )
    return any(
        Issue.objects.of(poll).filter(member=member, stamped=True).exists() for poll in polls
    )


@transaction.atomic(durable=True)
def refuse(user: User, meeting: Meeting, device: Device) -> None:
    """Send a knocking phone away: a wrong name was picked."""
    must_be_editable(user, meeting)
    _send_away(Device.objects.knocking(meeting).filter(pk=device.pk))
    user.record("device.refused", device.member)


@transaction.atomic(durable=True)
def refuse_all(user: User, meeting: Meeting) -> int:
    """Từ chối tất cả: send every knocking phone away; returns how many."""
    must_be_editable(user, meeting)
    count = _send_away(Device.objects.knocking(meeting))
    user.record("device.refused_all", meeting, count=count)
    return count


def _send_away(phones: DeviceQuerySet) -> int:
    """Strangers begin anew; a phone that was admitted before stays its member's, and may knock again."""
    strangers = phones.filter(state=Device.State.PENDING)
    return strangers.stop_knocking(state=Device.State.REVOKED) + phones.stop_knocking()


@transaction.atomic(durable=True)
def mark(user: User, attendance: Attendance, state: str, reason: str = "") -> None:
    """Record by hand who came, who is excused (with the reason), who is absent."""
    meeting = must_be_editable(user, attendance.meeting)
    if attendance.standing == Member.Status.SUSPENDED and state == Attendance.State.PRESENT:
        name = Attendance.objects.of(meeting).listed_names().label(attendance.member)
        raise Refused(f"Đồng chí {name} đang bị đình chỉ sinh hoạt đảng, không dự hội nghị.")
    if state != Attendance.State.PRESENT:
        _must_hold_no_ballot(meeting, attendance)
    attendance.state = state
    attendance.reason = reason.strip() if state == Attendance.State.EXCUSED else ""
    attendance.left_at = None
    attendance.clean_fields(exclude=["meeting", "member"])
    attendance.validate_constraints()
    attendance.save(update_fields=["state", "reason", "left_at"])
    _follow_on_the_roll(meeting, attendance)
    user.record("attendance.marked", attendance, state=state, meeting=meeting.pk)


def _ballots_of(meeting: Meeting, attendance: Attendance) -> QuerySet[Issue]:
    """The entries by which the member may have taken a ballot of this meeting."""
    entries = Issue.objects.filter(
        poll__meeting=meeting, member=attendance.member_id, round=F("poll__round"), declined=""
    )
    return entries.exclude(poll__state=Poll.State.VOID).select_related("poll")


def _must_hold_no_ballot(meeting: Meeting, attendance: Attendance) -> None:
    """Who has received a ballot was here: the minutes would count a ballot of somebody absent."""
    entry = _ballots_of(meeting, attendance).filter(received=True).first()
    if entry is not None:
        name = Attendance.objects.of(meeting).listed_names().label(attendance.member)
        raise Refused(
            f"Đồng chí {name} đã nhận phiếu ở lượt “{entry.poll.title}” nên không ghi vắng được. "
            "Đồng chí ấy ra về sớm thì xin ghi giờ ra về."
        )


def questions_of_mark(meeting: Meeting, attendance: Attendance, state: str) -> list[str]:
    """What is asked once before somebody who may hold a ballot is marked as not here.

    Of a slip or a paper nobody knows who took it, so that it cannot be refused as with a phone.
    """
    if state == Attendance.State.PRESENT:
        return []
    name = Attendance.objects.of(meeting).listed_names().label(attendance.member)
    return [
        f"Đồng chí {name} có tên trong danh sách phát phiếu của lượt “{entry.poll.title}” "
        f"({entry.get_door_display().lower()}). Đã cầm phiếu rồi mới về thì xin ghi giờ ra về, đừng ghi vắng."
        for entry in _ballots_of(meeting, attendance).filter(received=False)
    ]


@transaction.atomic(durable=True)
def mark_here(user: User, meeting: Meeting, members: Collection[Member]) -> int:
    """Record by hand that these came, without a phone; returns how many were not here before.

    Who is suspended does not take part, and is left out.
    """
    meeting = must_be_editable(user, meeting)
    may_come = Attendance.objects.filter(meeting=meeting, member__in=members).exclude(
        standing=Member.Status.SUSPENDED
    )
    away = may_come.exclude(pk__in=may_come.here())
    came = list(away.values_list("member", flat=True))
    away.update(state=Attendance.State.PRESENT, reason="", left_at=None)
    issuing = locked_issuing(meeting)
    if issuing is not None:
        _let_take(Issue.objects.of(issuing).filter(member__in=came, stamped=False))
    user.record("attendance.marked_here", meeting, members=came)
    return len(came)


@transaction.atomic(durable=True)
def leave(user: User, attendance: Attendance, left: time) -> None:
    """Ra về trước: at this hour of the meeting. A ballot already received stays with who left; polls opened later
    hand out none. Coming back is marked as being here.
    """
    meeting = must_be_open(user, attendance.meeting)
    attendance.left_at = _in_the_meeting(meeting, left)
    attendance.validate_constraints()
    attendance.save(update_fields=["left_at"])
    _follow_on_the_roll(meeting, attendance)
    user.record("attendance.left", attendance, left=f"{left:%H:%M}", meeting=meeting.pk)


def _in_the_meeting(meeting: Meeting, hour: time) -> datetime:
    """The first time after the meeting began that a clock showed this hour."""
    start = timezone.localtime(meeting.starts_at)
    moment = timezone.make_aware(datetime.combine(start.date(), hour))
    return moment if moment >= start else moment + timedelta(days=1)


LEFT = "Đã ra về"


def _let_take(entries: QuerySet[Issue]) -> None:
    """Who was away and came back takes a ballot again; who said no still takes none."""
    entries.filter(declined__in=[*Attendance.State.labels, LEFT]).update(declined="")


def _follow_on_the_roll(meeting: Meeting, attendance: Attendance) -> None:
    """Who leaves while ballots are handed out takes none any more; who comes back does."""
    issuing = locked_issuing(meeting)
    if issuing is None:
        return
    entry = Issue.objects.of(issuing).filter(member=attendance.member_id, stamped=False)
    if attendance.is_here:
        _let_take(entry)
    elif attendance.left_at is None:
        entry.filter(declined="").update(declined=attendance.get_state_display())
    else:
        # Nobody knows whether a slip or a paper was taken: only a phone says that it holds no ballot.
        entry.filter(declined="", door=Door.PHONE).update(declined=LEFT)
