"""The cast over WSGI: what becomes of a ballot in each phase, of a malformed one, and when something fails."""

from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from ballots.models import Box
from ballots.secret import keys, sheet
from ballots.secret.door import ACCEPTED, CLOSED, NUMBER_USED, REFUSED
from ballots.secret.voter import Phone
from tests.kit import verbs
from tests.kit.room import ask, cast, room_after

pytestmark = pytest.mark.django_db

NOTHING = (REFUSED, bytes(32))


@pytest.fixture
def room():
    return room_after("box")


def test_a_ballot_is_accepted_once_and_again(room):
    phone, other = list(room.phones.values())[:2]
    body = phone.fold([1])
    assert cast(body) == (ACCEPTED, phone.hash)
    assert cast(body) == (ACCEPTED, phone.hash)
    assert Box.objects.count() == 1
    assert cast(other.fold([2])) == (ACCEPTED, other.hash)
    assert Box.objects.count() == 2


def test_another_ballot_under_the_same_number_is_told_so_and_the_first_stays(room):
    phone = room.phones[room.members[0]]
    first = phone.fold([1])
    assert cast(first) == (ACCEPTED, phone.hash)
    ballot = Box.objects.get()
    for _ in range(12):  # whether its hash comes before the first one or after
        second = phone.fold([2])
        assert cast(second) == (NUMBER_USED, phone.hash)
    assert bytes(Box.objects.get().data) == bytes(ballot.data)
    assert cast(first)[0] == ACCEPTED


def test_the_box_keeps_neither_marks_nor_number_nor_hash_in_clear(room):
    phone = room.phones[room.members[0]]
    body = phone.fold([1])
    ballot = sheet.parse_body(body, 1)
    with CaptureQueriesContext(connection) as captured:
        cast(body)
    row = Box.objects.get()
    sent = " ".join(query["sql"] for query in captured).lower()
    stored = bytes(row.tag) + bytes(row.data)
    for secret in (phone.hash, ballot.number, phone.prefix, phone.pub, ballot.salt, phone.stamp):
        assert secret not in stored
        for piece in (secret.hex(), repr(secret)[2:-1].lower()):
            assert piece not in sent
    assert len(row.data) == 509 + 1


def test_before_the_box_opens_no_answer_is_given_and_nothing_kept():
    room = room_after("stamp")
    answer = ask("POST", "/hom/bo-phieu", room.phones[room.members[0]].fold([1]))
    assert (answer.status, answer.body) == (503, b"")
    assert not Box.objects.exists()


def test_after_sealing_only_what_is_in_the_list_is_accepted(room):
    bodies = [phone.fold([1]) for phone in room.phones.values()]
    hashes = [phone.hash for phone in room.phones.values()]
    another = room.phones[room.members[0]].fold([1])
    cast(bodies[0])
    room.seal(short_ok=True)
    for step in (lambda: None, room.agree, room.confirm):
        step()
        assert cast(bodies[0]) == (ACCEPTED, hashes[0])
        assert cast(bodies[1]) == (CLOSED, hashes[1])
        assert cast(another)[0] == CLOSED
    assert not Box.objects.exists()


def test_a_void_poll_takes_nothing_and_remembers_nothing(room):
    phone = room.phones[room.members[0]]
    body = phone.fold([1])
    cast(body)
    verbs.void(room.secretary, room.poll, "Mất điện")
    assert cast(body) == (CLOSED, phone.hash)
    assert not Box.objects.exists()


def test_a_ballot_of_the_former_round_is_refused(room):
    body = room.phones[room.members[0]].fold([1])
    verbs.reissue(room.secretary, room.poll)
    room.poll.refresh_from_db()
    assert cast(body) == NOTHING
    room.stamp().box()
    assert cast(body) == NOTHING
    assert not Box.objects.exists()


def test_a_ballot_is_worth_nothing_in_another_meetings_poll(room):
    elsewhere = room_after("box")
    thief = Phone(bytes(elsewhere.poll.sheet))
    thief.stamp = room.phones[room.members[0]].stamp
    assert cast(thief.fold([1])) == NOTHING
    body = room.phones[room.members[0]].fold([1])
    assert cast(bytes.fromhex(elsewhere.poll.p) + body[32:]) == NOTHING
    assert not Box.objects.exists()


def spoilt(position: int):
    return lambda body: body[:position] + bytes([body[position] ^ 1]) + body[position + 1 :]


MALFORMED = {
    "nothing": lambda body: b"",
    "one byte": lambda body: b"\0",
    "P alone": lambda body: body[:32],
    "one byte short": lambda body: body[:-1],
    "one byte long": lambda body: body + b"\0",
    "a row missing": lambda body: body[:161] + body[162:],
    "a row too many": lambda body: body[:162] + b"\1" + body[162:],
    "a level beyond the last": lambda body: body[:161] + b"\5" + body[162:],
    "mark 255": lambda body: body[:161] + b"\xff" + body[162:],
    "unknown P": spoilt(0),
    "another prefix": spoilt(40),
    "another key": spoilt(100),
    "another salt": spoilt(140),
    "another stamp": spoilt(200),
    "another signature": spoilt(450),
    "stamp above n": lambda body: body[:162] + b"\xff" * 256 + body[-64:],
    "stamp zero": lambda body: body[:162] + bytes(256) + body[-64:],
    "JSON": lambda body: b'{"marks": [1], "marks": [2], "x": NaN}',
    "deep JSON": lambda body: b"[" * 482,
    "10 MB": lambda body: body + bytes(10_000_000),
    "10 MB of zeros": lambda body: bytes(10_000_000),
}


@pytest.mark.parametrize("spoil", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_ballot_is_refused_and_leaves_nothing(room, spoil):
    assert cast(spoil(room.phones[room.members[0]].fold([1]))) == NOTHING
    assert not Box.objects.exists()


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_a_form_of_another_site_casts_nothing(room, kind):
    body = room.phones[room.members[0]].fold([1])
    answer = ask("POST", "/hom/bo-phieu", body, CONTENT_TYPE=kind)
    assert answer.body == bytes([REFUSED]) + bytes(32)
    assert not Box.objects.exists()


@pytest.mark.parametrize(
    "length", ["", "abc", "-1", "0", "481", "483", "0482", "99999999999999999999"]
)
def test_a_body_is_believed_only_with_its_exact_length(room, length):
    body = room.phones[room.members[0]].fold([1])
    answer = ask("POST", "/hom/bo-phieu", body, CONTENT_LENGTH=length)
    assert answer.body == bytes([REFUSED]) + bytes(32)
    assert not Box.objects.exists()


def test_no_more_is_read_than_a_ballot_can_have(room):
    body = room.phones[room.members[0]].fold([1]) + bytes(10_000)
    stream = mock.Mock()
    stream.read.side_effect = lambda size=-1: body[:size] if size >= 0 else body
    ask("POST", "/hom/bo-phieu", body, **{"wsgi.input": stream})
    assert [call.args[0] for call in stream.read.call_args_list] == [32]


def test_a_body_cut_off_on_its_way_is_not_accepted(room):
    body = room.phones[room.members[0]].fold([1])
    answer = ask("POST", "/hom/bo-phieu", body[:-7], CONTENT_LENGTH=str(len(body)))
    assert answer.body[0] != ACCEPTED
    assert not Box.objects.exists()


# What goes wrong is never an acceptance.


FAULTS = {
    "pool exhausted": (
        "partyreview.statements.connection.cursor",
        OperationalError("too many clients"),
    ),
    "disk full": (
        "django.db.backends.utils.CursorWrapper.execute",
        OperationalError("disk is full"),
    ),
    "key folder gone": ("ballots.secret.door.keys.read", PermissionError("no")),
    "no memory": ("ballots.secret.door.check_body", MemoryError()),
    "our own mistake": ("ballots.secret.door.encrypt_box", RuntimeError("bug")),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("where", "error"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_told_as_a_fault_and_the_ballot_may_come_again(where, error, caplog):
    room = room_after("box")
    phone = room.phones[room.members[0]]
    body = phone.fold([1])
    with mock.patch(where, side_effect=error):
        answer = ask("POST", "/hom/bo-phieu", body)
    assert (answer.status, answer.body) == (503, b"")
    assert not Box.objects.exists()
    assert not caplog.records
    assert cast(body) == (ACCEPTED, phone.hash)


def test_without_the_box_key_no_answer_is_given(room):
    body = room.phones[room.members[0]].fold([1])
    keys.unlink(room.poll.p, "box")
    assert ask("POST", "/hom/bo-phieu", body).status == 503


def test_a_spoilt_row_in_the_box_is_no_reason_to_refuse_a_good_ballot(room):
    body = room.phones[room.members[0]].fold([1])
    cast(body)
    Box.objects.update(data=b"spoilt")
    assert ask("POST", "/hom/bo-phieu", body).status == 503
