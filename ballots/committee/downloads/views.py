"""What the committee above downloads: a ZIP of all locked papers, the Excel summary, the list of all members."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from ballots.committee.downloads.job import name_of
from ballots.jobs import asking
from ballots.jobs.views import refusals_on_the_list
from ballots.models import Job
from cells.law.periods import Period
from cells.models import Committee
from partyreview.http import Request, excel


def _seen(request: Request, pk: int) -> Committee:
    """A committee at or below the officer's own; 404 for all others."""
    return get_object_or_404(request.user.committees(), pk=pk)


def _ask(
    request: Request, kind: Job.Kind, about: str, committee: Committee, **args: object
) -> HttpResponse:
    asking.ask(request.user, kind, about, {"committee": committee.pk, **args})
    return redirect("ballots:jobs")


@require_POST
@refusals_on_the_list
def committee_zip(request: Request, pk: int, period: Period) -> HttpResponse:
    """Have the files of the period put into one ZIP, a folder per cell, with an index and check sums."""
    committee = _seen(request, pk)
    about = f"Văn bản {period.words} của {committee} (ZIP)"
    return _ask(request, Job.Kind.PAPERS, about, committee, period=str(period))


@require_POST
@refusals_on_the_list
def committee_summary(request: Request, pk: int, period: Period) -> HttpResponse:
    """Have the Excel summary of a committee of many cells made."""
    committee = _seen(request, pk)
    about = f"Bảng tổng hợp {period.words} của {committee} (Excel)"
    return _ask(request, Job.Kind.SUMMARY, about, committee, period=str(period))


@require_POST
@refusals_on_the_list
def committee_members(request: Request, pk: int) -> HttpResponse:
    """Have the list of the members of many cells made."""
    committee = _seen(request, pk)
    if not request.user.has_perm("members.import_members", committee):
        raise PermissionDenied
    about = f"Danh sách đảng viên của {committee} (Excel)"
    return _ask(request, Job.Kind.MEMBERS, about, committee)


@require_safe
def committee_xlsx(request: Request, pk: int, period: Period) -> HttpResponse:
    """The Excel summary of the period, at once: cells × levels."""
    from ballots.committee.rollups.workbook import workbook  # on first use: tests/test_start.py

    committee = _seen(request, pk)
    return excel(workbook(committee, period), name_of(committee, period))
