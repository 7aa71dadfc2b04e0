"""What the committee above downloads: one ZIP of all locked papers, one Excel summary."""

import tempfile

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from ballots import archive, rollups
from cells import wording
from cells.models import Committee
from cells.periods import Period
from partyreview.http import Request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 8 * 1024 * 1024


def _seen(request: Request, pk: int) -> Committee:
    """A committee at or below the officer's own; 404 for all others."""
    return get_object_or_404(request.user.committees(), pk=pk)


def _name(committee: Committee, period: Period) -> str:
    return wording.file_name(f"{committee.name} {period}")


@require_safe
def committee_zip(request: Request, pk: int, period: Period) -> FileResponse:
    """The files of the period, a folder per cell, with an index and check sums."""
    committee = _seen(request, pk)
    # Spooled: thousands of papers pass through the disk, not through memory.
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by the response
    archive.write(committee, period, file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{_name(committee, period)}.zip")


@require_safe
def committee_xlsx(request: Request, pk: int, period: Period) -> HttpResponse:
    """The Excel summary of the period: cells × levels."""
    committee = _seen(request, pk)
    response = HttpResponse(rollups.workbook(committee, period), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{_name(committee, period)}.xlsx"'
    return response
