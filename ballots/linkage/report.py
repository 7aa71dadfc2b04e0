"""What an audit of secrecy has seen, as data and in the words that are printed and shown. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from ballots.linkage.orders import Match
from cells.wording import score


@dataclass(frozen=True)
class Search:
    """How many secrets of a phase were looked for in one place, and how many of them stand there."""

    phase: str
    place: str
    looked_for: int
    found: int
    size: int  # bytes that were read

    @property
    def holds(self) -> bool:
        """Nothing stands there."""
        return not self.found


@dataclass(frozen=True)
class Comparison:
    """How well an order that is seen somewhere agrees with an order of people that is known."""

    size: int  # voters of the meeting
    phase: str
    seen: str
    known: str
    voters: int
    linked: int
    limit: int  # linked so many and more: seldom enough by chance to be a leak
    by_chance: str  # how many a drawn lot names on average
    deviations: str
    holds: bool

    @classmethod
    def of(cls, size: int, phase: str, seen: str, known: str, match: Match) -> "Comparison":
        """The words for a match."""
        return cls(
            size,
            phase,
            seen,
            known,
            match.voters,
            match.linked,
            match.limit,
            str(match.chance),
            score(Decimal(f"{match.deviations:.1f}")),
            match.is_chance,
        )


@dataclass(frozen=True)
class Control:
    """Whether a search sees what does lie in a place; one that does not proves nothing there."""

    place: str
    seen: int
    times: int

    @property
    def holds(self) -> bool:
        """It has seen it at least once: of memory, a page may have been written over meanwhile."""
        return bool(self.seen)


@dataclass(frozen=True)
class Limit:
    """What somebody does see while ballots are cast, measured: a limit that the threat model names."""

    who: str
    sees: str
    number: int
    of: int


@dataclass(frozen=True)
class Untried:
    """What could not be looked at here, and why."""

    what: str
    why: str


_SUMMED = ("looked_for", "found", "size")


@dataclass
class Report:
    """Everything of one run; `sizes`: voters of each meeting."""

    version: str
    database: str
    sizes: list[int]
    searches: list[Search] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    untried: list[Untried] = field(default_factory=list)

    def add_search(self, new: Search) -> None:
        """One more poll's search of a place in a phase, added to those before."""
        for at, old in enumerate(self.searches):
            if (old.phase, old.place) == (new.phase, new.place):
                sums = (getattr(old, name) + getattr(new, name) for name in _SUMMED)
                self.searches[at] = Search(old.phase, old.place, *sums)
                return
        self.searches.append(new)

    def add_control(self, place: str, is_seen: bool) -> None:
        """One more trial of the search of a place."""
        for at, old in enumerate(self.controls):
            if old.place == place:
                self.controls[at] = Control(place, old.seen + is_seen, old.times + 1)
                return
        self.controls.append(Control(place, int(is_seen), 1))

    def add_limit(self, who: str, sees: str, number: int, of: int) -> None:
        """One more poll's measure of what somebody sees."""
        for at, old in enumerate(self.limits):
            if (old.who, old.sees) == (who, sees):
                self.limits[at] = Limit(who, sees, old.number + number, old.of + of)
                return
        self.limits.append(Limit(who, sees, number, of))

    def add_untried(self, what: str, why: str) -> None:
        """Said once."""
        untried = Untried(what, why)
        if untried not in self.untried:
            self.untried.append(untried)

    @property
    def failures(self) -> list[Search | Comparison | Control]:
        """What contradicts the promise, and searches that prove nothing."""
        seen: Iterable[Search | Comparison | Control] = [
            *self.searches,
            *self.comparisons,
            *self.controls,
        ]
        return [each for each in seen if not each.holds]

    @property
    def closest(self) -> list[tuple[int, Comparison]]:
        """Of each meeting and phase: how many comparisons were made, and the one that named the most people."""
        groups: dict[tuple[int, str], list[Comparison]] = {}
        for each in self.comparisons:
            groups.setdefault((each.size, each.phase), []).append(each)
        return [
            (len(group), max(group, key=lambda each: (not each.holds, each.linked)))
            for group in groups.values()
        ]

    @property
    def holds(self) -> bool:
        """Whether nothing does."""
        return not self.failures

    def as_json(self) -> dict[str, Any]:
        """Plain values, as they are kept and printed by --json."""
        return asdict(self) | {"holds": self.holds}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Report":
        """What `as_json` gave."""
        return cls(
            values["version"],
            values["database"],
            values["sizes"],
            [Search(**each) for each in values["searches"]],
            [Comparison(**each) for each in values["comparisons"]],
            [Control(**each) for each in values["controls"]],
            [Limit(**each) for each in values["limits"]],
            [Untried(**each) for each in values["untried"]],
        )
