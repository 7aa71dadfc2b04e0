"""Members and Excel: write the list out; read a file, look at what it would do, then apply it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cells import wording
from cells.models import Committee
from cells.stale import Stale
from members.guards import own_cell
from members.imports import applying, waiting
from members.imports import views as steps
from partyreview.http import Request, excel

NONE_MADE = "Chưa tạo chi bộ nào. Xin đánh dấu tên chi bộ cần tạo."


@require_safe
def member_sheet(request: Request, pk: int) -> HttpResponse:
    """The members of one cell as an Excel file with the official columns."""
    cell = get_object_or_404(request.user.cells(), pk=pk)
    return excel(applying.workbook(cell), wording.file_name(f"Danh sach dang vien {cell.name}"))


@require_http_methods(["GET", "HEAD", "POST"])
def member_import(request: Request, pk: int) -> HttpResponse:
    """Choose a file for a cell."""
    return steps.choose(request, own_cell(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def member_import_pages(request: Request, pk: int) -> HttpResponse:
    """Which worksheets of the cell's file are read."""
    return steps.pages(request, own_cell(request, pk))


@require_safe
def member_import_preview(request: Request, pk: int) -> HttpResponse:
    """What the file would do to the cell."""
    return steps.look(request, own_cell(request, pk))


@require_safe
def member_import_errors(request: Request, pk: int) -> HttpResponse:
    """The rows of the cell's file with errors."""
    return steps.errors(request, own_cell(request, pk))


@require_POST
def member_import_answer(request: Request, pk: int) -> HttpResponse:
    """Say who is meant by a row of the cell's file."""
    return steps.answer(request, own_cell(request, pk))


@require_POST
def member_import_apply(request: Request, pk: int) -> HttpResponse:
    """Apply the file to the cell."""
    return steps.apply(request, own_cell(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def member_import_offices(request: Request, pk: int) -> HttpResponse:
    """Who holds which office in the cell."""
    return steps.hold(request, own_cell(request, pk))


@require_POST
def member_import_drop(request: Request, pk: int) -> HttpResponse:
    """Forget the cell's file."""
    return steps.drop(request, own_cell(request, pk))


# The same for all cells under a committee at once


def led(request: Request, pk: int) -> Committee:
    """A committee whose officer this is; 404 for strangers."""
    committee = get_object_or_404(request.user.committees(), pk=pk)
    if not request.user.has_perm("members.import_members", committee):
        raise PermissionDenied
    return committee


@require_safe
def committee_sheet(request: Request, pk: int) -> HttpResponse:
    """The members of all cells under the committee as one Excel file, with their cells."""
    committee = led(request, pk)
    return excel(
        applying.workbook(committee), wording.file_name(f"Danh sach dang vien {committee.name}")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def committee_import_pages(request: Request, pk: int) -> HttpResponse:
    """Which worksheets of the committee's file are read."""
    return steps.pages(request, led(request, pk))


@require_safe
def committee_import_preview(request: Request, pk: int) -> HttpResponse:
    """What the file would do to the cells."""
    return steps.look(request, led(request, pk))


@require_safe
def committee_import_errors(request: Request, pk: int) -> HttpResponse:
    """The rows of the committee's file with errors."""
    return steps.errors(request, led(request, pk))


@require_POST
def committee_import_answer(request: Request, pk: int) -> HttpResponse:
    """Say who is meant by a row of the committee's file."""
    return steps.answer(request, led(request, pk))


@require_POST
def committee_import_apply(request: Request, pk: int) -> HttpResponse:
    """Apply the file to the cells."""
    return steps.apply(request, led(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def committee_import_offices(request: Request, pk: int) -> HttpResponse:
    """Who holds which office in the committee's cells."""
    return steps.hold(request, led(request, pk))


@require_POST
def committee_import_drop(request: Request, pk: int) -> HttpResponse:
    """Forget the committee's file."""
    return steps.drop(request, led(request, pk))


@require_POST
def committee_import_cells(request: Request, pk: int) -> HttpResponse:
    """Make the cells that the file names, the committee lacks, and the officer ticked."""
    committee = led(request, pk)
    upload = waiting.kept_for(request.user, committee)
    if upload is None:
        return steps.to(committee, "start")
    try:
        made = applying.create_cells(request.user, upload, request.POST.getlist("name"))
    except Stale as refusal:
        messages.warning(request, str(refusal))
        return steps.to(committee, "preview")
    if made:
        names = ", ".join(cell.name for cell in made)
        messages.success(request, f"Đã tạo {len(made)} chi bộ: {names}.")
    else:
        messages.warning(request, NONE_MADE)
    return steps.to(committee, "preview")
