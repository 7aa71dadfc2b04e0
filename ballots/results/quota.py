"""The cap on HTXS over many cells, per group of similar posts: what is used and allowed by each reading. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ballots.results.classification import Reading
from cells.law.post_groups import APART, PostGroup
from cells.law.rules import READINGS, Cap

NO_LEVEL = ""  # rated, and nothing is concluded
# In which group (None: in none), whether it is a cell's secretary, at which level: how many.
Counts = Mapping[tuple[int | None, bool, str], int]


@dataclass(frozen=True)
class Allowance:
    """One percentage under both readings; `in_force`: whether it is the one this group is held to."""

    percent: int
    readings: Mapping[str, Reading]
    in_force: bool


@dataclass(frozen=True)
class GroupQuota:
    """One group as the cap sees it. `counts`: by level, those that count; `apart`: secretaries that do not."""

    place: int
    name: str
    of: str
    counts: Mapping[str, int]
    apart: Mapping[str, int]
    allowances: tuple[Allowance, ...]
    reading: str  # which one is in force
    reason: str  # why the cap is raised here, "" where it is not

    @property
    def rated(self) -> int:
        """How many count in the group, with a level or not yet."""
        return sum(self.counts.values())

    @property
    def is_empty(self) -> bool:
        """Whether nobody is in it at all."""
        return not self.rated and not sum(self.apart.values())

    @property
    def in_force(self) -> Reading:
        """What the group is held to."""
        allowance = next(each for each in self.allowances if each.in_force)
        return allowance.readings[self.reading]

    @property
    def over(self) -> int:
        """How many more are excellent than is allowed; 0 where none."""
        return max(0, self.in_force.used - self.in_force.allowed)

    @property
    def left(self) -> int:
        """How many more may be excellent, all else standing as it does."""
        return max(0, self.in_force.allowed - self.in_force.used)


def quotas(
    counts: Counts,
    groups: Sequence[PostGroup],
    head: str,
    cap: Cap,
    raised: int | None,
    reasons: Mapping[str, str],
    levels: Sequence[str],
) -> tuple[GroupQuota, ...]:
    """Each group in the order of the list. `levels`: the highest first; `raised`: what the cap may be raised to.

    `reasons`: by name of a group, why it is raised there.
    """
    percents = [cap.percent, *([raised] if raised else [])]
    return tuple(
        _group(place, group, counts, head, cap, percents, reasons.get(group.name, ""), levels)
        for place, group in enumerate(groups)
    )


def _group(
    place: int,
    group: PostGroup,
    counts: Counts,
    head: str,
    cap: Cap,
    percents: Sequence[int],
    reason: str,
    levels: Sequence[str],
) -> GroupQuota:
    every = (*levels, NO_LEVEL)
    others, heads = (
        {level: counts.get((place, is_head, level), 0) for level in every}
        for is_head in (False, True)
    )
    if head != APART:
        others, heads = added(others, heads), dict.fromkeys(every, 0)
    held_to = percents[-1] if reason else cap.percent
    allowances = tuple(
        Allowance(
            percent, readings_of(others, replace(cap, percent=percent), levels), percent == held_to
        )
        for percent in percents
    )
    return GroupQuota(place, group.name, group.of, others, heads, allowances, cap.reading, reason)


def readings_of(counts: Mapping[str, int], cap: Cap, levels: Sequence[str]) -> dict[str, Reading]:
    """How many may be excellent by each reading of the cap, and how many are (rules.md A.3)."""
    excellent, good = counts[levels[0]], counts[levels[1]]
    bases = {"good": good, "good_or_better": good + excellent}
    return {reading: Reading(cap.allowed(bases[reading]), excellent) for reading in READINGS}


def added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    """Level by level."""
    return {level: number + other[level] for level, number in one.items()}


def unplaced(counts: Counts) -> int:
    """How many are in no group."""
    return sum(number for (group, _, _), number in counts.items() if group is None)


def counted(rows: Iterable[tuple[int | None, bool, str]]) -> Counts:
    """Counts of single subjects."""
    return Counter(rows)
