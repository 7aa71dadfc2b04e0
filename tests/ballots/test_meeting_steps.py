"""The next step of a meeting, as a table over its facts."""

import pytest

from ballots.models import Poll
from ballots.steps import Facts, PollFact, next_steps
from cells.models import AgendaItem, Meeting

State, Kind, Phase = Meeting.State, AgendaItem.Kind, Poll.State
WAITING = PollFact("b" * 32, "Lượt 2", Phase.PLANNED)


def poll(state: str, confirmed: bool = False) -> PollFact:
    return PollFact("a" * 32, "Lượt 1", state, confirmed)


def before(**facts) -> Facts:
    return Facts(pk=1, summoned=8, **facts)


def at(kind: str, **facts) -> Facts:
    return Facts(pk=1, state=State.OPEN, kind=kind, position=3, **{"following": "Sau", **facts})


# The facts, then the pages that are offered, the best first; "!" where a press does it.
TABLE = [
    (before(), ["checkin_open!", "checkin"]),
    (before(checkin_open=True, present=4), ["checkin"]),
    (before(may_open=True, missing_duty="Thư ký"), ["checkin"]),
    (before(may_open=True), ["meeting_open!", "checkin"]),
    (at(Kind.TALK), ["meeting_next!"]),
    (at(Kind.REPORT), ["report", "meeting_next!"]),
    (at(Kind.REPORT, report=True), ["meeting_next!"]),
    (at(Kind.COMMENTS), ["comments", "meeting_next!"]),
    (at(Kind.TELLERS), ["tellers", "meeting_next!"]),
    (at(Kind.TELLERS, tellers=True), ["meeting_next!"]),
    (at(Kind.POLL), ["meeting_next!"]),
    (at(Kind.POLL, polls=(WAITING,)), ["tellers", "meeting_next!"]),
    (at(Kind.POLL, polls=(WAITING,), tellers=True), ["poll", "meeting_next!"]),
    (at(Kind.POLL, polls=(poll(Phase.ISSUING), WAITING)), ["poll"]),
    (at(Kind.TALK, polls=(poll(Phase.CASTING),)), ["poll"]),
    (at(Kind.POLL, polls=(poll(Phase.SEALED),)), ["poll"]),
    (at(Kind.POLL, polls=(poll(Phase.COUNTED),)), ["results"]),
    (at(Kind.POLL, polls=(poll(Phase.COUNTED, confirmed=True),)), ["meeting_next!"]),
    (at(Kind.POLL, polls=(poll(Phase.VOID),)), ["meeting_next!"]),
    (at(Kind.RESULT), ["results", "conclude", "meeting_next!"]),
    (at(Kind.RESULT, conclusion=True), ["meeting_next!"]),
    (at(Kind.MINUTES, following=""), ["minutes"]),
    (at(Kind.TALK, following=""), ["minutes"]),
    (at(Kind.MINUTES, following="", passed=True), ["meeting_close!"]),
    (at(Kind.POLL, passed=True), ["meeting_close!"]),
    (Facts(pk=1, state=State.CLOSED, passed=True), ["minutes"]),
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


def test_an_open_poll_stands_before_everything_else():
    for kind in Kind.values:
        step, *others = next_steps(at(kind, polls=(poll(Phase.ISSUING),)))
        assert (step.page, others) == ("ballots:poll", [])


def test_the_next_item_names_the_item_one_stands_on():
    (step,) = next_steps(at(Kind.TALK))
    assert step.fields == (("step", "3"),)


def test_a_step_without_return_says_so():
    (step,) = next_steps(at(Kind.MINUTES, passed=True))
    assert "không ai vào họp được nữa" in step.note
