"""A meeting that votes: its officers by the verbs, its phones in Python, their ballots through the door."""

import copy
import io
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from unittest import mock
from wsgiref.util import setup_testing_defaults

from django.db import DEFAULT_DB_ALIAS, connections

from ballots.models import Teller
from ballots.results import tally
from ballots.secret import sheet
from ballots.secret.door import ACCEPTED
from ballots.secret.recounting import Reader
from ballots.secret.voter import Phone
from cells.models import Meeting
from members.models import Member
from partyreview.wsgi import application
from tests.kit import verbs
from tests.kit.factories import make_open_meeting, members_of, secretary_of
from tests.kit.made_once import made_once
from tests.kit.polls import poll_of


@dataclass(frozen=True)
class Answer:
    """What the application answered."""

    status: int
    headers: dict[str, str]
    body: bytes


def _same_connection() -> AbstractContextManager[object]:
    """Keep a request from closing the connection that holds the test's own transaction."""
    here = connections[DEFAULT_DB_ALIAS]
    if not here.in_atomic_block:
        return nullcontext()
    return mock.patch.object(here, "close_if_unusable_or_obsolete")


def ask(method: str, path: str, body: bytes = b"", **environ) -> Answer:
    """One request to the WSGI application itself: a test client would pass the doors by."""
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "CONTENT_TYPE": "application/octet-stream" if body else "",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
    } | environ
    setup_testing_defaults(environ)
    told = []
    with _same_connection():
        answer = application(
            environ, lambda status, headers, exc_info=None: told.append((status, headers))
        )
        try:
            content = b"".join(answer)
        finally:
            getattr(answer, "close", lambda: None)()
    assert environ["wsgi.errors"].getvalue() == ""
    ((status, headers),) = told
    assert len(dict(headers)) == len(headers)
    return Answer(int(status[:3]), dict(headers), content)


def cast(body: bytes) -> tuple[int, bytes]:
    """Cast a body: what became of it, and the hash in the answer."""
    answer = ask("POST", "/hom/bo-phieu", body)
    assert (answer.status, len(answer.body)) == (200, 33)
    return answer.body[0], answer.body[1:]


class Room:
    """An open meeting of `size`, its poll on the cell issuing, and the phones of its voters."""

    def __init__(self, size: int = 5, meeting: Meeting | None = None, **values) -> None:
        self.meeting = meeting or make_open_meeting(size, **values)
        self.secretary = secretary_of(self.meeting)
        self.members = members_of(self.meeting)
        self.teller = Teller.objects.get(meeting=self.meeting, lead=True).member
        self.poll = poll_of(self.meeting)
        self.phones: dict[Member, Phone] = {}

    def open(self) -> "Room":
        verbs.open_issuing(self.secretary, self.poll)
        self.poll.refresh_from_db()
        return self

    def stamp(self, *members) -> "Room":
        for member in members or self.members:
            phone = self.phones[member] = Phone(bytes(self.poll.sheet))
            request = phone.request()
            phone.accept_stamp(verbs.stamp(member, request[:32], request[32:]))
            verbs.acknowledge(member, request[:32])
        return self

    def box(self, **options) -> "Room":
        verbs.open_box(self.secretary, self.poll, **options)
        self.poll.refresh_from_db()
        return self

    def cast(self, *marks: int) -> "Room":
        """One ballot a voter, in the order of the list, through the door; every row gets the voter's mark."""
        rows = self.poll.subjects.count()
        for phone, mark in zip(self.phones.values(), marks, strict=False):
            assert cast(phone.fold([mark] * rows)) == (ACCEPTED, phone.hash)
        return self

    def seal(self, **options) -> "Room":
        self.poll = verbs.seal(self.teller, self.poll, **options)
        return self

    def recount(self) -> list[list[int]]:
        paper = sheet.parse_sheet(bytes(self.poll.sheet))
        reader, size = Reader(), paper.body_length
        bodies = reader.open(paper.p, verbs.sealed_ballots(self.teller, self.poll, reader.point))
        ballots = [
            sheet.check_body(bodies[at : at + size], paper) for at in range(0, len(bodies), size)
        ]
        count = tally.count(
            [b.marks for b in ballots], [c for c, _ in paper.levels], len(paper.rows)
        )
        return [[*row.counts.values(), row.blank] for row in count.rows]

    def agree(self) -> "Room":
        self.poll = verbs.agree(self.teller, self.poll, self.poll.sealed_sha256, self.recount())
        return self

    def confirm(self) -> "Room":
        verbs.confirm(self.teller, self.poll)
        self.poll.refresh_from_db()
        return self


STEPS = ("open", "stamp", "box")
# The phones of each round that was played so far; they are no rows.
_phones: dict[str, dict[Member, Phone]] = {}


def room_after(step: str, size: int = 3) -> Room:
    """A room whose first poll has come as far as one of STEPS; played once in a process.

    Laid back, its sign key is there and its signer is not: the first stamp starts one.
    """
    room = Room(meeting=_play(step, size))
    room.phones = {member: copy.copy(phone) for member, phone in _phones[room.poll.p].items()}
    return room


@made_once
def _play(step: str, size: int) -> Meeting:
    room = Room(size)
    for name in STEPS[: STEPS.index(step) + 1]:
        getattr(room, name)()
    _phones[room.poll.p] = room.phones
    return room.meeting
