"""Đánh giá: score, conditions, flags, votes and level of each subject side by side, and the reasons asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from ballots.appraisal import verbs
from ballots.appraisal.forms import ConditionRow, ConditionsForm, FlagForm, PressForm, ReasonsForm
from ballots.appraisal.rules import EXECUTIVE, FAILS, HOLDS
from ballots.appraisal.subjects import SubjectAppraisal, load
from ballots.core.page import done, run_meeting, runs, seen_meeting, show
from ballots.models import Submission
from cells import wording
from cells.law.flags import Flag, notes_of
from cells.law.guidance import load_pack, origins
from cells.models import Level, Meeting
from cells.stale import STALE
from members.devices import cookies
from members.models import Attendance, Finding
from partyreview.http import Request

LABELS = dict(Level.choices)
NO_BLOCK = "Chưa lưu gì. Xin bấm nút lưu ở cuối phần đồng chí vừa ghi."
NO_FLAG = STALE + " Chữ đã ghi, để chép lại nếu cần: “{}”."


@dataclass(frozen=True)
class Block:
    """What one press saves: the name of its form on the page, the form as sent, and the verb."""

    name: str
    form: forms.Form
    save: Callable[[], None]


@dataclass(frozen=True)
class LevelLine:
    """One level with its conditions, each with the places to fill in, and how the level stands."""

    label: str
    least: int | None
    standing: str
    rows: list[ConditionRow]
    origin: str


@dataclass(frozen=True)
class FlagLine:
    """One case that may be confirmed: what is on record of it, and the form."""

    flag: Flag
    finding: Finding | None
    form: forms.Form
    seen: str


@require_safe
def appraisal(request: Request, pk: int) -> HttpResponse:
    """One row per subject: scores, levels, votes, and how many reasons are still asked for."""
    meeting = seen_meeting(request, pk)
    subjects = load(meeting)
    context = {
        "subjects": [(subject, _numbers(subject)) for subject in subjects],
        "asked": _asked(subjects),
    }
    return show(request, "ballots/appraisal/appraisal.html", meeting, context)


def _asked(subjects: Sequence[SubjectAppraisal]) -> str:
    """How many reasons are still asked for; where none is, also what has not been given yet to ask about."""
    unexplained = sum(bool(subject.appraisal.unexplained) for subject in subjects)
    if unexplained:
        return f"Còn {wording.two_digits(unexplained)} dòng chưa ghi lý do."
    open_ = {
        "chưa tự nhận mức": sum(not subject.facts.self_level for subject in subjects),
        "chưa có mức chi bộ đề nghị": sum(not subject.facts.level for subject in subjects),
    }
    missing = [f"{wording.two_digits(n)} dòng {what}" for what, n in open_.items() if n]
    if missing and not any(subject.appraisal.doubts for subject in subjects):
        return f"Chưa hỏi lý do nào: {', '.join(missing)}."
    return "; ".join(["Không dòng nào còn thiếu lý do", *missing]) + "."


@require_http_methods(["GET", "HEAD", "POST"])
def appraisal_subject(request: Request, pk: int, key: str) -> HttpResponse:
    """Everything about one subject; POST saves the one block that was pressed."""
    meeting = run_meeting(request, pk) if request.method == "POST" else seen_meeting(request, pk)
    subject = _find(meeting, key)
    if request.method != "POST":
        return _show(request, meeting, subject)
    block = _block(request, meeting, subject)
    if block is None:
        typed = request.POST.get("evidence", "").strip()
        messages.error(request, NO_FLAG.format(typed) if typed else NO_BLOCK)
        return redirect("ballots:appraisal_subject", pk, key)
    if cookies.must_wait(request, meeting.cell):
        block.form.add_error(None, cookies.WAIT)
    if block.form.is_valid() and done(block.form, block.save):
        messages.success(request, f"Đã lưu: {subject.title}.")
        return redirect("ballots:appraisal_subject", pk, key)
    return _show(request, meeting, _find(meeting, key), block)


def _find(meeting: Meeting, key: str) -> SubjectAppraisal:
    """The subject of this key as it stands now; 404 for who is not rated."""
    subject = next((each for each in load(meeting) if each.key == key), None)
    if subject is None:
        raise Http404
    return subject


def _block(request: Request, meeting: Meeting, subject: SubjectAppraisal) -> Block | None:
    """The block whose button was pressed; None for a press that names none."""
    press = PressForm(request.POST)
    if not press.is_valid():
        return None
    do, key, seen = (press.cleaned_data[name] for name in ("do", "flag", "seen"))
    whose = request.user, meeting, subject.about
    if do == PressForm.CONDITIONS:
        form = ConditionsForm(subject, request.POST)
        return Block(
            do,
            form,
            lambda: verbs.answer_conditions(*whose, form.answers, form.condition_texts, seen),
        )
    if do == PressForm.REASONS:
        reasons_form = ReasonsForm(subject, request.POST)
        if reasons_form.left_over():
            reasons_form.add_error(None, STALE)
        return Block(
            do, reasons_form, lambda: verbs.give_reasons(*whose, reasons_form.reasons, seen)
        )
    flag = next((f for f in subject.flags if f.key == key), None)
    return _flag_block(request, meeting, subject, flag, press) if flag else None


def _flag_block(
    request: Request, meeting: Meeting, subject: SubjectAppraisal, flag: Flag, press: PressForm
) -> Block | None:
    """Confirming a flag with its evidence, or taking that back."""
    do, seen = press.cleaned_data["do"], press.cleaned_data["seen"]
    whose = request.user, meeting, subject.about
    if do == PressForm.CONFIRM:
        form = FlagForm(subject, flag, request.POST)
        return Block(
            flag.key,
            form,
            lambda: verbs.confirm_flag(*whose, flag, form.cleaned_data["evidence"], seen),
        )
    row = subject.finding(Finding.Kind.FLAG, flag.key)
    if do == PressForm.WITHDRAW and row is not None:
        stored_form = FlagForm(subject, flag, {"evidence": row.evidence})
        return Block(flag.key, stored_form, lambda: verbs.withdraw_flag(*whose, flag.key, seen))
    return None


def _show(
    request: Request, meeting: Meeting, subject: SubjectAppraisal, refused: Block | None = None
) -> HttpResponse:
    """The page; the form of a refused block keeps what was typed."""
    refused_forms = {refused.name: refused.form} if refused else {}
    conditions = refused_forms.get("conditions") or ConditionsForm(subject)
    sent = Submission.objects.is_above(meeting)
    context = {
        "tab": "ballots:appraisal",
        "subject": subject,
        "numbers": _numbers(subject),
        "said": _said(subject),
        "self_level": LABELS.get(subject.facts.self_level, ""),
        "level": LABELS.get(subject.facts.level, ""),
        "collective": LABELS.get(subject.facts.collective, ""),
        "head_rule": _head_rule(meeting),
        "band": LABELS.get(subject.appraisal.band, ""),
        "band_origin": origins(subject.form.version)["bands"].words if subject.form.bands else "",
        "highest": LABELS.get(subject.appraisal.highest, ""),
        "possible": LABELS[subject.appraisal.possible],
        "sent": sent,
        "names": Attendance.objects.of(meeting).listed_names(),
        "writes": not sent and not meeting.is_rehearsal and runs(request, meeting),
        "reasons": refused_forms.get("reasons") or ReasonsForm(subject),
        "conditions": conditions,
        "levels": _levels(subject, conditions),
        "flags": [_flag_line(subject, flag, refused_forms) for flag in subject.flags],
        "lapsed": _lapsed(meeting, subject),
        "notes": notes_of(load_pack(meeting.rules.version)),
        "flags_open": bool(subject.appraisal.flags or subject.lapsed) or refused is not None,
        "seen_reasons": subject.seen(Finding.Kind.REASON),
        "seen_conditions": subject.seen(Finding.Kind.CONDITION),
    }
    status = 422 if refused else 200
    return show(
        request, "ballots/appraisal/appraisal_subject.html", meeting, context, status=status
    )


def _said(subject: SubjectAppraisal) -> list[tuple[str, str, str]]:
    """What each body said: its name, its points and level as written, and its remark."""
    lines = []
    for each in subject.assessments:
        points = f"{_points(each.score)} điểm" if each.score is not None else ""
        level = LABELS.get(each.level, "")
        lines.append((each.said_by, ", ".join(filter(None, (points, level))), each.remark))
    return lines


def _head_rule(meeting: Meeting) -> str:
    """What the head's level is held against."""
    rules = meeting.rules
    return f"{rules.label('head_limit')}: {rules.words('head_limit')}."


def _levels(subject: SubjectAppraisal, form: forms.Form) -> list[LevelLine]:
    """The levels that have conditions, the highest first."""
    return [
        LevelLine(
            label=LABELS[level],
            least=subject.form.bands.get(level),
            standing=_standing(subject, level),
            rows=form.rows(level),  # type: ignore[attr-defined]
            origin=subject.form.origins[f"conditions.{level}"].words,
        )
        for level in subject.appraisal.standing
        if subject.form.conditions.get(level)
    ]


def _standing(subject: SubjectAppraisal, level: str) -> str:
    """How a level stands, in words; where it fails, for want of what."""
    score, least = subject.appraisal.score, subject.form.bands.get(level)
    if score is not None and least is not None and score < least:
        return "Chưa đủ điểm"
    stands = {HOLDS: "Đủ điểm và điều kiện", FAILS: "Thiếu điều kiện"}
    return stands.get(subject.appraisal.standing[level], "Chưa rõ")


def _flag_line(
    subject: SubjectAppraisal, flag: Flag, refused_forms: dict[str, forms.Form]
) -> FlagLine:
    return FlagLine(
        flag=flag,
        finding=subject.finding(Finding.Kind.FLAG, flag.key),
        form=refused_forms.get(flag.key) or FlagForm(subject, flag),
        seen=subject.seen(Finding.Kind.FLAG, flag.key),
    )


def _lapsed(meeting: Meeting, subject: SubjectAppraisal) -> list[tuple[Finding, str]]:
    """Each case that is in force no more, with who put it out of force, where that is known."""
    out = {
        flag.key: flag.switched.words
        for flag in meeting.rules.flags
        if flag.switched and not flag.is_in_force
    }
    return [(row, out.get(row.key, "")) for row in subject.lapsed]


def _numbers(subject: SubjectAppraisal) -> dict[str, str]:
    """The values of one subject as they are written; "" where there is none."""
    facts, appraisal = subject.facts, subject.appraisal
    by = "chi ủy thẩm định" if appraisal.scored_by == EXECUTIVE else "tự chấm"
    votes = [
        f"{wording.two_digits(number)} phiếu {code}"
        for code, number in subject.votes.items()
        if number
    ]
    return {
        "self_score": _points(facts.self_score),
        "executive_score": _points(facts.executive_score),
        "score": f"{_points(appraisal.score)} điểm ({by})" if appraisal.score is not None else "",
        "votes": ", ".join(votes),
        "voted": (subject.outcome.voted or "") if subject.outcome else "",
    }


def _points(score: Decimal | None) -> str:
    return wording.score(score) if score is not None else ""
