"""The quota room: the drafts of a committee for one period, one draft with its groups and its cases."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from ballots.committee.quota import comparing, job, placing, reading, verbs
from ballots.committee.quota.forms import MoveForm, NameForm, PlaceForm, RaiseForm
from ballots.committee.quota.reading import Asked, RoomView
from ballots.committee.quota.rules import Room
from ballots.core.guard import sentence
from ballots.core.page import cleaned, done
from ballots.core.verbs import Refused
from ballots.models import QuotaDraft, QuotaLine, QuotaMove
from ballots.models.quota import waiting_files
from cells import wording
from cells.law.periods import QUARTERS, Period
from cells.law.post_groups import HEADS, MEMBERS
from cells.law.rules import READINGS, ROUNDINGS
from cells.models import Committee, Level
from partyreview.http import Request, asked_number, asked_word, excel, posted_number

ROOM = "ballots/committee/quota/room.html"


def _committee(request: Request, pk: int) -> Committee:
    """A committee at or below the officer's own; 404 for all others."""
    return get_object_or_404(request.user.committees(), pk=pk)


def _draft(request: Request, pk: int) -> QuotaDraft:
    """A draft of such a committee; 404 for all others."""
    rows = QuotaDraft.objects.filter(committee__in=request.user.committees())
    return get_object_or_404(rows.select_related("committee", "copied_from"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def quota(request: Request, pk: int, period: Period) -> HttpResponse:
    """The drafts of a period, and what they would be made of; POST makes one."""
    committee = _committee(request, pk)
    waiting = waiting_files(committee, period).count()
    form = NameForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made: list[QuotaDraft] = []
        args = request.user, committee, period, form.cleaned_data["name"]
        if waiting > job.AT_ONCE:
            if done(form, job.ask, *args):
                return redirect("ballots:jobs")
        elif done(form, lambda *given: made.append(verbs.make(*given)), *args):
            messages.success(request, f"Đã lập dự thảo “{made[0]}”.")
            return redirect("ballots:quota_draft", made[0].pk)
    drafts = QuotaDraft.objects.of(committee, period).select_related(
        "by__member", "by__committee", "copied_from"
    )
    room = Room.load(committee, period)
    context = {
        "committee": committee,
        "period": period,
        "drafts": list(drafts.order_by("-pk")),
        "waiting": waiting,
        "being_made": job.being_made(committee, period),
        "room": room,
        "form": form,
        **_words(room),
    }
    return render(
        request, "ballots/committee/quota/drafts.html", context, status=422 if form.errors else 200
    )


def _words(room: Room) -> dict[str, object]:
    """How the cap is read here, and who says so."""
    rules, groups = room.rules, room.groups
    return {
        "cap": [
            (rules.label(key), rules.words(key) + sign, rules.origin(key).words)
            for key, sign in (("cap.percent", "%"), ("cap.reading", ""), ("cap.rounding", ""))
        ]
        + [("Người đứng đầu (bí thư chi bộ)", HEADS[groups.head], groups.origin.words)],
        "rounding": ROUNDINGS[rules.cap.rounding],
        "readings": READINGS,
    }


@require_safe
def quota_draft(request: Request, pk: int) -> HttpResponse:
    """One draft: the groups under the cap, and a page of its cases."""
    return _show(request, _draft(request, pk))


@dataclass(frozen=True)
class CaseRow:
    """One case as the page shows it."""

    line: QuotaLine
    form: MoveForm
    why_fixed: str  # why it cannot be moved, "" where it can
    is_out: bool
    moves: list[QuotaMove]

    @property
    def votes(self) -> list[tuple[str, str]]:
        """Ballots per level, of the base that the cell's minutes have."""
        base = self.line.base
        return [
            (level, f"{wording.fraction(number, base)} ({wording.percent_of(number, base)})")
            for level in Level.values
            if base and (number := self.line.votes.get(level)) is not None
        ]

    @property
    def quarters(self) -> list[tuple[str, str]]:
        """The levels of the year's quarters, in their order."""
        return [(QUARTERS[kind], level) for kind, level in sorted(self.line.quarters.items())]

    @property
    def score(self) -> str:
        """As it is written."""
        return "" if self.line.score is None else wording.score(self.line.score)

    @property
    def under(self) -> str:
        """The committee of the cell, where that is not the draft's own."""
        committee = self.line.file.meeting.cell.committee
        return "" if committee.pk == self.line.draft.committee_id else committee.name

    @property
    def moved_to(self) -> str:
        """The cell that the member has gone to since, "" where nowhere."""
        member, cell = self.line.member, self.line.file.meeting.cell
        return member.cell.name if member and member.cell_id != cell.pk else ""


def _row(
    line: QuotaLine,
    view: RoomView,
    moves: dict[int, list[QuotaMove]],
    form: MoveForm | None = None,
) -> CaseRow:
    change = view.changes.by_file.get(line.file_id)
    why = change.sentence if change else ""
    if line.is_decided and not why:
        why = verbs.DECIDED.format(line.called)
    is_out = change.is_out if change else False
    return CaseRow(line, form or MoveForm(line), why, is_out, moves.get(line.pk, []))


def _asked(request: Request) -> Asked:
    get = request.GET.get
    return Asked(
        get("nhom", ""), get("muc", ""), asked_word(request), get("xep", ""), get("page", "1")
    )


def _show(
    request: Request,
    draft: QuotaDraft,
    refused: MoveForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The whole page; `refused`: a move that was not taken; `problem`: why something else was not."""
    view, asked = RoomView.load(draft), _asked(request)
    page = reading.page_of(draft, asked)
    lines = list(page)
    if refused and refused.line.pk not in {line.pk for line in lines}:
        lines.insert(0, refused.line)
    moves = reading.moves_of(lines)
    forms = {refused.line.pk: refused} if refused else {}
    groups = draft.post_groups
    context = {
        "committee": draft.committee,
        "draft": draft,
        "view": view,
        "asked": asked,
        "page": page,
        "rows": [_row(line, view, moves, forms.get(line.pk)) for line in lines],
        "sorts": [(key, label) for key, (label, _) in reading.SORTS.items()],
        "levels": Level.choices,
        "problem": problem,
        "is_long": job.is_long(draft),
        "job": job.being_done(draft),
        "may_delete": draft.by_id == request.user.pk and not draft.acts.exists(),
        "unplaced": [
            (of == MEMBERS, posts, number, PlaceForm(groups, of, None), of)
            for of, posts, number in view.unplaced
        ],
        "others": QuotaDraft.objects.of(draft.committee, draft.period).exclude(pk=draft.pk),
        **_words(view.room),
    }
    return render(request, ROOM, context, status=status)


@require_POST
@vary_on_headers("HX-Request")
def quota_move(request: Request, pk: int) -> HttpResponse:
    """Move one case; htmx gets its row and the groups, anybody else the page."""
    rows = QuotaLine.objects.filter(draft__committee__in=request.user.committees())
    rows = rows.select_related(
        "draft__committee", "file__meeting__cell__committee", "member__cell"
    )
    line = get_object_or_404(rows, pk=pk)
    form = MoveForm(line, request.POST)
    if form.is_valid() and _moved(request, line, form):
        line.refresh_from_db(fields=["level", "reason", "version"])
        if not request.htmx:
            return _back(request, line.draft, f"dong-{line.pk}")
        form = MoveForm(line)
    if not request.htmx:
        return _show(request, line.draft, form, status=422)
    view = RoomView.load(line.draft)
    row = _row(line, view, reading.moves_of([line]), form)
    context = {"draft": line.draft, "view": view, "row": row, "oob": True, "levels": Level.choices}
    return render(request, f"{ROOM}#moved", context | _words(view.room))


def _moved(request: Request, line: QuotaLine, form: MoveForm) -> bool:
    seen = posted_number(request, "seen")
    level, reason = form.cleaned_data["level"], form.cleaned_data["reason"]
    return done(form, verbs.move, request.user, line, seen, level, reason)


def _back(request: Request, draft: QuotaDraft, place: str = "") -> HttpResponse:
    """To the draft, at what was filtered there."""
    query = request.GET.urlencode()
    address = reverse("ballots:quota_draft", args=[draft.pk])
    return redirect(address + (f"?{query}" if query else "") + (f"#{place}" if place else ""))


def _pressed(
    request: Request, draft: QuotaDraft, verb: Callable[[int], object], said: str
) -> HttpResponse:
    """Do it to the draft as the page showed it, and go back; a refusal stands on top of the page."""
    try:
        answer = verb(posted_number(request, "version"))
    except (Refused, ValidationError) as error:
        return _show(request, draft, problem=sentence(error), status=422)
    messages.success(request, said.format(answer))
    return _back(request, draft)


@require_POST
def quota_refresh(request: Request, pk: int) -> HttpResponse:
    """Bring a draft up to date with the files and the groups."""
    draft = _draft(request, pk)
    if job.is_long(draft):
        seen = posted_number(request, "version")
        return _begun(request, draft, lambda: job.ask_refresh(request.user, draft, seen))
    said = job.REFRESHED
    return _pressed(request, draft, lambda seen: verbs.refresh(request.user, draft, seen), said)


def _begun(request: Request, draft: QuotaDraft, ask: Callable[[], object]) -> HttpResponse:
    """Have a job do it, and lead to where it is watched; a refusal stands on top of the page."""
    try:
        ask()
    except (Refused, ValidationError) as error:
        return _show(request, draft, problem=sentence(error), status=422)
    return redirect("ballots:jobs")


@require_POST
def quota_raise(request: Request, pk: int) -> HttpResponse:
    """Raise the cap of one group with a reason, or lower it again where no raising is asked for."""
    draft = _draft(request, pk)
    if "lower" in request.POST:
        return _pressed(
            request,
            draft,
            lambda seen: verbs.lower_cap(request.user, draft, seen, _raising(request)["group"]),
            "Nhóm lại theo mức trần đang áp dụng.",
        )
    return _pressed(
        request,
        draft,
        lambda seen: verbs.raise_cap(request.user, draft, seen, **_raising(request)),
        "Đã nâng trần của nhóm trong dự thảo này, kèm lý do.",
    )


def _raising(request: Request) -> dict[str, Any]:
    return cleaned(RaiseForm(request.POST))


@require_POST
def quota_place(request: Request, pk: int) -> HttpResponse:
    """Put a post that is in no group into one."""
    draft = _draft(request, pk)

    def place(seen: int) -> None:
        of = PlaceForm(draft.post_groups, "", request.POST)["of"].value()
        asked = cleaned(PlaceForm(draft.post_groups, of, request.POST))
        values = asked["of"], asked["posts"], asked["group"], asked["basis"]
        placing.place_post(request.user, draft, seen, *values)

    return _pressed(request, draft, place, "Đã đưa chức vụ vào nhóm, kèm căn cứ.")


@require_POST
def quota_copy(request: Request, pk: int) -> HttpResponse:
    """Copy a draft under another name."""
    draft = _draft(request, pk)

    def name() -> str:
        return str(cleaned(NameForm(request.POST))["name"])

    if job.is_long(draft):
        return _begun(request, draft, lambda: job.ask_copy(request.user, draft, name()))
    try:
        new = verbs.copy(request.user, draft, name())
    except (Refused, ValidationError) as error:
        return _show(request, draft, problem=sentence(error), status=422)
    messages.success(request, f"Đã chép thành dự thảo “{new}”.")
    return redirect("ballots:quota_draft", new.pk)


@require_POST
def quota_delete(request: Request, pk: int) -> HttpResponse:
    """Delete a draft; a refusal stands on top of its page."""
    draft = _draft(request, pk)
    try:
        verbs.delete(request.user, draft)
    except Refused as refusal:
        return _show(request, draft, problem=str(refusal), status=422)
    messages.success(request, f"Đã xoá dự thảo “{draft}”.")
    return redirect("ballots:quota", draft.committee_id, draft.period)


@require_safe
def quota_compare(request: Request, pk: int) -> HttpResponse:
    """Two drafts side by side: their groups, and the cases that stand at different levels."""
    draft = _draft(request, pk)
    rows = QuotaDraft.objects.of(draft.committee, draft.period).select_related("committee")
    other = get_object_or_404(rows, pk=asked_number(request, "voi"))
    context = {
        "committee": draft.committee,
        "draft": draft,
        "other": other,
        "pairs": comparing.groups(RoomView.load(draft), RoomView.load(other)),
        "page": comparing.page_of(draft, other, request.GET.get("page", "1")),
        "levels": Level.choices,
    }
    return render(request, "ballots/committee/quota/compare.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def quota_xlsx(request: Request, pk: int) -> HttpResponse:
    """The room as Excel: the groups, the cases, who moved what; of a long draft, asked for by POST."""
    from ballots.committee.quota.workbook import workbook  # on first use: tests/test_start.py

    draft = _draft(request, pk)
    if job.is_long(draft):
        if request.method == "POST":
            return _begun(request, draft, lambda: job.ask_room(request.user, draft))
        return redirect("ballots:quota_draft", pk)
    return excel(workbook(RoomView.load(draft)), job.file_name(draft))
