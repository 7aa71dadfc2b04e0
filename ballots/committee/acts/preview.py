"""What one decision on many files would say, cell by cell, before anything is recorded."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ballots.committee.acts.levels import Basis, Line, Seen, lines_of, seen
from ballots.results import classification
from ballots.results.undecided import WaitingFile
from cells.models import Level, Meeting


@dataclass(frozen=True)
class FileLine:
    """One file: the levels of the cell and of its collectives, and how many members at each."""

    meeting: Meeting
    token: Seen
    bodies: tuple[Line, ...]
    counts: Mapping[str, int]
    open: int
    departures: tuple[Line, ...]

    @property
    def numbers(self) -> list[tuple[str, int]]:
        """Members per level, the highest first."""
        return [(code, self.counts.get(code, 0)) for code in Level.values]


@dataclass(frozen=True)
class Preview:
    """The files that would be decided and what they add up to."""

    files: tuple[FileLine, ...]
    cap: str  # what the cap says of the members, "" where it holds

    @property
    def numbers(self) -> list[tuple[str, int]]:
        """Members of all files per level."""
        return [
            (code, sum(file.counts.get(code, 0) for file in self.files)) for code in Level.values
        ]

    @property
    def open(self) -> int:
        """How many subjects stay without a level."""
        return sum(file.open for file in self.files)

    @property
    def departures(self) -> list[tuple[FileLine, Line]]:
        """Everybody who is not decided as the cell proposes, with the file."""
        return [(file, line) for file in self.files for line in file.departures]


def preview_of(files: Sequence[WaitingFile], basis: Basis) -> Preview:
    """Of these files, those that the basis gives any level."""
    lines = tuple(_line(file, basis) for file in files if is_decided_by(file, basis))
    whole = Counter[str]()
    for line in lines:
        whole.update(line.counts)
    rules = lines[0].meeting.rules if lines else None
    check = classification.check_cap(whole, rules) if rules else None
    cap = (
        classification.cap_sentence(check, rules.cap, "được quyết định") if check and rules else ""
    )
    return Preview(lines, cap)


def is_decided_by(file: WaitingFile, basis: Basis) -> bool:
    """Whether somebody of the file would have a level."""
    return basis.has(file) and any(line.level for line in lines_of(file, basis))


def _line(file: WaitingFile, basis: Basis) -> FileLine:
    lines = lines_of(file, basis)
    return FileLine(
        meeting=file.meeting,
        token=seen(file, basis),
        bodies=tuple(line for line in lines if not line.case.member),
        counts=Counter(line.level for line in lines if line.case.member and line.level),
        open=sum(not line.level for line in lines),
        departures=tuple(line for line in lines if line.departs),
    )
