"""Danh sách có mặt: who is here and by which door, as the room sees it and a teller confirms it before a poll."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models, transaction

from ballots.core.verbs import Refused, locked_meeting, must_be_teller
from ballots.models import RollCheck, Teller
from cells.models import Meeting
from cells.stale import STALE
from cells.wording import two_digits
from members.models import Attendance, Device, Door, Member, PhoneChange, User
from members.rules.names import ListedNames

CONFIRM = "Xin một đồng chí trong tổ mở trang “Tổ kiểm phiếu” trên máy của mình, xem danh sách rồi bấm “Xác nhận”."
UNCONFIRMED = f"Tổ kiểm phiếu chưa xác nhận danh sách có mặt. {CONFIRM}"
CHANGED = f"Danh sách có mặt đã thay đổi sau khi tổ kiểm phiếu xác nhận. {CONFIRM}"
BY_OPENER = "Người mở lượt bỏ phiếu không tự xác nhận danh sách có mặt được. Xin một đồng chí khác trong tổ xác nhận."


class Way(models.TextChoices):
    """How somebody came, and will vote: the own phone, one by link or in another's place, a slip, a paper."""

    MOVED = PhoneChange.Kind.MOVED.value, PhoneChange.Kind.MOVED.label
    LINK = "link", "Đường dẫn"
    PHONE = Door.PHONE.value, Door.PHONE.label
    SLIP = Door.SLIP.value, Door.SLIP.label
    PAPER = Door.PAPER.value, Door.PAPER.label
    NONE = "none", "Chưa có máy"


@dataclass(frozen=True)
class Arrival:
    """Somebody who is here; `late`: the phone was linked or changed after check-in had begun."""

    member: int
    label: str
    way: Way
    late: bool
    votes: bool
    phone: int  # the key of the admitted phone, 0 without one


@dataclass(frozen=True)
class Roll:
    """Who is here, in list order; `check`: what a teller has confirmed last, of this roll or of an earlier one."""

    arrivals: tuple[Arrival, ...]
    names: ListedNames
    check: RollCheck | None = None

    @property
    def voters(self) -> int:
        """How many of them receive a ballot."""
        return sum(arrival.votes for arrival in self.arrivals)

    @property
    def digest(self) -> str:
        """What a confirmation is tied to: another voter, door or phone, or a mark, makes another roll of it."""
        entries = [(a.member, a.way, a.late, a.phone) for a in self.arrivals if a.votes]
        return hashlib.sha256(json.dumps(sorted(entries)).encode()).hexdigest()

    @property
    def confirmed(self) -> bool:
        """Whether a teller has confirmed just this roll."""
        return self.check is not None and self.check.digest == self.digest

    @property
    def teller(self) -> str:
        """Who confirmed last, as written."""
        return self.names.label(self.check.teller) if self.check else ""

    @property
    def groups(self) -> list[tuple[str, list[Arrival]]]:
        """The voters by the way they came, what the room should look at first; then who has no vote."""
        ways = [
            (str(way.label), [a for a in self.arrivals if a.votes and a.way == way]) for way in Way
        ]
        others = [arrival for arrival in self.arrivals if not arrival.votes]
        return [
            (label, people) for label, people in [*ways, ("Không biểu quyết", others)] if people
        ]

    @property
    def late(self) -> list[Arrival]:
        """Whose phones were linked or changed after check-in had begun."""
        return [arrival for arrival in self.arrivals if arrival.late]


def roll_of(meeting: Meeting) -> Roll:
    """The meeting's roll as it stands, in a fixed number of queries."""
    rows = list(Attendance.objects.of(meeting))
    names = ListedNames(row.member for row in rows)
    here = [row for row in rows if row.is_here]
    phones = Device.objects.filter(
        member__in=[row.member_id for row in here], state=Device.State.ADMITTED
    )
    changes = list(PhoneChange.objects.filter(meeting=meeting).values_list("member_id", "kind"))
    admitted = {phone.member_id: phone for phone in phones}
    arrivals = tuple(
        _arrival(row, names.label(row.member), admitted.get(row.member_id), changes)
        for row in here
    )
    check = RollCheck.objects.filter(meeting=meeting, teller__in=_tellers(meeting))
    return Roll(arrivals, names, check.select_related("teller").first())


def late_arrivals(meeting: Meeting) -> list[Arrival]:
    """Who is here with a phone that was linked or changed after check-in had begun; the roll is read only for them."""
    changed = PhoneChange.objects.filter(meeting=meeting).exists()
    return roll_of(meeting).late if changed else []


def _arrival(
    row: Attendance, label: str, phone: Device | None, changes: Iterable[tuple[int, str]]
) -> Arrival:
    kinds = {kind for member, kind in changes if member == row.member_id}
    return Arrival(
        member=row.member_id,
        label=label,
        way=_way(row, phone, kinds),
        late=bool(kinds),
        votes=row.has_vote,
        phone=phone.pk if phone else 0,
    )


def _way(row: Attendance, phone: Device | None, kinds: set[str]) -> Way:
    if row.door != Door.PHONE:
        return Way(row.door)
    if phone is None:
        return Way.NONE
    if PhoneChange.Kind.MOVED in kinds:
        return Way.MOVED
    return Way.LINK if phone.by_link or PhoneChange.Kind.LINKED in kinds else Way.PHONE


def _tellers(meeting: Meeting) -> models.QuerySet[Teller, int]:
    return Teller.objects.filter(meeting=meeting).values_list("member", flat=True)


@transaction.atomic(durable=True)
def confirm_roll(teller: Member, meeting: Meeting, shown: str) -> None:
    """Xác nhận danh sách có mặt, on a teller's own device: the roll whose digest was `shown`, if it still stands."""
    must_be_teller(teller, meeting.pk)
    meeting = locked_meeting(meeting)
    if meeting.state != Meeting.State.OPEN:
        raise Refused("Hội nghị không đang họp nên không xác nhận danh sách được.")
    roll = roll_of(meeting)
    if roll.digest != shown:
        raise Refused(STALE)
    values = {"teller": teller, "voters": roll.voters, "digest": roll.digest}
    RollCheck.objects.update_or_create(meeting=meeting, defaults=values)
    teller.record("roll.confirmed", meeting, voters=roll.voters)


def must_be_confirmed(user: User, meeting: Meeting) -> None:
    """Refused unless a teller, another than who opens the poll, has confirmed the roll as it stands.

    `meeting` is locked: whoever checks in or out, or chooses a door, waits. A rehearsal without a teller's phone is
    played without it.
    """
    phones = Device.objects.filter(member__in=_tellers(meeting), state=Device.State.ADMITTED)
    if meeting.is_rehearsal and not phones.exists():
        return
    roll = roll_of(meeting)
    if roll.check is None:
        raise Refused(UNCONFIRMED)
    if not roll.confirmed:
        raise Refused(CHANGED)
    if roll.check.teller_id == user.member_id:
        raise Refused(BY_OPENER)


def confirmation_of(roll: Roll) -> str:
    """Where the confirmation stands, in words for the secretary and the room; "" before anybody confirmed."""
    if roll.check is None:
        return ""
    number = two_digits(roll.check.voters)
    if roll.confirmed:
        return f"Tổ kiểm phiếu đã xác nhận danh sách {number} đồng chí có mặt (đ/c {roll.teller})."
    return f"Danh sách có mặt đã thay đổi sau khi đ/c {roll.teller} xác nhận {number} đồng chí."
