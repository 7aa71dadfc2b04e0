"""Which cell and member an officer may see or edit."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from cells.law.periods import Period
from cells.models import Campaign, Cell
from members.models import Member, User
from partyreview.http import Request


def seen_member(request: Request, pk: int) -> Member:
    """A member of a cell this officer may see; 404 for strangers."""
    members = Member.objects.select_related("cell__committee")
    return get_object_or_404(members, pk=pk, cell__in=request.user.cells())


def seen_cell(request: Request, pk: int) -> Cell:
    """A cell this officer may see; 404 for strangers."""
    return get_object_or_404(request.user.cells().select_related("committee"), pk=pk)


def campaign_of(cell: Cell, period: Period) -> Campaign:
    """The review of that period in the cell; 404 where there is none."""
    campaign = Campaign.objects.of_cell(cell).of(period).first()
    if campaign is None:
        raise Http404
    return campaign


def own_cell(request: Request, pk: int) -> Cell:
    """A cell whose members this officer edits; 404 for strangers."""
    cell = get_object_or_404(request.user.cells().select_related("committee"), pk=pk)
    must_edit(request.user, cell)
    return cell


def own_member(request: Request, pk: int) -> Member:
    """A member whom this officer edits; 404 for strangers."""
    member = seen_member(request, pk)
    must_edit(request.user, member.cell)
    return member


def must_edit(user: User, cell: Cell) -> None:
    """PermissionDenied for who may not edit the members of this cell."""
    if not user.has_perm("members.edit_members", cell):
        raise PermissionDenied
