"""What is done to the tree of committees and cells: one verb each, with a line of the body's history."""

from collections.abc import Collection
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from cells.models import Campaign, Cell, Committee, Meeting, PlaceChange
from cells.wording import search_key
from members.accounts import sessions
from members.models import Member, Office, SelfReview, User
from members.people.transfers import hand_over

KIND = PlaceChange.Kind
NAMED = "{} đã có đảng bộ mang tên này. Xin ghi tên khác, hoặc sửa đảng bộ đang có."
NAMED_CELL = "{} đã có chi bộ mang tên này. Xin ghi tên khác, hoặc sửa chi bộ đang có."
ENDED = "{} đã thôi hoạt động từ trước. Xin tải lại trang."
SITTING = "{} đang họp: xin bế mạc hội nghị rồi làm lại."
WRITING = (
    "{} đã viết bản kiểm điểm {} theo đợt của {}, mà đợt ấy không có ở nơi mới: xin lập hội nghị của "
    "đợt ấy trước, "
    "hoặc chuyển sau đợt."
)
ALIKE = "Nơi nhận đã có chi bộ mang tên {}: xin đổi tên một trong hai rồi làm lại."
ALIKE_MANY = (
    "Nơi nhận đã có {:02d} chi bộ trùng tên: {}. Xin đổi tên ở một trong hai nơi rồi làm lại."
)
ITSELF = (
    "Không thể sáp nhập vào chính đảng bộ ấy hoặc vào đảng bộ bên dưới nó. Xin chọn đảng bộ khác."
)
UNDER_ITSELF = (
    "Không thể chuyển vào chính đảng bộ ấy hoặc vào đảng bộ bên dưới nó. Xin chọn đảng bộ khác."
)
SAME = "{} đang thuộc {} rồi. Xin chọn nơi khác."
PEOPLE = "{} còn {} đảng viên: xin chọn chi bộ nhận các đồng chí ấy, hoặc ghi chuyển đi trước."
FULL = "{} còn {} chi bộ, {} đảng bộ trực thuộc: xin sáp nhập, hoặc chuyển, giải thể những nơi ấy trước."
GONE = "Có nơi vừa được chuyển đi hoặc giải thể ở trang khác. Xin tải lại trang rồi chọn lại."
TOP = (
    "{} đứng trên cùng, không chia tách được: xin thêm đảng bộ trực thuộc, rồi chuyển chi bộ sang."
)
NOTHING = "Xin chọn ít nhất một chi bộ hoặc đảng bộ trực thuộc sang đảng bộ mới."


class Refused(Exception):
    """What cannot be; the message is one Vietnamese sentence that says what to do."""


def _must(user: User, perm: str, body: Committee | Cell) -> None:
    if not user.has_perm(perm, body):
        raise PermissionDenied


def standing(committee: Committee) -> Committee:
    """The committee as it stands, while nobody else changes its tree; Refused where it has ended."""
    root = committee.path[: Committee.steplen]
    list(Committee.objects.select_for_update().filter(path=root).values_list("pk"))
    fresh: Committee = Committee.objects.get(pk=committee.pk)
    if fresh.ended_on is not None:
        raise Refused(ENDED.format(fresh))
    return fresh


def _locked_cell(cell: Cell) -> Cell:
    standing(cell.committee)
    rows = Cell.objects.select_for_update(no_key=True, of=("self",)).select_related("committee")
    fresh = rows.get(pk=cell.pk)
    if fresh.ended_on is not None:
        raise Refused(ENDED.format(fresh))
    return fresh


def _must_be_new(above: Committee | None, name: str, own: int = 0) -> None:
    """Refused where a committee beside it is called so."""
    beside = above.below if above else Committee.objects.get_root_nodes().filter(ended_on=None)
    if any(search_key(other.name) == search_key(name) for other in beside.exclude(pk=own)):
        raise Refused(NAMED.format(above or "Danh sách"))


@transaction.atomic
def found_committee(
    user: User, above: Committee, name: str, place: str, on: date | None, basis: str = ""
) -> Committee:
    """A committee right below; without a day it has long been there, and is only put in."""
    _must(user, "cells.found", above)
    above = standing(above)
    _must_be_new(above, name)
    made: Committee = Committee.objects.add_child(above, {"name": name, "place": place})
    if on is not None:
        PlaceChange.objects.note(made, KIND.FOUNDED, on, basis=basis)
    user.record("committee.founded", made, name=name)
    return made


@transaction.atomic
def found_cell(
    user: User, committee: Committee, name: str, place: str, on: date | None, basis: str = ""
) -> Cell:
    """A cell of the committee, still without members; without a day it has long been there."""
    _must(user, "cells.found", committee)
    cell = Cell(committee=standing(committee), name=name, place=place)
    if Cell.objects.filter(committee=committee, name=name).exists():
        raise Refused(NAMED_CELL.format(committee))
    cell.save(force_insert=True)
    if on is not None:
        PlaceChange.objects.note(cell, KIND.FOUNDED, on, basis=basis)
    user.record("cell.founded", cell, name=name)
    return cell


@transaction.atomic
def rename_committee(
    user: User, committee: Committee, name: str, place: str, on: date, basis: str = ""
) -> None:
    """Another name; papers that are locked keep the one they bear."""
    _must(user, "cells.rename", committee)
    committee = standing(committee)
    _must_be_new(committee.above, name, committee.pk)
    Committee.objects.filter(pk=committee.pk).update(name=name, place=place)
    if name != committee.name:
        PlaceChange.objects.note(committee, KIND.RENAMED, on, committee.name, basis)
    user.record("committee.renamed", committee, name=name, former=committee.name)


@transaction.atomic
def rename_cell(user: User, cell: Cell, name: str, place: str, on: date, basis: str = "") -> None:
    """Another name; papers that are locked keep the one they bear."""
    _must(user, "cells.arrange", cell)
    cell = _locked_cell(cell)
    if Cell.objects.filter(committee=cell.committee, name=name).exclude(pk=cell.pk).exists():
        raise Refused(NAMED_CELL.format(cell.committee))
    former, cell.name, cell.place = cell.name, name, place
    cell.save(force_update=True)
    if name != former:
        PlaceChange.objects.note(cell, KIND.RENAMED, on, former, basis)
    user.record("cell.renamed", cell, name=name, former=former)


@transaction.atomic
def move_cell(user: User, cell: Cell, target: Committee, on: date, basis: str = "") -> None:
    """Under another committee of the officer's."""
    _must(user, "cells.arrange", cell)
    _must(user, "cells.found", target)
    cell, target = _locked_cell(cell), standing(target)
    if cell.committee_id == target.pk:
        raise Refused(SAME.format(cell, target))
    _take_cell(cell, target, on, basis)
    user.record("cell.moved", cell, to=target.name, former=cell.committee.name)


def _take_cell(cell: Cell, target: Committee, on: date, basis: str) -> None:
    if Meeting.objects.filter(cell=cell, state=Meeting.State.OPEN).exists():
        raise Refused(SITTING.format(cell))
    if Cell.objects.filter(committee=target, name=cell.name).exists():
        raise Refused(ALIKE.format(cell))
    left = _left_behind(cell, target)
    if left is not None:
        raise Refused(WRITING.format(cell, left.period, left.committee))
    Cell.objects.filter(pk=cell.pk).update(committee=target)
    PlaceChange.objects.note(cell, KIND.MOVED, on, cell.committee.name, basis)


def _left_behind(cell: Cell, target: Committee) -> Campaign | None:
    """A campaign in which the cell has written something, and which it would not see any more."""
    written = SelfReview.objects.filter(cell=cell).values("campaign")
    kept = Campaign.objects.of_cell(Cell(pk=cell.pk, committee=target)).values("pk")
    rows = Campaign.objects.filter(pk__in=written).exclude(pk__in=kept)
    return rows.select_related("committee").first()


@transaction.atomic
def merge(
    user: User, committee: Committee, into: Committee, on: date, basis: str
) -> tuple[int, int]:
    """All cells and committees below go under the other one; the committee ends, and its accounts are locked.

    How many cells were taken along, and how many accounts were locked.
    """
    _must(user, "cells.arrange", committee)
    _must(user, "cells.found", into)
    committee, into = standing(committee), standing(into)
    if into.path.startswith(committee.path):
        raise Refused(ITSELF)
    _must_not_sit(committee)
    cells = list(Cell.objects.standing().filter(committee=committee).select_related("committee"))
    _must_differ(cells, into)
    for cell in cells:
        _take_cell(cell, into, on, basis)
    for child in list(committee.below):
        _take_committee(child, into, on, basis)
    PlaceChange.objects.note(committee, KIND.MERGED, on, into.name, basis)
    PlaceChange.objects.note(into, KIND.JOINED, on, committee.name, basis)
    locked = _end(committee, on)
    user.record("committee.merged", committee, into=into.name)
    return len(cells), locked


def _must_differ(cells: Collection[Cell], into: Committee) -> None:
    """Refused where several are called as cells there: all are named, that nobody finds them one by one."""
    there = Cell.objects.filter(committee=into, name__in=[cell.name for cell in cells])
    names = list(there.order_by("name_sort", "name").values_list("name", flat=True))
    if len(names) > 1:
        raise Refused(ALIKE_MANY.format(len(names), ", ".join(names)))


@transaction.atomic
def move_committee(
    user: User, committee: Committee, target: Committee, on: date, basis: str
) -> None:
    """Under another committee of the officer's, with all that stands below it."""
    _must(user, "cells.arrange", committee)
    _must(user, "cells.found", target)
    committee, target = standing(committee), standing(target)
    former = committee.above
    if target.path.startswith(committee.path):
        raise Refused(UNDER_ITSELF)
    if former == target:
        raise Refused(SAME.format(committee, target))
    _take_committee(committee, target, on, basis)
    user.record("committee.moved", committee, to=target.name, former=former.name if former else "")


def _take_committee(child: Committee, into: Committee, on: date, basis: str) -> None:
    """The whole branch goes along; whatever its cells would lose is asked first."""
    former = child.above
    child = Committee.objects.get(pk=child.pk)
    _must_not_sit(child)
    into = Committee.objects.get(pk=into.pk)
    _must_be_new(into, child.name)
    for cell in Cell.objects.standing().under(child).select_related("committee"):
        left = _left_behind_in(cell, child, into)
        if left is not None:
            raise Refused(WRITING.format(cell, left.period, left.committee))
    Committee.objects.move(child, into, "last-child")
    PlaceChange.objects.note(child, KIND.MOVED, on, former.name if former else "", basis)


def _must_not_sit(branch: Committee) -> None:
    """Refused while the committee, one below it or a cell of theirs holds its meeting."""
    path = branch.path
    below = Q(cell__committee__path__startswith=path) | Q(committee__path__startswith=path)
    sitting = Meeting.objects.filter(below, state=Meeting.State.OPEN).first()
    if sitting is not None:
        raise Refused(SITTING.format(sitting.body_name))


def _left_behind_in(cell: Cell, branch: Committee, into: Committee) -> Campaign | None:
    """As `_left_behind`, of a cell that keeps the committees of its branch."""
    written = SelfReview.objects.filter(cell=cell).values("campaign")
    inside = Campaign.objects.filter(committee__path__startswith=branch.path).values("pk")
    kept = Campaign.objects.of_cell(Cell(pk=cell.pk, committee=into)).values("pk")
    rows = Campaign.objects.filter(pk__in=written).exclude(pk__in=inside).exclude(pk__in=kept)
    return rows.select_related("committee").first()


@transaction.atomic
def split(
    user: User,
    committee: Committee,
    name: str,
    place: str,
    cells: Collection[Cell],
    committees: Collection[Committee],
    on: date,
    basis: str,
) -> Committee:
    """A new committee beside it takes these cells and committees along."""
    _must(user, "cells.arrange", committee)
    committee = standing(committee)
    if not cells and not committees:
        raise Refused(NOTHING)
    above = committee.above
    if above is None:
        raise Refused(TOP.format(committee))
    own_cells = Cell.objects.standing().filter(committee=committee).select_related("committee")
    chosen = list(own_cells.filter(pk__in=[cell.pk for cell in cells]))
    children = list(committee.below.filter(pk__in=[child.pk for child in committees]))
    if len(chosen) + len(children) < len(cells) + len(committees):
        raise Refused(GONE)
    _must_be_new(above, name)
    made: Committee = Committee.objects.add_child(above, {"name": name, "place": place})
    for cell in chosen:
        _take_cell(cell, made, on, basis)
    for child in children:
        _take_committee(child, made, on, basis)
    PlaceChange.objects.note(made, KIND.SPLIT_OFF, on, committee.name, basis)
    PlaceChange.objects.note(committee, KIND.SPLIT, on, name, basis)
    user.record("committee.split", committee, name=name)
    return made


@transaction.atomic
def dissolve_committee(user: User, committee: Committee, on: date, basis: str) -> int:
    """It ends, with nothing left below; how many accounts were locked."""
    _must(user, "cells.arrange", committee)
    committee = standing(committee)
    cells = Cell.objects.standing().filter(committee=committee).count()
    below = committee.below.count()
    if cells or below:
        raise Refused(FULL.format(committee, cells, below))
    _must_not_sit(committee)
    PlaceChange.objects.note(committee, KIND.DISSOLVED, on, basis=basis)
    user.record("committee.dissolved", committee)
    return _end(committee, on)


def _end(committee: Committee, on: date) -> int:
    Committee.objects.filter(pk=committee.pk).update(ended_on=on)
    return sessions.lock(User.objects.filter(committee=committee))


@transaction.atomic
def dissolve_cell(user: User, cell: Cell, receiver: Cell | None, on: date, basis: str) -> int:
    """It ends; its members, if any, go on the list of the receiving cell. How many did."""
    _must(user, "cells.arrange", cell)
    cell = _locked_cell(cell)
    if Meeting.objects.filter(cell=cell, state=Meeting.State.OPEN).exists():
        raise Refused(SITTING.format(cell))
    members = list(Member.objects.in_cell(cell))
    if members and receiver is None:
        raise Refused(PEOPLE.format(cell, len(members)))
    if receiver is not None:
        receiver = _locked_cell(receiver)
        for member in members:
            hand_over(user, member, cell, receiver, on)
    for office in Office.objects.held().filter(member__cell=cell):
        Office.objects.filter(pk=office.pk).update(until=max(office.since, on))
    Cell.objects.filter(pk=cell.pk).update(ended_on=on)
    if receiver is None or not members:
        PlaceChange.objects.note(cell, KIND.DISSOLVED, on, basis=basis)
    else:
        PlaceChange.objects.note(cell, KIND.MERGED, on, receiver.name, basis)
        PlaceChange.objects.note(receiver, KIND.JOINED, on, cell.name, basis)
    user.record("cell.dissolved", cell)
    return len(members)
