"""Ý kiến ở hội nghị của cấp ủy: who said what about which case; the minutes have it by case."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from ballots.committee.sitting.forms import CaseCommentForm
from ballots.committee.sitting.views import run_sitting
from ballots.core.guard import refusals_as_messages
from ballots.core.page import Work, done, show
from ballots.meeting import running
from ballots.meeting.forms import GUEST
from ballots.meeting.views.talk import comment_page, speaker_of, strike_comment
from ballots.models.cases import case_key
from ballots.results.concluded import Concluded, concluded_at
from cells.models import Meeting
from members.models import Attendance, Comment, Guest
from members.places.views import FORM
from members.rules.names import ListedNames
from partyreview.http import Request

Cases = dict[str, Concluded]


@require_http_methods(FORM)
def sitting_comments(request: Request, pk: int) -> HttpResponse:
    """What was said, by case; the form stays with the same case until another is chosen."""
    meeting = run_sitting(request, pk)
    cases = {case.key: case for case in concluded_at(meeting)}
    form, names = _form(request, meeting, cases, {"on": request.GET.get("on", "")})
    if form.is_valid():
        values = dict(form.cleaned_data)
        values.pop("seen")
        if done(form, partial(running.comment, **values), request.user, meeting):
            messages.success(request, "Đã ghi ý kiến.")
            about = form.data.get("on", "")
            return redirect(f"{request.path}?on={about}" if about else request.path)
    said = _said(meeting, cases, names)
    may_speak = bool(form.speakers) and not meeting.is_closed
    context = {
        "form": form,
        "said": said,
        "work": Work("Ghi ý kiến", done=bool(said)) if may_speak else None,
        "guests": Guest.objects.filter(meeting=meeting).exists(),
        "cases": cases,
        "tab": "ballots:sitting_comments",
        "edit": "ballots:sitting_comment_edit",
        "remove": "ballots:sitting_comment_remove",
    }
    status = 422 if form.errors else 200
    return show(
        request, "ballots/committee/sitting_comments.html", meeting, context, status=status
    )


def _form(
    request: Request,
    meeting: Meeting,
    cases: Cases,
    initial: dict[str, object],
    also: int | None = None,
) -> tuple[CaseCommentForm, ListedNames]:
    """`also`: who may be the speaker though gone, as of what is already taken down."""
    rows = list(Attendance.objects.of(meeting))
    names = ListedNames(row.member for row in rows)
    form = CaseCommentForm(
        request.POST if request.method == "POST" else None,
        speakers=[
            r.member for r in rows if r.state == Attendance.State.PRESENT or r.member_id == also
        ],
        guests=list(Guest.objects.filter(meeting=meeting)),
        cases=cases,
        names=names,
        initial=initial,
    )
    return form, names


def _said(
    meeting: Meeting, cases: Cases, names: ListedNames
) -> list[tuple[str, list[tuple[Comment, str]]]]:
    """By case, what concerns all of them first; each with the speaker as written."""
    by_case: dict[str, list[tuple[Comment, str]]] = {}
    for row in Comment.objects.filter(meeting=meeting).select_related("by", "guest"):
        by_case.setdefault(key_of(row), []).append((row, speaker_of(row, names)))
    titles = {"": "Chung cả hội nghị"} | {key: case.words for key, case in cases.items()}
    titles |= {key: "Trường hợp không còn trên phiếu" for key in by_case if key not in titles}
    return [(title, by_case[key]) for key, title in titles.items() if key in by_case]


def key_of(row: Comment) -> str:
    """The case that it is about, "" where it is about all of them."""
    return case_key(row.of_id, row.on_id, row.on_collective_id) if row.of_id else ""


@require_http_methods(FORM)
def sitting_comment_edit(request: Request, pk: int, comment: int) -> HttpResponse:
    """Take down otherwise what somebody said."""
    meeting = run_sitting(request, pk)
    rows = Comment.objects.filter(meeting=meeting).select_related("meeting", "by", "guest")
    row = get_object_or_404(rows, pk=comment)
    cases = {case.key: case for case in concluded_at(meeting)}
    taken = {
        "by": f"{GUEST}{row.guest_id}" if row.guest_id else row.by_id,
        "on": key_of(row),
        **{name: getattr(row, name) for name in ("kind", "text", "reserved")},
    }
    form, _ = _form(request, meeting, cases, taken, also=row.by_id)
    return comment_page(request, meeting, row, form, "ballots:sitting_comments")


@require_POST
@refusals_as_messages("ballots:sitting_comments")
def sitting_comment_remove(request: Request, pk: int) -> HttpResponse:
    """Strike a comment."""
    strike_comment(request, run_sitting(request, pk))
    return redirect("ballots:sitting_comments", pk)
