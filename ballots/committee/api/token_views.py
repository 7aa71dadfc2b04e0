"""Mã truy cập số liệu: an officer makes one for the own committee, sees when each was last used, and revokes it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from ballots.committee.api import verbs
from ballots.committee.api.forms import TokenForm
from ballots.core.guard import refusals_as_messages
from ballots.core.page import done
from ballots.models import ApiToken
from ballots.models.tokens import MOST
from cells.models import Committee
from members.permissions import convenes
from partyreview.http import Request, posted_number, site_of


def _own(request: Request, pk: int) -> Committee:
    """The officer's own committee; 403 for officers above it, 404 for everybody else."""
    committee = get_object_or_404(request.user.committees(), pk=pk)
    if not convenes(request.user, committee):  # not has_perm: that grants a superuser everything
        raise PermissionDenied
    return committee


@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: Request, pk: int) -> HttpResponse:
    """The tokens in force and a form; POST makes one, which this very answer shows, and nothing ever again."""
    committee = _own(request, pk)
    form, shown = TokenForm(request.POST if request.method == "POST" else None), []
    if form.is_valid():
        values = form.cleaned_data.values()
        done(form, lambda: shown.append(verbs.make(request.user, committee, *values)))
    status = 422 if form.errors else 200
    today = timezone.localdate()
    listed = ApiToken.objects.filter(committee=committee).select_related("made_by")
    context = {
        "committee": committee,
        "tokens": listed.in_force(today),
        "ended": listed.exclude(pk__in=listed.in_force(today))[:MOST],
        "form": TokenForm() if shown else form,
        "shown": shown[0] if shown else "",
        "most": MOST,
        "site": site_of(request),
    }
    return render(request, "ballots/committee/tokens.html", context, status=status)


@require_POST
@refusals_as_messages("ballots:tokens")
def token_revoke(request: Request, pk: int) -> HttpResponse:
    """Revoke it."""
    committee = _own(request, pk)
    token = get_object_or_404(ApiToken, pk=posted_number(request, "token"), committee=committee)
    verbs.revoke(request.user, token)
    messages.success(
        request, f"Đã thu hồi mã “{token}”. Nơi dùng mã ấy không lấy được số liệu nữa."
    )
    return redirect("ballots:tokens", pk)
