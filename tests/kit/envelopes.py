"""A meeting whose rules keep sealed envelopes, and the secretary's printing page and a teller's device in Python."""

import json

from ballots.models import Envelope, EnvelopeOpening, Poll
from ballots.secret import envelope
from ballots.secret.recounting import Reader
from ballots.voting import envelope_opening, envelopes
from cells.models import Meeting
from members.models import User
from tests.kit import polls
from tests.kit.factories import make_open_meeting, make_user, secretary_of

MONTHS = 6
ADDRESS = "https://kiemdiem.example/hop/phong-bi/x/#"
REASON, BASIS = "Có đơn khiếu nại kết quả", "Đơn số 1, ngày 10/01/2027"


def make_keeping(size: int = 5, months: int = MONTHS, **values) -> Meeting:
    """An open meeting that keeps envelopes for so many months."""
    return make_open_meeting(size, settings={"envelope_months": months}, **values)


def count(poll: Poll, marks: list[list[int]]) -> Poll:
    """Play the poll until both counts agree."""
    polls.play(poll, *marks, confirmed=False)
    return poll


def print_key(poll: Poll, user: User | None = None) -> str:
    """Press “In khoá phong bì”; the key as it stands on the paper."""
    reader = Reader()
    paper = envelopes.print_key(user or secretary_of(poll.meeting), poll, reader.point, ADDRESS)
    return json.loads(reader.open(bytes.fromhex(poll.p), paper))["key"]


def read_back(poll: Poll, key: str) -> None:
    """A teller's device reads it."""
    envelopes.read_back(polls.teller_of(poll.meeting), poll, envelope.check_of(key))


def sealed(marks: list[list[int]], size: int = 5) -> tuple[Poll, str]:
    """A confirmed poll with its envelope, and the key on paper."""
    poll = count(polls.poll_of(make_keeping(size)), marks)
    key = print_key(poll)
    read_back(poll, key)
    polls.confirm(poll)
    return poll, key


def officer_above(poll: Poll) -> User:
    """An officer of the committee over the meeting."""
    return make_user(committee=poll.meeting.over)


def witnessed(poll: Poll) -> EnvelopeOpening:
    """An opening that was asked for from above, before the secretary."""
    opening = envelope_opening.ask(officer_above(poll), poll, REASON, BASIS)
    envelope_opening.witness(secretary_of(poll.meeting), opening)
    opening.refresh_from_db()
    return opening


def envelope_of(poll: Poll) -> Envelope:
    """As it stands in the database now."""
    return Envelope.objects.get(poll=poll)
