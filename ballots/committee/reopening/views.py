"""Mở lại hồ sơ đã duyệt, đã quyết định: one page, with its traces."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from ballots.committee.reopening.forms import ReopeningForm
from ballots.committee.reopening.verbs import reopen
from ballots.core.page import done, overseen_meeting, show
from ballots.models import Decision, Reopening, Submission
from partyreview.http import Request
from partyreview.uploads import takes_attachments


@takes_attachments
@require_http_methods(["GET", "HEAD", "POST"])
def reopening(request: Request, pk: int) -> HttpResponse:
    """What is reopened and by what it was before; POST reopens it."""
    meeting = overseen_meeting(request, pk)
    sent = Submission.objects.last_of(meeting)
    initial = {"number": sent.number if sent else 0}
    posted = request.method == "POST"
    form = ReopeningForm(request.POST, request.FILES) if posted else ReopeningForm(initial=initial)
    if form.is_valid() and done(form, reopen, request.user, meeting, form.act):
        messages.success(request, f"Đã mở lại hồ sơ của {meeting.cell}. Chi bộ thấy lý do.")
        return redirect("ballots:submission", pk)
    context = {
        "sent": sent,
        "decision": Decision.objects.last_of(meeting),
        "reopenings": Reopening.objects.filter(submission__meeting=meeting),
        "form": form,
        "tab": "ballots:submission",
    }
    status = 422 if form.errors else 200
    return show(request, "ballots/committee/reopening.html", meeting, context, status=status)
