"""Cards to cut out, one per officer who is invited: the link as a code, the name to sign in with, the term."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Card:
    """One officer's: whose cell, which office, and the link, which is printed nowhere else."""

    cell: str
    office: str
    name: str
    username: str
    link: str


@dataclass(frozen=True)
class CardsData:
    """Phiếu mời of a committee. Made once and kept nowhere."""

    committee: str
    until: date
    cards: tuple[Card, ...]
