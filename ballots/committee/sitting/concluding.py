"""Kết luận của hội nghị cấp ủy: per case what the ballots propose, and what the chair states otherwise, with why."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from ballots.committee.sitting import verbs
from ballots.committee.sitting.views import run_sitting
from ballots.core.guard import refusals_as_messages
from ballots.core.page import Work, done, show
from ballots.meeting.forms import ConclusionForm
from ballots.meeting.views.results import keep_closing_words
from ballots.models import Poll
from ballots.results.concluded import Concluded, concluded_at
from cells.stale import STALE, fingerprint
from members.places.views import FORM
from partyreview.http import Request


@dataclass(frozen=True)
class Line:
    """One case with its form."""

    case: Concluded
    form: ConclusionForm


@require_http_methods(FORM)
def sitting_conclude(request: Request, pk: int) -> HttpResponse:
    """What the committee concludes: as the ballots have it, unless the chair concludes otherwise, with the reason."""
    meeting = run_sitting(request, pk)
    lines = [_line(request, case) for case in concluded_at(meeting)]
    posted = next((line for line in lines if line.form.is_bound), None)
    if posted and posted.form.is_valid():
        values = posted.form.cleaned_data
        about = meeting, posted.case.key, values["level"], values["reason"]
        if done(posted.form, verbs.conclude_case, request.user, *about):
            messages.success(request, f"Đã ghi kết luận của chủ trì: {posted.case.words}.")
            return redirect("ballots:sitting_conclude", pk)
    if request.method == "POST" and posted is None:
        messages.error(request, STALE)
        return redirect("ballots:sitting_conclude", pk)
    context: dict[str, object] = {
        "tab": "ballots:results",
        "open": [line for line in lines if not line.case.level],
        "settled": [line for line in lines if line.case.level],
        "unfinished": Poll.objects.filter(meeting=meeting).unfinished().first(),
        "seen": fingerprint(meeting.conclusion),
        "work": Work("Lưu lời kết luận", done=bool(meeting.conclusion)),
    }
    status = 422 if posted else 200
    return show(
        request, "ballots/committee/sitting_conclude.html", meeting, context, status=status
    )


@require_POST
@refusals_as_messages("ballots:sitting_conclude")
def sitting_conclusion_text(request: Request, pk: int) -> HttpResponse:
    """Keep the chair's closing words for the minutes."""
    keep_closing_words(request, run_sitting(request, pk))
    return redirect("ballots:sitting_conclude", pk)


def _line(request: Request, case: Concluded) -> Line:
    posted = request.method == "POST" and request.POST.get("case") == case.key
    stands = {"level": case.level, "reason": case.reason}
    form = ConclusionForm(
        request.POST if posted else None, initial=stands, auto_id=f"id_%s_{case.key}"
    )
    return Line(case, form)
