"""Hồ sơ: every paper of the meeting's file in one list, as drafts until they are locked, with PDF and Word."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from ballots.core.downloads import TYPES, file_response
from ballots.core.page import run_meeting, show
from ballots.models import Paper, Poll
from ballots.papers import lock
from ballots.papers.file_names import file_name
from ballots.papers.kinds import OF_MINUTES
from ballots.papers.personal.gather import gather_form, last_submitted
from ballots.papers.press import render
from ballots.papers.report.gather import gather_report
from cells.models import Collective, Meeting
from members.models import Attendance, Member, SelfReviewVersion
from members.reviews.asked import asked_in
from partyreview.http import Request


@dataclass(frozen=True)
class FilePaper:
    """One paper of the file: the locked one, or a draft."""

    kind: str
    label: str
    locked: Paper | None


@dataclass(frozen=True)
class MemberForm:
    """One member, with the self-review that was submitted last, if any."""

    member: Member
    version: SelfReviewVersion | None

    @property
    def standing(self) -> str:
        """How it stands, in words."""
        if self.version is None:
            return "Chưa nộp"
        return "Đã nộp bản giấy" if self.version.on_paper else "Đã nộp"


@require_safe
def dossier(request: Request, pk: int) -> HttpResponse:
    """What the file holds and what each paper says now."""
    meeting = run_meeting(request, pk)
    locked = {paper.kind: paper for paper in Paper.objects.current().filter(meeting=meeting)}
    file = (*OF_MINUTES, *lock.file_of(meeting))
    lines = [FilePaper(kind, Paper.Kind(kind).label, locked.get(kind)) for kind in file]
    context = {
        "lines": lines,
        "bodies": Collective.objects.rated(meeting),
        "forms": _forms(meeting),
        "names": Attendance.objects.of(meeting).listed_names(),
        "polls": Poll.objects.filter(meeting=meeting).order_by("number"),
    }
    return show(request, "ballots/dossier/dossier.html", meeting, context)


def _forms(meeting: Meeting) -> list[MemberForm]:
    """Who has to hand in a self-review, and whoever did."""
    versions = last_submitted(meeting)
    reviewed = list(asked_in(meeting.cell, meeting.campaign))
    known = {member.pk for member in reviewed}
    gone = [row.review.member for pk, row in versions.items() if pk not in known]
    return [MemberForm(member, versions.get(member.pk)) for member in (*reviewed, *gone)]


@require_safe
def collective_paper(request: Request, pk: int, collective: int, ending: str) -> HttpResponse:
    """The report of one leadership collective, rendered now and kept nowhere."""
    meeting = run_meeting(request, pk)
    body = get_object_or_404(meeting.collectives, pk=collective)
    if ending not in TYPES:
        raise Http404
    data = gather_report(meeting, body)
    content = render.pdf(render.html(data)) if ending == "pdf" else render.docx(data)
    return file_response(content, file_name(meeting, f"Bao cao kiem diem {body}"), ending)


@require_safe
def personal_form(request: Request, pk: int, member: int, ending: str) -> HttpResponse:
    """The filled-in form of one member, rendered now and kept nowhere; 404 for a paper that was handed in."""
    meeting = run_meeting(request, pk)
    version = last_submitted(meeting).get(member)
    if version is None or version.on_paper or ending not in TYPES:
        raise Http404
    data = gather_form(meeting, version)
    content = render.pdf(render.html(data)) if ending == "pdf" else render.docx(data)
    names = Attendance.objects.of(meeting).listed_names()
    name = f"Ban kiem diem {names.label(version.review.member)}"
    return file_response(content, file_name(meeting, name), ending)
