"""What a sheet of a former year would store, and storing it: nothing that is there is written over."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from cells.models import Cell, Level
from cells.stale import Stale, fingerprint
from members.imports.spreadsheets.former import FormerRow
from members.imports.spreadsheets.values import plain
from members.models import FormerYear, Member, User
from members.rules.names import ListedNames, sort_key

NEW, SAME, WRONG = "new", "same", "wrong"
LABELS = {NEW: "Ghi", SAME: "Đã có", WRONG: "Chưa ghi được"}
TINTS = {NEW: "state-act", SAME: "state-fine", WRONG: "state-look"}
NOBODY = "Chi bộ không có đồng chí nào tên như vậy."
SEVERAL = "Chi bộ có hơn một đồng chí tên như vậy: xin ghi thêm số thẻ hoặc năm sinh."
TWICE = "Trùng với dòng {}."
UNKNOWN = "Không đọc được mức “{}”: xin ghi HTXS, HTT, HT, KHT hoặc tên đầy đủ."
KEPT = "Năm ấy đã nhập nội dung khác: giữ nguyên."
LEVELS = {plain(label): value for value, label in Level.choices}
LEVELS |= {name.removesuffix(" nhiem vu"): value for name, value in LEVELS.items()}
LEVELS |= {value.lower(): value for value in Level.values}


@dataclass
class Line:
    """One row of the sheet, whom it means, and what becomes of it."""

    row: FormerRow
    member: Member | None = None
    name: str = ""  # as the list of the cell writes it
    level: str = ""
    kind: str = WRONG
    note: str = ""

    @property
    def label(self) -> str:
        """What becomes of it, in a word."""
        return LABELS[self.kind]

    @property
    def tint(self) -> str:
        """How a page colours the word."""
        return TINTS[self.kind]

    @property
    def level_words(self) -> str:
        """The level in words; "" where none was given."""
        return Level(self.level).label if self.level else ""


def planned(cell: Cell, year: int, rows: Iterable[FormerRow]) -> list[Line]:
    """What each row would store."""
    members = list(Member.objects.in_cell(cell))
    names = ListedNames(members)
    stored = {
        row.member_id: row for row in FormerYear.objects.filter(member__in=members, year=year)
    }
    met: dict[int, int] = {}
    return [_line(row, members, names, stored, met) for row in rows]


def _line(
    row: FormerRow,
    members: Sequence[Member],
    names: ListedNames,
    stored: dict[int, FormerYear],
    met: dict[int, int],
) -> Line:
    line = Line(row)
    alike = _meant(row, members)
    if len(alike) != 1:
        line.note = SEVERAL if alike else NOBODY
        return line
    line.member, line.name = alike[0], names.label(alike[0])
    line.level = LEVELS.get(plain(row.level), "")
    former = stored.get(line.member.pk)
    if row.level and not line.level:
        line.note = UNKNOWN.format(row.level)
    elif line.member.pk in met:
        line.note = TWICE.format(met[line.member.pk])
    elif former is None:
        line.kind = NEW
    else:
        same = (former.level, former.shortcomings) == (line.level, row.shortcomings)
        line.kind, line.note = SAME, "" if same else KEPT
    met.setdefault(line.member.pk, row.number)
    return line


def _meant(row: FormerRow, members: Sequence[Member]) -> list[Member]:
    """By the number of the card, else by the name, and by the year of birth where both are known."""
    digits = re.sub(r"\D", "", row.card)
    by_card = [member for member in members if digits and member.card_number == digits]
    if by_card:
        return by_card
    year = re.search(r"\d{4}", row.birth)
    return [
        member
        for member in members
        if member.name_sort == sort_key(row.name)
        and not (year and member.born_year and member.born_year != int(year[0]))
    ]


def digest(lines: Sequence[Line]) -> str:
    """What stands for all that they would store."""
    told = [[*line.row, line.kind, line.member.pk if line.member else 0] for line in lines]
    return fingerprint(told)


@transaction.atomic(durable=True)
def apply(user: User, cell: Cell, year: int, rows: Sequence[FormerRow], seen: str) -> int:
    """Store what was looked at, Stale where it would be something else; how many."""
    list(Cell.objects.select_for_update(no_key=True).filter(pk=cell.pk).values_list("pk"))
    lines = planned(cell, year, rows)
    if digest(lines) != seen:
        raise Stale
    new = [
        FormerYear(
            member=line.member,
            year=year,
            level=line.level,
            shortcomings=line.row.shortcomings,
            by=user,
        )
        for line in lines
        if line.kind == NEW
    ]
    FormerYear.objects.bulk_create(new)
    user.record("former.imported", cell, year=year, count=len(new))
    return len(new)
