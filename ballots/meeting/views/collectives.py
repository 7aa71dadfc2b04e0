"""Tập thể lãnh đạo, quản lý: which of them the meeting reviews, each with its own report."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from ballots.core.guard import refusals_as_messages
from ballots.core.page import done, posted, run_meeting, show
from ballots.meeting.collectives import add_collective, drop_collective
from ballots.meeting.forms import CollectiveForm
from cells.law.rules import NONE, REQUIRED
from partyreview.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def collectives(request: Request, pk: int) -> HttpResponse:
    """Those the meeting reviews, and a form for one more."""
    meeting = run_meeting(request, pk)
    form = CollectiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data["name"], form.cleaned_data["size"]
        if done(form, add_collective, request.user, meeting, *values):
            messages.success(request, f"Đã thêm {values[0]}.")
            return redirect("ballots:collectives", pk)
    listed = meeting.collectives.select_related("stored_report")
    context = {
        "form": form,
        "listed": [(body, body.is_rated(meeting.rules)) for body in listed],
        "stated": [rule for rule in meeting.rules.stated() if rule.key.startswith("collective")],
        "is_required": meeting.rules.collectives == REQUIRED,
        "may_add": not meeting.is_closed and meeting.rules.collectives != NONE,
        "least": meeting.rules.collective_least,
        "tab": "ballots:roster",
    }
    status = 422 if form.errors else 200
    return show(request, "ballots/meeting/collectives.html", meeting, context, status=status)


@require_POST
@refusals_as_messages("ballots:collectives")
def collective_drop(request: Request, pk: int) -> HttpResponse:
    """Review it no more."""
    meeting = run_meeting(request, pk)
    drop_collective(request.user, posted(request, meeting.collectives.all(), "collective"))
    return redirect("ballots:collectives", pk)
