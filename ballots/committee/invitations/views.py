"""The pages from which links go out: each is shown once, and kept nowhere."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ballots.core.qr import svg_uri
from members.devices import links
from members.offices.views import managed_account
from partyreview.http import Request, site_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: Request, pk: int) -> HttpResponse:
    """One officer: POST makes the link, and shows it with its code, its term and the text for Zalo."""
    account = managed_account(request, pk)
    context: dict[str, object] = {"account": account, "committee": request.user.committee}
    if request.method == "POST":
        with transaction.atomic():
            link = links.invitation(account, site_of(request))
            request.user.record("user.invited", account)
        until = timezone.localdate() + links.INVITED
        context |= {"link": link, "qr": svg_uri(link), "until": until}
    return render(request, "ballots/committee/invite.html", context)
