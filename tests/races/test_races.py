"""Many phones at once, and a box that closes meanwhile: on both databases, with real transactions."""

import os
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from unittest import mock

import pytest
from django.db import connections, transaction

from ballots.models import Box, Issue, Poll, Sealed
from ballots.secret import keys
from ballots.secret.door import ACCEPTED, CLOSED, NUMBER_USED
from ballots.voting import counting
from tests.kit import verbs
from tests.kit.processes import lay_key
from tests.kit.room import Room, cast, room_after

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 30


@pytest.fixture
def room():
    return room_after("box")


def alone(call: Callable):
    """Run a call in a thread, which has a connection of its own."""

    def run():
        try:
            return call()
        finally:
            connections.close_all()

    return run


def together(*calls: Callable) -> list:
    """Let all calls loose at the same moment; their results in the same order."""
    gate = Barrier(len(calls))

    def run(call):
        gate.wait(PATIENCE)
        return alone(call)()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def close(room: Room) -> Poll:
    return verbs.seal(room.teller, room.poll, short_ok=True)


def listed() -> set[bytes]:
    return {bytes(ballot_hash) for ballot_hash in Sealed.objects.values_list("hash", flat=True)}


def test_eight_threads_with_the_same_ballot_put_one_in_the_box(room):
    phone = room.phones[room.members[0]]
    body = phone.fold([1])
    assert together(*[lambda: cast(body)] * 8) == [(ACCEPTED, phone.hash)] * 8
    assert Box.objects.count() == 1


def test_eight_ballots_under_one_number_put_one_in_the_box(room):
    phone = room.phones[room.members[0]]
    bodies = [phone.fold([1 + i % 4]) for i in range(8)]
    answers = together(*[lambda body=body: cast(body) for body in bodies])
    assert Counter(status for status, _ in answers) == {ACCEPTED: 1, NUMBER_USED: 7}
    assert Box.objects.count() == 1
    winner = [status for status, _ in answers].index(ACCEPTED)
    assert [cast(body)[0] for body in bodies] == [
        ACCEPTED if i == winner else NUMBER_USED for i in range(8)
    ]


def test_one_member_asking_twice_at_once_gets_one_stamp():
    room = room_after("open")
    member, p = room.members[0], bytes.fromhex(room.poll.p)
    room_stamps = []

    def ask(z: bytes):
        try:
            room_stamps.append(verbs.stamp(member, p, z))
        except verbs.Refused as refusal:
            return refusal.status
        return 200

    answers = together(*[lambda i=i: ask((2 + i).to_bytes(256)) for i in range(8)])
    assert Counter(answers) == {200: 1, 409: 7}
    assert len(set(room_stamps)) == 1
    assert Issue.objects.filter(stamped=True).count() == 1


def first_then(first: Callable[[Callable], object], then: Callable) -> tuple:
    """Stop `first` before its commit, start `then`, see it wait, let `first` go on; both results."""
    inside, go_on = Event(), Event()

    def stop(*_):
        inside.set()
        assert go_on.wait(PATIENCE)

    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(alone(lambda: first(stop)))
        assert inside.wait(PATIENCE)
        other = threads.submit(alone(then))
        with pytest.raises(TimeoutError):
            other.result(timeout=0.3)
        go_on.set()
        return one.result(PATIENCE), other.result(PATIENCE)


def cast_uncommitted(body: bytes, stop: Callable) -> tuple[int, bytes]:
    """Cast, and call `stop` when all is done but the commit."""
    with transaction.atomic():
        answer = cast(body)
        stop()
    return answer


def test_a_box_that_closes_waits_for_the_ballot_that_is_falling_in(room):
    phone = room.phones[room.members[0]]
    body = phone.fold([1])
    answer, poll = first_then(lambda stop: cast_uncommitted(body, stop), lambda: close(room))
    assert answer == (ACCEPTED, phone.hash)
    assert poll.collected == 1
    assert listed() == {phone.hash}


def test_a_ballot_that_comes_while_the_box_closes_is_told_that_it_is_closed(room):
    phone, late = list(room.phones.values())[:2]
    cast(phone.fold([1]))
    body = late.fold([1])

    def close_slowly(stop: Callable) -> Poll:
        with mock.patch("ballots.voting.counting._seal", _then(counting._seal, stop)):
            return close(room)

    poll, answer = first_then(close_slowly, lambda: cast(body))
    assert answer == (CLOSED, late.hash)
    assert poll.collected == 1
    assert listed() == {phone.hash}


def _then(call: Callable, stop: Callable) -> Callable:
    def both(*args):
        result = call(*args)
        stop()
        return result

    return both


def test_two_copies_of_a_ballot_one_of_them_uncommitted_are_one(room):
    phone = room.phones[room.members[0]]
    body = phone.fold([1])
    answers = first_then(lambda stop: cast_uncommitted(body, stop), lambda: cast(body))
    assert answers == ((ACCEPTED, phone.hash),) * 2
    assert Box.objects.count() == 1


def reopen(room: Room, box_key: bytes) -> None:
    """Undo a sealing, as no verb can, to race again without a new meeting."""
    Sealed.objects.all().delete()
    room.poll.rows.all().delete()
    Poll.objects.filter(pk=room.poll.pk).update(
        state="casting", sealed_sha256="", collected=0, valid=0, invalid=0
    )
    lay_key(room.poll.p, "box", box_key)


@pytest.mark.slow
def test_accepted_means_counted_in_200_races_of_a_cast_and_a_close(room):
    box_key = keys.read(room.poll.p, "box")
    phone = room.phones[room.members[0]]
    seen = Counter()
    for _ in range(200):
        body = phone.fold([1])
        (status, ballot_hash), poll = together(lambda body=body: cast(body), lambda: close(room))
        assert listed() == ({ballot_hash} if status == ACCEPTED else set())
        assert poll.collected == (status == ACCEPTED)
        assert not Box.objects.exists()
        seen[status] += 1
        reopen(room, box_key)
    assert set(seen) <= {ACCEPTED, CLOSED}


@pytest.mark.slow
def test_accepted_means_counted_for_50_casts_against_a_close():
    room = Room(50).open().stamp().box()
    bodies = [phone.fold([1 + i % 4]) for i, phone in enumerate(room.phones.values())]
    *answers, poll = together(
        *[lambda body=body: cast(body) for body in bodies], lambda: close(room)
    )
    assert {status for status, _ in answers} <= {ACCEPTED, CLOSED}
    assert listed() == {ballot_hash for status, ballot_hash in answers if status == ACCEPTED}
    assert poll.collected == len(listed())
    assert (
        sum(row.counts[code] for row in poll.rows.all() for code in row.counts) == poll.collected
    )
    for body, answer in zip(bodies, answers, strict=True):
        assert cast(body) == answer


@pytest.mark.slow
def test_two_tellers_closing_at_once_close_once(room):
    room.cast(1, 2, 2)
    polls = together(lambda: close(room), lambda: close(room))
    assert {poll.sealed_sha256 for poll in polls} == {polls[0].sealed_sha256}
    assert Sealed.objects.count() == 3


# kill -9


def dies(call: Callable) -> bool:
    """Run a call in a forked process; whether it was killed before its end."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        # Without the parent's event loop Django may find a connection here that the parent still holds: a transaction
        # on it would not end with this process. Kept, for closing it would end the parent's.
        inherited = [(each, each.connection) for each in connections.all()]
        for each, _ in inherited:
            each.connection = None
        try:
            call()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def kill_me() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(("committed", "expected"), [(False, 0), (True, 1)])
def test_a_worker_killed_in_mid_cast_leaves_the_whole_ballot_or_nothing(room, committed, expected):
    phone = room.phones[room.members[0]]
    body = phone.fold([1])

    def cast_and_die() -> None:
        if committed:
            cast(body)
            kill_me()
        cast_uncommitted(body, kill_me)

    assert dies(cast_and_die)
    assert Box.objects.count() == expected
    assert cast(body) == (ACCEPTED, phone.hash)
    assert Box.objects.count() == 1
