"""What the collective report (Mẫu 01) says, as frozen values; points are exact."""

from dataclasses import dataclass
from decimal import Decimal

from ballots.papers.data import Head, Level, ScoredPart, SectionText, Signer
from cells.law.review_forms import Parts


@dataclass(frozen=True)
class ReportData:
    """Báo cáo kiểm điểm tập thể to the committee above. `parts`: none without points; `score`: their sum, or alone.

    `headings`: of the two parts of the form; None where the pack does not name them.
    `whose`: which collective reports, "" for the cell itself.
    """

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
    headings: Parts | None = None
    whose: str = ""
