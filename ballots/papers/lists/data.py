"""What the papers of a cell's file say beside the minutes, as frozen values; see data.py."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ballots.papers.data import Distribution, Head, Level, Reasoned, Signer, SubjectLevels


@dataclass(frozen=True)
class BodiesRow:
    """What each body proposes for one member: level codes, "" where it has said none."""

    name: str
    post: str
    self_level: str
    manager: str
    executive: str
    unions: str
    cell: str
    remark: str = ""


@dataclass(frozen=True)
class ProposalsData:
    """Tổng hợp đề xuất mức chất lượng đảng viên của các chủ thể."""

    head: Head
    levels: tuple[Level, ...]
    rows: tuple[BodiesRow, ...]
    signer: Signer


@dataclass(frozen=True)
class SummaryRow:
    """One subject: ballots per level code (those asked for), the share of the proposed level, and that level."""

    name: str
    post: str
    self_level: str
    counts: dict[str, int]
    share: Fraction | None
    level: str
    remark: str = ""
    is_rated: bool = True


@dataclass(frozen=True)
class SummaryData:
    """Bảng tổng hợp kết quả: the rated of the leadership collectives and the cell itself, then the members."""

    head: Head
    levels: tuple[Level, ...]
    base_label: str
    bodies: tuple[SummaryRow, ...]
    rows: tuple[SummaryRow, ...]
    distribution: Distribution
    signer: Signer


@dataclass(frozen=True)
class UnratedRow:
    """Who was not reviewed, not rated, or neither: why, on what basis, and when it is looked at again."""

    name: str
    post: str
    is_unreviewed: bool
    reason: str
    basis: str = ""
    return_on: date | None = None
    status: str = ""  # "Không thuộc diện" or "Chưa xếp loại"
    is_outside: bool = False  # the former


@dataclass(frozen=True)
class UnratedData:
    """Danh sách đảng viên chưa kiểm điểm, chưa xếp loại."""

    head: Head
    rows: tuple[UnratedRow, ...]
    signer: Signer


@dataclass(frozen=True)
class PostGroup:
    """Members with or without a leading post: all, per proposed level, not rated, and rated without a conclusion.

    `outside`: whom the review does not concern.
    """

    label: str
    total: int
    counts: dict[str, int]
    unrated: int
    undecided: int = 0
    outside: int = 0


@dataclass(frozen=True)
class UpwardData:
    """Báo cáo kết quả to the committee above; `day`: of the meeting."""

    head: Head
    levels: tuple[Level, ...]
    to: str
    basis: tuple[str, ...]
    day: date
    summoned: int
    present: int
    collective: bool  # whether the cell itself was reviewed
    cell_levels: SubjectLevels | None
    collective_levels: tuple[SubjectLevels, ...]  # of the leadership collectives
    groups: tuple[PostGroup, ...]
    distribution: Distribution
    best: tuple[str, ...]
    unrated: tuple[Reasoned, ...]
    proposal: str
    enclosed: tuple[str, ...]
    signer: Signer
    cap: str = ""  # what the cap allows, and what is proposed


@dataclass(frozen=True)
class ChecklistLine:
    """One thing of the file, how many there are of it, and who made it."""

    title: str
    copies: int
    by: str
    remark: str = ""


@dataclass(frozen=True)
class ChecklistData:
    """Danh mục hồ sơ; `form`: the number of the printed form, "" where none is known."""

    head: Head
    form: str
    title: str
    lines: tuple[ChecklistLine, ...]
    signer: Signer
