"""The cases that force or cap a level: those in force and where each comes from; put out of force, and added."""

import secrets
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cells.forms.flags import OwnFlagForm, SwitchForm
from cells.law.flags import Flag, notes_of
from cells.law.guidance import FLAGS, origins
from cells.law.review_forms import kinds
from cells.models import Setting
from cells.views.place import Place
from partyreview.http import Request

OUT, BACK, ADD = "out", "back", "add"
DONE = {
    OUT: "Đã thôi áp dụng trường hợp ấy, kèm căn cứ.",
    BACK: "Đã áp dụng lại trường hợp ấy, kèm căn cứ.",
}


@dataclass(frozen=True)
class FlagLine:
    """One case, of whom it may be confirmed, what this body has set of it, and, for who may, the form."""

    flag: Flag
    subjects: str
    own: Setting | None
    form: SwitchForm | None

    @property
    def is_added_here(self) -> bool:
        """Whether this body has added the case; else it has put a known one out of force, or back."""
        return self.own is not None and self.own.adds_a_flag


@require_http_methods(["GET", "HEAD", "POST"])
def committee_flags(request: Request, pk: int) -> HttpResponse:
    """The cases in force under a committee; its officers put some out of force and add others."""
    return _flags(request, Place.of_committee(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def cell_flags(request: Request, pk: int) -> HttpResponse:
    """The cases in force in a cell, with what the cell has set for itself."""
    return _flags(request, Place.of_cell(request, pk))


def _flags(request: Request, place: Place) -> HttpResponse:
    may_set = place.may_set(request)
    do, flags = request.POST.get("do", ""), place.rules().flags
    data: Any = request.POST if do == ADD else None
    adding = OwnFlagForm(data, place.pack, flags) if may_set else None
    lines = _lines(request, place, flags, may_set)
    switched = next((line.form for line in lines if line.form and line.form.is_bound), None)
    posted = adding if adding and adding.is_bound else switched
    if posted is not None and posted.is_valid():
        return _store(request, place, posted, do)
    if request.method == "POST" and posted is None:
        messages.error(request, "Không có trường hợp này. Xin chọn lại trong danh sách.")
        return redirect(request.get_full_path())
    source = origins(place.pack["version"]).get("review.flags")
    context = {
        "place": place,
        "rules_page": place.address("rules"),
        "source": source.words if source else "",
        "lines": lines,
        "notes": notes_of(place.pack),
        "adding": adding,
    }
    return render(request, "cells/flags.html", context, status=422 if posted else 200)


def _lines(
    request: Request, place: Place, flags: tuple[Flag, ...], may_set: bool
) -> list[FlagLine]:
    """With the form where nothing is set yet; as it was sent it is shown whatever was set meanwhile."""
    labels, own = kinds(place.pack), place.own()
    sent = request.POST.get("flag") if request.POST.get("do") in DONE else None
    lines = []
    for flag in flags:
        subjects = "; ".join(labels[kind] for kind in flag.subjects if kind in labels)
        line = FlagLine(flag, subjects, own.get(FLAGS + flag.key), None)
        if may_set and not line.is_added_here and (line.own is None or sent == flag.key):
            data: Any = request.POST if sent == flag.key else None
            line = replace(line, form=SwitchForm(data, line.own, flag))
        lines.append(line)
    return lines


def _store(
    request: Request, place: Place, form: SwitchForm | OwnFlagForm, do: str
) -> HttpResponse:
    """Keep what was sent: a new case gets a key that none ever had, for what is confirmed is kept by it."""
    basis = form.cleaned_data["basis"]
    if isinstance(form, OwnFlagForm):
        key = f"own-{secrets.token_hex(4)}"
        place.store(request, FLAGS + key, form.value, basis)
        messages.success(request, "Đã thêm trường hợp, kèm căn cứ.")
    else:
        key = form.flag.key
        place.store(request, FLAGS + key, do == BACK, basis)
        messages.success(request, DONE[do])
    return redirect(f"{request.get_full_path()}#{key}")
