"""What is said and settled before the vote: the report, the comments, the tellers."""

import hashlib

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from ballots import proceedings
from ballots.forms import CommentForm, ReportForm, TellersForm, labels
from ballots.models import Teller
from ballots.proceedings.meeting import teller_problems
from ballots.views.guard import refusals_as_messages
from ballots.views.page import done, posted, run_meeting, show
from cells.models import Meeting
from members.models import Attendance, Comment, Member
from partyreview.http import Request


def report(request: Request, pk: int) -> HttpResponse:
    """The draft of the collective report, with the level and the score the cell gives itself."""
    meeting = run_meeting(request, pk)
    initial = {
        "text": meeting.report,
        "self_level": meeting.self_level,
        "self_score": meeting.self_score,
    }
    form = ReportForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _saw_last(request, meeting, form):
        values = form.cleaned_data
        given = values["text"], values["self_level"], values["self_score"]
        if done(form, proceedings.save_report, request.user, meeting, *given):
            messages.success(request, "Đã lưu báo cáo.")
            return redirect("ballots:report", pk)
    context = {"form": form, "seen": _digest(meeting.report)}
    return show(request, "ballots/report.html", meeting, context)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _saw_last(request: Request, meeting: Meeting, form: ReportForm) -> bool:
    """Whether the form was drawn from the report as it stands; a stale tab must not undo another's work unasked."""
    if request.POST.get("seen", "") in ("", _digest(meeting.report)):
        return True
    form.add_error(
        None,
        "Báo cáo vừa được lưu ở một cửa sổ khác. Bản đang hiện chưa được lưu; "
        "bấm “Lưu báo cáo” lần nữa nếu muốn dùng bản này thay bản kia.",
    )
    return False


def comments(request: Request, pk: int) -> HttpResponse:
    """Who said what about whom; the form stays with the same subject until another is chosen."""
    meeting = run_meeting(request, pk)
    rows = list(Attendance.objects.of(meeting))
    here = [row.member for row in rows if row.state == Attendance.State.PRESENT]
    everybody = [row.member for row in rows]
    form = CommentForm(
        request.POST or None,
        speakers=here,
        subjects=everybody,
        initial={"on": request.GET.get("on", "")},
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        given = values["by"], values["on"], values["text"], values["kind"]
        if done(form, proceedings.comment, request.user, meeting, *given):
            subject = f"?on={values['on'].pk}" if values["on"] else ""
            return redirect(f"{request.path}{subject}")
    context = {"form": form, "said": _said(meeting, everybody), "can_speak": bool(here)}
    return show(request, "ballots/comments.html", meeting, context)


def _said(
    meeting: Meeting, everybody: list[Member]
) -> list[tuple[str, list[tuple[Comment, str]]]]:
    """The comments by subject, the cell first, then in list order; each with the speaker as written."""
    written = labels(everybody)
    by_subject: dict[int | None, list[tuple[Comment, str]]] = {}
    for comment in Comment.objects.filter(meeting=meeting).select_related("by"):
        speaker = written.get(comment.by_id, comment.by.name)
        by_subject.setdefault(comment.on_id, []).append((comment, speaker))
    titles: dict[int | None, str] = {None: "Tập thể chi bộ"}
    titles.update((pk, f"Đồng chí {name}") for pk, name in written.items())
    return [(title, by_subject[pk]) for pk, title in titles.items() if pk in by_subject]


@require_POST
@refusals_as_messages("ballots:comments")
def comment_remove(request: Request, pk: int) -> HttpResponse:
    """Strike a comment."""
    meeting = run_meeting(request, pk)
    rows = Comment.objects.filter(meeting=meeting).select_related("meeting")
    proceedings.remove_comment(request.user, posted(request, rows, "comment"))
    messages.success(request, "Đã bỏ ý kiến.")
    return redirect("ballots:comments", pk)


def tellers(request: Request, pk: int) -> HttpResponse:
    """The tellers: only who may count is offered, with the reason why the others are not."""
    meeting = run_meeting(request, pk)
    rows = list(Attendance.objects.of(meeting))
    problems = teller_problems(meeting)
    eligible = [row.member for row in rows if not problems[row.member_id]]
    named = list(Teller.objects.filter(meeting=meeting).select_related("member"))
    form = TellersForm(request.POST or None, eligible, _team(meeting, named, rows))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        given = form.team(), values["yes"], values["of"]
        if done(form, proceedings.name_tellers, request.user, meeting, *given):
            messages.success(request, "Đã ghi tổ kiểm phiếu.")
            return redirect("ballots:tellers", pk)
    written = labels(row.member for row in rows)
    context = {
        "form": form,
        "named": named,
        "choices": _choices(form, eligible, written),
        "excluded": [text for text in problems.values() if text],
    }
    return show(request, "ballots/tellers.html", meeting, context)


def _team(meeting: Meeting, named: list[Teller], rows: list[Attendance]) -> dict[str, object]:
    """What the form starts with: the present team, and all hands of those who came."""
    present = sum(row.state == Attendance.State.PRESENT and row.has_vote for row in rows)
    lead = next((teller.member_id for teller in named if teller.lead), None)
    return {
        "members": [teller.member_id for teller in named],
        "lead": lead,
        "yes": present if meeting.tellers_yes is None else meeting.tellers_yes,
        "of": present if meeting.tellers_of is None else meeting.tellers_of,
    }


def _choices(
    form: TellersForm, eligible: list[Member], written: dict[int, str]
) -> list[tuple[Member, str, bool, bool]]:
    """Per member who may count: the name as written, whether ticked, whether leading."""
    ticked = {str(key) for key in form["members"].value() or []}
    lead = str(form["lead"].value() or "")
    return [(m, written[m.pk], str(m.pk) in ticked, str(m.pk) == lead) for m in eligible]
