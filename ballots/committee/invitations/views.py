"""The pages from which links go out: each link is shown or printed once, and kept nowhere."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ballots.committee.invitations import verbs
from ballots.committee.invitations.verbs import waiting
from ballots.core.downloads import file_response
from ballots.papers.invitations import Card, CardsData
from ballots.papers.press import render as press
from cells import wording
from cells.models import Committee
from members.devices import links
from members.models import Member
from members.offices.views import managed_account
from members.places.views import seen_committee
from partyreview.http import Request, posted_numbers, site_of
from partyreview.qr import svg_uri

LOCKED = (
    "Tài khoản {} đang khoá nên liên kết không mở được gì: xin mở khoá trước, rồi gửi lời mời."
)
NOBODY = (
    "Không còn ai phải mời trong các tên ấy: đồng chí nào cũng đã đăng nhập. Gửi lại cho một đồng chí thì vào trang "
    "“Tài khoản”."
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: Request, pk: int) -> HttpResponse:
    """One officer: POST makes the link, and shows it with its code, its term and the text for Zalo."""
    account = managed_account(request, pk)
    if not account.is_active:
        messages.error(request, LOCKED.format(account.username))
        return redirect("members:account_list", request.user.committee_id)
    context: dict[str, object] = {"account": account, "committee": request.user.committee}
    if request.method == "POST":
        with transaction.atomic():
            link = links.invitation(account, site_of(request))
            request.user.record("user.invited", account)
        until = timezone.localdate() + links.INVITED
        context |= {"link": link, "qr": svg_uri(link), "until": until}
    return render(request, "ballots/committee/invite.html", context)


def _cards(request: Request, committee: Committee) -> list[Card]:
    """A card for each of the lot; where nobody of it has to be invited any more, a message says so."""
    chosen = posted_numbers(request, "office")
    cards = verbs.invite(request.user, committee, site_of(request), chosen)
    if not cards:
        messages.info(request, NOBODY)
    return cards


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: Request, pk: int) -> HttpResponse:
    """All who wait to be invited; POST makes a link for each of one lot and shows the texts for Zalo."""
    committee = seen_committee(request, pk, "cells.found")
    context: dict[str, object] = {"committee": committee}
    if request.method == "POST":
        context["cards"] = _cards(request, committee)
        context["until"] = timezone.localdate() + links.INVITED
    if not context.get("cards"):
        offices = waiting(committee)
        context["names"] = Member.objects.filter(office__in=offices).names_by_cell()
        context["lots"] = verbs.lots(list(offices))
    return render(request, "ballots/committee/invitations.html", context)


@never_cache
@require_POST
def invitation_cards(request: Request, pk: int) -> HttpResponse:
    """The same as a sheet of cards to be cut out."""
    committee = seen_committee(request, pk, "cells.found")
    cards = _cards(request, committee)
    if not cards:
        return redirect("ballots:invitations", committee.pk)
    until = timezone.localdate() + links.INVITED
    data = CardsData(committee.name, until, tuple(cards))
    name = wording.file_name(f"Phieu moi {committee}")
    return file_response(press.pdf(press.html(data)), name, "pdf")
