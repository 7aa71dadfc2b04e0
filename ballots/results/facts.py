"""What one file says of each of its subjects, and how files are added up so that nobody is counted twice. Pure."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Fact:
    """One subject of a file; levels are codes, "" where there is none; `status` and `reason`: of who is not rated."""

    subject: Hashable  # the same one in every file of a period
    group: str
    is_rated: bool
    is_reviewed: bool
    status: str = ""
    reason: str = ""
    proposed: str = ""
    decided: str = ""


@dataclass(frozen=True)
class File:
    """The subjects of one file that lies with the committee above; `key` is its meeting's."""

    key: int
    held_at: datetime
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class GroupCount:
    """How many of one group of a file are counted there; levels by stage and code, the others by status and reason."""

    total: int = 0
    reviewed: int = 0
    rated: int = 0
    levels: Mapping[tuple[str, str], int] = field(default_factory=dict)
    unrated: Mapping[tuple[str, str], int] = field(default_factory=dict)


def owners(files: Iterable[File], groups: list[str]) -> dict[Hashable, int]:
    """In which of these files each subject is counted: where it is rated; else, of several, in the first-listed group.

    `groups`: as they are listed. Of two files alike the later meeting's, whose result stands.
    """
    best: dict[Hashable, tuple[bool, int, datetime, int]] = {}
    for file in files:
        for fact in file.facts:
            claim = (fact.is_rated, -groups.index(fact.group), file.held_at, file.key)
            best[fact.subject] = max(best.get(fact.subject, claim), claim)
    return {subject: key for subject, (*_, key) in best.items()}


def added(
    file: File, owner: Mapping[Hashable, int], stages: tuple[str, str, str]
) -> dict[str, GroupCount]:
    """The counts of a file by group, of the subjects that are counted there.

    `stages`: what levels proposed are called, those decided, and those proposed where none is decided yet.
    """
    proposed, decided, waiting = stages
    by_group: dict[str, list[Fact]] = {}
    for fact in file.facts:
        if owner[fact.subject] == file.key:
            by_group.setdefault(fact.group, []).append(fact)
    counts = {}
    for group, facts in by_group.items():
        rated = [fact for fact in facts if fact.is_rated]
        levels = Counter((proposed, fact.proposed) for fact in rated if fact.proposed)
        levels += Counter((decided, fact.decided) for fact in rated if fact.decided)
        open_ones = (fact for fact in rated if fact.proposed and not fact.decided)
        levels += Counter((waiting, fact.proposed) for fact in open_ones)
        others = [fact for fact in facts if not fact.is_rated]
        counts[group] = GroupCount(
            len(facts),
            sum(fact.is_reviewed for fact in facts),
            len(rated),
            levels,
            Counter((fact.status, fact.reason) for fact in others),
        )
    return counts
