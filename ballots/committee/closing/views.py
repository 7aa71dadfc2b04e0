"""Kết thúc đợt kiểm điểm, mở lại đợt: one page each way, with what was done before."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from ballots.committee.closing.forms import ClosingForm, ReopenForm
from ballots.committee.closing.left_open import left_open
from ballots.committee.closing.verbs import close_campaign, reopen_campaign
from ballots.core.page import done
from cells.law.periods import Period
from cells.models import Campaign
from cells.views.campaigns import led_campaign
from partyreview.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def closing(request: Request, pk: int, period: Period) -> HttpResponse:
    """What is still open; POST closes the campaign."""
    campaign = led_campaign(request, pk, period)
    lines = left_open(campaign)
    form = ClosingForm(request.POST if request.method == "POST" else None, is_clean=not lines)
    if form.is_valid() and done(
        form, close_campaign, request.user, campaign, form.cleaned_data["reason"]
    ):
        messages.success(request, f"Đã kết thúc đợt kiểm điểm {campaign.period}.")
        return redirect("ballots:closing", pk, period)
    return _page(request, campaign, form, ReopenForm())


@require_POST
def reopening(request: Request, pk: int, period: Period) -> HttpResponse:
    """Open the campaign again, for a reason."""
    campaign = led_campaign(request, pk, period)
    form = ReopenForm(request.POST)
    if form.is_valid() and done(
        form, reopen_campaign, request.user, campaign, form.cleaned_data["reason"]
    ):
        messages.success(request, f"Đã mở lại đợt kiểm điểm {campaign.period}.")
        return redirect("ballots:closing", pk, period)
    return _page(request, campaign, ClosingForm(is_clean=True), form)


def _page(
    request: Request, campaign: Campaign, form: ClosingForm, again: ReopenForm
) -> HttpResponse:
    campaign.refresh_from_db()  # another officer may have been quicker
    rows = list(campaign.closings.order_by("-pk"))
    context = {
        "campaign": campaign,
        "lines": left_open(campaign),
        "form": form,
        "again": again,
        "standing": next((row for row in rows if row.reopened_at is None), None),
        "former": [row for row in rows if row.reopened_at is not None],
    }
    status = 422 if form.errors or again.errors else 200
    return render(request, "ballots/committee/closing.html", context, status=status)
