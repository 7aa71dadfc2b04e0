"""The set of criteria of one kind of subject: what is in force and where it comes from, and a set of one's own."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cells.forms.criteria import BasisForm, group_forms
from cells.law.guidance import CRITERIA
from cells.law.review_forms import ReviewForm
from cells.views.place import Place
from partyreview.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def committee_criteria(request: Request, pk: int, kind: str) -> HttpResponse:
    """The criteria in force under a committee; its officers set others, with their basis."""
    return _criteria(request, Place.of_committee(request, pk), kind)


@require_http_methods(["GET", "HEAD", "POST"])
def cell_criteria(request: Request, pk: int, kind: str) -> HttpResponse:
    """The criteria in force in a cell, with the set of its own."""
    return _criteria(request, Place.of_cell(request, pk), kind)


def _criteria(request: Request, place: Place, kind: str) -> HttpResponse:
    may_set = place.may_set(request)
    pack, rules = place.pack, place.rules()
    pattern = pack["review"]["criteria"].get(kind)
    if not pattern:
        raise Http404
    own = place.own().get(CRITERIA + kind)
    data: Any = request.POST if request.method == "POST" else None
    groups = group_forms(data, rules.criteria.get(kind) or pattern, pattern)
    basis = BasisForm(data, own)
    # Both are asked, so that everything that is wrong is said at once.
    if data is not None and all([groups.is_valid(), basis.is_valid()]):
        place.store(request, CRITERIA + kind, groups.groups(), basis.cleaned_data["basis"])
        messages.success(request, "Đã ghi bộ tiêu chí, kèm căn cứ.")
        return redirect(request.get_full_path())
    context = {
        "place": place,
        "rules_page": place.address("rules"),
        "form": ReviewForm.from_pack(pack, kind, rules),
        "own": own,
        "groups": groups if may_set else None,
        "basis": basis,
    }
    return render(request, "cells/criteria.html", context, status=200 if data is None else 422)
