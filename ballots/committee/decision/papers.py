"""The committee's papers on what it decides, drawn when asked for: its office numbers, signs and keeps them."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from ballots.committee.decision.views import form_of, show_form
from ballots.core.downloads import TYPES, file_response
from ballots.core.page import overseen_meeting
from ballots.models import Decision
from ballots.papers.file_names import file_name
from ballots.papers.kinds import LIST, NOTICE, RECOGNITION, RERATING, RULINGS, RulingData
from ballots.papers.press import render
from ballots.papers.rulings.gather import Papers, draft_of, notice_of, papers_of
from cells.models import Meeting
from partyreview.http import Request

NOTHING = "Chưa có mức nào để soạn văn bản. Xin chọn mức cho ít nhất một dòng."
NOTICED = (
    "member",
    "supersedes",
    "decision__by__committee",
    "decision__meeting__campaign",
    "decision__meeting__cell__committee",
)


@require_POST
def decision_draft(request: Request, pk: int, kind: str, ending: str) -> HttpResponse:
    """A paper of what is being decided on the page, not yet recorded: neither number nor date need be there."""
    meeting = overseen_meeting(request, pk)
    form = form_of(request, meeting, request.POST)
    form.is_valid()
    committee = request.user.committee or meeting.cell.committee
    chosen = {key: (verdict.level, verdict.reason) for key, verdict in form.verdicts.items()}
    if kind not in RULINGS:
        raise Http404
    data = _of_kind(draft_of(meeting, committee, form.draft, chosen), kind)
    if data is None:
        form.add_error(None, NOTHING)
        return show_form(request, meeting, form)
    return _sent(meeting, data, f"Du thao {RULINGS[kind]}", ending)


@require_safe
def decision_paper(request: Request, pk: int, kind: str, ending: str) -> HttpResponse:
    """A paper of a recorded decision; 404 where it has none of this kind."""
    decision = _decision(request, pk)
    data = _of_kind(papers_of(decision), kind)
    if data is None:
        raise Http404
    return _sent(decision.meeting, data, RULINGS[kind], ending)


@require_safe
def decision_notice(request: Request, pk: int, member: int, ending: str) -> HttpResponse:
    """The notice to one member of what this decision says of the member."""
    decision = _decision(request, pk)
    level = get_object_or_404(decision.levels.select_related(*NOTICED), member=member)
    data = notice_of(level)
    return _sent(decision.meeting, data, f"{RULINGS[NOTICE]} {data.member}", ending)


def _decision(request: Request, pk: int) -> Decision:
    rows = Decision.objects.select_related(
        "by__committee", "meeting__cell__committee", "meeting__campaign"
    )
    decision = get_object_or_404(rows, pk=pk, meeting__in=request.user.meetings())
    overseen_meeting(request, decision.meeting_id)
    return decision


def _of_kind(papers: Papers, kind: str) -> RulingData | None:
    """One of them by the name of its kind; None too for a kind that no decision has."""
    named: dict[str, RulingData | None] = {
        RECOGNITION: papers.recognition,
        LIST: papers.rulings,
        RERATING: papers.rerating,
    }
    return named.get(kind)


def _sent(meeting: Meeting, data: RulingData, name: str, ending: str) -> HttpResponse:
    if ending not in TYPES:
        raise Http404
    content = render.pdf(render.html(data)) if ending == "pdf" else render.docx(data)
    return file_response(content, file_name(meeting, name), ending)
