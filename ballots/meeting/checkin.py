"""Check-in (điểm danh): phones are admitted by a person who sees the person."""

from collections.abc import Collection

from django.db import transaction

from ballots.core.verbs import Refused, must_be_editable
from ballots.models import Issue, Poll
from ballots.voting.doors import _issuing
from cells.models import Meeting
from members.models import Attendance, Device, Member, User


@transaction.atomic(durable=True)
def open_checkin(user: User, meeting: Meeting) -> None:
    """Give the meeting its six digits; calling it again changes nothing."""
    must_be_editable(user, meeting).open_checkin()
    user.record("meeting.checkin_opened", meeting)


@transaction.atomic(durable=True)
def close_checkin(user: User, meeting: Meeting) -> None:
    """Take the six digits away; phones that still knock are forgotten."""
    must_be_editable(user, meeting).close_checkin()
    Device.objects.knocking(meeting).update(number=None)
    user.record("meeting.checkin_closed", meeting)


@transaction.atomic(durable=True)
def admit(user: User, meeting: Meeting, device: Device) -> None:
    """Let the phone in, and its member with it; a former phone of the member is replaced (Đổi máy)."""
    meeting = must_be_editable(user, meeting)
    _admit(meeting, device)
    user.record("device.admitted", device.member)


@transaction.atomic(durable=True)
def admit_all(user: User, meeting: Meeting, shown: Collection[int]) -> int:
    """Let in every phone of `shown` that still knocks and takes nobody else's place; returns how many.

    Only phones that stood on the secretary's screen: one that knocked a second later was seen by nobody.
    """
    meeting = must_be_editable(user, meeting)
    here = Attendance.objects.filter(meeting=meeting).present().values("member")
    waiting = Device.objects.knocking(meeting).filter(pk__in=shown)
    devices = list(waiting.exclude(member__in=here))
    picked = {device.member_id for device in devices}
    if len(picked) < len(devices):
        raise Refused("Có hai máy cùng chọn một tên. Xin nhận từng máy một.")
    for device in devices:
        _admit(meeting, device)
    user.record("device.admitted_all", meeting, count=len(devices))
    return len(devices)


def _admit(meeting: Meeting, device: Device) -> None:
    device.refresh_from_db()
    if device.meeting_id != meeting.pk or device.number is None:
        raise Refused("Máy này không còn chờ nữa. Xin đồng chí ấy vào lại bằng mã.")
    # The member too: another phone may be using the personal link at this moment.
    rows = Attendance.objects.select_for_update(no_key=True, of=("self", "member"))
    listed = rows.select_related("member").filter(meeting=meeting, member=device.member_id)
    attendance = listed.first()
    if attendance is None or attendance.standing == Member.Status.SUSPENDED:
        name = Attendance.objects.of(meeting).listed_names().label(device.member)
        raise Refused(f"Đồng chí {name} không có trong danh sách dự hội nghị.")
    former = Device.objects.filter(member=device.member_id, state=Device.State.ADMITTED).exclude(
        pk=device.pk
    )
    if former.exists() and _holds_ballot(meeting, device.member):
        name = Attendance.objects.of(meeting).listed_names().label(device.member)
        raise Refused(
            f"Máy cũ của đồng chí {name} đang giữ một lá phiếu. Xin đồng chí ấy bỏ phiếu bằng máy cũ, "
            "hoặc bấm “Phát lại cho tất cả” khi chưa ai bỏ phiếu."
        )
    former.update(state=Device.State.REVOKED, number=None)
    Device.objects.filter(pk=device.pk).update(state=Device.State.ADMITTED, number=None)
    attendance.state, attendance.reason = Attendance.State.PRESENT, ""
    attendance.save(update_fields=["state", "reason"])
    _follow_on_the_roll(meeting, attendance)


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
    waiting = Device.objects.filter(pk=device.pk, meeting=meeting)
    waiting.filter(state=Device.State.PENDING).update(state=Device.State.REVOKED, number=None)
    waiting.update(number=None)
    user.record("device.refused", device.member)


@transaction.atomic(durable=True)
def mark(user: User, attendance: Attendance, state: str, reason: str = "") -> None:
    """Record by hand who came, who is excused (with the reason), who is absent."""
    meeting = must_be_editable(user, attendance.meeting)
    if attendance.standing == Member.Status.SUSPENDED and state == Attendance.State.PRESENT:
        name = Attendance.objects.of(meeting).listed_names().label(attendance.member)
        raise Refused(f"Đồng chí {name} đang bị đình chỉ sinh hoạt đảng, không dự hội nghị.")
    attendance.state = state
    attendance.reason = reason.strip() if state == Attendance.State.EXCUSED else ""
    attendance.clean_fields(exclude=["meeting", "member"])
    attendance.validate_constraints()
    attendance.save(update_fields=["state", "reason"])
    _follow_on_the_roll(meeting, attendance)
    user.record("attendance.marked", attendance, state=state, meeting=meeting.pk)


def _follow_on_the_roll(meeting: Meeting, attendance: Attendance) -> None:
    """Who leaves while ballots are handed out takes none any more; who comes back does."""
    issuing = _issuing(meeting)
    if issuing is None:
        return
    entry = Issue.objects.of(issuing).filter(member=attendance.member_id, stamped=False)
    if attendance.state == Attendance.State.PRESENT:
        entry.filter(declined__in=Attendance.State.labels).update(declined="")
    else:
        entry.filter(declined="").update(declined=attendance.get_state_display())
