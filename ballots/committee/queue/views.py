"""Hồ sơ chờ duyệt: the list, the next file by one press, and many clean files at once after a preview."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from ballots.committee.queue import batch, job
from ballots.committee.queue.forms import BatchForm
from ballots.committee.queue.waiting import following, part_of, waiting_files
from ballots.core.guard import refusals_as_messages
from cells import wording
from cells.models import Committee
from partyreview.http import Request, asked_number

BATCH = "ballots/committee/batch.html"
PAGE = 50
# What the list writes of each: the rules, lists and facts of fifty files would be read for nothing.
WRITTEN = (
    "number",
    "at",
    "meeting__cell__name",
    "meeting__cell__committee__name",
    "meeting__campaign__year",
    "meeting__campaign__kind",
)


def _own(request: Request) -> Committee:
    """The committee whose files this officer approves; 404 for everybody who has none."""
    committee = request.user.committee
    if committee is None:
        raise Http404
    return committee


@require_safe
def queue(request: Request) -> HttpResponse:
    """What waits, the first to be opened on top."""
    committee = _own(request)
    rows = waiting_files(committee).select_related("meeting__cell__committee", "meeting__campaign")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    start = max(page.start_index() - 1, 0)
    page.object_list = part_of(rows.only(*WRITTEN), committee, start, page.end_index())
    context = {"committee": committee, "page": page, "most": batch.MOST}
    return render(request, "ballots/committee/queue.html", context)


@require_safe
def next_file(request: Request) -> HttpResponse:
    """Open the file that comes next; `sau`: after the one of this meeting. The list where none waits."""
    after = request.GET.get("sau", "")
    upcoming = following(_own(request), int(after) if after.isdecimal() and len(after) < 18 else 0)
    if upcoming is None:
        return redirect("ballots:queue")
    return redirect("ballots:submission", upcoming.meeting_id)


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@refusals_as_messages("ballots:queue")
def batch_approval(request: Request) -> HttpResponse:
    """The preview, part by part: which files are clean, which not and why; POST approves what is clean still."""
    committee = _own(request)
    form = BatchForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _approve(request, form.cleaned_data["file"])
    start, clean = (min(asked_number(request, name), batch.MOST) for name in ("tu", "dat"))
    looked = batch.preview(committee, start)
    waiting = waiting_files(committee).count()
    seen = start + len(looked)
    good = [each for each in looked if not each.exceptions]
    context = {
        "committee": committee,
        "form": form,
        "clean": good,
        "others": [each for each in looked if each.exceptions],
        "looked": seen,
        "number_clean": clean + len(good),
        "number_others": max(seen - clean - len(good), 0),
        "goes_on": len(looked) == batch.PART and seen < min(waiting, batch.MOST),
        "waiting": waiting,
        "most": batch.MOST,
    }
    status = 422 if form.errors else 200
    template = f"{BATCH}#part" if request.htmx else BATCH
    return render(request, template, context, status=status)


def _approve(request: Request, chosen: dict[int, int]) -> HttpResponse:
    """A few while the page waits, more of them beside it."""
    rows = batch.seen_by(request.user, chosen)
    if len(rows) < len(chosen):
        raise Http404
    if len(rows) > job.AT_ONCE:
        job.ask(request.user, chosen)
        return redirect("ballots:jobs")
    pairs = [(meeting, chosen[meeting.pk]) for meeting in rows]
    approved, left_out = batch.approve_all(request.user, pairs)
    if approved:
        messages.success(request, f"Đã duyệt {wording.two_digits(approved)} hồ sơ.")
    for meeting, why in left_out:
        messages.error(request, f"Chưa duyệt hồ sơ của {meeting.cell}: {why}")
    return redirect(reverse("ballots:queue"))
