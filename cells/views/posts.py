"""The posts that count as leadership: the list in force, where it comes from, and a committee's own."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cells.forms.posts import PostsForm
from cells.law.posts import LEADER
from cells.views.place import Place
from partyreview.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def committee_posts(request: Request, pk: int) -> HttpResponse:
    """The list in force under a committee; its officers set another, with its basis."""
    return _posts(request, Place.of_committee(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def cell_posts(request: Request, pk: int) -> HttpResponse:
    """The list in force in a cell, which its committee sets."""
    return _posts(request, Place.of_cell(request, pk))


def _posts(request: Request, place: Place) -> HttpResponse:
    may_set = place.may_set(request) and place.cell is None
    if request.method == "POST" and not may_set:
        raise PermissionDenied
    own, posts = place.own().get(LEADER), place.rules().leader_posts
    data: Any = request.POST if request.method == "POST" else None
    form = PostsForm(data, posts, own)
    if form.is_valid():
        place.store(request, LEADER, form.cleaned_data["titles"], form.cleaned_data["basis"])
        messages.success(request, "Đã ghi danh sách chức vụ, kèm căn cứ.")
        return redirect(request.get_full_path())
    context = {
        "place": place,
        "rules_page": place.address("rules"),
        "posts": posts,
        "own": own,
        "form": form if may_set else None,
    }
    return render(request, "cells/posts.html", context, status=422 if form.errors else 200)
