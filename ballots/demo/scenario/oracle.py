"""The figures a scenario implies: its ballots dealt straight to the tally, no server in between. Pure."""

from typing import Any

from ballots.demo.scenario.model import Poll, Scenario
from ballots.results import classification, tally
from ballots.results.classification import COLLECTIVE
from ballots.results.tally import PollCount, Row


def expected(scenario: Scenario) -> dict[str, Any]:
    """What ket-qua.json must hold after this meeting, all but `sealed_sha256`."""
    figures = classification.figures(
        [_counted(scenario, poll) for poll in scenario.polls],
        rated=scenario.rated,
        unrated=len(scenario.members) - len(scenario.rated),
        conclusions={key: conclusion.level for key, conclusion in scenario.conclusions.items()},
        rules=scenario.rules,
        sealed=[],
    )
    del figures["sealed_sha256"]
    return figures


def ballots(scenario: Scenario, poll: Poll) -> list[bytes]:
    """Every ballot of the poll, one byte a row: 0 no mark, else the 1-based place of the level."""
    places: dict[str, int] = {code: place for place, code in enumerate(poll.levels, start=1)}
    return [
        bytes(places[level] if level else 0 for level in scenario.marks(poll, group))
        for group in poll.ballots
        for _ in range(group.count)
    ]


def _counted(scenario: Scenario, poll: Poll) -> PollCount:
    keys, roll = scenario.subjects(poll), scenario.roll
    count = tally.count(ballots(scenario, poll), poll.levels, len(keys))
    numbers = {"issued": roll.present, "collected": poll.collected, "valid": count.valid}
    return PollCount(
        title=poll.title,
        summoned=roll.summoned,
        present=roll.present,
        base=tally.base_of(scenario.rules.base, roll, **numbers),
        invalid=count.invalid,
        rows=tuple(
            Row(row.counts, row.blank, key, COLLECTIVE if key in scenario.leadership else "")
            for key, row in zip(keys, count.rows, strict=True)
        ),
        **numbers,
    )
