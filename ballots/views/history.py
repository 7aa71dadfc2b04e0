"""Các năm: a member's own years on the own phone, and the cell's line over the years for its officers."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ballots import history
from ballots.forms import labels
from ballots.history import CellYear
from ballots.views.results import BAR, LABELS, Piece, bar_of
from cells.models import Campaign, Cell
from members.devices import device_required
from members.models import Member, SelfReview, SelfReviewVersion
from members.promises import Promise, stored
from members.review_entry import Sheet
from members.views.review import sheet_handed_in
from partyreview.http import Request

SHOWN_YEARS = 5


@dataclass(frozen=True)
class OwnYear:
    """A year of one member: what was handed in, and the level the cell proposed or the committee decided."""

    year: int
    review: SelfReviewVersion | None
    sheet: Sheet | None
    level: str
    is_decided: bool


@device_required
@require_safe
def my_years(request: Request) -> HttpResponse:
    """The member's own years, to be read: own words, own levels, nothing about anybody else."""
    member = Member.objects.select_related("cell__committee").get(pk=request.device.member_id)
    levels = history.of_member(member)
    reviews: dict[int, SelfReviewVersion] = {}
    for version in SelfReviewVersion.objects.yearly(member):
        reviews.setdefault(version.review.campaign.year, version)
    years = [
        _own_year(year, reviews.get(year), levels.get(year, ("", False)))
        for year in sorted({*levels, *reviews}, reverse=True)
    ]
    return render(request, "ballots/my_years.html", {"member": member, "years": years})


def _own_year(year: int, review: SelfReviewVersion | None, level: tuple[str, bool]) -> OwnYear:
    sheet = sheet_handed_in(review) if review and not review.on_paper else None
    return OwnYear(year, review, sheet, LABELS.get(level[0], ""), level[1])


@dataclass(frozen=True)
class MemberYears:
    """A member's levels over the shown years, and last year's shortcomings as answered this year."""

    name: str
    levels: list[tuple[int, str]]  # year and code
    promises: tuple[Promise, ...]


@require_safe
def cell_years(request: Request, pk: int) -> HttpResponse:
    """The cell's line over the years with a small chart, its members' levels, and what they promised to mend."""
    cell = get_object_or_404(request.user.cells().select_related("committee"), pk=pk)
    levels = history.of_cell(cell)
    years = history.years_of(levels)
    shown = [year.year for year in years[:SHOWN_YEARS]]
    context = {
        "cell": cell,
        "years": [(year, LABELS.get(year.own, ""), _bar(year)) for year in years],
        "people": _people(cell, shown, levels),
        "codes": LABELS.items(),
        "bar_width": BAR,
        "runs": request.user.has_perm("members.take_reviews", cell),
    }
    return render(request, "ballots/cell_years.html", context)


def _bar(year: CellYear) -> tuple[Piece, ...]:
    return bar_of(list(year.counts.items()), year.rated)


def _people(cell: Cell, shown: list[int], levels: history.Levels) -> list[MemberYears]:
    members = list(Member.objects.in_cell(cell).order_by("position", "name_sort"))
    names = labels(members)
    latest: dict[int, SelfReview] = {}
    rows = SelfReview.objects.filter(
        member__in=members,
        state=SelfReview.State.SUBMITTED,
        on_paper=False,  # beside a paper stands at most a forgotten draft
        campaign__kind=Campaign.Kind.YEAR,
    )
    for review in rows.order_by("campaign__year"):
        latest[review.member_id] = review
    return [
        MemberYears(
            name=names[member.pk],
            levels=[(year, levels[year].get(member.pk, ("–", False))[0]) for year in shown],
            promises=stored(latest[member.pk].answers) if member.pk in latest else (),
        )
        for member in members
    ]
