"""What the committee above downloads: one ZIP of all locked papers, made as a job, and one Excel summary."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from ballots.committee.downloads.job import name_of
from ballots.jobs import asking
from ballots.jobs.views import refusals_on_the_list
from ballots.models import Job
from cells.law.periods import Period
from cells.models import Committee
from partyreview.http import Request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _seen(request: Request, pk: int) -> Committee:
    """A committee at or below the officer's own; 404 for all others."""
    return get_object_or_404(request.user.committees(), pk=pk)


@require_POST
@refusals_on_the_list
def committee_zip(request: Request, pk: int, period: Period) -> HttpResponse:
    """Have the files of the period put into one ZIP, a folder per cell, with an index and check sums."""
    committee = _seen(request, pk)
    about = f"Văn bản {period.words} của {committee} (ZIP)"
    args = {"committee": committee.pk, "period": str(period)}
    asking.ask(request.user, Job.Kind.PAPERS, about, args)
    return redirect("ballots:jobs")


@require_safe
def committee_xlsx(request: Request, pk: int, period: Period) -> HttpResponse:
    """The Excel summary of the period: cells × levels."""
    from ballots.committee.rollups.workbook import workbook  # on first use: tests/test_start.py

    committee = _seen(request, pk)
    response = HttpResponse(workbook(committee, period), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name_of(committee, period)}.xlsx"'
    return response
