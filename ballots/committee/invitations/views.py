"""The pages from which links go out: each link is shown or printed once, and kept nowhere."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ballots.committee.invitations.verbs import invite_all, waiting
from ballots.core.downloads import file_response
from ballots.papers.invitations import CardsData
from ballots.papers.press import render as press
from cells import wording
from members.devices import links
from members.models import Member
from members.offices.views import managed_account
from members.places.views import seen_committee
from partyreview.http import Request, site_of
from partyreview.qr import svg_uri

LOCKED = (
    "Tài khoản {} đang khoá nên liên kết không mở được gì: xin mở khoá trước, rồi gửi lời mời."
)
NOBODY = (
    "Không còn ai phải mời: bí thư, phó bí thư nào cũng đã đăng nhập. Gửi lại cho một đồng chí thì vào trang "
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


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: Request, pk: int) -> HttpResponse:
    """All who wait to be invited; POST makes a link for each and shows the texts for Zalo."""
    committee = seen_committee(request, pk, "cells.found")
    offices = waiting(committee)
    names = Member.objects.filter(office__in=offices).names_by_cell()
    context: dict[str, object] = {"committee": committee, "waiting": offices, "names": names}
    if request.method == "POST":
        context["cards"] = invite_all(request.user, committee, site_of(request))
        context["until"] = timezone.localdate() + links.INVITED
    return render(request, "ballots/committee/invitations.html", context)


@never_cache
@require_POST
def invitation_cards(request: Request, pk: int) -> HttpResponse:
    """The same as a sheet of cards to be cut out."""
    committee = seen_committee(request, pk, "cells.found")
    if not waiting(committee).exists():
        messages.info(request, NOBODY)
        return redirect("ballots:invitations", committee.pk)
    cards = invite_all(request.user, committee, site_of(request))
    until = timezone.localdate() + links.INVITED
    data = CardsData(committee.name, until, tuple(cards))
    name = wording.file_name(f"Phieu moi {committee}")
    return file_response(press.pdf(press.html(data)), name, "pdf")
