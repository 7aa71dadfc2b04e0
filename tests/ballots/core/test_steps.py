"""The next step of a meeting, as a table over its facts."""

import pytest

from ballots.core.steps import Facts, PollFact, is_done, next_steps
from ballots.models import Poll
from cells.models import AgendaItem, Meeting

State, Kind, Phase = Meeting.State, AgendaItem.Kind, Poll.State
WAITING = PollFact("b" * 32, "Lượt 2", Phase.PLANNED)


def poll(state: str, confirmed: bool = False) -> PollFact:
    return PollFact("a" * 32, "Lượt 1", state, confirmed)


def test_what_is_in_the_way_of_a_poll_is_said_before_what_it_waits_for():
    for trouble, words in (("key", "không tìm thấy khoá"), ("difference", "chưa khớp")):
        stuck = PollFact("a" * 32, "Lượt 1", Phase.SEALED, trouble=trouble)
        (step,) = next_steps(at(Kind.POLL, polls=(stuck,)))
        assert words in step.note
        assert (step.page, step.label) == ("ballots:poll", "Xem phải làm gì")


def before(**facts) -> Facts:
    return Facts(pk=1, summoned=8, **facts)


def at(kind: str, **facts) -> Facts:
    return Facts(pk=1, state=State.OPEN, kind=kind, position=3, **{"following": "Sau", **facts})


# The facts, then the pages that are offered, the best first; "!" where a press does it.
TABLE = [
    (before(), ["checkin_open!"]),
    (before(checkin_open=True, present=4), ["checkin"]),
    (before(may_open=True, absent_duties="Thư ký (đ/c Nguyễn Văn A)"), ["checkin"]),
    (before(may_open=True), ["meeting_open!", "checkin"]),
    (at(Kind.TALK), ["meeting_next!"]),
    (at(Kind.REPORT), ["report", "meeting_next!"]),
    (at(Kind.COMMENTS), ["comments", "meeting_next!"]),
    (at(Kind.MEMBERS), ["roster", "comments", "meeting_next!"]),
    (at(Kind.MEMBERS, claimed=True), ["comments", "meeting_next!"]),
    (at(Kind.GUESTS), ["comments", "meeting_next!"]),
    (at(Kind.TELLERS), ["tellers", "meeting_next!"]),
    (at(Kind.TELLERS, tellers=True), ["meeting_next!"]),
    (at(Kind.POLL), ["meeting_next!"]),
    (at(Kind.POLL, polls=(WAITING,)), ["tellers", "meeting_next!"]),
    (at(Kind.POLL, polls=(WAITING,), tellers=True), ["poll", "meeting_next!"]),
    (at(Kind.POLL, polls=(poll(Phase.ISSUING), WAITING)), ["poll"]),
    (at(Kind.TALK, polls=(poll(Phase.CASTING),)), ["poll", "projector"]),
    (at(Kind.POLL, polls=(poll(Phase.SEALED),)), ["poll", "projector"]),
    (at(Kind.POLL, polls=(poll(Phase.COUNTED),)), ["results", "projector"]),
    (at(Kind.POLL, polls=(poll(Phase.COUNTED, confirmed=True),)), ["meeting_next!"]),
    (at(Kind.POLL, polls=(poll(Phase.VOID),)), ["poll", "meeting_next!"]),
    (at(Kind.MINUTES, following="", polls=(poll(Phase.VOID),)), ["poll", "minutes"]),
    (
        at(Kind.TALK, polls=(poll(Phase.VOID), poll(Phase.COUNTED, confirmed=True))),
        ["meeting_next!"],
    ),
    (at(Kind.RESULT), ["conclude", "meeting_next!"]),
    (
        at(Kind.RESULT, polls=(poll(Phase.COUNTED, confirmed=True),)),
        ["results", "conclude", "meeting_next!"],
    ),
    (at(Kind.RESULT, conclusion=True), ["meeting_next!"]),
    (at(Kind.MINUTES, following=""), ["minutes"]),
    (at(Kind.TALK, following=""), ["minutes"]),
    (at(Kind.MINUTES, following="", passed=True), ["meeting_close!"]),
    (at(Kind.POLL, passed=True), ["meeting_close!"]),
    (Facts(pk=1, state=State.CLOSED, passed=True), ["sending"]),
    (Facts(pk=1, state=State.CLOSED, passed=True, sent=True), ["minutes"]),
    (Facts(pk=1, state=State.CLOSED, passed=True, rehearsal=True), ["minutes"]),
]


@pytest.mark.parametrize(("facts", "pages"), TABLE)
def test_next_step_leads_to_what_comes_next(facts, pages):
    steps = next_steps(facts)
    offered = [step.page.removeprefix("ballots:") + ("!" if step.do else "") for step in steps]
    assert offered == pages


@pytest.mark.parametrize(("facts", "pages"), TABLE)
def test_every_step_says_what_it_does_and_has_an_address(facts, pages):
    for step in next_steps(facts):
        assert step.url.startswith("/hop/")
        assert step.label
        assert step.note.endswith(".")


# What was done, and the kinds of agenda items that may be called done.
DONE = [
    ({}, {Kind.TALK}),
    ({"tellers": True}, {Kind.TALK, Kind.TELLERS}),
    ({"polls": (poll(Phase.COUNTED, confirmed=True),)}, {Kind.TALK, Kind.POLL}),
    ({"polls": (poll(Phase.COUNTED),)}, {Kind.TALK}),
    ({"polls": (poll(Phase.COUNTED, confirmed=True), WAITING)}, {Kind.TALK}),
    ({"polls": (poll(Phase.VOID),)}, {Kind.TALK}),
    ({"polls": (poll(Phase.VOID), poll(Phase.COUNTED, confirmed=True))}, {Kind.TALK, Kind.POLL}),
]


@pytest.mark.parametrize(("facts", "done"), DONE)
def test_an_item_is_done_when_its_thing_was_done(facts, done):
    kinds = (Kind.TALK, Kind.TELLERS, Kind.POLL)
    assert {kind for kind in kinds if is_done(kind, at(Kind.MINUTES, **facts))} == done


def test_an_open_poll_stands_before_everything_else():
    for kind in Kind.values:
        step, *others = next_steps(at(kind, polls=(poll(Phase.ISSUING),)))
        assert (step.page, others) == ("ballots:poll", [])


def test_the_next_item_names_the_item_one_stands_on():
    (step,) = next_steps(at(Kind.TALK))
    assert step.fields == (("step", "3"),)


def test_before_the_opening_the_note_says_what_to_do():
    few = {"present": 4, "least_present": "cần ít nhất 05/08"}
    notes = [next_steps(before(**facts))[0].note for facts in ({}, few | {"checkin_open": True})]
    assert notes == [
        "Mở điểm danh để lấy mã, rồi mời các đồng chí vào họp bằng điện thoại.",
        "Điểm danh tiếp: có mặt 04/08 đồng chí có quyền biểu quyết, cần ít nhất 05/08.",
    ]


def test_a_step_without_return_says_so():
    (step,) = next_steps(at(Kind.MINUTES, passed=True))
    assert "không ai vào họp được nữa" in step.note
