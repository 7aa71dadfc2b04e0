"""Data of ballot papers and slips."""

from dataclasses import dataclass
from decimal import Decimal

from ballots.papers.data import Code, Head, Level, SubjectLevels


@dataclass(frozen=True)
class BallotRow:
    """One line of a ballot: the subject with the level it claims, and the points it gives itself (None: not known)."""

    subject: SubjectLevels
    score: Decimal | None = None
    is_member: bool = True


@dataclass(frozen=True)
class BallotSheetData:
    """Phiếu giấy, blank: the same for every voter, so that it carries neither a name nor a number."""

    head: Head
    title: str
    levels: tuple[Level, ...]
    rows: tuple[BallotRow, ...]
    rule: str
    copies: int
    of_committee: bool = False  # its rows say in their own words what is claimed and proposed


class Slip(Code):
    """One slip to draw: the code to type, and the address of the voting page with it."""


@dataclass(frozen=True)
class SlipData:
    """Phiếu bốc thăm: slips to cut out, without names. Made once and kept nowhere."""

    cell: str
    title: str
    slips: tuple[Slip, ...]
