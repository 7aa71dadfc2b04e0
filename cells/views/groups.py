"""The groups of similar posts that the cap counts by: the list in force, and a committee's own."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cells.forms.groups import GroupsForm
from cells.law.post_groups import GROUPS, HEADS
from cells.views.place import Place
from partyreview.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def committee_groups(request: Request, pk: int) -> HttpResponse:
    """The list in force under a committee; its officers set another, with its basis."""
    place = Place.of_committee(request, pk)
    may_set = place.may_set(request)
    groups, own = place.rules().post_groups, place.own().get(GROUPS)
    data: Any = request.POST if request.method == "POST" else None
    form = GroupsForm(data, groups, own)
    if form.is_valid():
        place.store(request, GROUPS, form.stored, form.cleaned_data["basis"])
        messages.success(request, "Đã ghi danh sách nhóm, kèm căn cứ.")
        return redirect(request.get_full_path())
    context = {
        "place": place,
        "rules_page": place.address("rules"),
        "groups": groups,
        "head": HEADS[groups.head],
        "own": own,
        "form": form if may_set else None,
    }
    return render(request, "cells/groups.html", context, status=422 if form.errors else 200)
