"""Plan and drop a poll, print its slips."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Max, QuerySet

from ballots.core.verbs import Refused, must_be_editable
from ballots.models import Poll, Slip, Subject
from ballots.secret.sheet import CODE_LENGTH
from cells import codes
from cells.models import Collective, Level, Meeting
from cells.wording import two_digits
from members.models import Attendance, Door, Member, User
from members.rules.names import ListedNames

# Who stands on a ballot, in this order; None: the cell itself.
Subjects = Sequence[Member | Collective] | None

USUAL_SLIPS = 8  # on one page
WAITS = "Lượt “{}” với đúng nội dung này đã có, đang chờ mở."


@transaction.atomic(durable=True)
def plan_poll(
    user: User,
    meeting: Meeting,
    title: str,
    subjects: Subjects,
    levels: list[str],
    as_leaders: bool = False,
) -> Poll:
    """Add a poll on these with these levels; returns it PLANNED.

    `as_leaders`: on the members in their posts of leadership, which leaves their levels as đảng viên alone.
    """
    meeting = must_be_editable(user, meeting)
    if subjects is not None and not subjects:
        raise Refused("Xin chọn ít nhất một đồng chí hoặc một tập thể lãnh đạo để bỏ phiếu.")
    if not levels:
        raise Refused("Xin chọn ít nhất một mức xếp loại cho lượt bỏ phiếu.")
    asked = [code for code in Level.values if code in levels]
    poll = add_poll(meeting, title, subjects, asked, as_leaders)
    must_be_new(poll)
    user.record("poll.planned", poll)
    return poll


def must_be_new(poll: Poll) -> None:
    """Refuse a poll that waits already in the same words with the same rows and levels, as when it is sent twice."""
    waiting = Poll.objects.filter(meeting=poll.meeting, state=Poll.State.PLANNED, title=poll.title)
    for other in waiting.exclude(pk=poll.pk):
        if (other.levels, _rows(other)) == (poll.levels, _rows(poll)):
            raise Refused(WAITS.format(poll.title))


def _rows(poll: Poll) -> list[tuple[object, ...]]:
    rows = Subject.objects.filter(poll=poll).order_by("position")
    return list(rows.values_list("member", "collective", "as_leader", "label"))


def add_poll(
    meeting: Meeting,
    title: str,
    subjects: Subjects,
    levels: Iterable[str],
    as_leaders: bool = False,
) -> Poll:
    """A poll on these subjects (None: the cell), the meeting's last so far; who calls has asked whether it may be."""
    poll = add_empty_poll(meeting, title, levels)
    write_subjects(poll, subjects, as_leaders)
    return poll


def add_empty_poll(meeting: Meeting, title: str, levels: Iterable[str]) -> Poll:
    """The same before anything stands on its ballot."""
    number = (Poll.objects.filter(meeting=meeting).aggregate(last=Max("number"))["last"] or 0) + 1
    return Poll.objects.create(
        meeting=meeting, door_key=meeting.door_key, number=number, title=title, levels=list(levels)
    )


@transaction.atomic(durable=True)
def drop_poll(user: User, poll: Poll) -> None:
    """Remove a poll that was never opened."""
    must_be_editable(user, poll.meeting)
    if poll.state != Poll.State.PLANNED:
        raise Refused("Chỉ xoá được lượt bỏ phiếu chưa mở.")
    user.record("poll.dropped", poll, title=poll.title)
    remove_poll(poll)


def remove_poll(poll: Poll) -> None:
    """Delete a planned poll, with the slips printed for it."""
    Slip.objects.filter(poll=poll).delete()
    poll.delete()


def slips_needed(poll: Poll) -> int:
    """How many slips are offered to be printed: one for each voter who draws, less those that are printed already.

    While nobody draws, a page of them, and no more than there are voters.
    """
    voters = Attendance.objects.filter(meeting=poll.meeting).with_vote()
    drawing = voters.here().filter(door=Door.SLIP).count()
    if not drawing:
        return max(1, min(USUAL_SLIPS, voters.count()))
    printed = Slip.objects.filter(poll=poll, round=poll.round, kind=Slip.Kind.SLIP).count()
    return max(1, drawing - (printed if poll.state == Poll.State.ISSUING else 0))


def questions_of_slips(meeting: Meeting, count: int) -> list[str]:
    """What is asked once before so many slips are printed: why more than there are voters."""
    voters = Attendance.objects.filter(meeting=meeting).with_vote().count()
    if count <= voters:
        return []
    return [
        f"In {two_digits(count)} phiếu bốc thăm, mà hội nghị có {two_digits(voters)} đồng chí có quyền biểu quyết. "
        "Phiếu thừa phải đếm và huỷ trước hội nghị."
    ]


@transaction.atomic(durable=True)
def print_slips(user: User, poll: Poll, count: int) -> list[str]:
    """Make `count` slips to be drawn from a bowl; returns their codes (18 letters), kept nowhere.

    Before the poll opens, a new print replaces the former; while ballots are issued it adds to it.
    """
    must_be_editable(user, poll.meeting)
    if poll.state not in (Poll.State.PLANNED, Poll.State.ISSUING):
        raise Refused("Chỉ in được phiếu bốc thăm trước khi mở hòm.")
    if poll.state == Poll.State.PLANNED:
        Slip.objects.filter(poll=poll).delete()
    drawn = [secrets.token_bytes(CODE_LENGTH) for _ in range(count)]
    Slip.objects.bulk_create(
        Slip(poll=poll, round=poll.round, code_hash=hashlib.sha256(code).hexdigest())
        for code in drawn
    )
    user.record("poll.slips_printed", poll, count=count)
    return [codes.spelled(code) for code in drawn]


def write_subjects(poll: Poll, subjects: Subjects, as_leaders: bool = False) -> None:
    """Put these on the poll's ballot in this order; None: the cell itself."""
    if subjects is None:
        Subject.objects.create(poll=poll, position=1, label=poll.meeting.cell.name)
        return
    names = Attendance.objects.of(poll.meeting).listed_names()
    Subject.objects.bulk_create(
        _row(poll, position, subject, names, as_leaders)
        for position, subject in enumerate(subjects, start=1)
    )


def strike(poll: Poll, subjects: QuerySet[Subject]) -> None:
    """Take these off the ballot of a planned poll, and the poll away if it is on nobody then; the rest moves up.

    A count knows the rows by their place alone, from 1 without a gap.
    """
    subjects.delete()
    left = list(poll.subjects.all())
    if not left:
        remove_poll(poll)
    for position, subject in enumerate(left, start=1):
        Subject.objects.filter(pk=subject.pk).update(position=position)


def _row(
    poll: Poll, position: int, subject: Member | Collective, names: ListedNames, as_leader: bool
) -> Subject:
    if isinstance(subject, Collective):
        return Subject(poll=poll, position=position, collective=subject, label=subject.name)
    label = names.label(subject)
    return Subject(poll=poll, position=position, member=subject, label=label, as_leader=as_leader)
