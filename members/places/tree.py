"""What a sheet of committees and cells would do below a committee: nothing that is there is overwritten."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from cells.models import Cell, Committee
from cells.stale import Stale, fingerprint
from members.imports.placing import new_name
from members.imports.spreadsheets import cell_key
from members.imports.spreadsheets.people import ADDRESS
from members.imports.spreadsheets.tree import TreeRow
from members.imports.spreadsheets.values import person, plain
from members.models import Member, Office, User
from members.offices.verbs import give
from members.places.verbs import found_cell, found_committee, move_cell
from members.rules.names import sort_key

NEW, SAME, ASK, WRONG = "new", "same", "ask", "wrong"
LABELS = {NEW: "Thêm", SAME: "Đã có", ASK: "Cần trả lời", WRONG: "Chưa nhập được"}
MOVE, OTHER, SKIP = "move", "other", "skip"
KIND = Office.Kind
TWICE = "Trùng với dòng {}."
NO_CELL = "Dòng này chưa ghi tên chi bộ: chưa giao chức vụ cho ai."
LONG = "Tên dài quá 200 chữ."
LONG_PLACE = "Địa danh dài quá 100 chữ."
NAMELESS = "“{}” không phải tên riêng của {}: xin ghi đủ tên."
MOVED = "{} đã chuyển theo dòng {}: xin chọn lại một trong hai dòng."
SEVERAL = "Có hơn một đảng bộ mang tên này; xin nhập ở trang của chính đảng bộ ấy."
NO_NAME = "Ô ghi {} không phải họ và tên: “{}”."
ONE = "Ô ghi {} có hơn một người: “{}”."
BOTH = "Đồng chí {} là bí thư của chi bộ: không ghi thêm là phó bí thư."
# What people write where there is nobody.
NOBODY = ("", "khong", "khong co", "chua co", "chua", "khuyet", "trong", "chua bau")
KEPT = "{} đang là đồng chí {}: giữ nguyên. Đã thay thì bàn giao ở trang của chi bộ."
NAMESAKES = "Chi bộ có hơn một đồng chí {}: xin giao chức vụ ở trang của chi bộ."
ELSEWHERE = "{} đang thuộc {}, tệp ghi {}. Có phải chính chi bộ ấy không?"
HOW = {
    MOVE: "Đúng, chuyển sang đảng bộ ghi trong tệp",
    OTHER: "Không, là chi bộ khác cùng tên: thêm mới",
    SKIP: "Bỏ qua dòng này",
}


@dataclass
class Line:
    """One row of the sheet and what it would do; `above` is a committee that is there, or the name of a new one."""

    row: TreeRow
    above: Committee | str
    kind: str = SAME
    cell: Cell | None = None
    moved: Cell | None = None
    question: str = ""
    answer: str = ""
    notes: list[str] = field(default_factory=list)
    gives: list[tuple[str, str]] = field(default_factory=list)

    @property
    def label(self) -> str:
        """What becomes of it, in a word."""
        return LABELS[self.kind]

    @property
    def tint(self) -> str:
        """How a page colours the word."""
        return {NEW: "state-act", SAME: "state-fine"}.get(self.kind, "state-look")

    @property
    def effect(self) -> list[object]:
        """What applying it would do, for the fingerprint."""
        above = self.above.pk if isinstance(self.above, Committee) else self.above
        moved = self.moved.pk if self.moved else 0
        return [
            list(self.row),
            self.kind,
            above,
            self.cell.pk if self.cell else 0,
            moved,
            self.gives,
        ]


class Known:
    """What stands below the committee now, looked up by what people call it."""

    def __init__(self, body: Committee) -> None:
        self.body = body
        self.committees: dict[str, list[Committee]] = defaultdict(list)
        for committee in body.subtree().filter(ended_on=None):
            self.committees[committee_key(committee.name)].append(committee)
        self.cells: dict[str, list[Cell]] = defaultdict(list)
        cells = Cell.objects.standing().under(body).select_related("committee")
        for cell in cells:
            self.cells[cell_key(cell.name)].append(cell)
        self.heads: dict[tuple[int, str], list[Member]] = defaultdict(list)
        held = Office.objects.held().filter(member__cell__in=cells).select_related("member")
        for office in held:
            self.heads[office.member.cell_id, office.kind].append(office.member)
        # Which row of the sheet names a cell where it stands: no other row can mean it. And which row moves it.
        self.stated: set[int] = set()
        self.moved: dict[int, int] = {}
        self.people: dict[int, list[str]] = defaultdict(list)
        members = Member.objects.filter(cell__in=cells, left_on=None)
        for pk, key in members.values_list("cell", "name_sort"):
            self.people[pk].append(key)

    def named(self, row: TreeRow) -> list[Committee]:
        """The committees that the row may mean as the one above it."""
        if not row.committee:
            return [self.body]
        return self.committees.get(committee_key(row.committee), [])

    def state(self, row: TreeRow) -> None:
        """Note the cell that stands where the row says."""
        for cell in self.cells.get(cell_key(row.cell), []) if row.cell else ():
            if cell.committee in self.named(row):
                self.stated.add(cell.pk)


def committee_key(name: str) -> str:
    """By what a committee is known: without accents, case, and the words that all begin with."""
    return re.sub(r"^(dang bo|dang uy|db)( |$)", "", plain(name)).strip() or plain(name)


def planned(body: Committee, rows: Iterable[TreeRow], answers: Mapping[int, str]) -> list[Line]:
    """What each row would do; `answers` by the number of the row."""
    known, rows = Known(body), list(rows)
    for row in rows:
        known.state(row)
    seen: dict[tuple[object, str], int] = {}
    return [_line(known, row, answers.get(row.number, ""), seen) for row in rows]


def digest(lines: Sequence[Line]) -> str:
    """What stands for all that they would do."""
    return fingerprint([line.effect for line in lines])


def _line(known: Known, row: TreeRow, answer: str, seen: dict[tuple[object, str], int]) -> Line:
    named = known.named(row)
    line = Line(row, named[0] if named else row.committee, answer=answer)
    above: object = (
        line.above.pk if isinstance(line.above, Committee) else committee_key(row.committee)
    )
    key = (above, cell_key(row.cell) if row.cell else "")
    trouble = SEVERAL if len(named) > 1 else _trouble(row)
    if row.cell and key in seen:
        trouble = TWICE.format(seen[key])
    seen.setdefault(key, row.number)
    if trouble:
        line.kind, line.notes = WRONG, [trouble]
    elif not row.cell:
        line.kind = SAME if named else NEW
        if row.secretary or row.deputy:
            line.notes.append(NO_CELL)
    else:
        _cell(known, line, answer)
    return line


def _trouble(row: TreeRow) -> str:
    """What is wrong with the row, whatever stands in the tree."""
    if not row.cell and not row.committee:
        return NO_CELL
    if row.committee and plain(row.committee) in ("", "dang bo", "dang uy", "db"):
        return NAMELESS.format(row.committee, "đảng bộ")
    if row.cell and not plain(row.cell):
        return NAMELESS.format(row.cell, "chi bộ")
    if max(len(row.committee), len(row.cell)) > 200:
        return LONG
    return LONG_PLACE if len(row.place) > 100 else ""


def _cell(known: Known, line: Line, answer: str) -> None:
    alike = known.cells.get(cell_key(line.row.cell), [])
    line.cell = next((cell for cell in alike if cell.committee == line.above), None)
    line.kind = SAME if line.cell else NEW
    elsewhere = [cell for cell in alike if cell.pk not in known.stated]
    if line.cell is None and len(elsewhere) == 1:
        there = elsewhere[0]
        above = line.above.name if isinstance(line.above, Committee) else line.above
        line.question = ELSEWHERE.format(there, there.committee, above)
        line.kind = NEW if answer in (MOVE, OTHER) else SAME if answer == SKIP else ASK
        if answer == MOVE and there.pk in known.moved:
            line.kind, line.notes = WRONG, [MOVED.format(there, known.moved[there.pk])]
            return
        if answer == MOVE:
            line.moved = there
            known.moved[there.pk] = line.row.number
    if line.kind != ASK and answer != SKIP:
        _heads(known, line)


def _heads(known: Known, line: Line) -> None:
    """Who is given an office: nobody in place of somebody else."""
    cell = line.cell or line.moved
    named: set[str] = set()
    for kind, name in _asked(line):
        holders = known.heads[cell.pk, kind] if cell else []
        leaders = known.heads[cell.pk, KIND.SECRETARY] if cell else []
        key = sort_key(name)
        if re.search(r"[0-9]", name) or len(name.split()) < 2 or len(name) > 100:
            line.kind = WRONG if line.kind == NEW else line.kind
            line.notes.append(NO_NAME.format(kind.label, name))
        elif key in {holder.name_sort for holder in holders}:
            named.add(key)
        elif key in named or key in {leader.name_sort for leader in leaders}:
            line.notes.append(BOTH.format(name))
        elif kind == KIND.SECRETARY and holders:
            line.notes.append(KEPT.format(kind.label, holders[0].listed_name))
        elif cell and known.people[cell.pk].count(key) > 1:
            line.notes.append(NAMESAKES.format(name))
        else:
            named.add(key)
            line.gives.append((kind, name))
            line.kind = NEW


def _asked(line: Line) -> list[tuple[Office.Kind, str]]:
    """Whom the row names for which office; the same name twice in one box is one person."""
    first = _names(line.row.secretary)
    if len(first) > 1:
        line.notes.append(ONE.format(KIND.SECRETARY.label, line.row.secretary))
        first = []
    asked = [(KIND.SECRETARY, name) for name in first]
    return asked + [(KIND.DEPUTY, name) for name in _names(line.row.deputy)]


def _names(written: str) -> list[str]:
    """The names in one box: "Đ/c Lê An và đ/c Trần Bình" are two, "chưa có" is none."""
    parts = re.split(r"[,;\n]|(?<![đĐ])/|\s+và\s+", written)
    names = {sort_key(name): name for name in (_name(part) for part in parts)}
    return [name for name in names.values() if plain(name) not in NOBODY]


def _name(part: str) -> str:
    return person(ADDRESS.sub("", part.strip()))


@transaction.atomic
def apply(
    user: User,
    body: Committee,
    rows: list[TreeRow],
    answers: Mapping[int, str],
    seen: str,
    on: date,
) -> tuple[int, int, int]:
    """Do what was looked at, Stale where it would be something else. How many cells, offices, and rows left."""
    list(Committee.objects.select_for_update().filter(path=body.path[: Committee.steplen]))
    if digest(planned(body, rows, {})) != seen:
        raise Stale
    lines = planned(body, rows, answers)
    made: dict[str, Committee] = {}
    cells = offices = 0
    for line in lines:
        if line.kind != NEW:
            continue
        above = _above(user, body, line, made)
        if not line.row.cell:
            continue
        cells += line.cell is None
        cell = line.cell or _made(user, line, above, on)
        for kind, name in line.gives:
            alike = Member.objects.in_cell(cell).filter(name_sort=sort_key(name)).first()
            give(user, cell, kind, alike, "" if alike else name, None, on)
            offices += 1
    user.record("places.imported", body, cells=cells, offices=offices)
    return cells, offices, sum(line.kind in (ASK, WRONG) for line in lines)


def _above(user: User, body: Committee, line: Line, made: dict[str, Committee]) -> Committee:
    if isinstance(line.above, Committee):
        return line.above
    key = committee_key(line.above)
    if key not in made:
        made[key] = found_committee(user, body, line.above, line.row.place, None)
    return made[key]


def _made(user: User, line: Line, above: Committee, on: date) -> Cell:
    if line.moved is not None:
        move_cell(user, line.moved, above, on)
        return Cell.objects.select_related("committee").get(pk=line.moved.pk)
    return found_cell(user, above, new_name(line.row.cell), line.row.place or above.place, None)
