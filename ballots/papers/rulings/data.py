"""What the papers of a committee's decision say, as frozen values; levels by their whole names."""

from dataclasses import dataclass
from datetime import date

from ballots.papers.data import Authority, Head


@dataclass(frozen=True)
class Ruling:
    """What is decided about one subject.

    `proposed`: by the cell, "" where it proposed nothing. `former`: what was decided before, "" the first time.
    `reason`: why it departs from what was proposed, or decided before.
    """

    name: str
    post: str
    is_collective: bool
    level: str
    proposed: str = ""
    former: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Issuer:
    """Whose papers these are: the executive (cấp ủy) by its name, and who signs for it.

    `symbol`: number and signs of the decision as they were typed, "" on a draft without.
    """

    executive: str
    authority: Authority
    symbol: str = ""


@dataclass(frozen=True)
class RecognitionData:
    """Quyết định công nhận kết quả xếp loại; the subjects stand on its list."""

    head: Head
    issuer: Issuer
    cell: str
    basis: tuple[str, ...]
    rulings: tuple[Ruling, ...]
    levels: tuple[str, ...]  # the highest first


@dataclass(frozen=True)
class RulingsData:
    """Danh sách kèm theo quyết định."""

    head: Head
    issuer: Issuer
    cell: str
    rulings: tuple[Ruling, ...]


@dataclass(frozen=True)
class ReratingData:
    """Quyết định xếp loại lại (Mẫu 03): what takes the place of levels decided before, and why.

    `form`, `title`: as the pack has them, "" where it does not name the form.
    """

    head: Head
    issuer: Issuer
    cell: str
    form: str
    title: str
    basis: tuple[str, ...]
    rulings: tuple[Ruling, ...]
    note: str


@dataclass(frozen=True)
class NoticeData:
    """Thông báo kết quả xếp loại to one member: own level, no points, nobody else's name."""

    head: Head
    issuer: Issuer
    cell: str
    member: str
    ruling: Ruling
    dated: date


@dataclass(frozen=True)
class CellRulings:
    """What one decision says of one cell, its collectives first."""

    cell: str
    rulings: tuple[Ruling, ...]


@dataclass(frozen=True)
class JointDecisionData:
    """Quyết định công nhận kết quả xếp loại of many cells by one paper; the subjects stand on its list."""

    head: Head
    issuer: Issuer
    basis: tuple[str, ...]
    cells: tuple[CellRulings, ...]
    levels: tuple[str, ...]  # the highest first


@dataclass(frozen=True)
class JointListData:
    """Danh sách kèm theo such a decision."""

    head: Head
    issuer: Issuer
    cells: tuple[CellRulings, ...]
