"""The conditions of each level, of one kind of subject: what is in force, where it comes from, and one's own."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cells.forms.conditions import LevelForm
from cells.law.conditions import group_of, setting_key
from cells.law.review_forms import ReviewForm, kinds
from cells.law.rules import Rules
from cells.models import Level, Setting
from cells.views.place import Place
from partyreview.http import Request

LABELS = dict(Level.choices)


@dataclass(frozen=True)
class LevelLine:
    """The conditions of one level, what this body has set of them, and, for who may set them here, the form."""

    level: str
    label: str
    conditions: tuple[str, ...]
    origin: str
    own: Setting | None
    form: LevelForm | None


@require_http_methods(["GET", "HEAD", "POST"])
def committee_conditions(request: Request, pk: int, kind: str) -> HttpResponse:
    """The conditions in force under a committee; its officers set others, level by level, with their basis."""
    return _conditions(request, Place.of_committee(request, pk), kind)


@require_http_methods(["GET", "HEAD", "POST"])
def cell_conditions(request: Request, pk: int, kind: str) -> HttpResponse:
    """The conditions in force in a cell, with those of its own."""
    return _conditions(request, Place.of_cell(request, pk), kind)


def _conditions(request: Request, place: Place, kind: str) -> HttpResponse:
    may_set = place.may_set(request)
    if kind not in kinds(place.pack):
        raise Http404
    rules = place.rules()
    lines = _lines(request, place, rules, kind, may_set)
    posted = next((line.form for line in lines if line.form and line.form.is_bound), None)
    if posted is not None and posted.is_valid():
        key, basis = setting_key(kind, posted.level), posted.cleaned_data["basis"]
        place.store(request, key, posted.value, basis)
        messages.success(request, "Đã ghi điều kiện riêng, kèm căn cứ.")
        return redirect(f"{request.get_full_path()}#{posted.level}")
    if request.method == "POST" and posted is None:
        messages.error(request, "Không có mức này. Xin chọn lại trong danh sách.")
        return redirect(request.get_full_path())
    context = {
        "place": place,
        "rules_page": place.address("rules"),
        "label": kinds(place.pack)[kind],
        "lines": lines,
    }
    return render(request, "cells/conditions.html", context, status=422 if posted else 200)


def _lines(
    request: Request, place: Place, rules: Rules, kind: str, may_set: bool
) -> list[LevelLine]:
    """One line per level, the highest first."""
    form, own = ReviewForm.from_pack(place.pack, kind, rules), place.own()
    lines = []
    for level in rules.levels:
        mine = own.get(setting_key(kind, level))
        sent: Any = request.POST if request.POST.get("level") == level else None
        former = group_of(place.pack, kind, level, rules.conditions)
        origin = form.origins.get(f"conditions.{level}") or form.origins["conditions"]
        lines.append(
            LevelLine(
                level=level,
                label=LABELS[level],
                conditions=tuple(form.conditions.get(level, {}).values()),
                origin=origin.words,
                own=mine,
                form=LevelForm(sent, mine, level, former) if may_set else None,
            )
        )
    return lines
