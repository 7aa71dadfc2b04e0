"""Limits that the threat model states, each used as somebody would use it, and what ends there all the same.

Whoever closes one of them changes its row in docs/threat-model.md.
"""

import pytest

from ballots.models import Sealed
from ballots.secret import keys, sheet
from ballots.secret.door import CLOSED
from ballots.secret.recounting import Reader
from ballots.secret.voter import Phone
from tests.kit import verbs
from tests.kit.processes import signer_of, until
from tests.kit.room import Room, ask, cast, room_after
from tests.kit.verbs import Refused

pytestmark = pytest.mark.django_db


def voted(*marks: int) -> Room:
    return room_after("stamp").box().cast(*marks)


def marks_of(body: bytes) -> bytes:
    return sheet.parse_body(body, 1).marks


def test_who_copies_the_own_folded_ballot_holds_a_receipt():
    """A prepared phone alone does: the voting page keeps no body once the box has answered."""
    room = room_after("stamp").box()
    copy = room.phones[room.members[0]].fold([2])
    assert cast(copy)[0] == 0
    room.seal(short_ok=True).agree().confirm()
    listed = ask("GET", f"/hom/{room.poll.p}/danh-sach").body
    assert sheet.parse_body(copy, 1).hash in listed
    assert marks_of(copy) == bytes([2])


def test_a_teller_who_copies_the_recount_finds_the_ballot_of_a_phone_that_never_checked():
    room = voted(1, 2, 3).seal()
    paper, reader = sheet.parse_sheet(bytes(room.poll.sheet)), Reader()
    answer = verbs.sealed_ballots(room.teller, room.poll, reader.point)
    bodies, size = reader.open(paper.p, answer), paper.body_length
    copied = [bodies[at : at + size] for at in range(0, len(bodies), size)]
    room.agree().confirm()
    found = {sheet.parse_body(body, 1).hash: marks_of(body) for body in copied}
    kept = [phone.hash for phone in room.phones.values()]  # of phones closed after the cast
    assert [*map(found.get, kept)] == [bytes([mark]) for mark in (1, 2, 3)]
    assert {bytes(row.data) for row in Sealed.objects.all()} == {b""}, "the server has none"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("key_store")
def test_a_dead_key_that_is_laid_back_brings_no_phase_back():
    """By root of the server of keys, say, who has kept what it was told under its name, and reads nothing of it."""
    room = Room(3).open()
    p, late = room.poll.p, room.members[2]
    copies = {kind: keys.read(p, kind) for kind in keys.KINDS}

    def lay_back(kind: str) -> None:
        keys.made_store().write({f"{p}.{kind}": copies[kind]})

    room.stamp(*room.members[:2]).box(short_ok=True)
    lay_back("sign")
    request = Phone(bytes(room.poll.sheet)).request()
    with pytest.raises(Refused) as refused:
        verbs.stamp(late, request[:32], request[32:])
    assert refused.value.status == 410
    first, second = room.phones.values()
    assert cast(first.fold([1]))[0] == 0
    room.seal(short_ok=True)
    assert keys.kept() == {(p, "count")}, "the next press takes what was laid back"
    assert until(lambda: not is_signing(p))
    lay_back("box")
    assert cast(second.fold([1]))[0] == CLOSED
    room.agree().confirm()
    lay_back("count")
    assert {bytes(row.data) for row in Sealed.objects.all()} == {b""}


def is_signing(p: str) -> bool:
    try:
        return bool(signer_of(p))
    except OSError:
        return False
