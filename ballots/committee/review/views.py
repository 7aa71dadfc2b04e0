"""Hồ sơ đã gửi: what the committee above reads of a cell's file, the checks first; approving and returning it."""

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from ballots.committee.queue.waiting import waiting_files
from ballots.committee.review import verbs
from ballots.committee.review.forms import ReturnForm
from ballots.core.guard import refusals_as_messages
from ballots.core.page import done, overseen_meeting, show
from ballots.dossier import changes, checks, exceptions, last_year, versions
from ballots.dossier.contents import sections_of
from ballots.dossier.places import FileFact, Part, Place, PlaceKind
from ballots.models import Decision, Paper, Pin, Reopening, Submission
from cells import wording
from cells.models import Level, Meeting
from members.models import Attendance
from partyreview.http import Request, posted_number

WRITTEN = (
    "Đã ghi chỗ cần sửa nên chưa duyệt. Xin bấm “Trả lại hồ sơ”, hoặc xoá chỗ đã ghi rồi duyệt."
)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_messages("ballots:submission")
def submission(request: Request, pk: int) -> HttpResponse:
    """The sent file: checks, every number with room for what is to be mended; POST returns it."""
    meeting = overseen_meeting(request, pk)
    sent = Submission.objects.last_of(meeting)
    if sent is None:
        return show(request, "ballots/committee/submission.html", meeting, {"sent": None})
    evidence = checks.Evidence.load(meeting)
    form = ReturnForm(sections_of(evidence), request.POST or None)
    if request.method == "POST" and _returned(request, meeting, form):
        messages.success(
            request,
            f"Đã trả lại hồ sơ: {wording.two_digits(len(form.remarks_by_place))} chỗ cần sửa.",
        )
        return redirect("ballots:submission", pk)
    return _show(request, evidence, sent, form)


@require_POST
@refusals_as_messages("ballots:submission")
def approve(request: Request, pk: int) -> HttpResponse:
    """Approve the sent file; a refusal shows the page again, with what was written on it."""
    meeting = overseen_meeting(request, pk)
    sent = Submission.objects.last_of(meeting)
    if sent is None:
        return redirect("ballots:submission", pk)
    evidence = checks.Evidence.load(meeting)
    form = ReturnForm(sections_of(evidence), request.POST, asks=False)
    if form.is_valid() and form.remarks_by_place:
        form.add_error(None, WRITTEN)
    seen = posted_number(request, "number")
    if form.is_valid() and done(form, verbs.approve, request.user, meeting, seen):
        messages.success(request, f"Đã duyệt hồ sơ của {meeting.cell}.")
        return redirect(f"{reverse('ballots:next_file')}?sau={pk}")
    return _show(request, evidence, sent, form)


def _returned(request: Request, meeting: Meeting, form: ReturnForm) -> bool:
    seen = posted_number(request, "number")
    return form.is_valid() and done(
        form, verbs.return_file, request.user, meeting, seen, form.remarks_by_place
    )


def _show(
    request: Request, evidence: checks.Evidence, sent: Submission, form: ReturnForm
) -> HttpResponse:
    groups = checks.groups_of(evidence)
    meeting = evidence.meeting
    is_open = not sent.is_approved
    decision = Decision.objects.last_of(meeting)
    pins = Pin.objects.filter(submission__meeting=meeting).select_related("submission")
    sendings = list(Submission.objects.of(meeting))
    locked = list(Paper.objects.current().filter(meeting=meeting).order_by("pk"))
    context = {
        "sent": sent,
        "decision": None if is_open else decision,
        "former_decision": decision if is_open else None,
        "reopenings": list(Reopening.objects.filter(submission__meeting=meeting)),
        "waiting": _others_waiting(request, meeting),
        "stands_out": exceptions.of_appraisals(evidence),
        "last_year": last_year.compared(evidence),
        "sendings": sendings,
        "names": Attendance.objects.of(meeting).listed_names(),
        "changed": changes.since(sendings[-2]) if sent.number > 1 else [],
        **versions.beside(sendings),
        "pins": list(pins.order_by("-submission__number", "pk")),
        "open": checks.lines_of(groups, checks.State.MEND)
        + checks.lines_of(groups, checks.State.LOOK),
        "checked": checks.summary_of(groups),
        "form": form,
        **_lines(form),
        "locked": locked,
        "papers": [(paper, *_asked(form, paper)) for paper in locked],
        "levels": Level.choices,
    }
    status = 422 if form.errors else 200
    return show(request, "ballots/committee/submission.html", meeting, context, status=status)


def _others_waiting(request: Request, meeting: Meeting) -> int:
    """How many files besides this one wait for the officer."""
    committee = request.user.committee
    return waiting_files(committee).exclude(meeting=meeting).count() if committee else 0


def _lines(form: ReturnForm) -> dict[str, object]:
    """The places with their fields: all, by part of the file, and the titles over the columns of the members."""
    lines = list(form.lines())
    parts = {part: [line for line in lines if line[0].part == part] for part in Part}
    # Of the member with most to tell; where another has less, the last columns stay empty.
    most = max((section.facts for section, _ in parts[Part.MEMBER]), key=len, default=())
    return {"lines": lines, "parts": parts, "titles": [fact.title for fact in most]}


def _asked(form: ReturnForm, paper: Paper) -> tuple[FileFact, BoundField]:
    """The place of a locked paper, and what is asked there."""
    key = Place.mint(PlaceKind.PAPER, paper.kind).key
    return form.facts[key], form[key]
