"""Kết quả: what the counted polls say, fit for the projector, and what the chair concludes from them."""

from dataclasses import dataclass
from itertools import accumulate

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ballots import appraisals, figures, proceedings
from ballots.appraisal import Doubt
from ballots.appraisals import SubjectAppraisal
from ballots.figures import Figures, Outcome, PollFigures, RowFigures
from ballots.models import Poll
from ballots.poll_forms import ConclusionForm
from ballots.views.guard import refusals_as_messages
from ballots.views.page import Work, done, run_meeting, seen_meeting, show
from cells import wording
from cells.models import Level, Meeting
from partyreview.http import Request

LABELS = dict(Level.choices)
BAR = 200  # width of a full bar in the units of its drawing
NARROW = 16  # a piece of a bar narrower than this has no room for its number


@dataclass(frozen=True)
class Piece:
    """One piece of a bar: whole units from the left, so that no decimal comma gets into the drawing."""

    code: str
    number: int
    x: int
    width: int

    @property
    def middle(self) -> int:
        """Where its number stands, in hundredths of the bar."""
        return (2 * self.x + self.width) * 50 // BAR

    @property
    def has_room(self) -> bool:
        """Whether its number fits in."""
        return self.width >= NARROW

    @property
    def has_room_for_its_name(self) -> bool:
        """Whether the level's letters fit in beside the number."""
        return self.width >= 4 * NARROW


@dataclass(frozen=True)
class LevelShare:
    """One level of one row: ballots and their share of the base, as written."""

    code: str
    number: int
    percent: str


@dataclass(frozen=True)
class Line:
    """One row of a result table."""

    place: int
    label: str
    cells: tuple[LevelShare, ...]
    blank: int
    bar: tuple[Piece, ...]
    level: str
    reason: str


@dataclass(frozen=True)
class Table:
    """A counted poll as the page shows it."""

    figures: PollFigures
    lines: tuple[Line, ...]
    single: bool  # one level only: "Đồng ý" and "Không đồng ý"


@dataclass(frozen=True)
class Share:
    """How many of the rated members stand at a level: the distribution, not a share of ballots."""

    code: str
    label: str
    number: str
    percent: str


def bar_of(numbers: list[tuple[str, int]], whole: int) -> tuple[Piece, ...]:
    """The pieces of a bar of `whole`, in order, without the empty ones."""
    total = max(whole, sum(number for _, number in numbers), 1)
    ends = [0, *(BAR * part // total for part in accumulate(number for _, number in numbers))]
    return tuple(
        Piece(code, number, start, end - start)
        for (code, number), start, end in zip(numbers, ends[:-1], ends[1:], strict=True)
        if number
    )


def table_of(poll: PollFigures) -> Table:
    """A counted poll with the levels of its own sheet."""
    codes = [code for code, _ in poll.levels]
    lines = tuple(
        _line(place, row, codes, poll.base) for place, row in enumerate(poll.rows, start=1)
    )
    return Table(poll, lines, single=len(codes) == 1)


def _line(place: int, row: RowFigures, codes: list[str], base: int) -> Line:
    numbers = [(code, row.counts[code]) for code in codes]
    shares = ((code, number, row.shares[code]) for code, number in numbers)
    return Line(
        place=place,
        label=row.label,
        cells=tuple(
            LevelShare(code, number, wording.percent(share) if share is not None else "–")
            for code, number, share in shares
        ),
        blank=row.blank,
        bar=bar_of([*numbers, ("blank", row.blank)], base),
        level=LABELS.get(row.proposal.level or "", ""),
        reason=row.proposal.reason,
    )


def shares_of(found: Figures) -> tuple[Share, ...]:
    """The distribution over the rated members, level by level."""
    of = found.distribution.of
    return tuple(
        Share(
            code,
            LABELS[code],
            wording.fraction(number, of),
            wording.percent_of(number, of) or "–",
        )
        for code, number in found.distribution.counts.items()
    )


def context_of(found: Figures) -> dict[str, object]:
    """What the result page and the projector show of a meeting's figures."""
    distribution = found.distribution
    numbers = [*distribution.counts.items(), ("blank", distribution.undecided)]
    return {
        "figures": found,
        "tables": [table_of(poll) for poll in found.polls],
        "shares": shares_of(found),
        "distribution_bar": bar_of(numbers, distribution.of),
        "outcomes": [
            (outcome, LABELS.get(outcome.level or "", ""))
            for outcome in (found.cell, *found.members)
            if outcome
        ],
        "bar_width": BAR,
    }


@require_safe
def results(request: Request, pk: int) -> HttpResponse:
    """The counted polls, the outcome per person and the distribution; the two percentages stay apart."""
    meeting = seen_meeting(request, pk)
    found = figures.load(meeting)
    waiting = Poll.objects.filter(meeting=meeting).unfinished().first()
    context = {"waiting": waiting, **context_of(found)}
    return show(request, "ballots/results.html", meeting, context)


@dataclass(frozen=True)
class Subject:
    """One line of the conclusions: whom it is about (key "cell", or a member's), how it stands, and the form."""

    key: str
    name: str
    outcome: Outcome | None
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
        "work": Work("Lưu lời kết luận", done=bool(meeting.conclusion)),
    }
    return show(request, "ballots/conclude.html", meeting, context)


def _subjects(request: Request, meeting: Meeting) -> list[Subject]:
    """The cell first, then the rated in list order; the form of the one that was posted is bound."""
    found = figures.load(meeting)
    posted = request.POST.get("member", "") if request.method == "POST" else None
    listed = appraisals.load(meeting, found)
    return [_subject(request, each, posted, meeting.is_rehearsal) for each in listed]


def _subject(
    request: Request, subject: SubjectAppraisal, posted: str | None, rehearsal: bool
) -> Subject:
    key = subject.key if subject.member else figures.CELL
    form = ConclusionForm(
        request.POST if key == posted else None,
        initial=_stands(subject.outcome),
        auto_id=f"id_%s_{key}",
    )
    doubts = () if rehearsal else subject.appraisal.doubts
    return Subject(key, subject.name, subject.outcome, form, subject.key, doubts)


def _stands(outcome: Outcome | None) -> dict[str, object]:
    """The level in force and the chair's reason, to start from."""
    if outcome is None:
        return {}
    return {"level": outcome.level or "", "reason": outcome.reason}


def _record(request: Request, meeting: Meeting, subject: Subject) -> bool:
    member = subject.outcome.member if subject.outcome else None
    values = subject.form.cleaned_data
    given = meeting, member, values["level"], values["reason"]
    return done(subject.form, proceedings.conclude, request.user, *given)


@require_POST
@refusals_as_messages("ballots:conclude")
def conclusion_text(request: Request, pk: int) -> HttpResponse:
    """Keep the chair's closing words for the minutes."""
    meeting = run_meeting(request, pk)
    text = wording.many_lines(request.POST.get("text", ""))
    proceedings.set_conclusion_text(request.user, meeting, text)
    messages.success(request, "Đã lưu lời kết luận của chủ trì.")
    return redirect("ballots:conclude", pk)
