"""Transfers: a member leaves, is received by another cell, or takes part elsewhere for a time. One verb each."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from cells.models import Cell, Committee, Meeting
from members.guards import must_edit
from members.models import Assessment, Member, Office, ReviewLine, SelfReview, Transfer, User
from members.models.transfers import ENDS_EARLY
from members.rules import names
from members.rules.identity import may_be_one

NOT_FOUND = (
    "Không tìm thấy đồng chí có họ tên và số ấy trong đảng bộ. "
    "Xin xem lại; nếu đồng chí từ đảng bộ khác đến thì thêm như đảng viên mới."
)
STILL_THERE = "Đồng chí {} đang sinh hoạt ở {}. Xin đề nghị nơi ấy ghi chuyển đi trước."
HERE = "Đồng chí {} đang ở trong danh sách của chi bộ."
GONE = "Đồng chí đã chuyển đi từ trước."
TOO_EARLY = "Ngày chuyển đến không thể trước ngày chuyển đi."


class Refused(Exception):
    """A transfer that cannot be; the message is one Vietnamese sentence that says what to do."""


def _locked(member: Member) -> Member:
    return Member.objects.select_for_update(no_key=True, of=("self",)).get(pk=member.pk)


@transaction.atomic
def leave(user: User, member: Member, place: str, since: datetime.date) -> Transfer:
    """The member goes to another cell or committee: off the list, out of every office."""
    must_edit(user, member.cell)
    member = _locked(member)
    if member.left_on is not None:
        raise Refused(GONE)
    Member.objects.filter(pk=member.pk).update(left_on=since)
    for office in Office.objects.held().filter(member=member):
        Office.objects.filter(pk=office.pk).update(until=max(office.since, since))
    for stay in Transfer.objects.filter(member=member, kind=Transfer.Kind.STAY, until=None):
        Transfer.objects.filter(pk=stay.pk).update(until=max(stay.since, since))
    return _write(user, member, Transfer.Kind.OUT, place, since)


@transaction.atomic
def stay(
    user: User, member: Member, place: str, since: datetime.date, until: datetime.date | None
) -> Transfer:
    """The member takes part elsewhere for a time, and stays on the list here."""
    must_edit(user, member.cell)
    return _write(user, member, Transfer.Kind.STAY, place, since, until)


@transaction.atomic
def end_stay(user: User, member: Member, until: datetime.date) -> None:
    """The member is back from elsewhere; Refused where the day is before the stay began."""
    must_edit(user, member.cell)
    for stay in Transfer.objects.filter(member=member, kind=Transfer.Kind.STAY, until=None):
        if until < stay.since:
            raise Refused(ENDS_EARLY)
        Transfer.objects.filter(pk=stay.pk).update(until=until)
        user.record("member.stay_ended", member)


@transaction.atomic
def receive(user: User, cell: Cell, name: str, number: str, since: datetime.date) -> Member:
    """Take over a member who has left a cell of the same tree, with all that is known: no twin is made.

    What a meeting of the former cell has heard stays there.

    The secretary must know both the name and the number of the card or of the citizen; Refused otherwise.
    """
    must_edit(user, cell)
    known = Q(card_number=number) | Q(citizen_id=number)
    candidates = Member.objects.filter(known, cell__in=same_tree(cell)).select_related("cell")
    alike = [m for m in candidates if number and names.sort_key(m.name) == names.sort_key(name)]
    if len(alike) != 1:
        raise Refused(NOT_FOUND)
    member, origin = _locked(alike[0]), alike[0].cell
    if member.left_on is None:
        here = member.cell_id == cell.pk
        name = member.listed_name
        raise Refused(HERE.format(name) if here else STILL_THERE.format(name, origin))
    if since < member.left_on:
        raise Refused(TOO_EARLY)
    _refuse_namesake(cell, member)
    _take_along(member, origin, cell)
    Member.objects.filter(pk=member.pk).update(cell=cell, left_on=None, position=0)
    _write(user, member, Transfer.Kind.IN, origin.name, since)
    member.refresh_from_db()
    return member


def hand_over(user: User, member: Member, origin: Cell, cell: Cell, since: datetime.date) -> None:
    """The member of a cell that ends goes on the list of another one, out of every office in the former.

    Within the transaction, and by the right, of whoever ends the cell; Refused where the receiving one has a namesake.
    """
    member = _locked(member)
    try:
        _refuse_namesake(cell, member)
    except Refused as refusal:
        raise ValidationError(str(refusal)) from refusal
    for office in Office.objects.held().filter(member=member):
        Office.objects.filter(pk=office.pk).update(until=max(office.since, since))
    _take_along(member, origin, cell)
    Member.objects.filter(pk=member.pk).update(cell=cell, position=0)
    _write(user, member, Transfer.Kind.OUT, cell.name, since)
    _write(user, member, Transfer.Kind.IN, origin.name, since)


def _take_along(member: Member, origin: Cell, cell: Cell) -> None:
    """Let a review that no meeting of the former cell has heard go along with the member."""
    if origin == cell:
        return
    heard = Meeting.objects.held().filter(cell=origin, attendance__member=member)
    stays = Q(campaign__in=list(heard.values_list("campaign", flat=True)))
    own = {"member": member, "cell": origin}
    ReviewLine.objects.filter(member=member, cell=cell).update(position=None)
    ReviewLine.objects.filter(stays, **own).update(position=member.position)
    ReviewLine.objects.filter(**own).exclude(stays).update(cell=cell)
    SelfReview.objects.filter(**own).exclude(stays).update(cell=cell)
    Assessment.objects.filter(**own).exclude(stays).update(cell=cell)


def same_tree(cell: Cell) -> QuerySet[Cell]:
    """All cells under the highest committee over this one."""
    return Cell.objects.filter(
        committee__path__startswith=cell.committee.path[: Committee.steplen]
    )


def _refuse_namesake(cell: Cell, member: Member) -> None:
    twins = Member.objects.filter(cell=cell, left_on=None, name_sort=member.name_sort)
    if any(twin.born_year is None or may_be_one(twin.signs, member.signs) for twin in twins):
        raise Refused(
            f"Chi bộ đã có đồng chí {twins[0].listed_name}. Xin ghi năm sinh, ngày sinh hoặc số thẻ của cả hai "
            "để phân biệt trước khi nhận."
        )


def _write(
    user: User,
    member: Member,
    kind: str,
    place: str,
    since: datetime.date,
    until: datetime.date | None = None,
) -> Transfer:
    transfer = Transfer(member=member, kind=kind, place=place, since=since, until=until)
    transfer.validate_constraints()
    transfer.save()
    user.record(f"member.transfer_{kind}", member, place=place)
    return transfer
