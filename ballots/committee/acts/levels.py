"""Which level a decision on many files gives to each, and the mark by which a file is known to be the one seen."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from ballots.committee.decision.verbs import LevelDecision
from ballots.results.undecided import Waiting, WaitingFile

DIGITS = 18  # of a key, at most


@dataclass(frozen=True)
class Basis:
    """What the levels follow: what each cell proposes, a draft or a meeting; over it what was written on the page.

    `draft`: None without one, else by meeting and key of the case; a file it does not have is not decided by it.
    `concluded`: the same of the committee's own meeting; whoever of a file was not before it is decided as proposed.
    `departures`: by meeting and key of the case. `named`: the key of the draft.
    """

    draft: Mapping[int, Mapping[str, LevelDecision]] | None = None
    departures: Mapping[tuple[int, str], LevelDecision] = field(default_factory=dict)
    concluded: Mapping[int, Mapping[str, LevelDecision]] | None = None
    named: int | None = None

    def has(self, file: WaitingFile) -> bool:
        """Whether it says anything about this file."""
        return all(
            said is None or file.meeting.pk in said for said in (self.draft, self.concluded)
        )

    def concluded_of(self, file: WaitingFile, case: Waiting) -> LevelDecision | None:
        """What the committee's own meeting has concluded of the case; None where it was not before it."""
        return (self.concluded or {}).get(file.meeting.pk, {}).get(case.key)


class Line(NamedTuple):
    """One subject with its level, "" where it stays open, and why it is not the one proposed."""

    case: Waiting
    level: str
    reason: str

    @property
    def departs(self) -> bool:
        """Whether it is not what the cell proposes."""
        return self.case.needs_reason(self.level)


def lines_of(file: WaitingFile, basis: Basis) -> list[Line]:
    """Every subject of the file with the level it would be given."""
    return [Line(_stated(file, case, basis), *_decided(file, case, basis)) for case in file.cases]


def _stated(file: WaitingFile, case: Waiting, basis: Basis) -> Waiting:
    """With the level from which only a reason departs."""
    concluded = basis.concluded_of(file, case)
    return replace(case, concluded=concluded.level) if concluded else case


def _decided(file: WaitingFile, case: Waiting, basis: Basis) -> LevelDecision:
    departure = basis.departures.get((file.meeting.pk, case.key))
    if departure:
        return departure
    if basis.draft is None:
        return basis.concluded_of(file, case) or LevelDecision(case.proposed)
    return basis.draft.get(file.meeting.pk, {}).get(case.key, LevelDecision(""))


def key_of(text: str) -> int:
    """The key of a row as a page carries it; ValueError on anything else, and on what no database holds."""
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS):
        raise ValueError(text[:DIGITS])
    return int(text)


class Seen(NamedTuple):
    """A file as a preview showed it: which sending, and `mark`, drawn from each of its levels and reasons."""

    meeting: int
    sending: int
    mark: str

    def __str__(self) -> str:
        """As the preview carries it."""
        return f"{self.meeting}:{self.sending}:{self.mark}"

    @classmethod
    def parse(cls, text: str) -> "Seen":
        """Read it again; ValueError on anything else."""
        meeting, sending, mark = text.split(":")
        return cls(key_of(meeting), key_of(sending), mark)


def seen(file: WaitingFile, basis: Basis) -> Seen:
    """The file as it is now."""
    said = [(line.case.key, line.level, line.reason) for line in lines_of(file, basis)]
    mark = hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]
    return Seen(file.meeting.pk, file.sending.number, mark)
