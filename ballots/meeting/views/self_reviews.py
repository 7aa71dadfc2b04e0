"""Tự kiểm điểm, tiếp thu: what the minutes tell of each member's review, one line each."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from ballots.core.page import Work, done, run_meeting, show
from ballots.meeting import running
from ballots.meeting.forms import LinesForm
from members.models import Attendance
from partyreview.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def self_reviews(request: Request, pk: int) -> HttpResponse:
    """All members at once; what is refused is said in its line, the others are saved."""
    meeting = run_meeting(request, pk)
    listed = list(Attendance.objects.of(meeting).select_related("meeting"))
    names = Attendance.objects.of(meeting).listed_names()
    forms = [LinesForm(row, names.label(row.member), request.POST or None) for row in listed]
    saved = [_save(request, form) for form in forms]
    if request.method == "POST" and all(saved):
        messages.success(request, "Đã lưu tự kiểm điểm và tiếp thu.")
        return redirect("ballots:self_reviews", pk)
    written = any(row.self_review or row.reply for row in listed)
    context = {
        "forms": forms,
        "tab": "ballots:comments",
        "work": None if meeting.is_closed or not forms else Work("Lưu", done=written),
    }
    return show(request, "ballots/meeting/self_reviews.html", meeting, context)


def _save(request: Request, form: LinesForm) -> bool:
    """Whether the line is in order: not changed, or changed and taken over."""
    if not form.is_bound or not form.has_changed():
        return True
    return form.is_valid() and done(
        form, running.set_lines, request.user, form.attendance, *form.cleaned_data.values()
    )
