"""Tổng hợp của cấp ủy: what all files below add up to, by group, by the next level down, and over the years."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ballots.committee.rollups import lines
from ballots.core.tables import BAR
from ballots.results import sums
from cells.law.periods import Period
from cells.models import Level
from partyreview.http import Request

PAGE = 50


@require_safe
def rollup(request: Request, pk: int, period: Period) -> HttpResponse:
    """The page; one line per body of the next level down, which opens its own page."""
    committee = get_object_or_404(request.user.committees(), pk=pk)
    by_year = sums.by_year(committee) if period.serving == "year" else {}
    whole = by_year.get(period.year) or sums.of_committee(committee, period)
    sent, decided = sums.files(committee, period)
    page = Paginator(lines.branches(committee, period), PAGE).get_page(request.GET.get("page"))
    context = {
        "committee": committee,
        "period": period,
        "stages": [
            (code, label, lines.OPEN[code], lines.groups(whole, code))
            for code, label in lines.STAGES.items()
        ],
        "is_empty": not whole.groups,
        "sent": sent,
        "decided": decided,
        "reasons": sums.reasons(committee, period),
        "page": page,
        "years": lines.years(by_year),
        "levels": Level.choices,
        "bar_width": BAR,
    }
    return render(request, "ballots/committee/rollup.html", context)
