"""Data of a member's own form."""

from dataclasses import dataclass

from ballots.papers.data import Authority, Head, Level, Points, ScoredPart, SectionText, Signer
from cells.law.review_forms import Parts


@dataclass(frozen=True)
class Answer:
    """One shortcoming of last year, what has become of it ("Đã khắc phục"), and why not or how."""

    item: str
    result: str
    why: str


@dataclass(frozen=True)
class Remark:
    """What a body remarks and the level it proposes, each "" where nothing was put in."""

    text: str = ""
    level: str = ""


@dataclass(frozen=True)
class PersonalData:
    """Bản kiểm điểm of one member, as it was submitted, with the block that others fill in below.

    `headings`: of the two parts of the form; None where the pack does not name them. `grades`: those that a text may
    have, the best first. `above`: who signs for the committee above, where that is known.
    """

    head: Head
    form: str
    title: str
    subtitle: str
    member: str
    facts: tuple[tuple[str, str], ...]
    headings: Parts | None
    sections: tuple[SectionText, ...]
    grades: tuple[str, ...]
    answers: tuple[Answer, ...]
    answered_in: str  # the section they belong to
    groups: tuple[ScoredPart, ...]
    sums: tuple[Points, ...]
    levels: tuple[Level, ...]
    self_level: str
    has_others: bool  # whether the form has a block for others at all
    manager: Remark | None  # None: no unit head has a say
    executive: Remark
    cell_level: str
    decided: str
    signer: Signer
    above: Authority
    for_others: bool = False  # the writer's own draft, where what is blank below is left to others
