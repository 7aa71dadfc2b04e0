"""Hạn chế năm trước: the cell's own shortcomings of last year, answered one by one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from ballots.core.guard import sentence
from ballots.core.page import Work, run_meeting, show
from ballots.core.verbs import Refused
from ballots.report import answers
from ballots.results import former_years
from cells.models import Meeting
from cells.stale import fingerprint
from cells.wording import visible
from members.rules.promises import Promise, answers_of, missing, names, promises, typed_of
from partyreview.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_promises(request: Request, pk: int) -> HttpResponse:
    """What the cell has done about each shortcoming of last year; POST keeps the answers, half answered too."""
    meeting = run_meeting(request, pk)
    items = former_years.shortcomings(meeting)
    if request.method != "POST":
        return _show(request, meeting, promises(items, typed_of(meeting.report.answers), {}))
    typed = {name: visible(request.POST.get(name, "")) for name in names(items)}
    promises_asked = promises(items, typed, {})
    try:
        sent = request.user, meeting, answers_of(promises_asked), request.POST.get("seen", "")
        answers.save_answers(*sent)
    except Refused as refusal:
        return _show(request, meeting, promises_asked, sentence(refusal))
    left = dict(missing(promises_asked))
    if left:
        return _show(request, meeting, promises(items, typed, left), "Đã lưu; còn chỗ phải ghi.")
    messages.success(request, "Đã lưu.")
    return redirect("ballots:meeting_promises", pk)


def _show(
    request: Request, meeting: Meeting, promises_asked: tuple[Promise, ...], error: str = ""
) -> HttpResponse:
    meeting.refresh_from_db()
    context = {
        "promises": promises_asked,
        "error": error,
        "seen": fingerprint(meeting.report.answers),
        "tab": "ballots:report",
        "work": Work("Lưu", done=bool(meeting.report.answers)) if promises_asked else None,
    }
    status = 422 if error else 200
    return show(request, "ballots/report/meeting_promises.html", meeting, context, status=status)
