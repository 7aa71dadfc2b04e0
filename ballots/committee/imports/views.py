"""Members of all cells of a committee from one sheet; a long one is read, looked at and applied by jobs."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Case, Count, QuerySet, Value, When
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ballots.jobs import asking
from ballots.jobs.views import refusals_on_the_list
from ballots.models import Job
from cells import wording
from cells.models import Committee
from cells.stale import Stale
from members.imports import offices
from members.imports import views as steps
from members.imports.bodies import people, places
from members.imports.forms import AnswerForm, CommitteeSheetForm
from members.imports.large import changing, errors, keeping
from members.imports.large.outcomes import line_of
from members.imports.large.planning import columns_asked, newcomers
from members.imports.placing import NO_CELL, CellCount
from members.imports.plans import CHANGED, ERROR, LABELS, NEW, OPEN, SAME, summary
from members.imports.sheet_views import NONE_MADE, led
from members.imports.spreadsheets.keeping import from_json
from members.models import CommitteeSheet, SheetRow
from partyreview.http import Request, asked_number, excel
from partyreview.uploads import takes_attachments

# A smaller file is read at once, while the page waits.
AT_ONCE = 512 * 1024
PAGE = 50
MOST_CELLS = 200  # of which the counts are shown; of more, those with the most to look at
RANK = Case(*(When(kind=kind, then=Value(rank)) for rank, kind in enumerate(LABELS)))
STEPS = ("preview", "errors", "answer", "apply", "again", "drop", "cells")
MADE = "Đã tạo {} chi bộ: {}."


@require_http_methods(["GET", "HEAD", "POST"])
@takes_attachments
@refusals_on_the_list
def committee_import(request: Request, pk: int) -> HttpResponse:
    """Choose a file for many cells; a small one is read at once, a long one by a job."""
    committee = led(request, pk)
    files = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CommitteeSheetForm(*files)
    if form.is_valid():
        file = form.cleaned_data["file"]
        if file.size > AT_ONCE:
            sheet = keeping.send(request.user, committee, file.name or "", file.read())
            return _ask(request, Job.Kind.SHEET, sheet)
        if steps.read(request, committee, form):
            return steps.to(committee, "preview")
    return steps.start(
        request, committee, form, long_sheet=keeping.kept_for(request.user, committee)
    )


def _ask(
    request: Request, kind: Job.Kind, sheet: CommitteeSheet, **args: object
) -> HttpResponseRedirect:
    """Have it done, and lead to the list of jobs."""
    words = {
        Job.Kind.SHEET: "Đọc tệp đảng viên “{}” của {}",
        Job.Kind.PLAN: "Tính lại tệp đảng viên “{}” của {}",
        Job.Kind.IMPORT: "Ghi tệp “{}” vào danh sách đảng viên của {}",
    }
    about = words[kind].format(sheet, sheet.committee)[:300]
    args = {"sheet": sheet.pk, "committee": sheet.committee_id, **args}
    asking.ask(request.user, kind, about, args)
    return redirect("ballots:jobs")


def _addresses(committee: Committee) -> dict[str, str]:
    own = {step: reverse(f"ballots:sheet_{step}", args=[committee.pk]) for step in STEPS}
    return steps.addresses(committee) | own


def _preview(committee: Committee) -> HttpResponseRedirect:
    return redirect("ballots:sheet_preview", committee.pk)


@require_safe
def sheet_preview(request: Request, pk: int) -> HttpResponse:
    """What the file would do: errors first, each at its cell; nothing is changed yet."""
    committee = led(request, pk)
    sheet = keeping.kept_for(request.user, committee)
    if sheet is None:
        return redirect("ballots:committee_import", pk)
    jobs = Job.objects.of(request.user).filter(kind__in=Job.OF_SHEET, args__sheet=sheet.pk)
    unfinished = jobs.unfinished().exists()
    about = {
        "committee": committee,
        "cell": None,
        "kept": sheet,
        "addresses": _addresses(committee),
        "unfinished": unfinished,
        "unset": len(offices.unset(committee)),
        "writes_alone": connection.vendor == "sqlite",
    }
    if sheet.state in changing.READABLE:
        context = about | _rows(request, sheet)
        return render(request, "members/imports/member_import_preview.html", context)
    return render(request, "ballots/committee/sheet.html", about)


def _rows(request: Request, sheet: CommitteeSheet) -> dict[str, object]:
    """A page of rows, and what is told of all of them."""
    counts = dict(sheet.rows.order_by().values_list("kind").annotate(Count("pk")))
    known = places(sheet.committee).by_pk
    asked = asked_number(request, "chi_bo")
    chosen = asked if asked in known else 0
    page = Paginator(_listed(sheet, chosen), PAGE).get_page(request.GET.get("page"))
    lines = [line_of(row) for row in page]
    names = {pk: place.name for pk, place in known.items()}
    missing = sheet.told.get("missing", {})
    per_cell = _per_cell(sheet, names, missing)
    most = sorted(per_cell, key=lambda count: (-count.wrong - count.asked, -count.missing))
    kept = {count.pk for count in most[:MOST_CELLS]}
    return {
        "sheet": from_json(sheet.sheet),
        "summary": summary(counts),
        "plain": sheet.told.get("plain", 0),
        "effect": counts.get(NEW, 0) + counts.get(CHANGED, 0),
        "errors": counts.get(ERROR, 0),
        "questions": counts.get(OPEN, 0),
        "columns": columns_asked(sheet.told),
        "page": page,
        "lines": [steps.shown(line, names.get(line.cell or 0, "")) for line in lines],
        "digest": sheet.effect,
        "counts": [count for count in per_cell if count.pk in kept],
        "cells_left": len(per_cell) - len(kept),
        "chosen": chosen,
        "chosen_name": names.get(chosen, ""),
        "missing": people(sheet.committee, missing.get(str(chosen), ())) if chosen else [],
        "unknown": newcomers(sheet.told) if sheet.state == CommitteeSheet.State.READ else [],
    }


def _listed(sheet: CommitteeSheet, cell: int) -> QuerySet[SheetRow]:
    rows = sheet.rows.filter(cell=cell) if cell else sheet.rows.all()
    return rows.defer("marks").order_by(RANK, "position")


def _per_cell(
    sheet: CommitteeSheet, names: Mapping[int, str], missing: Mapping[str, list[int]]
) -> list[CellCount]:
    """The counts of every cell that the sheet tells of, in the order of the board; unknown ones first."""
    rows = sheet.rows.order_by().values_list("cell", "kind").annotate(Count("pk"))
    kinds = {(cell or 0, kind): number for cell, kind, number in rows}
    told = {cell for cell, _ in kinds}
    counts = []
    for pk, name in ({0: NO_CELL} | dict(names)).items():
        if pk in told:
            same, new, changed, wrong, asked = (
                kinds.get((pk, kind), 0) for kind in (SAME, NEW, CHANGED, ERROR, OPEN)
            )
            rows_of = same + new + changed + wrong + asked
            left = len(missing.get(str(pk), ()))
            count = CellCount(pk, name, rows_of, same, new, changed, wrong, asked, left)
            counts.append(count)
    return counts


@require_safe
def sheet_errors(request: Request, pk: int) -> HttpResponse:
    """The rows with errors as an Excel file, to be corrected and read again."""
    committee = led(request, pk)
    sheet = keeping.kept_for(request.user, committee)
    if sheet is None or sheet.state not in changing.READABLE:
        return _preview(committee)
    return excel(errors.workbook(sheet), wording.file_name(f"Dong loi {committee.name}"))


@require_POST
@refusals_on_the_list
def sheet_answer(request: Request, pk: int) -> HttpResponse:
    """Say of whom a row tells, or how a cell is to be read; of many rows at once a job plans them anew."""
    committee, form = led(request, pk), AnswerForm(request.POST)
    sheet = keeping.kept_for(request.user, committee)
    if sheet is None or not form.is_valid():
        return _preview(committee)
    try:
        told = _answered(request, sheet, **form.cleaned_data)
    except Stale as refusal:
        messages.warning(request, str(refusal))
        told = None
    return told or _preview(committee)


def _answered(
    request: Request, sheet: CommitteeSheet, *, row: str, plain: bool, **said: Any
) -> HttpResponse | None:
    if row and not plain:
        changing.answer(request.user, sheet, row, **said)
        return None
    column = {} if plain else {"field": said["field"], "kind": said["kind"]}
    changing.answer_all(request.user, sheet, **column)
    return _ask(request, Job.Kind.PLAN, sheet)


@require_POST
@refusals_on_the_list
def sheet_again(request: Request, pk: int) -> HttpResponse:
    """Have the rows read that nobody reads any more, or planned by the members there are now."""
    committee = led(request, pk)
    sheet = keeping.kept_for(request.user, committee)
    if sheet is None or sheet.state == CommitteeSheet.State.APPLIED:
        return _preview(committee)
    is_sent = sheet.state == CommitteeSheet.State.SENT
    return _ask(request, Job.Kind.SHEET if is_sent else Job.Kind.PLAN, sheet)


@require_POST
@refusals_on_the_list
def sheet_apply(request: Request, pk: int) -> HttpResponse:
    """Have the rows without errors written, if they would still do what was looked at."""
    committee = led(request, pk)
    sheet = keeping.kept_for(request.user, committee)
    if sheet is None or sheet.state not in changing.READABLE:
        return _preview(committee)
    looked_at = request.POST.get("digest")
    if not looked_at or looked_at not in (sheet.effect, sheet.applied):
        messages.warning(request, str(Stale()))
        return _preview(committee)
    return _ask(request, Job.Kind.IMPORT, sheet, effect=looked_at)


@require_POST
def sheet_drop(request: Request, pk: int) -> HttpResponse:
    """Forget the file; no member is changed."""
    committee = led(request, pk)
    CommitteeSheet.objects.filter(user=request.user, committee=committee).delete()
    return redirect("ballots:committee_import", pk)


@require_POST
@refusals_on_the_list
def sheet_cells(request: Request, pk: int) -> HttpResponse:
    """Make the cells that the file names, the committee lacks, and the officer ticked; then plan anew."""
    committee = led(request, pk)
    sheet = keeping.kept_for(request.user, committee)
    if sheet is None or sheet.state not in changing.READABLE:
        return _preview(committee)
    try:
        made = changing.create_cells(request.user, sheet, request.POST.getlist("name"))
    except Stale as refusal:
        messages.warning(request, str(refusal))
        return _preview(committee)
    if not made:
        messages.warning(request, NONE_MADE)
        return _preview(committee)
    messages.success(request, MADE.format(len(made), ", ".join(cell.name for cell in made)))
    return _ask(request, Job.Kind.PLAN, sheet)
