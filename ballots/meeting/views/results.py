"""Kết quả: what the counted polls say, fit for the projector, and what the chair concludes from them."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from ballots.appraisal.rules import Doubt
from ballots.appraisal.subjects import SubjectAppraisal, load
from ballots.core.guard import refusals_as_messages
from ballots.core.page import (
    Work,
    cleaned,
    done,
    run_meeting,
    seen_of_any_body,
    show,
)
from ballots.core.tables import LABELS, context_of
from ballots.meeting import running
from ballots.meeting.forms import ConclusionForm, ConclusionTextForm
from ballots.models import Poll
from ballots.results import figures
from ballots.results.classification import CELL
from ballots.results.concluded import concluded_at
from ballots.results.figures import Outcome
from cells.models import Collective, Meeting
from cells.stale import fingerprint
from members.models import Member
from partyreview.http import Request


@require_safe
def results(request: Request, pk: int) -> HttpResponse:
    """The confirmed polls, the outcome per person and the distribution; the two percentages stay apart.

    While the tellers still have a poll in hand the page asks how far they are, and is drawn anew once that changes.
    """
    meeting = seen_of_any_body(request, pk)
    waiting = Poll.objects.filter(meeting=meeting).unfinished().first()
    phase = f"{waiting.pk}-{waiting.state}" if waiting else ""
    if request.htmx:
        same = request.GET.get("trang-thai") == phase
        return HttpResponse(status=204) if same else HttpResponseClientRefresh()
    meeting_figures = figures.load(meeting)
    context = {"waiting": waiting, "phase": phase, **context_of(meeting, meeting_figures)}
    context["cases"] = concluded_at(meeting) if meeting.is_sitting else []
    return show(request, "ballots/meeting/results.html", meeting, context)


@dataclass(frozen=True)
class Subject:
    """One line of the conclusions: whom it is about (None: the cell, key "cell"), how it stands, and the form."""

    key: str
    name: str
    outcome: Outcome | None
    about: Member | Collective | None
    form: ConclusionForm
    appraisal: str  # its key among the appraisals
    doubts: tuple[Doubt, ...]  # what does not agree with its level; none in a rehearsal

    @property
    def is_open(self) -> bool:
        """Whether nothing was proposed or concluded yet."""
        return self.outcome is None or self.outcome.level is None

    @property
    def level(self) -> str:
        """The level in force, in words; "" where there is none."""
        return LABELS.get(self.outcome.level or "", "") if self.outcome else ""

    @property
    def unexplained(self) -> int:
        """How many doubts have no reason on record yet."""
        return sum(not doubt.is_explained for doubt in self.doubts)


@require_http_methods(["GET", "HEAD", "POST"])
def conclude(request: Request, pk: int) -> HttpResponse:
    """The chair's conclusions: where a row proposes nothing, or the chair concludes otherwise, with the reason."""
    meeting = run_meeting(request, pk)
    subjects = _subjects(request, meeting)
    posted = next((subject for subject in subjects if subject.form.is_bound), None)
    if posted and posted.form.is_valid() and _record(request, meeting, posted):
        messages.success(request, f"Đã ghi kết luận của chủ trì: {posted.name}.")
        return redirect("ballots:conclude", pk)
    if request.method == "POST" and posted is None:
        messages.error(request, "Đồng chí này không thuộc danh sách được xếp loại.")
        return redirect("ballots:conclude", pk)
    undecided = [s for s in subjects if s.is_open]
    context: dict[str, object] = {
        "tab": "ballots:results",
        "undecided": undecided,
        "asked": sum(bool(subject.unexplained) for subject in subjects),
        "decided": [s for s in subjects if s not in undecided],
        "unfinished": Poll.objects.filter(meeting=meeting).unfinished().first(),
        "seen": fingerprint(meeting.conclusion),
        "work": Work("Lưu lời kết luận", done=bool(meeting.conclusion)),
    }
    return show(request, "ballots/meeting/conclude.html", meeting, context)


def _subjects(request: Request, meeting: Meeting) -> list[Subject]:
    """The cell first, then the rated in list order; the form of the one that was posted is bound."""
    meeting_figures = figures.load(meeting)
    posted = request.POST.get("member", "") if request.method == "POST" else None
    listed = load(meeting, meeting_figures)
    return [_subject(request, each, posted, meeting.is_rehearsal) for each in listed]


def _subject(
    request: Request, subject: SubjectAppraisal, posted: str | None, rehearsal: bool
) -> Subject:
    key = subject.key if subject.about else CELL
    form = ConclusionForm(
        request.POST if key == posted else None,
        initial=_stands(subject.outcome),
        auto_id=f"id_%s_{key}",
    )
    doubts = () if rehearsal else subject.appraisal.doubts
    return Subject(key, subject.name, subject.outcome, subject.about, form, subject.key, doubts)


def _stands(outcome: Outcome | None) -> dict[str, object]:
    """The level in force and the chair's reason, to start from."""
    if outcome is None:
        return {}
    return {"level": outcome.level or "", "reason": outcome.reason}


def _record(request: Request, meeting: Meeting, subject: Subject) -> bool:
    values = subject.form.cleaned_data
    conclusion = meeting, subject.about, values["level"], values["reason"]
    return done(subject.form, running.conclude, request.user, *conclusion)


@require_POST
@refusals_as_messages("ballots:conclude")
def conclusion_text(request: Request, pk: int) -> HttpResponse:
    """Keep the chair's closing words for the minutes."""
    keep_closing_words(request, run_meeting(request, pk))
    return redirect("ballots:conclude", pk)


def keep_closing_words(request: Request, meeting: Meeting) -> None:
    """As typed, over what its page has shown; whoever shows it has asked who runs the meeting."""
    running.set_conclusion_text(request.user, meeting, **cleaned(ConclusionTextForm(request.POST)))
    messages.success(request, "Đã lưu lời kết luận của chủ trì.")
