"""By which door a member votes: phone, slip or paper."""

from collections.abc import Collection

from django.db import transaction

from ballots.core.verbs import Refused, must_be_editable
from ballots.models import Issue, Poll
from cells.models import Meeting
from members.models import Attendance, Door, Member, User
from members.models.attendance import AttendanceQuerySet

NO_DOOR = "Xin chọn điện thoại, phiếu bốc thăm hoặc phiếu giấy."


def locked_issuing(meeting: Meeting) -> Poll | None:
    """The meeting's poll that hands out ballots, locked: no stamp is under way."""
    polls = Poll.objects.select_for_update(no_key=True)
    return polls.filter(meeting=meeting, state=Poll.State.ISSUING).first()


@transaction.atomic(durable=True)
def set_door(user: User, attendance: Attendance, door: str) -> None:
    """Choose how a voter's ballot reaches the box; also on the open roll, until the phone holds a ballot."""
    meeting = must_be_editable(user, attendance.meeting)
    if _holders(meeting, Attendance.objects.filter(pk=attendance.pk), door):
        name = Attendance.objects.of(meeting).listed_names().label(attendance.member)
        raise Refused(
            f"Máy của đồng chí {name} đã giữ một lá phiếu. "
            "Muốn đổi cách bỏ phiếu, xin bấm “Phát lại cho tất cả”."
        )
    user.record("attendance.door", attendance, door=door)


@transaction.atomic(durable=True)
def set_doors(
    user: User, meeting: Meeting, members: Collection[Member], door: str
) -> tuple[int, list[str]]:
    """The same for all of these who have a vote: for how many it was written, and whose phone holds a ballot."""
    meeting = must_be_editable(user, meeting)
    voters = Attendance.objects.filter(meeting=meeting, member__in=members).with_vote()
    asked = set(voters.values_list("member", flat=True))
    holders = _holders(meeting, voters, door)
    changed = sorted(asked - holders)
    user.record("attendance.doors", meeting, members=changed, door=door)
    if not holders:
        return len(changed), []
    names = Attendance.objects.of(meeting).listed_names()
    return len(changed), [names.label(member) for member in members if member.pk in holders]


def _holders(meeting: Meeting, rows: AttendanceQuerySet, door: str) -> set[int]:
    """Give these the door, on the open roll too, but for those whose phone holds a ballot: their members."""
    if door not in Door.values:
        raise Refused(NO_DOOR)
    holders: set[int] = set()
    issuing = locked_issuing(meeting)
    if issuing is not None:
        entries = Issue.objects.of(issuing).filter(member__in=rows.values("member"))
        holders = set(entries.filter(stamped=True).values_list("member", flat=True))
        entries.filter(stamped=False).update(door=door, declined="")
    rows.exclude(member__in=holders).update(door=door)
    return holders
