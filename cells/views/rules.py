"""One cell, and the rules in force in a cell or under a committee."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cells.forms.settings import SettingForm, TermForm
from cells.law.guidance import DECIDED, OPEN, Origin, advice, decided_by
from cells.law.post_groups import LABEL
from cells.law.review_forms import FROM_THE_PACK, ReviewForm, forms_of, scored_forms
from cells.law.rules import Rules, Stated
from cells.models import Campaign, Cell, Setting
from cells.stale import fingerprint, is_sure
from cells.views.place import ASKED, FOR_A_QUARTER, Place
from cells.wording import score
from partyreview.http import Request

OWN_GONE = "Đã bỏ thiết lập riêng; giá trị của cấp trên hoặc của bộ hướng dẫn lại có hiệu lực."
ADDED_GONE = (
    "Đã bỏ trường hợp riêng; chỗ đã xác nhận vẫn hiện ở trang “Đánh giá” nhưng không tính nữa."
)


@require_safe
def cell(request: Request, pk: int) -> HttpResponse:
    """One cell: its meetings, the way to its members, and the term its papers are numbered in."""
    return _cell(request, _seen(request, pk))


def _seen(request: Request, pk: int) -> Cell:
    """A cell this officer may see; 404 for everybody else."""
    return get_object_or_404(request.user.cells().select_related("committee"), pk=pk)


def _cell(request: Request, chosen: Cell, form: TermForm | None = None) -> HttpResponse:
    """`form`: as it was sent and not taken."""
    meetings = request.user.meetings().filter(cell=chosen).select_related("campaign")
    return render(
        request,
        "cells/cell.html",
        {
            "cell": chosen,
            "meetings": meetings,
            "campaigns": Campaign.objects.current(chosen),
            "runs": request.user.has_perm("cells.plan_meeting", chosen),
            "form": form or TermForm(initial={"term_since": chosen.term_since}),
        },
        status=422 if form else 200,
    )


@require_POST
def cell_term(request: Request, pk: int) -> HttpResponse:
    """Keep when the cell's term began; papers numbered before stay as they are."""
    chosen = _seen(request, pk)
    if not request.user.has_perm("cells.set_rules", chosen):
        raise PermissionDenied
    form = TermForm(request.POST)
    if not form.is_valid():
        return _cell(request, chosen, form)
    with transaction.atomic():
        Cell.objects.filter(pk=chosen.pk).update(**form.cleaned_data)
        request.user.record("cell.term_set", chosen, since=str(form.cleaned_data["term_since"]))
    messages.success(request, "Đã ghi nhiệm kỳ. Số văn bản chạy từ 01 trong nhiệm kỳ ấy.")
    return redirect("cells:cell", pk)


@dataclass(frozen=True)
class RuleLine:
    """One rule in force, what this body itself has set, and, for who may set it here, the form."""

    rule: Stated
    own: Setting | None
    form: SettingForm | None


@dataclass(frozen=True)
class SetLine:
    """The criteria or the conditions of one kind of subject, or the flags: what is in force, and the way to it."""

    label: str
    words: str
    origin: str
    decided: str
    url: str

    @property
    def decided_by(self) -> str:
        """Who has decided it, in words."""
        return DECIDED[self.decided]


@require_http_methods(["GET", "HEAD", "POST"])
def committee_rules(request: Request, pk: int) -> HttpResponse:
    """The rules in force under a committee; its officers set values over the guidance pack, each with its basis."""
    return _rules(request, Place.of_committee(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def cell_rules(request: Request, pk: int) -> HttpResponse:
    """The rules in force in a cell, with what the cell has set for itself."""
    return _rules(request, Place.of_cell(request, pk))


def _rules(request: Request, place: Place) -> HttpResponse:
    may_set = place.may_set(request)
    rules = place.rules()
    lines = _rule_lines(request, place, rules, may_set)
    posted = next((line.form for line in lines if line.form and line.form.is_bound), None)
    questions = posted.questions if posted is not None and posted.is_valid() else []
    if posted is not None and posted.is_valid() and is_sure(posted.data, questions):
        place.store(request, posted.key, **posted.cleaned_data)
        messages.success(request, "Đã ghi thiết lập riêng, kèm căn cứ.")
        return redirect(f"{request.get_full_path()}#{posted.key}")
    if request.method == "POST" and posted is None:
        messages.error(request, "Không có mục quy định này. Xin chọn lại trong danh sách.")
        return redirect(request.get_full_path())
    context = {
        "body": place.body,
        "place": place,
        "quarter_query": f"?{ASKED}={FOR_A_QUARTER}",
        "pack": place.pack,
        "groups": _grouped(lines),
        "advice": advice(place.pack["version"]),
        "sets": _set_lines(place, rules),
        "conditions": _condition_lines(place, rules),
        "others": _other_lines(place, rules),
        "asked": questions,
        "sure": fingerprint(questions),
    }
    status = 422 if posted else 200
    return render(request, "cells/rules.html", context, status=status)


def _grouped(lines: list[RuleLine]) -> list[tuple[str, str, list[RuleLine]]]:
    """The rules by who has decided them: key, name and lines of each group that has any."""
    groups = [
        (who, name, [line for line in lines if line.rule.decided == who])
        for who, name in DECIDED.items()
    ]
    return [group for group in groups if group[2]]


def _rule_lines(request: Request, place: Place, rules: Rules, may_set: bool) -> list[RuleLine]:
    own = place.own()
    sent = request.POST.get("key") if request.method == "POST" else None
    return [
        RuleLine(
            rule=rule,
            own=own.get(rule.key),
            form=_setting_form(request, rule.key, rules, own.get(rule.key), rule.key == sent)
            if may_set
            else None,
        )
        for rule in rules.stated()
    ]


def _setting_form(
    request: Request, key: str, rules: Rules, own: Setting | None, is_sent: bool
) -> SettingForm:
    initial = {"value": rules.value(key), "basis": own.basis if own else ""}
    data = request.POST if is_sent else None
    return SettingForm(data, key=key, pack=rules.version, initial=initial)


def _set_lines(place: Place, rules: Rules) -> list[SetLine]:
    """One line per kind of subject that is given points."""
    return [
        SetLine(
            label=form.label,
            words=f"{len(list(form.criteria))} tiêu chí, {score(form.points)} điểm",
            origin=form.origins["criteria"].words,
            decided=form.origins["criteria"].decided,
            url=place.address("criteria", form.kind),
        )
        for form in scored_forms(place.pack, rules)
    ]


def _condition_lines(place: Place, rules: Rules) -> list[SetLine]:
    """One line per kind of subject, which names the levels whose conditions a body has set."""
    return [
        SetLine(
            label=form.label,
            words=f"{sum(map(len, form.conditions.values()))} điều kiện",
            origin=form.conditions_origin,
            decided=decided_by(_of_conditions(form)),
            url=place.address("conditions", form.kind),
        )
        for form in forms_of(place.pack, rules)
    ]


def _of_conditions(form: ReviewForm) -> list[Origin]:
    return [origin for key, origin in form.origins.items() if key.startswith("conditions")]


def _flag_line(place: Place, rules: Rules) -> SetLine:
    """All cases that force or cap a level, and who has changed any of them."""
    origins = [origin for flag in rules.flags for origin in (flag.origin, flag.switched) if origin]
    own = dict.fromkeys(origin.words for origin in origins if origin.set_by)
    return SetLine(
        label="Trường hợp phải xếp mức hoặc giới hạn mức",
        words=f"{sum(flag.is_in_force for flag in rules.flags)} trường hợp đang áp dụng",
        origin="; ".join(own) or FROM_THE_PACK,
        decided=decided_by(origins),
        url=place.address("flags"),
    )


def _other_lines(place: Place, rules: Rules) -> list[SetLine]:
    """What is set as a list of its own; the groups of posts are a committee's alone."""
    groups = [] if place.cell else [_groups_line(place, rules)]
    return [_flag_line(place, rules), _posts_line(place, rules), *groups]


def _groups_line(place: Place, rules: Rules) -> SetLine:
    """The groups of similar posts that the cap counts by, and who says so."""
    groups = rules.post_groups
    return SetLine(
        label=LABEL,
        words=f"{len(groups.groups)} nhóm",
        origin=groups.origin.words,
        decided=groups.origin.decided,
        url=place.address("groups"),
    )


def _posts_line(place: Place, rules: Rules) -> SetLine:
    """The posts outside the cell's executive that count as leadership, and who says so."""
    posts = rules.leader_posts
    return SetLine(
        label="Chức vụ được tính là lãnh đạo, quản lý",
        words=f"{len(posts.titles)} chức vụ ở cơ quan, đoàn thể",
        origin=posts.origin.words if posts.origin else "Chưa cấp ủy nào đặt danh sách",
        decided=posts.origin.decided if posts.origin else OPEN,
        url=place.address("posts"),
    )


@require_POST
def setting_remove(request: Request, pk: int) -> HttpResponse:
    """Take a value back: what the committee above or the guidance pack says is in force again."""
    mine = Setting.objects.filter(
        Q(committee__in=request.user.committees()) | Q(cell__in=request.user.cells())
    )
    setting = get_object_or_404(mine.select_related("committee", "cell__committee"), pk=pk)
    place = Place.of_setting(setting)
    if not request.user.has_perm("cells.set_rules", place.body):
        raise PermissionDenied
    with transaction.atomic():
        request.user.record("setting.removed", setting, key=setting.key, value=setting.value)
        setting.delete()
    messages.success(request, ADDED_GONE if setting.adds_a_flag else OWN_GONE)
    return redirect(place.page_of(setting.key))
