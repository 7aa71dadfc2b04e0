"""What becomes of the rows of a sheet: errors, questions, new members, changes. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from cells.wording import short_date, thousands
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
NOBODY = ""  # the answer that a row tells of none of those asked about


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
class Other:
    """Somebody of whom a row may tell, too: a member, or whoever stands in another row; `place` where that is."""

    key: str
    values: Mapping[str, Any]
    place: str
    member: KnownMember | None = None
    row: Row | None = None
    is_here: bool = False

    @classmethod
    def of_member(cls, member: KnownMember, cell: int) -> "Other":
        """A member of this cell, of another, or of those who left."""
        is_here = member.cell == cell and not member.left
        place = "Đang có" if is_here else member.cell_name
        place = "Đã chuyển đi" if member.left else place
        return cls(str(member.pk), member.values, place, member, is_here=is_here)

    @property
    def born(self) -> str:
        """Day of birth, or the year, by which one of several is chosen."""
        day = self.values.get("born_on")
        return short_date(date.fromisoformat(day)) if day else str(year_of(self.values) or "")

    @property
    def answer(self) -> str:
        """What is said by choosing this one."""
        if self.row is not None:
            return f"Cùng một người với dòng {self.row.called}"
        if self.member is not None and self.member.left:
            return "Là đồng chí đã chuyển đi"
        return "Là người này, sửa theo tệp" if self.is_here else f"Là đồng chí ở {self.place}"

    @classmethod
    def of_row(cls, row: Row) -> "Other":
        """The person of another row of the file."""
        return cls(f"row {row.key}", row.values, f"Dòng {row.called}", row=row)


@dataclass(frozen=True)
class Change:
    """One field that the sheet tells otherwise, old and new as people read them."""

    heading: str
    old: str
    new: str


@dataclass(frozen=True)
class MatchedRow:
    """What becomes of one row: an error, a question, a new member, or a member with or without changes.

    `cell` is the cell that the row tells of; None where that is not known. `asked` are those of whom it is asked, or
    was, whether the row tells of one of them; `is_plain`: nothing speaks against the only one.
    """

    kind: str
    row: Row
    person: KnownMember | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    cell: int | None = 0
    asked: tuple[Other, ...] = ()
    is_plain: bool = False

    @property
    def label(self) -> str:
        """What becomes of it, in a word."""
        return LABELS[self.kind]


class Answer(NamedTuple):
    """What an officer said of one row: whom of those asked about it tells of, by their keys; or of nobody of them."""

    choice: str
    of: tuple[str, ...]


@dataclass(frozen=True)
class Answers:
    """All that an officer said: by the key of a row who is meant, and by their fields how its cells are to be read."""

    who: Mapping[str, Answer] = field(default_factory=dict)
    read: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


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
        return summary({kind: self.count(kind) for kind in LABELS})

    @property
    def ordered(self) -> list[MatchedRow]:
        """What needs looking at first: errors, new ones, changes, then the rest; each in the order of the sheet."""
        return sorted(self.lines, key=lambda line: list(LABELS).index(line.kind))

    @property
    def plain(self) -> list[MatchedRow]:
        """The questions with one member to choose, against whom nothing speaks but that so little is known."""
        return [line for line in self.lines if line.kind == OPEN and line.is_plain]


def summary(counts: Mapping[str, int]) -> str:
    """How many rows there are of each kind, in one line."""
    matched = counts.get(CHANGED, 0) + counts.get(SAME, 0)
    rest = (counts.get(kind, 0) for kind in (NEW, ERROR, OPEN))
    total, matches, new, wrong, asked = map(thousands, (sum(counts.values()), matched, *rest))
    asked = f", {asked} cần hỏi" if counts.get(OPEN) else ""
    return f"{total} dòng: {matches} khớp, {new} mới, {wrong} lỗi{asked}"


def questions(lines: Iterable[MatchedRow]) -> dict[tuple[str, str], list[MatchedRow]]:
    """The rows by what one answer for a whole column would settle: its field, and the kind of reading."""
    settled: dict[tuple[str, str], list[MatchedRow]] = {}
    for line in lines:
        for problem in line.problems:
            for meaning in problem.meanings:
                settled.setdefault((problem.field, meaning.kind), []).append(line)
    return settled
