"""The campaigns that a committee's cells meet under: those from above, its own, and opening a new one."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cells.forms.campaigns import CampaignForm
from cells.forms.settings import ExecutiveForm
from cells.law.guidance import advice, load_pack, pack_names
from cells.law.periods import Period
from cells.models import Campaign, Committee
from cells.stale import fingerprint, is_sure
from partyreview.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def campaigns(request: Request, pk: int) -> HttpResponse:
    """The list, the newest first; POST opens a campaign of the committee."""
    committee = get_object_or_404(request.user.committees(), pk=pk)
    if not request.user.has_perm("cells.open_campaign", committee):
        raise PermissionDenied
    form = CampaignForm(request.POST or None, committee=committee, today=timezone.localdate())
    questions = form.questions if request.method == "POST" and form.is_valid() else []
    if (
        form.is_bound
        and form.is_valid()
        and is_sure(form.data, questions)
        and opened(request, form.campaign, form)
    ):
        return redirect("cells:campaigns", pk)
    naming = ExecutiveForm(initial={"executive": committee.executive_name})
    return _page(request, committee, form, naming, questions)


@require_POST
def committee_executive(request: Request, pk: int) -> HttpResponse:
    """Keep what the committee's executive is called; papers that are locked stay as they are."""
    committee = get_object_or_404(request.user.committees(), pk=pk)
    if not request.user.has_perm("cells.set_rules", committee):
        raise PermissionDenied
    naming = ExecutiveForm(request.POST)
    if not naming.is_valid():
        form = CampaignForm(None, committee=committee, today=timezone.localdate())
        return _page(request, committee, form, naming)
    with transaction.atomic():
        Committee.objects.filter(pk=pk).update(**naming.cleaned_data)
        request.user.record("committee.executive_set", committee, **naming.cleaned_data)
    messages.success(request, "Đã ghi tên cấp ủy.")
    return redirect("cells:campaigns", pk)


def _page(
    request: Request,
    committee: Committee,
    form: CampaignForm,
    naming: ExecutiveForm,
    questions: Sequence[str] = (),
) -> HttpResponse:
    """`questions`: what a second press of the form is asked for."""
    campaigns = Campaign.objects.reaching(committee).select_related("committee")
    context = {
        "committee": committee,
        "former": next((c for c in campaigns if c.committee == committee), None),
        "lines": [(campaign, load_pack(campaign.pack)["label"]) for campaign in campaigns],
        "form": form,
        "naming": naming,
        "asked": questions,
        "sure": fingerprint(list(questions)),
        "advice": [(load_pack(name)["label"], advice(name)) for name in reversed(pack_names())],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "cells/campaigns.html", context, status=status)


def opened(request: Request, new: Campaign, form: Form) -> bool:
    """Whether it was stored; of two who open the same at once, the second reads so in the form."""
    try:
        with transaction.atomic():
            new.save()
            request.user.tell_below("campaign.opened", new, new.period, new.committee)
            request.user.record("campaign.opened", new, period=str(new.span))
    except IntegrityError:
        try:
            new.validate_constraints()
        except ValidationError as error:
            form.add_error(None, error.messages[0])
        return False
    messages.success(
        request, f"Đã mở đợt kiểm điểm {new.period}. Các chi bộ bên dưới thấy đợt này ngay."
    )
    return True


def led_campaign(request: Request, pk: int, period: Period) -> Campaign:
    """The committee's own campaign of this period, led by this officer; 404 for strangers and for other periods."""
    committee = get_object_or_404(request.user.committees(), pk=pk)
    if not request.user.has_perm("cells.open_campaign", committee):
        raise PermissionDenied
    own = Campaign.objects.of(period).filter(committee=committee)
    return get_object_or_404(own.select_related("committee"))
