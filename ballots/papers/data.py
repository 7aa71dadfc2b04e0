"""What several papers say, as frozen values: counts are ints, shares are Fractions, levels are codes."""

from dataclasses import dataclass
from datetime import date
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
        """The code in groups, as it is read aloud and typed."""
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
    layout: str  # the guidance on the form of papers that was in force on `day`
    number: str = ""
    series: str = "BB"
    sign: str = "CB"  # of whose paper it is: CB of a cell, ĐU of a đảng ủy
    mark: str = ""
    check: Check | None = None


@dataclass(frozen=True)
class Signer:
    """Who signs for the cell: BÍ THƯ or PHÓ BÍ THƯ, and the bare name ("" where nobody is in office)."""

    post: str
    name: str


@dataclass(frozen=True)
class Authority:
    """For which body a signature speaks ("Đảng ủy"), with post and name, each "" where it is not known."""

    body: str
    post: str = ""
    name: str = ""


@dataclass(frozen=True)
class Reasoned:
    """A name and a reason: who was absent ("" = without reason), not rated, took no ballot.

    `status`: of who is not rated, "Không thuộc diện" or "Chưa xếp loại".
    """

    name: str
    reason: str = ""
    status: str = ""


@dataclass(frozen=True)
class SubjectLevels:
    """The level a subject claims, and the one the cell proposes; `reason`: of the chair who concluded it."""

    name: str
    post: str
    self_level: str
    level: str
    reason: str = ""


@dataclass(frozen=True)
class Points:
    """A line of a score table: what it is about, the most points, and its score (None = not scored)."""

    title: str
    most: Decimal
    score: Decimal | None


@dataclass(frozen=True)
class ScoredPart:
    """What a form adds up: its own line, and the criteria under it (none where the line says it all)."""

    sum: Points
    criteria: tuple[Points, ...]


@dataclass(frozen=True)
class SectionText:
    """One text of a form: its title, and what was written; `optional`: only where there is something to say.

    `group`: the section that it is a point of, "" where it is one itself. `grade`: None where none is asked.
    """

    title: str
    text: str
    optional: bool = False
    group: str = ""
    grade: str | None = None


@dataclass(frozen=True)
class Distribution:
    """Rated members by proposed level: `counts` per code, the rest undecided; `rated`: all of them."""

    rated: int
    counts: dict[str, int]
    shares: dict[str, Fraction | None]
    undecided: int
