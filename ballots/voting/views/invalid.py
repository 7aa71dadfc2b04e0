"""Why ballots of a counted poll are invalid: the page that asks for it."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from ballots.core.page import Work, done, show
from ballots.core.stages import page_of_polls
from ballots.voting.forms import InvalidForm
from ballots.voting.invalid import note_invalid
from ballots.voting.views.polls import run_poll
from partyreview.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def poll_invalid(request: Request, poll: str) -> HttpResponse:
    """Lý do phiếu không hợp lệ, for the minutes; nothing written strikes them out."""
    counted = run_poll(request, poll)
    form = InvalidForm(request.POST or None, noted=counted.invalid_reasons.all())
    sent = request.method == "POST" and form.is_valid()
    if sent and done(form, partial(note_invalid, **form.cleaned_data), request.user, counted):
        messages.success(request, "Đã ghi vào biên bản.")
        return redirect("ballots:poll", poll)
    closed = counted.meeting.is_closed
    context = {
        "poll": counted,
        "form": form,
        "tab": page_of_polls(counted.meeting),
        "work": None if closed else Work("Ghi lý do", done=counted.invalid_reasons.exists()),
    }
    return show(request, "ballots/voting/invalid.html", counted.meeting, context)
