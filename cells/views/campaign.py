"""One campaign of a committee: a new one after it, and its days and basis."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cells.forms.deadlines import ChangeForm, CloneForm, DaysForm
from cells.law.guidance import load_pack
from cells.law.periods import Period
from cells.models import Campaign, Setting
from cells.stale import Stale, fingerprint, is_sure
from cells.views.campaigns import led_campaign, opened
from partyreview.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_clone(request: Request, pk: int, period: Period) -> HttpResponse:
    """The next campaign, filled in from this one; POST opens it."""
    former = led_campaign(request, pk, period)
    form = CloneForm(request.POST or None, former=former, today=timezone.localdate())
    questions = _asked(request, form)
    if _is_settled(form, questions) and opened(request, form.campaign, form):
        return redirect("cells:campaigns", pk)
    new = form.campaign
    context = {
        "former": former,
        "form": form,
        "campaign": new,
        "pack": load_pack(new.pack),
        "is_newer": new.pack != former.pack,
        "dropped": form.dropped,
        "kept": Setting.objects.filter(committee=former.committee).count(),
        **_asking(questions),
    }
    return render(request, "cells/campaign_clone.html", context, status=_status(request))


@require_http_methods(["GET", "HEAD", "POST"])
def campaign(request: Request, pk: int, period: Period) -> HttpResponse:
    """A campaign's basis and the days of its steps; POST changes them."""
    chosen = led_campaign(request, pk, period)
    form = ChangeForm(request.POST or None, campaign=chosen, today=timezone.localdate())
    questions = _asked(request, form)
    if _is_settled(form, questions) and _changed(request, form):
        return redirect("cells:campaign", pk, period)
    context = {
        "campaign": chosen,
        "form": form,
        "pack": load_pack(chosen.pack),
        **_asking(questions),
    }
    return render(request, "cells/campaign.html", context, status=_status(request))


def _asked(request: Request, form: DaysForm) -> list[str]:
    return form.questions if request.method == "POST" and form.is_valid() else []


def _is_settled(form: DaysForm, questions: list[str]) -> bool:
    return form.is_bound and form.is_valid() and is_sure(form.data, questions)


def _asking(questions: list[str]) -> dict[str, object]:
    return {"asked": questions, "sure": fingerprint(questions)}


def _status(request: Request) -> int:
    return 422 if request.method == "POST" else 200


def _changed(request: Request, form: ChangeForm) -> bool:
    """Whether it was stored; of two who change it at once, the second reads so in the form."""
    mine = form.campaign
    with transaction.atomic():
        stands = Campaign.objects.select_for_update().get(pk=mine.pk)
        if fingerprint([stands.basis, stands.deadlines]) != form.stands:
            form.add_error(None, str(Stale()))
            return False
        Campaign.objects.filter(pk=mine.pk).update(basis=mine.basis, deadlines=mine.deadlines)
        if mine.deadlines != stands.deadlines:
            request.user.tell_below("campaign.days_set", mine, mine.period, mine.committee)
        request.user.record("campaign.days_set", mine, days=mine.deadlines)
    messages.success(request, "Đã ghi. Các chi bộ thấy hạn mới ngay ở trang chính của mình.")
    return True
