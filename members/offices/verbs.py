"""An office of a cell goes from one hand into the next, in one step, with its day and the account of the next."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from cells.models import Cell
from cells.stale import STALE, fingerprint
from members.models import Member, Office, User
from members.models.people import IN_CELL
from members.offices.accounts import account_of
from members.places.verbs import Refused
from members.rules.names import sort_key

NOBODY = "Xin chọn đồng chí nhận chức vụ, hoặc ghi họ và tên."
TWO = "Xin chọn trong danh sách, hoặc ghi họ và tên, không cả hai."
GONE = "Không còn đồng chí này trong danh sách. Xin tải lại trang rồi chọn lại."
HOLDS = "Đồng chí {} đang giữ chức vụ này rồi."
ALIKE = "Chi bộ đã có đồng chí {}: xin chọn trong danh sách."
EARLY = "Đồng chí {} nhận chức vụ từ ngày {}: xin ghi ngày sau ngày ấy."
ENDED = "{} đã giải thể, không giao chức vụ được nữa."


def holders_of(cell: Cell) -> str:
    """What stands for those who hold an office in the cell."""
    held = Office.objects.held().filter(member__cell=cell)
    return fingerprint(sorted(held.values_list("pk", flat=True)))


@transaction.atomic
def give(
    user: User,
    cell: Cell,
    kind: str,
    member: Member | None,
    name: str,
    replaces: Office | None,
    since: date,
    seen: str = "",
) -> Member:
    """The member, or somebody new of that name, holds the office from that day on; who held it, until the day before.

    A cell has one secretary, so the former one is always replaced. Whoever is given it has an account. `seen`: who
    ran the cell (`holders_of`) on the page that asks; Refused where that is somebody else now.
    """
    if not user.has_perm("cells.arrange", cell):
        raise PermissionDenied
    cell = Cell.objects.select_for_update(no_key=True).get(pk=cell.pk)
    if cell.ended_on is not None:
        raise Refused(ENDED.format(cell))
    if seen not in ("", holders_of(cell)):
        raise Refused(STALE)
    if bool(member) == bool(name):
        raise Refused(TWO if member else NOBODY)
    if member and not Member.objects.in_cell(cell).filter(pk=member.pk).exists():
        raise Refused(GONE)
    held = Office.objects.held().select_related("member").filter(member__cell=cell)
    if member and held.filter(member=member, kind=kind).exists():
        raise Refused(HOLDS.format(member.listed_name))
    former = list(held.filter(kind=kind)) if kind == Office.Kind.SECRETARY else []
    former += [replaces] if replaces and replaces not in former else []
    own = list(held.filter(member=member, kind__in=IN_CELL)) if member else []
    for office in {office.pk: office for office in [*former, *own]}.values():
        _end(office, since)
    holder = member or _newcomer(cell, name, kind)
    Office.objects.create(member=holder, kind=kind, since=since)
    account_of(holder)
    user.record("office.given", holder, kind=kind, since=str(since))
    return holder


@transaction.atomic
def take_back(user: User, cell: Cell, office: Office, until: date) -> None:
    """Nobody follows yet."""
    if not user.has_perm("cells.arrange", cell):
        raise PermissionDenied
    _end(office, until + timedelta(days=1))
    user.record("office.ended", office.member, kind=office.kind, until=str(until))


def _end(office: Office, since: date) -> None:
    """The last day is the one before; who was given it on the very day held it for that day."""
    if since < office.since:
        raise Refused(EARLY.format(office.member.listed_name, f"{office.since:%d/%m/%Y}"))
    last = max(office.since, since - timedelta(days=1))
    Office.objects.filter(pk=office.pk, until=None).update(until=last)


def _newcomer(cell: Cell, name: str, kind: str) -> Member:
    alike = Member.objects.in_cell(cell).filter(name_sort=sort_key(name)).first()
    if alike is not None:
        raise Refused(ALIKE.format(alike.listed_name))
    return Member.objects.create(cell=cell, name=name, post=Office.Kind(kind).label)
