"""What is said and settled before the vote: the comments, the tellers."""

from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from ballots.core import hands
from ballots.core.guard import refusals_as_messages
from ballots.core.page import Work, done, is_sure, posted, run_meeting, run_of_any_body, show
from ballots.meeting import running
from ballots.meeting.forms import GUEST, CommentEditForm, CommentForm, TellersForm
from ballots.meeting.running import teller_problems
from ballots.models import Teller
from ballots.results import former_years
from ballots.results.classification import COLLECTIVE_ADDRESS
from cells.models import Collective, Meeting
from cells.stale import fingerprint
from members.models import Attendance, Comment, Guest, Member
from members.rules.names import ListedNames
from partyreview.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: Request, pk: int) -> HttpResponse:
    """Who said what about whom; the form stays with the same subject until another is chosen."""
    meeting = run_meeting(request, pk)
    rows = list(Attendance.objects.of(meeting))
    here = [row.member for row in rows if row.state == Attendance.State.PRESENT]
    everybody = [row.member for row in rows]
    names = ListedNames(everybody)
    guests = list(Guest.objects.filter(meeting=meeting))
    bodies = list(meeting.collectives.all())
    form = CommentForm(
        request.POST or None,
        speakers=here,
        guests=guests,
        subjects=everybody,
        collectives=bodies,
        names=names,
        initial={"on": request.GET.get("on", "")},
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if done(form, partial(running.comment, **values), request.user, meeting):
            messages.success(request, "Đã ghi ý kiến.")
            subject = f"?on={form.data['on']}" if values["on"] else ""
            return redirect(f"{request.path}{subject}")
    subjects = _subjects(meeting, everybody, bodies, names)
    sayings = _said(meeting, names, subjects)
    may_speak = bool(here) and not meeting.is_closed
    work = Work("Ghi ý kiến", done=bool(sayings)) if may_speak else None
    context = {
        "form": form,
        "said": sayings,
        "known": [subject for subject in subjects if subject.before],
        "work": work,
        "guests": guests,
        "edit": "ballots:comment_edit",
        "remove": "ballots:comment_remove",
    }
    return show(request, "ballots/meeting/comments.html", meeting, context)


@dataclass(frozen=True)
class Subject:
    """Whom a comment may be about, as written, and what is known of the years before; neither: the cell."""

    member: int | None
    collective: int | None
    title: str
    before: str


def _subjects(
    meeting: Meeting, everybody: list[Member], bodies: list[Collective], names: ListedNames
) -> list[Subject]:
    """The cell first, then its leadership collectives, then its members in list order."""
    before = former_years.beside(meeting)
    known = {who: past.words for who, past in before.items()}
    return [
        Subject(None, None, "Tập thể chi bộ", known.get(None, "")),
        *(Subject(None, body.pk, body.name, "") for body in bodies),
        *(
            Subject(member.pk, None, f"Đồng chí {names.label(member)}", known.get(member.pk, ""))
            for member in everybody
        ),
    ]


def _said(
    meeting: Meeting, names: ListedNames, subjects: list[Subject]
) -> list[tuple[Subject, list[tuple[Comment, str]]]]:
    """The comments by subject, in the order of these; each with the speaker as written."""
    by_subject: dict[tuple[int | None, int | None], list[tuple[Comment, str]]] = {}
    for comment in Comment.objects.filter(meeting=meeting).select_related("by", "guest"):
        about = comment.on_id, comment.on_collective_id
        by_subject.setdefault(about, []).append((comment, speaker_of(comment, names)))
    keys = [(s, (s.member, s.collective)) for s in subjects]
    return [(s, by_subject[key]) for s, key in keys if key in by_subject]


def speaker_of(comment: Comment, names: ListedNames) -> str:
    """Who said it, as the list of the meeting writes members; guests are marked."""
    return names.label(comment.by) if comment.by else f"{comment.guest} (đại biểu)"


@require_http_methods(["GET", "HEAD", "POST"])
def comment_edit(request: Request, pk: int, comment: int) -> HttpResponse:
    """Take down otherwise what somebody said; who has gone meanwhile may still be its speaker."""
    meeting = run_meeting(request, pk)
    rows = Comment.objects.filter(meeting=meeting).select_related("meeting", "by", "guest")
    row = get_object_or_404(rows, pk=comment)
    listed = list(Attendance.objects.of(meeting))
    names = ListedNames(each.member for each in listed)
    form = CommentEditForm(
        request.POST or None,
        speakers=[
            r.member
            for r in listed
            if r.state == Attendance.State.PRESENT or r.member_id == row.by_id
        ],
        guests=list(Guest.objects.filter(meeting=meeting)),
        subjects=[each.member for each in listed],
        collectives=list(meeting.collectives.all()),
        names=names,
        initial=_as_taken(row),
    )
    return comment_page(request, meeting, row, form, "ballots:comments")


def comment_page(
    request: Request, meeting: Meeting, row: Comment, form: CommentForm, page: str
) -> HttpResponse:
    """Take it down as the form has it, and go back to `page`; else the form that does so."""
    edit = partial(running.edit_comment, **form.cleaned_data) if form.is_valid() else None
    if edit and done(form, edit, request.user, row):
        messages.success(request, "Đã sửa ý kiến.")
        return redirect(page, meeting.pk)
    context = {
        "form": form,
        "tab": page,
        "page": page,
        "seen": running.mark_of(row),
        "work": None if meeting.is_closed else Work("Lưu ý kiến", done=False),
    }
    status = 422 if form.errors else 200
    return show(request, "ballots/meeting/comment_edit.html", meeting, context, status=status)


def _as_taken(comment: Comment) -> dict[str, object]:
    return {
        "by": f"{GUEST}{comment.guest_id}" if comment.guest_id else comment.by_id,
        "on": COLLECTIVE_ADDRESS.format(comment.on_collective_id)
        if comment.on_collective_id
        else comment.on_id,
        "kind": comment.kind,
        "text": comment.text,
        "reserved": comment.reserved,
    }


@require_POST
@refusals_as_messages("ballots:comments")
def comment_remove(request: Request, pk: int) -> HttpResponse:
    """Strike a comment."""
    strike_comment(request, run_meeting(request, pk))
    return redirect("ballots:comments", pk)


def strike_comment(request: Request, meeting: Meeting) -> None:
    """The one that was pressed; whoever shows it has asked who runs the meeting."""
    rows = Comment.objects.filter(meeting=meeting).select_related("meeting", "guest")
    running.remove_comment(request.user, posted(request, rows, "comment"))
    messages.success(request, "Đã bỏ ý kiến.")


@require_http_methods(["GET", "HEAD", "POST"])
def tellers(request: Request, pk: int) -> HttpResponse:
    """The tellers: only who may count is offered, with the reason why the others are not."""
    meeting = run_of_any_body(request, pk)
    rows = list(Attendance.objects.of(meeting))
    names = ListedNames(row.member for row in rows)
    problems = teller_problems(meeting)
    eligible = [row.member for row in rows if not problems[row.member_id]]
    named = list(Teller.objects.filter(meeting=meeting).select_related("member"))
    voters = Attendance.objects.filter(meeting=meeting).voters_here()
    form = TellersForm(
        request.POST or None, eligible, names, _team(meeting, named, voters), voters
    )
    questions: list[str] = []
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        vote = form.team(), values["yes"], values["of"]
        questions = hands.questions(values["of"], voters)
        sure = is_sure(request, questions)
        if sure and done(form, running.name_tellers, request.user, meeting, *vote):
            messages.success(request, "Đã ghi tổ kiểm phiếu.")
            return redirect("ballots:tellers", pk)
    context = {
        "form": form,
        "named": [(teller, names.label(teller.member)) for teller in named],
        "choices": _choices(form, eligible, names),
        "excluded": [text for text in problems.values() if text],
        "few": meeting.rules.few_tellers(1),
        "asked": questions,
        "sure": fingerprint(questions),
        "work": _naming(bool(questions), bool(named)) if eligible else None,
    }
    return show(request, "ballots/meeting/tellers.html", meeting, context)


def _naming(asked: bool, named: bool) -> Work:
    """The press that names them; `asked`: it is the second one, which says yes to what was asked."""
    return Work("Vẫn ghi tổ kiểm phiếu" if asked else "Ghi tổ kiểm phiếu", done=named)


def _team(meeting: Meeting, named: list[Teller], voters: int) -> dict[str, object]:
    """What the form starts with: the present team, and all hands of those who are here and vote."""
    lead = next((teller.member_id for teller in named if teller.lead), None)
    return {
        "members": [teller.member_id for teller in named],
        "lead": lead,
        "yes": voters if meeting.tellers_yes is None else meeting.tellers_yes,
        "of": voters if meeting.tellers_of is None else meeting.tellers_of,
    }


def _choices(
    form: TellersForm, eligible: list[Member], names: ListedNames
) -> list[tuple[Member, str, bool, bool]]:
    """Per member who may count: the name as written, whether ticked, whether leading."""
    ticked = {str(key) for key in form["members"].value() or []}
    lead = str(form["lead"].value() or "")
    return [(m, names.label(m), str(m.pk) in ticked, str(m.pk) == lead) for m in eligible]
