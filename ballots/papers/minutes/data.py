"""Data of the minutes and of the tellers' minutes."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ballots.papers.data import Distribution, Head, Level, Opinion, Reasoned, Sitting, Verdict


@dataclass(frozen=True)
class MinutesData:
    """Biên bản hội nghị. `cell_verdict` is None when the cell itself was neither voted on nor concluded."""

    sitting: Sitting
    levels: tuple[Level, ...]
    agenda: tuple[str, ...]
    report: str  # the summary, where the report itself is enclosed
    self_level: str
    self_score: Decimal | None
    opinions: tuple[Opinion, ...]
    reserved: tuple[Opinion, ...]
    verdicts: tuple[Verdict, ...]
    cell_verdict: Verdict | None
    distribution: Distribution
    unrated: tuple[Reasoned, ...]
    conclusion: str
    proposal: str
    ends_at: datetime | None = None
    yes: int | None = None
    of: int | None = None
    guest_opinions: tuple[Opinion, ...] = ()
    enclosed: bool = False  # the report is a paper of its own
    amended: tuple[str, ...] = ()  # its sections that the meeting has changed
    collective: bool = True  # whether the cell itself was reviewed

    @property
    def head(self) -> Head:
        """The head, which is the meeting's."""
        return self.sitting.head


@dataclass(frozen=True)
class CountData:
    """Biên bản kiểm phiếu: every counted poll in full, every void one by name and reason."""

    sitting: Sitting

    @property
    def head(self) -> Head:
        """The head, which is the meeting's."""
        return self.sitting.head
