"""What each paper says, as frozen values: counts are ints, shares are Fractions, levels are codes."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from cells import wording


@dataclass(frozen=True)
class Level:
    """A level as the paper names it: "HTT" in tables, the whole name in sentences."""

    code: str
    label: str


@dataclass(frozen=True)
class Code:
    """A code to type, and the address its QR code holds ("" if unknown)."""

    code: str
    url: str = ""

    @property
    def shown(self) -> str:
        """The code in groups of four, as it is read aloud and typed."""
        return wording.grouped(self.code)


class Check(Code):
    """How a reader learns whether a file is the locked one."""


@dataclass(frozen=True)
class Head:
    """What stands above and under a paper. `mark` is repeated on every page ("" on a locked paper).

    `series`: "BB" of minutes, "BC" of reports, "" of lists, which carry no number.
    """

    committee: str
    cell: str
    place: str
    day: date
    year: int
    period: str  # "năm 2026" or "quý III năm 2026"
    subjects: str  # who is reviewed, in the words of the guidance pack
    persons: str  # and the people among them
    pack: str
    number: str = ""
    series: str = "BB"
    mark: str = ""
    check: Check | None = None


@dataclass(frozen=True)
class Person:
    """A name as the list has it (with the birth year for twins), a post, and the bare name that signs."""

    name: str
    post: str = ""
    bare: str = ""

    @property
    def signs(self) -> str:
        """The name under a signature: no year, no title, no rank (HD 36-HD/VPTW)."""
        return self.bare or self.name


@dataclass(frozen=True)
class Signer:
    """Who signs for the cell: BÍ THƯ or PHÓ BÍ THƯ, and the bare name ("" where nobody is in office)."""

    post: str
    name: str


@dataclass(frozen=True)
class Reasoned:
    """A name and a reason: who was absent ("" = without reason), not rated, took no ballot."""

    name: str
    reason: str = ""


@dataclass(frozen=True)
class Standing:
    """How many members of one standing are on the list, and how many of them came."""

    label: str
    listed: int
    present: int


@dataclass(frozen=True)
class Roll:
    """Who was called and who came; `summoned` and `present` count voters only."""

    standings: tuple[Standing, ...]
    summoned: int
    present: int
    absences: tuple[Reasoned, ...] = ()


@dataclass(frozen=True)
class Tellers:
    """Tổ kiểm phiếu, the lead first, and the show of hands that approved it."""

    people: tuple[Person, ...]
    yes: int | None = None
    of: int | None = None


@dataclass(frozen=True)
class Row:
    """One subject's result: per level code the ballots and their share of the base (None where the base is 0)."""

    subject: str
    counts: dict[str, int]
    shares: dict[str, Fraction | None]
    blank: int


@dataclass(frozen=True)
class PollResult:
    """A counted poll. It never says how many ballots came by which door (secret-ballot.md 4)."""

    title: str
    on_cell: bool
    levels: tuple[Level, ...]
    summoned: int
    present: int
    issued: int
    collected: int
    valid: int
    invalid: int
    base: int
    base_label: str
    rows: tuple[Row, ...]
    digits: str
    p: str
    list_sha256: str
    declined: tuple[Reasoned, ...] = ()
    alarms: int = 0  # members whose phone showed red
    alarm_decision: str = ""
    late_excuses: int = 0  # written down after the poll was opened, and so counted in its base


@dataclass(frozen=True)
class VoidPoll:
    """A void poll: its title and why, never a number."""

    title: str
    reason: str


@dataclass(frozen=True)
class Sitting:
    """What the minutes of the meeting and of the count share; times are local."""

    head: Head
    basis: tuple[str, ...]
    starts_at: datetime
    venue: str
    roll: Roll
    guests: tuple[Person, ...]
    chair: Person
    clerk: Person
    tellers: Tellers
    doors: tuple[str, ...]
    invalid_rule: str
    polls: tuple[PollResult, ...]
    voids: tuple[VoidPoll, ...] = ()
    extra: bool = False


@dataclass(frozen=True)
class Opinion:
    """Who said what; `on` names the member it was about ("" = the cell)."""

    by: str
    text: str
    on: str = ""


@dataclass(frozen=True)
class Verdict:
    """The level the cell proposes ("" = not concluded); `reason` stands where the chair concluded."""

    name: str
    post: str
    self_level: str
    level: str
    reason: str = ""


@dataclass(frozen=True)
class Points:
    """A line of a score table: what it is about, the most points, and those given (None = not scored)."""

    title: str
    most: Decimal
    given: Decimal | None


@dataclass(frozen=True)
class Part:
    """What a form adds up: its own line, and the criteria under it (none where the line says it all)."""

    sum: Points
    criteria: tuple[Points, ...]


@dataclass(frozen=True)
class Distribution:
    """Rated members by proposed level: `counts` per code, the rest undecided; of = all rated."""

    of: int
    counts: dict[str, int]
    shares: dict[str, Fraction | None]
    undecided: int
