"""What the committee above downloads: one ZIP of all locked papers, one Excel summary."""

import tempfile

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from ballots.committee.downloads import archive
from ballots.core.downloads import IN_MEMORY
from cells import wording
from cells.law.periods import Period
from cells.models import Committee
from partyreview.http import Request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
    from ballots.committee.rollups.workbook import workbook  # on first use: tests/test_start.py

    committee = _seen(request, pk)
    response = HttpResponse(workbook(committee, period), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{_name(committee, period)}.xlsx"'
    return response
