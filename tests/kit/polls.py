"""Play a poll through the verbs, with the phones in Python and the box filled as the cast door fills it."""

from collections.abc import Sequence

from ballots.models import Box, Issue, Poll, Teller
from ballots.secret import keys, sheet
from ballots.secret.voter import Phone
from cells.models import Meeting
from members.models import Door, Member
from tests.kit import verbs
from tests.kit.factories import secretary_of


def poll_of(meeting: Meeting, number: int = 1) -> Poll:
    """The first poll on the cell (1), the first on members (2), in whatever order they run; any other by its number.

    Where nobody votes on the cell, or on members, the number is that of the poll.
    """
    planned = Poll.objects.filter(meeting=meeting)
    on = {1: planned.filter(subjects__member=None), 2: planned.filter(subjects__member__gt=0)}
    first = on[number].order_by("number").first() if number in on else None
    return first or planned.get(number=number)


def teller_of(meeting: Meeting) -> Member:
    """The leader of the tellers."""
    return Teller.objects.get(meeting=meeting, lead=True).member


def issue(poll: Poll) -> list[Phone]:
    """Open issuing, and let every voter by phone receive a ballot."""
    verbs.open_issuing(secretary_of(poll.meeting), poll)
    return receive(poll)


def receive(poll: Poll, but: Sequence[Member] = ()) -> list[Phone]:
    """Every voter by phone, but these, receives a ballot of a poll whose issuing is open."""
    poll.refresh_from_db()
    phones = []
    issued = Issue.objects.of(poll).filter(door=Door.PHONE).exclude(member__in=but)
    for entry in issued.select_related("member"):
        phone = Phone(bytes(poll.sheet))
        request = phone.request()
        phone.accept_stamp(verbs.stamp(entry.member, request[:32], request[32:]))
        verbs.acknowledge(entry.member, request[:32])
        phones.append(phone)
    return phones


def cast(poll: Poll, phones: Sequence[Phone], ballots: Sequence[Sequence[int]]) -> None:
    """Open the box and put these ballots into it: one list of marks per phone, 1..L or 0."""
    verbs.open_box(secretary_of(poll.meeting), poll)
    fill(poll, phones, ballots)


def fill(poll: Poll, phones: Sequence[Phone], ballots: Sequence[Sequence[int]]) -> None:
    """Put these ballots into the open box, as the cast door does."""
    key = keys.read(poll.p, "box")
    rows = poll.subjects.count()
    for phone, marks in zip(phones, ballots, strict=False):
        ballot = sheet.parse_body(phone.fold(marks), rows)
        tag, data = sheet.encrypt_box(key, ballot)
        Box.objects.create(tag=tag, poll=poll, data=data)


def seal(poll: Poll) -> None:
    """Close the box on the leading teller's device."""
    verbs.seal(teller_of(poll.meeting), poll, short_ok=True)
    poll.refresh_from_db()


def count(poll: Poll, confirmed: bool = True) -> None:
    """Let the recount agree, and the tellers confirm."""
    teller = teller_of(poll.meeting)
    rows = [[*row.counts.values(), row.blank] for row in poll.rows.all()]
    verbs.agree(teller, poll, poll.sealed_sha256, rows)
    poll.refresh_from_db()
    if confirmed:
        confirm(poll)


def confirm(poll: Poll, **options: str) -> None:
    """Let the leading teller confirm."""
    verbs.confirm(teller_of(poll.meeting), poll, **options)
    poll.refresh_from_db()


def play(poll: Poll, *ballots: Sequence[int], confirmed: bool = True) -> None:
    """The whole poll, from issuing to the confirmed result."""
    cast(poll, issue(poll), ballots)
    seal(poll)
    count(poll, confirmed)
