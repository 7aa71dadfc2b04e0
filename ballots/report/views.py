"""The collective report: written section by section before the meeting, and in it with the changes marked."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from ballots.core.page import Work, run_meeting, show
from ballots.core.verbs import Refused
from ballots.models import Paper
from ballots.report import verbs
from ballots.report.sheet import Report, changes_of, form_of
from ballots.report.verbs import Overtaken
from ballots.results import former_years
from cells.models import Meeting
from members.reviews.views import choices_of
from partyreview.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request, pk: int) -> HttpResponse:
    """Fill in Mẫu 01; what is wrong or was meanwhile changed elsewhere is said, and everything typed stays."""
    meeting = run_meeting(request, pk)
    stored = Report.load(meeting, form_of(meeting.rules))
    if request.method != "POST":
        return _show(request, meeting, stored, stored.seen)
    typed = Report.read(stored.form, {**stored.typed, **request.POST.dict()})
    typed = typed.all_passed(request.POST.get("do", "").removeprefix("all-"))
    seen = request.POST.get("seen", "")
    if typed.problems:
        return _show(request, meeting, typed, seen, status=422)
    try:
        saved = verbs.edit_report(request.user, meeting, typed, seen)
    except Overtaken as error:
        context = {"error": str(error), "clashes": error.clashes}
        return _show(request, meeting, error.report, error.stored.seen, 409, **context)
    except Refused as error:
        return _show(request, meeting, typed, seen, 409, error=str(error))
    messages.success(request, f"Đã lưu báo cáo.{_remark(typed, saved)}")
    return redirect("ballots:report", pk)


def _remark(typed: Report, saved: Report) -> str:
    """What became of the score, where it is not simply the one that was typed."""
    sentence = ""
    if saved.unscored:
        sentence = f" Còn {saved.unscored} tiêu chí chưa chấm nên chưa có tổng điểm."
    alone = typed.alone.strip()
    if saved.is_scored and alone not in ("", saved.total):
        sentence += f" Số “{alone}” ghi riêng không dùng nữa: tổng điểm là tổng các tiêu chí."
    return sentence


def _show(
    request: Request,
    meeting: Meeting,
    written: Report,
    seen: str,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    """`seen`: of the report that the page was drawn from."""
    context = {
        "report": written,
        "seen": seen,
        "choices": choices_of(written.form),
        "changes": changes_of(meeting, written.form),
        "before": former_years.beside(meeting)[None].words,
        "passed": Paper.objects.filter(meeting=meeting).exists(),
        "work": Work("Lưu báo cáo", done=written.is_written or bool(written.summary)),
        **more,
    }
    if context["passed"] or meeting.is_closed:
        context["work"] = None
    return show(request, "ballots/report/report.html", meeting, context, status=status)
