"""A whole meeting as a file: read it, check it, and say which figures it implies. Pure."""

from dataclasses import replace

from ballots.demo.scenario.checks import problems
from ballots.demo.scenario.model import (
    Ballots,
    Campaign,
    Collective,
    Comment,
    Conclusion,
    Guest,
    Meeting,
    Person,
    Poll,
    Post,
    RatedElsewhere,
    Report,
    Scenario,
)
from ballots.demo.scenario.oracle import ballots, expected
from ballots.demo.scenario.shape import Reader, parse
from ballots.results.classification import CELL

__all__ = [
    "CELL",
    "Ballots",
    "Campaign",
    "Collective",
    "Comment",
    "Conclusion",
    "Forbidden",
    "Guest",
    "Malformed",
    "Meeting",
    "Person",
    "Poll",
    "Post",
    "Problem",
    "RatedElsewhere",
    "Report",
    "Scenario",
    "ballots",
    "expected",
    "load",
]

# The papers print a reason wherever a rule asks for one; an official record must not invent it.
UNSAID = "chưa ghi lý do"
LONGEST = 300


class Problem(Exception):
    """A scenario that cannot be played: `problems` are Vietnamese sentences of one line each."""

    exit_status: int

    def __init__(self, problems: list[str]) -> None:
        """Keep the sentences, each once, made safe to print on one line."""
        lines = dict.fromkeys(map(_printable, problems))
        self.problems = list(lines)
        super().__init__("\n".join(self.problems))


class Malformed(Problem):
    """The file is no scenario: unreadable, not JSON, wrong type, key or enumeration."""

    exit_status = 2


class Forbidden(Problem):
    """A rule or a name forbids this meeting."""

    exit_status = 1


def _printable(line: str) -> str:
    short = line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
    return "".join(char if char.isprintable() else "�" for char in short)


def load(data: bytes) -> Scenario:
    """The scenario in `data` (JSON, UTF-8), checked; raises Malformed or Forbidden with every problem found."""
    try:
        value = parse(data)
    except ValueError as error:
        raise Malformed([str(error)]) from error
    reader = Reader()
    scenario: Scenario = reader.read(Scenario, value, "")
    if reader.malformed:
        raise Malformed(reader.malformed)
    try:
        _ = scenario.rules
    except ValueError as error:
        raise Malformed([f"campaign.settings: {error}"]) from error
    forbidden = reader.forbidden or problems(scenario)
    if forbidden:
        raise Forbidden(forbidden)
    return _filled(scenario)


def _filled(scenario: Scenario) -> Scenario:
    """The scenario with what the file may leave out and the records may not: reasons said, no empty comment."""
    return replace(
        scenario,
        members=tuple(map(_person, scenario.members)),
        comments=tuple(comment for comment in scenario.comments if comment.text),
        conclusions={
            key: replace(conclusion, reason=conclusion.reason or UNSAID)
            for key, conclusion in scenario.conclusions.items()
        },
    )


def _person(person: Person) -> Person:
    return replace(
        person,
        reason=person.reason or (UNSAID if person.attendance == "excused" else ""),
        unrated_reason=person.unrated_reason or ("" if person.rated else UNSAID),
    )
