"""Levels and shortcomings of a former year from a sheet: choose, look, store. The file is kept nowhere."""

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cells.models import Cell
from cells.stale import Stale
from members.former import verbs
from members.former.forms import FormerForm, SealedForm, seal
from members.guards import own_cell
from members.imports.spreadsheets import COSTLY
from members.imports.spreadsheets.former import FormerRow
from partyreview import confined
from partyreview.http import Request

TASK = "members.imports.spreadsheets.former:as_json"


@require_http_methods(["GET", "HEAD", "POST"])
def former_import(request: Request, pk: int) -> HttpResponse:
    """Choose a year and a file; POST shows what would be stored, and stores nothing."""
    cell = own_cell(request, pk)
    form = FormerForm(request.POST, request.FILES) if request.method == "POST" else FormerForm()
    if form.is_valid():
        try:
            data = json.loads(confined.run(TASK, form.cleaned_data["file"].read()))
            rows = [FormerRow(*row) for row in data]
            return _preview(request, cell, form.cleaned_data["year"], rows)
        except confined.Refusal as refusal:
            form.add_error("file", str(refusal))
        except confined.Costly:
            form.add_error("file", COSTLY)
    status = 422 if form.is_bound else 200
    context = {"cell": cell, "form": form}
    return render(request, "members/former/former_import.html", context, status=status)


def _preview(request: Request, cell: Cell, year: int, rows: list[FormerRow]) -> HttpResponse:
    lines = verbs.planned(cell, year, rows)
    order = [verbs.WRONG, verbs.NEW, verbs.SAME]
    context = {
        "cell": cell,
        "year": year,
        "lines": sorted(lines, key=lambda line: (order.index(line.kind), line.row.number)),
        "counts": [(verbs.LABELS[kind], sum(x.kind == kind for x in lines)) for kind in order],
        "sealed": seal(year, rows),
        "digest": verbs.digest(lines),
        "does": any(line.kind == verbs.NEW for line in lines),
    }
    return render(request, "members/former/former_preview.html", context)


@require_POST
def former_apply(request: Request, pk: int) -> HttpResponse:
    """Store what was looked at; what has changed meanwhile is shown first."""
    cell = own_cell(request, pk)
    form = SealedForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Trang xem trước đã cũ. Xin chọn lại tệp.")
        return redirect("members:former_import", cell.pk)
    year, rows = form.cleaned_data["sealed"]
    try:
        number = verbs.apply(request.user, cell, year, rows, form.cleaned_data["digest"])
    except Stale as stale:
        messages.error(request, str(stale))
        return _preview(request, cell, year, rows)
    messages.success(request, f"Đã ghi năm {year} của {number} đồng chí.")
    return redirect("ballots:cell_years", cell.pk)
