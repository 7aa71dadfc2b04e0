"""The papers: preview, passing and locking, downloads, and the page that says whether a file is the locked one."""

import hashlib
from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.shortcuts import render as render_page
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from ballots import figures, papers, proceedings
from ballots.models import Paper
from ballots.paper_forms import CheckForm, PassForm
from ballots.papers import lock
from ballots.rollups import file_name
from ballots.views.guard import refusals_as_messages
from ballots.views.page import run_meeting, seen_meeting, show
from cells.models import Meeting
from partyreview.http import Request

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@require_safe
def minutes(request: Request, pk: int) -> HttpResponse:
    """The minutes as they stand, read from the screen; once passed, the locked papers alone."""
    meeting = seen_meeting(request, pk)
    locked = Paper.objects.filter(meeting=meeting).defer("pdf", "docx")
    draft = None if locked else papers.fragment(papers.minutes(meeting))
    initial = {
        "ends_at": timezone.localtime(meeting.ends_at or _now(meeting)),
        "yes": meeting.minutes_yes,
        "of": meeting.minutes_of,
    }
    context = {
        "locked": locked,
        "draft": draft and mark_safe(draft),  # noqa: S308 - made by our own escaping templates
        "form": PassForm(initial=initial),
        "kinds": Paper.Kind.choices,
        "runs": request.user.has_perm("cells.run_meeting", meeting),
    }
    return show(request, "ballots/minutes.html", meeting, context)


def _now(meeting: Meeting) -> datetime:
    """The hour to propose as the end: now, unless the meeting is dated after it."""
    return max(timezone.now(), meeting.starts_at)


@require_POST
@refusals_as_messages("ballots:minutes")
def minutes_pass(request: Request, pk: int) -> HttpResponse:
    """Thông qua biên bản: both papers are locked."""
    meeting = run_meeting(request, pk)
    form = PassForm(request.POST)
    if not form.is_valid():
        raise proceedings.Refused("Xin ghi số đồng ý, tổng số biểu quyết và giờ kết thúc.")
    site = request.build_absolute_uri("/").rstrip("/")
    proceedings.pass_minutes(request.user, meeting, site=site, **form.cleaned_data)
    return redirect("ballots:minutes", pk)


@require_safe
def paper_draft(request: Request, pk: int, kind: str, ending: str) -> HttpResponse:
    """A draft of one paper, "BẢN DỰ THẢO" on every page; once it is locked, the locked one."""
    meeting = seen_meeting(request, pk)
    locked = Paper.objects.filter(meeting=meeting, kind=kind).first()
    if locked is not None:
        return redirect("ballots:paper", locked.pk, ending)
    if kind not in lock.GATHER or ending not in TYPES:
        raise Http404
    data = lock.GATHER[kind](meeting)
    content = papers.pdf(papers.html(data)) if ending == "pdf" else papers.docx(data)
    return _file(content, file_name(meeting, f"Du thao {Paper.Kind(kind).label}"), ending)


@require_safe
def paper(request: Request, pk: int, ending: str) -> HttpResponse:
    """A locked paper, as it was passed."""
    papers_seen = Paper.objects.filter(meeting__in=request.user.meetings())
    found = get_object_or_404(
        papers_seen.select_related("meeting__cell", "meeting__campaign"), pk=pk
    )
    if ending not in TYPES:
        raise Http404
    content = found.pdf if ending == "pdf" else found.docx
    return _file(bytes(content), file_name(found.meeting, found.get_kind_display()), ending)


def _file(content: bytes, name: str, ending: str) -> HttpResponse:
    disposition = f'inline; filename="{name}.{ending}"'
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=TYPES[ending], headers=headers)


@require_safe
def meeting_figures(request: Request, pk: int) -> HttpResponse:
    """The frozen figures of the meeting, as ket-qua.json."""
    found = figures.load(seen_meeting(request, pk)).as_dict()
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 1})


@login_not_required
def paper_check(request: Request, code: str = "") -> HttpResponse:
    """Say whether a file is the paper locked under this code; the file is compared and not kept."""
    form = CheckForm(request.POST or None, request.FILES or None, initial={"code": code})
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        found = Paper.objects.filter(check_code=form.cleaned_data["code"]).defer("pdf", "docx")
        sent = form.cleaned_data["file"]
        digest = hashlib.sha256(sent.read()).hexdigest() if sent else ""
        context |= {
            "checked": True,
            "sent": bool(sent),
            "paper": found.select_related("meeting__cell__committee", "meeting__campaign").first(),
            "equal": found.filter(sha256=digest).exists(),
        }
    return render_page(request, "ballots/paper_check.html", context)
