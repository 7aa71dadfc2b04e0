"""What the collective report (Mẫu 01) says, as frozen values; points are exact."""

from dataclasses import dataclass
from decimal import Decimal

from ballots.papers.data import Head, Level, ScoredPart, Signer


@dataclass(frozen=True)
class SectionText:
    """One section: its title, and what was written; `optional`: only where there is something to say."""

    title: str
    text: str
    optional: bool = False


@dataclass(frozen=True)
class ReportData:
    """Báo cáo kiểm điểm tập thể to the committee above. `parts`: none without points; `score`: their sum, or alone."""

    head: Head
    form: str
    title: str
    basis: tuple[str, ...]
    texts: tuple[SectionText, ...]
    parts: tuple[ScoredPart, ...]
    most: Decimal
    score: Decimal | None
    level: Level | None
    to: str
    signer: Signer
