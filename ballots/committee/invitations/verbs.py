"""Inviting all who run cells under a committee and have never signed in: at once, or in lots where they are many."""

from collections.abc import Collection, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet

from ballots.papers.invitations import Card
from cells.models import Cell, Committee
from members.devices import links
from members.models import Office, User
from members.offices.accounts import account_of
from members.offices.forms import RUNNING

# How many cards one request makes and draws. A job would have to keep the links until somebody fetches its file, and a
# link is kept nowhere; so the request does it, in lots that take some seconds (docs/decisions.md).
LOT = 100


def waiting(committee: Committee) -> QuerySet[Office]:
    """The offices of who runs a cell under the committee without having signed in, cell by cell."""
    cells = Cell.objects.standing().under(committee)
    held = Office.objects.held().filter(member__cell__in=cells, kind__in=RUNNING)
    never = Q(member__user=None) | Q(member__user__last_login=None, member__user__is_active=True)
    rows = held.filter(never).select_related("member__cell__committee", "member__user")
    return rows.order_by(
        "member__cell__committee__path", "member__cell__name_sort", "member__cell", "-kind"
    )


def lots(offices: Sequence[Office]) -> list[Sequence[Office]]:
    """Those of one request each, cell by cell."""
    return [offices[at : at + LOT] for at in range(0, len(offices), LOT)]


@transaction.atomic(durable=True)
def invite(user: User, committee: Committee, site: str, chosen: Collection[int]) -> list[Card]:
    """A card for each of the offices chosen (keys), with an account where there was none.

    Whatever was printed before for them is dead; who has signed in meanwhile is left out.
    """
    if not user.has_perm("cells.found", committee):
        raise PermissionDenied
    cards = []
    for office in waiting(committee).filter(pk__in=chosen)[:LOT]:
        account = account_of(office.member)
        if not user.has_perm("members.manage_account", account):
            continue  # who sits in a committee above is invited from there
        cards.append(
            Card(
                cell=office.member.cell.name,
                office=office.name,
                name=office.member.listed_name,
                username=account.username,
                link=links.invitation(account, site),
            )
        )
    user.record("cells.invited", committee, cards=len(cards))
    return cards
