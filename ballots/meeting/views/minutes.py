"""The papers: preview, passing and locking, downloads, and the page that says whether a file is the locked one."""

import hashlib
from collections.abc import Sequence
from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.shortcuts import render as render_page
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ballots.core.downloads import TYPES, file_response
from ballots.core.guard import refusals_as_messages
from ballots.core.page import (
    Work,
    done,
    is_sure,
    run_of_any_body,
    runs,
    seen_meeting,
    seen_of_any_body,
    show,
)
from ballots.core.steps import Facts, facts_of, next_steps
from ballots.meeting import minutes_checks, running
from ballots.meeting.minutes_checks import open_points
from ballots.meeting.minutes_forms import CheckForm, PassForm
from ballots.models import Paper, Submission
from ballots.papers import numbers
from ballots.papers.file_names import file_name
from ballots.papers.kinds import KINDS, OF_MINUTES
from ballots.papers.minutes.gather import gather_minutes
from ballots.papers.press import render
from ballots.results import figures
from cells import wording
from cells.models import Meeting
from cells.stale import fingerprint
from members.models import Attendance
from partyreview.http import Request, site_of

LOCK = "Thông qua và khoá biên bản"
# Of who passes minutes for the first time.
COPIES = 3
FILED, FILED_ABOVE = "Lưu Chi bộ", "Lưu Văn phòng cấp ủy"


@require_safe
def minutes(request: Request, pk: int) -> HttpResponse:
    """The minutes as they stand, read from the screen; passed, or for officers above, the locked papers alone."""
    return _minutes(request, seen_of_any_body(request, pk))


def _minutes(
    request: Request, meeting: Meeting, form: PassForm | None = None, questions: Sequence[str] = ()
) -> HttpResponse:
    """`form`: as it was sent and not yet taken; `asked`: what a second press is asked for."""
    papers = list(Paper.objects.current().filter(meeting=meeting).order_by("pk"))
    locked = [paper for paper in papers if paper.kind in OF_MINUTES]
    runs_it = runs(request, meeting)
    draft = render.fragment(gather_minutes(meeting)) if runs_it and not locked else None
    facts = facts_of(meeting) if runs_it else None
    context = {
        "work": _work(facts, questions) if facts and draft else None,
        "locked": locked,
        "filed": [paper for paper in papers if paper not in locked],
        "sent": Submission.objects.last_of(meeting),
        "draft": draft and mark_safe(draft),  # noqa: S308 - made by our own escaping templates
        "form": form or PassForm(initial=_proposal(meeting)),
        "asked": questions,
        "sure": fingerprint(list(questions)),
        "kinds": [(kind, Paper.Kind(kind).label) for kind in OF_MINUTES],
        "tab": "ballots:minutes",
    }
    return show(request, "ballots/meeting/minutes.html", meeting, context, facts=facts)


def _work(facts: Facts, questions: Sequence[str]) -> Work | None:
    """The press that locks them, once the meeting has come so far; the bar has nothing so final before."""
    if questions:
        return Work(f"Vẫn {wording.uncapitalized(LOCK)}", done=True)
    return Work(LOCK, done=False) if next_steps(facts)[0].page == "ballots:minutes" else None


def _proposal(meeting: Meeting) -> dict[str, object]:
    """What the form starts with: all hands of those here, and the meeting's own day; the hour only on that day."""
    here = Attendance.objects.filter(meeting=meeting).voters_here()
    start, now = timezone.localtime(meeting.starts_at), timezone.localtime()
    hour = now.time() if now.date() == start.date() and now > start else None
    end = timezone.localtime(meeting.ends_at) if meeting.ends_at else None
    numbered = not meeting.is_sitting and numbers.are_used(meeting.cell)
    return {
        "number": _next_number(meeting) if numbered else None,
        "symbol": meeting.minutes_symbol,
        "yes": here if meeting.minutes_yes is None else meeting.minutes_yes,
        "of": here if meeting.minutes_of is None else meeting.minutes_of,
        "ends_on": (end or start).date(),
        "ends_time": end.time() if end else hour,
        **_count_and_copies(meeting),
    }


def _next_number(meeting: Meeting) -> int:
    return numbers.next_numbers(meeting.cell, OF_MINUTES)[Paper.Kind.MINUTES]


def _count_and_copies(meeting: Meeting) -> dict[str, object]:
    """The hours at which tellers sealed the first box and confirmed the last result, and the copies of last time."""
    start, end = minutes_checks.counted_at(meeting)
    former = Meeting.objects.held().of_same_body(meeting).exclude(copies=None).first()
    return {
        "count_starts": start and start.time(),
        "count_ends": end and end.time(),
        "copies": former.copies if former else COPIES,
        "filed": "; ".join(former.filed)
        if former
        else FILED_ABOVE
        if meeting.is_sitting
        else FILED,
    }


@require_POST
@refusals_as_messages("ballots:minutes")
def minutes_pass(request: Request, pk: int) -> HttpResponse:
    """Thông qua biên bản: both papers are locked; where something is missing, the page asks once more and names it."""
    meeting = run_of_any_body(request, pk)
    running.must_await_passing(meeting)
    voters = Attendance.objects.filter(meeting=meeting).voters_here()
    cell = None if meeting.is_rehearsal or meeting.is_sitting else meeting.cell
    form = PassForm(request.POST, voters=voters, cell=cell)
    if not form.is_valid():
        return _minutes(request, meeting, form)
    typed = form.cleaned_data
    questions = [
        *form.questions,
        *open_points(meeting, typed["ends_at"], typed["counted"], typed["copies"]),
    ]
    if not is_sure(request, questions):
        return _minutes(request, meeting, form, questions)
    verb = partial(running.pass_minutes, site=site_of(request), **typed)
    if done(form, verb, request.user, meeting):
        return redirect("ballots:minutes", pk)
    return _minutes(request, meeting, form)


@require_safe
def paper_draft(request: Request, pk: int, kind: str, ending: str) -> HttpResponse:
    """A draft of one paper, "BẢN DỰ THẢO" on every page; once it is locked, the locked one."""
    meeting = seen_of_any_body(request, pk)
    locked = Paper.objects.current().filter(meeting=meeting, kind=kind).first()
    if locked is not None and kind in OF_MINUTES:
        return redirect("ballots:paper", locked.pk, ending)
    run_of_any_body(request, pk)  # a draft is the cell's own
    kinds = OF_MINUTES if meeting.is_sitting else KINDS
    if kind not in kinds or ending not in TYPES:
        raise Http404
    data = KINDS[kind].gather(meeting)
    content = render.pdf(render.html(data)) if ending == "pdf" else render.docx(data)
    return file_response(content, file_name(meeting, f"Du thao {Paper.Kind(kind).label}"), ending)


@require_safe
def paper(request: Request, pk: int, ending: str) -> HttpResponse:
    """A locked paper, as it was passed."""
    papers_seen = Paper.objects.filter(meeting__in=request.user.meetings_of_any_body())
    paper_row = get_object_or_404(
        papers_seen.select_related(
            "meeting__cell__committee", "meeting__committee", "meeting__campaign"
        ),
        pk=pk,
    )
    if ending not in TYPES:
        raise Http404
    content = paper_row.pdf if ending == "pdf" else paper_row.docx
    return file_response(
        bytes(content), file_name(paper_row.meeting, paper_row.get_kind_display()), ending
    )


@require_safe
def meeting_figures(request: Request, pk: int) -> HttpResponse:
    """The frozen figures of the meeting, as ket-qua.json."""
    content = figures.load(seen_meeting(request, pk)).as_dict()
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def paper_check(request: Request, code: str = "") -> HttpResponse:
    """Say whether a file is the paper locked under this code; the file is compared and not kept."""
    start = {"code": wording.grouped(code.upper())}
    form = CheckForm(request.POST or None, request.FILES or None, initial=start)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        papers = Paper.objects.under(form.cleaned_data["code"]).defer("pdf", "docx")
        sent = form.cleaned_data["file"]
        digest = hashlib.sha256(sent.read()).hexdigest() if sent else ""
        context |= {
            "checked": True,
            "sent": bool(sent),
            "paper": papers.select_related(
                "meeting__cell__committee", "meeting__committee", "meeting__campaign"
            ).first(),
            "later": Paper.objects.filter(supersedes__in=papers).current().first(),
            "equal": papers.filter(sha256=digest).exists(),
        }
    return render_page(request, "ballots/meeting/paper_check.html", context)
