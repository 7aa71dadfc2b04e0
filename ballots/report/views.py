"""The collective report: written section by section before the meeting, and in it with the changes marked."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from ballots.core.page import Work, run_meeting, show
from ballots.core.verbs import Refused
from ballots.models import Paper
from ballots.report import verbs
from ballots.report.sheet import Report, changes_of, form_of
from ballots.report.verbs import Overtaken
from ballots.results import former_years
from cells.models import Collective, Meeting
from members.models import Prompt
from members.reviews.views import choices_of
from partyreview.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request, pk: int) -> HttpResponse:
    """Fill in Mẫu 01 of the cell itself."""
    return _report(request, run_meeting(request, pk), None)


@require_http_methods(["GET", "HEAD", "POST"])
def collective_report(request: Request, pk: int, collective: int) -> HttpResponse:
    """Fill in Mẫu 01 of a leadership collective that the meeting reviews."""
    meeting = run_meeting(request, pk)
    return _report(request, meeting, get_object_or_404(meeting.collectives, pk=collective))


def _report(request: Request, meeting: Meeting, collective: Collective | None) -> HttpResponse:
    """What is wrong or was meanwhile changed elsewhere is said, and everything typed stays."""
    whose = collective or meeting
    stored = Report.load(whose.report, form_of(meeting.rules))
    if request.method != "POST":
        return _show(request, whose, stored, stored.seen)
    typed = Report.read(stored.form, {**stored.typed, **request.POST.dict()})
    typed = typed.all_passed(request.POST.get("do", "").removeprefix("all-"))
    seen = request.POST.get("seen", "")
    if typed.problems:
        return _show(request, whose, typed, seen, status=422)
    try:
        saved = verbs.edit_report(request.user, meeting, typed, seen, collective)
    except Overtaken as error:
        context = {"error": str(error), "clashes": error.clashes}
        return _show(request, whose, error.report, error.stored.seen, 409, **context)
    except Refused as error:
        return _show(request, whose, typed, seen, 409, error=str(error))
    messages.success(request, f"Đã lưu báo cáo.{_remark(typed, saved)}")
    return redirect(request.path)


def _remark(typed: Report, saved: Report) -> str:
    """What became of the score, where it is not simply the one that was typed."""
    sentence = f" {saved.unfinished}" if saved.unfinished else ""
    alone = typed.alone.strip()
    if saved.is_scored and alone not in ("", saved.total):
        sentence += f" Số “{alone}” ghi riêng không dùng nữa: tổng điểm là tổng các tiêu chí."
    return sentence


def _show(
    request: Request,
    whose: Meeting | Collective,
    written: Report,
    seen: str,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    """`seen`: of the report that the page was drawn from."""
    collective = whose if isinstance(whose, Collective) else None
    meeting = whose.meeting if isinstance(whose, Collective) else whose
    before = "" if collective else former_years.beside(meeting)[None].words
    context = {
        "report": written,
        "collective": collective,
        "collectives": meeting.collectives.all(),
        "tab": "ballots:report",
        "seen": seen,
        "choices": choices_of(written.form),
        "changes": changes_of(whose.report, written.form),
        "before": before,
        "prompts": list(Prompt.objects.of_collective(meeting.cell, meeting.campaign)),
        "passed": Paper.objects.filter(meeting=meeting).exists(),
        "work": Work("Lưu báo cáo", done=written.is_written or bool(written.summary)),
        **more,
    }
    if context["passed"] or meeting.is_closed:
        context["work"] = None
    return show(request, "ballots/report/report.html", meeting, context, status=status)
