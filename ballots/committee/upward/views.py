"""Báo cáo gửi cấp trên: a committee looks at its report and sends it; the one above reads, returns or approves it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from ballots.committee.upward import drafts, verbs
from ballots.committee.upward.composing import ENDINGS, LISTED, Papers, file_name, is_long
from ballots.committee.upward.drafts import drafts_of, is_drawn_later, troubles_of
from ballots.committee.upward.forms import MendForm, ReportForm
from ballots.committee.upward.job import ask, being_sent
from ballots.core.guard import refusals_as_messages
from ballots.core.page import done
from ballots.core.verbs import Refused
from ballots.models import CommitteeFile, CommitteePaper, Standing
from ballots.papers.rollups.gather import ReportWords
from ballots.results import sums
from cells.law.periods import Period
from cells.models import Committee
from members.permissions import convenes
from partyreview.http import Request, posted_number

PAGE = "ballots/committee/upward.html"
SIGNS = {Standing.SENT: "act", Standing.RETURNED: "look", Standing.APPROVED: "fine"}


def _seen(request: Request, pk: int) -> Committee:
    return get_object_or_404(request.user.committees(), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@refusals_as_messages("ballots:upward")
def upward(request: Request, pk: int, period: Period) -> HttpResponse:
    """The report as drafts, who signs it, how often it was sent; POST sends it."""
    committee = _seen(request, pk)
    sendings = list(CommitteeFile.objects.of(committee, period).prefetch_related("pins"))
    number = len(sendings) + 1
    form = ReportForm(number, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        report = form.report(committee, period, posted_number(request, "sending"))
        if is_long(committee):
            if done(form, ask, request.user, report):
                return redirect("ballots:jobs")
        elif done(form, verbs.send, request.user, report):
            messages.success(request, f"Đã gửi báo cáo {period.words} lên cấp trên.")
            return redirect("ballots:upward", pk, period)
    last = sendings[-1] if sendings else None
    if request.htmx:
        return render(request, f"{PAGE}#drafts", _drafts(request, committee, period))
    sent, _ = sums.files(committee, period)
    context = {
        "committee": committee,
        "above": committee.above,
        "period": period,
        "form": form,
        "number": number,
        "is_own": convenes(request.user, committee),
        "sendings": sendings[::-1],
        "returned": last if last and last.standing == Standing.RETURNED else None,
        "is_approved": last is not None and last.standing == Standing.APPROVED,
        "sent": sent,
        "job": being_sent(committee, period),
        "is_long": is_long(committee),
        **_drafts(request, committee, period),
    }
    status = 422 if form.is_bound else 200
    return render(request, PAGE, context, status=status)


def _drafts(request: Request, committee: Committee, period: Period) -> dict[str, object]:
    """The papers that are drawn while the page waits, and those that jobs draw."""
    later = list(drafts_of(request.user, committee, period)) if is_long(committee) else []
    return {
        "committee": committee,
        "period": period,
        "files": [each for each in LISTED if not is_drawn_later(committee, each[0])],
        "later": later,
        "troubles": troubles_of(later),
        "goes_on": any(draft.is_being_drawn for draft in later),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def upward_draft(
    request: Request, pk: int, period: Period, kind: str, ending: str
) -> HttpResponse:
    """One of the papers as the totals stand now, marked as a draft; a long one is asked for by POST."""
    committee = _seen(request, pk)
    if (kind, ending) not in LISTED:
        raise Http404
    if is_drawn_later(committee, kind):
        return _asked(request, committee, period, kind, ending)
    content = Papers.gather(committee, period, ReportWords()).drawn(kind, ending)
    return _file(content, f"Du thao {file_name(committee, period, kind)}", ending)


def _asked(
    request: Request, committee: Committee, period: Period, kind: str, ending: str
) -> HttpResponse:
    """Back to the report, which leads to the file once it is drawn; only a press has it drawn."""
    if request.method == "POST":
        try:
            drafts.ask(request.user, committee, period, kind, ending)
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect(reverse("ballots:upward", args=[committee.pk, period]) + "#drafts")


@require_http_methods(["GET", "HEAD", "POST"])
def upward_file(request: Request, pk: int) -> HttpResponse:
    """One sending: its papers with their check sums, its lines; an officer above returns it by POST."""
    file = _file_seen(request, pk)
    oversees = request.user.has_perm("cells.arrange", file.committee)
    if request.method == "POST" and not oversees:
        raise PermissionDenied
    form = MendForm(file, request.POST if request.method == "POST" else None)
    if form.is_valid() and done(form, verbs.return_report, request.user, file, form.remarks):
        messages.success(request, "Đã trả lại báo cáo, kèm chỗ cần sửa.")
        return redirect("ballots:upward_file", pk)
    last = CommitteeFile.objects.of(file.committee, file.period).last()
    context = {
        "file": file,
        "committee": file.committee,
        "form": form,
        "papers": file.papers.defer("content"),
        "pins": file.pins.all(),
        "sign": SIGNS[file.standing],
        "may_answer": oversees and file.standing == Standing.SENT and last == file,
    }
    status = 422 if form.is_bound else 200
    return render(request, "ballots/committee/upward_file.html", context, status=status)


@require_POST
@refusals_as_messages("ballots:upward_file")
def upward_approve(request: Request, pk: int) -> HttpResponse:
    """Approve it."""
    file = _file_seen(request, pk)
    verbs.approve_report(request.user, file)
    messages.success(request, f"Đã duyệt báo cáo của {file.committee}.")
    return redirect("ballots:upward_file", pk)


@require_safe
def upward_paper(request: Request, pk: int) -> HttpResponse:
    """The bytes of one locked paper."""
    papers = CommitteePaper.objects.select_related("file__committee")
    paper = get_object_or_404(papers, pk=pk, file__committee__in=request.user.committees())
    name = file_name(paper.file.committee, paper.file.period, paper.kind)
    return _file(bytes(paper.content), name, paper.ending)


def _file_seen(request: Request, pk: int) -> CommitteeFile:
    files = CommitteeFile.objects.select_related(
        "committee", "by__member", "by__committee", "approved_by", "returned_by"
    )
    return get_object_or_404(files, pk=pk, committee__in=request.user.committees())


def _file(content: bytes, name: str, ending: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'inline; filename="{name}.{ending}"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=ENDINGS[ending], headers=headers)
