"""Which personal reviews of the committee's cells have been kept long enough, and having them removed."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from ballots.committee.retention import job
from ballots.core.page import is_sure
from ballots.jobs import asking
from ballots.jobs.views import refusals_on_the_list
from ballots.models import Job
from cells.stale import fingerprint
from partyreview.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_on_the_list
def retention(request: Request, pk: int) -> HttpResponse:
    """The list, by cell and year; POST removes just what it shows, once it was asked about."""
    committee = get_object_or_404(request.user.committees(), pk=pk)
    listed = job.old_reviews(committee)
    number = job.number_of(listed)
    questions = [f"Xoá {number} bản kiểm điểm cá nhân quá hạn lưu: xoá rồi không lấy lại được."]
    is_sent = request.method == "POST" and number > 0
    if is_sent and is_sure(request, questions):
        about = f"Xoá {number} bản kiểm điểm cá nhân quá hạn lưu của {committee}"
        args = {"committee": committee.pk, "seen": number}
        asking.ask(request.user, Job.Kind.RETENTION, about, args)
        return redirect("ballots:jobs")
    context = {
        "committee": committee,
        "listed": listed,
        "number": number,
        "asked": questions if is_sent else (),
        "sure": fingerprint(questions),
    }
    status = 422 if is_sent else 200
    return render(request, "ballots/committee/retention.html", context, status=status)
