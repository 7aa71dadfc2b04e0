"""By which door a member votes: phone, slip or paper."""

from django.db import transaction

from ballots.core.verbs import Refused, must_be_editable
from ballots.models import Issue, Poll
from cells.models import Meeting
from members.models import Attendance, Door, User

NO_DOOR = "Xin chọn điện thoại, phiếu bốc thăm hoặc phiếu giấy."


def locked_issuing(meeting: Meeting) -> Poll | None:
    """The meeting's poll that hands out ballots, locked: no stamp is under way."""
    polls = Poll.objects.select_for_update(no_key=True)
    return polls.filter(meeting=meeting, state=Poll.State.ISSUING).first()


@transaction.atomic(durable=True)
def set_door(user: User, attendance: Attendance, door: str) -> None:
    """Choose how a voter's ballot reaches the box; also on the open roll, until the phone holds a ballot."""
    meeting = must_be_editable(user, attendance.meeting)
    if door not in Door.values:
        raise Refused(NO_DOOR)
    issuing = locked_issuing(meeting)
    if issuing is not None:
        entry = Issue.objects.of(issuing).filter(member=attendance.member_id)
        if entry.exists() and not entry.filter(stamped=False).update(door=door, declined=""):
            name = Attendance.objects.of(meeting).listed_names().label(attendance.member)
            raise Refused(
                f"Máy của đồng chí {name} đã giữ một lá phiếu. "
                "Muốn đổi cách bỏ phiếu, xin bấm “Phát lại cho tất cả”."
            )
    Attendance.objects.filter(pk=attendance.pk).update(door=door)
    user.record("attendance.door", attendance, door=door)
