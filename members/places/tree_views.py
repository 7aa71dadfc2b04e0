"""Committees and cells from one sheet: choose a file, look at what it would do, apply it. The file is kept nowhere."""

import json
from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cells.models import Committee
from cells.stale import Stale
from members.imports.forms import SheetForm
from members.imports.spreadsheets import COSTLY
from members.imports.spreadsheets.tree import TreeRow
from members.places import tree
from members.places.forms import TreeForm
from members.places.verbs import Refused
from members.places.views import seen_committee
from partyreview import confined
from partyreview.http import Request

TASK = "members.imports.spreadsheets.tree:as_json"
LEFT = " Còn {} dòng chưa nhập: sửa trong tệp rồi nhập lại, dòng đã có thì giữ nguyên."


@require_http_methods(["GET", "HEAD", "POST"])
def tree_import(request: Request, pk: int) -> HttpResponse:
    """Choose a file; POST shows what it would do, and changes nothing."""
    committee = seen_committee(request, pk, "cells.found")
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    if form.is_valid():
        try:
            data = json.loads(confined.run(TASK, form.cleaned_data["file"].read()))
            return _preview(request, committee, [TreeRow(*row) for row in data], {})
        except confined.Refusal as refusal:
            form.add_error("file", str(refusal))
        except confined.Costly:
            form.add_error("file", COSTLY)
    context = {"committee": committee, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "members/places/tree_import.html", context, status=status)


def _preview(
    request: Request, committee: Committee, rows: list[TreeRow], answers: Mapping[int, str]
) -> HttpResponse:
    """What the rows would do before they are answered; what has been answered stands chosen."""
    lines = tree.planned(committee, rows, {})
    for line in lines:
        line.answer = answers.get(line.row.number, "")
    order = [tree.ASK, tree.WRONG, tree.NEW, tree.SAME]
    context = {
        "committee": committee,
        "lines": sorted(lines, key=lambda line: (order.index(line.kind), line.row.number)),
        "counts": [(tree.LABELS[kind], sum(x.kind == kind for x in lines)) for kind in order],
        "how": tree.HOW.items(),
        "rows": TreeForm.pack(rows),
        "digest": tree.digest(lines),
        "does": any(line.kind in (tree.NEW, tree.ASK) for line in lines),
        "refused": any(line.kind == tree.WRONG for line in lines),
    }
    return render(request, "members/places/tree_preview.html", context)


@require_POST
def tree_apply(request: Request, pk: int) -> HttpResponse:
    """Apply what was looked at; anything else that has happened meanwhile is shown first."""
    committee = seen_committee(request, pk, "cells.found")
    form = TreeForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Trang xem trước đã cũ. Xin chọn lại tệp.")
        return redirect("members:tree_import", committee.pk)
    rows, today = form.rows, timezone.localdate()
    try:
        cells, offices, left = tree.apply(
            request.user, committee, rows, form.answers, form.cleaned_data["digest"], today
        )
    except (Stale, Refused, ValidationError) as refusal:
        messages.error(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
        return _preview(request, committee, rows, form.answers)
    said = f"Đã nhập: {cells} chi bộ mới hoặc chuyển đến, {offices} chức vụ."
    messages.success(request, said + (LEFT.format(left) if left else ""))
    return redirect("members:places", committee.pk)
