"""The program dies anywhere in a step: the step is undone or done, its keys with it, and can be taken again."""

import os
import signal
from collections.abc import Callable
from functools import partial
from unittest import mock

import pytest
from django.db import OperationalError

from ballots.models import (
    Box,
    Classification,
    Difference,
    Issue,
    Poll,
    RowTally,
    Sealed,
    Slip,
    Teller,
)
from ballots.secret import keys, processes
from cells.models import InvalidTransition
from members.models import AuditEntry, Member
from tests.kit import verbs
from tests.kit.dying import Killed, dying_at, everything
from tests.kit.processes import signer_of
from tests.kit.room import Room, room_after
from tests.kit.verbs import Refused

pytestmark = pytest.mark.django_db(transaction=True)


# All that the database says about polls, ballots and results.
TABLES = (Poll, Issue, Slip, Box, Sealed, RowTally, Difference, Classification, AuditEntry)
COMMIT = "django.db.backends.base.base.BaseDatabaseWrapper.commit"
DISK_FULL = OperationalError("disk is full")


# How far a meeting has come, the press that follows, and which keys are alive before and after it.
ALL, LATER, LAST, NONE = {"sign", "box", "count"}, {"box", "count"}, {"count"}, set()
PRESSES = {
    "open_issuing": (lambda: Room(3), lambda room: verbs.open_issuing(*officer(room)), ALL),
    "reissue": (lambda: issued().box(), lambda room: verbs.reissue(*officer(room)), ALL),
    "open_box": (lambda: issued(), lambda room: verbs.open_box(*officer(room)), LATER),
    "void": (lambda: voted(), lambda room: verbs.void(*officer(room), "Mất điện"), NONE),
    "seal": (lambda: voted(), lambda room: verbs.seal(*counter(room)), LAST),
    "agree": (lambda: voted().seal(), lambda room: agree(room), LAST),
    "disagree": (
        lambda: voted().seal(),
        lambda room: verbs.disagree(*counter(room), "dấu sai"),
        LAST,
    ),
    "disagree_too": (
        lambda: in_question(),
        lambda room: verbs.disagree(second(room), room.poll, "dấu sai"),
        NONE,
    ),
    "decide": (
        lambda: in_question(),
        lambda room: verbs.decide_difference(*officer(room), True, "Không có máy thứ hai"),
        NONE,
    ),
    "confirm": (
        lambda: voted().seal().agree(),
        lambda room: verbs.confirm(*counter(room)),
        NONE,
    ),
}


def issued() -> Room:
    return room_after("stamp")


def voted() -> Room:
    return issued().box().cast(1, 2, 2)


def in_question() -> Room:
    """One of two tellers' devices found a fault."""
    room = Room(4).open().stamp().box().cast(1, 2, 2, 2).seal()
    verbs.disagree(room.teller, room.poll, "dấu sai")
    return room


def second(room: Room) -> Member:
    return Teller.objects.get(meeting=room.meeting, lead=False).member


def officer(room: Room) -> tuple:
    return room.secretary, room.poll


def counter(room: Room) -> tuple:
    return room.teller, room.poll


def agree(room: Room) -> Poll:
    poll = Poll.objects.get(pk=room.poll.pk)
    totals = [[*row.counts.values(), row.blank] for row in poll.rows.all()]
    return verbs.agree(room.teller, poll, poll.sealed_sha256, totals)


def alive(p: str | None) -> set[str]:
    return {kind for kind in keys.KINDS if p and keys.read(p, kind) is not None}


def needed(poll: Poll) -> set[str]:
    """The keys without which the poll could not go on from where it is."""
    return {
        "issuing": ALL,
        "casting": LATER,
        "sealed": LAST,
        "counted": NONE if poll.confirmed else LAST,
    }.get(poll.state, NONE)


@pytest.mark.slow
@pytest.mark.parametrize("name", PRESSES)
def test_a_step_that_dies_anywhere_is_undone_or_done_and_can_be_taken_again(name):
    before, press, after = PRESSES[name]
    room = before()
    old, statement = everything(TABLES), 1
    with mock.patch(COMMIT, side_effect=DISK_FULL), pytest.raises(OperationalError):
        press(room)
    assert everything(TABLES) == old
    while dying_at(statement, partial(press, room)) and everything(TABLES) == old:
        poll = Poll.objects.get(pk=room.poll.pk)
        assert alive(poll.p) == needed(poll)
        statement += 1
    assert statement > 5
    new = Poll.objects.get(pk=room.poll.pk)
    assert everything(TABLES) != old
    assert alive(new.p) == needed(new) == after


def press_again(press: Callable, room: Room) -> None:
    try:
        press(room)
    except (Refused, InvalidTransition):
        return


@pytest.mark.parametrize("name", ["open_box", "void", "seal", "disagree_too", "confirm"])
def test_a_key_that_outlived_its_phase_dies_with_the_next_press_even_a_refused_one(name):
    before, press, after = PRESSES[name]
    room = before()
    had = alive(room.poll.p)
    with mock.patch("ballots.secret.keys.unlink", side_effect=Killed), pytest.raises(Killed):
        press(room)
    assert alive(room.poll.p) == had != after
    press_again(press, room)
    assert alive(room.poll.p) == after


def test_the_keys_of_a_former_round_die_with_a_later_press():
    room = issued().box()
    former = room.poll.p
    with mock.patch("ballots.secret.keys.unlink", side_effect=Killed), pytest.raises(Killed):
        verbs.reissue(*officer(room))
    assert alive(former) == LATER
    room.poll.refresh_from_db()
    room.stamp().box()
    assert alive(former) == NONE
    assert alive(room.poll.p) == LATER


@pytest.mark.parametrize("name", ["open_issuing", "reissue"])
def test_keys_of_a_round_that_was_never_committed_are_gone_at_once(name):
    before, press, _ = PRESSES[name]
    room = before()
    had = keys.kept()
    with mock.patch(COMMIT, side_effect=DISK_FULL), pytest.raises(OperationalError):
        press(room)
    assert keys.kept() == had
    press(room)
    assert alive(Poll.objects.get(pk=room.poll.pk).p) == ALL


def test_a_press_on_one_poll_leaves_the_keys_of_another_cells_poll_alone():
    other, room = voted(), issued()
    room.box().cast(1, 2, 2).seal().agree().confirm()
    assert alive(other.poll.p) == LATER
    assert other.seal().agree().confirm().poll.collected == 3


def test_a_signer_killed_while_ballots_are_handed_out_costs_nobody_anything():
    room = Room(3).open()
    first, *others = room.members
    room.stamp(first)
    os.kill(signer_of(room.poll.p), signal.SIGKILL)
    room.stamp(*others).box().cast(1, 2, 2)
    assert room.seal().agree().confirm().poll.collected == 3


def dies(self: processes.Pipes, data: bytes) -> bytes:
    """Ask a process that is killed before it can answer."""
    os.kill(self.pid, signal.SIGKILL)
    return EXCHANGE(self, data)


EXCHANGE = processes.Pipes.exchange


@pytest.mark.parametrize("before", [lambda: voted(), lambda: voted().seal()], ids=["box", "list"])
def test_a_count_killed_in_the_midst_changes_nothing_and_can_be_taken_again(before, monkeypatch):
    room = before()
    old, had = everything(TABLES), alive(room.poll.p)
    with monkeypatch.context() as patch:
        patch.setattr(processes.Pipes, "exchange", dies)
        with pytest.raises(Refused, match="bấm lại") as refused:
            room.seal() if room.poll.state == "casting" else room.recount()
    assert refused.value.status == 503
    assert (everything(TABLES), alive(room.poll.p)) == (old, had)
    assert room.seal().agree().confirm().poll.collected == 3
