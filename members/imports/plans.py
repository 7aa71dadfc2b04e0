"""What becomes of the rows of a sheet: errors, questions, new members, changes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cells.wording import thousands
from members.imports.spreadsheets import Problem, Row
from members.rules.identity import year_of

ERROR, OPEN, NEW, CHANGED, SAME = "error", "open", "new", "changed", "same"
# As the preview calls them, in the order in which it shows them.
LABELS: Mapping[str, str] = {
    ERROR: "Lỗi",
    OPEN: "Cần hỏi",
    NEW: "Mới",
    CHANGED: "Sửa",
    SAME: "Khớp",
}
# The numbers that tell a person apart.
KEYS: Mapping[str, str] = {"card_number": "Số thẻ", "citizen_id": "Số CCCD"}


@dataclass(frozen=True)
class KnownMember:
    """A member as a sheet would tell it; `values` by field, days as "1975-07-05"; the cell where there are many."""

    pk: int
    values: Mapping[str, Any]
    left: bool = False
    cell: int = 0
    cell_name: str = ""

    @property
    def name(self) -> str:
        """Họ và tên."""
        return str(self.values["name"])

    @property
    def born(self) -> int | None:
        """Năm sinh."""
        return year_of(self.values)


@dataclass(frozen=True)
class Change:
    """One field that the sheet tells otherwise, old and new as people read them."""

    heading: str
    old: str
    new: str


@dataclass(frozen=True)
class MatchedRow:
    """What becomes of one row: an error, a question, a new member, or a member with or without changes.

    `cell` is the cell that the row tells of; None where that is not known. `asked` is the member of whom it is asked,
    or was, whether the row tells of that member or of another person of the same name.
    """

    kind: str
    row: Row
    person: KnownMember | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    cell: int | None = 0
    asked: KnownMember | None = None

    @property
    def label(self) -> str:
        """What becomes of it, in a word."""
        return LABELS[self.kind]


class Answer(NamedTuple):
    """What an officer said of one row: whether it tells of the member with this key."""

    member: int
    is_same: bool


@dataclass(frozen=True)
class Plan:
    """What applying a sheet would do; `missing` are members who stand in no row."""

    lines: tuple[MatchedRow, ...]
    missing: tuple[KnownMember, ...]

    def count(self, *kinds: str) -> int:
        """How many rows are of these kinds."""
        return sum(line.kind in kinds for line in self.lines)

    @property
    def matched(self) -> int:
        """Rows that are members of the cell, with or without changes."""
        return self.count(CHANGED, SAME)

    @property
    def summary(self) -> str:
        """The counts in one line: "1.204 dòng: 1.187 khớp, 12 mới, 5 lỗi", and how many are asked for."""
        counts = (len(self.lines), self.matched, *map(self.count, (NEW, ERROR, OPEN)))
        total, matched, new, wrong, asked = map(thousands, counts)
        questions = f", {asked} cần hỏi" if self.count(OPEN) else ""
        return f"{total} dòng: {matched} khớp, {new} mới, {wrong} lỗi{questions}"

    @property
    def ordered(self) -> list[MatchedRow]:
        """What needs looking at first: errors, new ones, changes, then the rest; each in the order of the sheet."""
        return sorted(self.lines, key=lambda line: list(LABELS).index(line.kind))
