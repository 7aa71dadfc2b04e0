"""Các năm: a member's own years on the own phone, and the cell's line over the years for its officers."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ballots.core.tables import BAR, LABELS, Piece, bar_of
from ballots.models import Classification
from ballots.phone.my_years import SHOWN_YEARS
from ballots.results import former_years
from ballots.results.former_years import CellYear
from ballots.results.levels import InForce, collectives_of_years
from cells.models import Campaign, Cell, Meeting
from members.models import Member, SelfReview
from members.models.former import SOURCE
from members.models.review_list import in_list_order
from members.rules.names import ListedNames
from members.rules.promises import Promise, stored, summed
from partyreview.http import Request


@dataclass(frozen=True)
class MemberYears:
    """A member's levels over the shown years, and last year's shortcomings as answered this year."""

    name: str
    levels: list[tuple[int, str]]  # year and code
    promises: tuple[Promise, ...]

    @property
    def answered(self) -> str:
        """How many of them are remedied, in words."""
        return summed(self.promises)


@require_safe
def cell_years(request: Request, pk: int) -> HttpResponse:
    """The cell's line over the years with a small chart, its members' levels, and what they promised to mend."""
    cell = get_object_or_404(request.user.cells().select_related("committee"), pk=pk)
    levels = former_years.of_cell(cell)
    years = former_years.years_of(levels)
    bodies = collectives_of_years(cell)
    typed_in = {(row.member_id, row.year): row.level for row in former_years.typed_in(cell)}
    known = sorted({*levels, *(year for _, year in typed_in)}, reverse=True)
    shown = known[:SHOWN_YEARS]
    people = _people(cell, shown, levels, typed_in)
    context = {
        "cell": cell,
        "years": [
            (year, LABELS.get(year.own, ""), bodies.get(year.year, {}), _bar(year))
            for year in years
        ],
        "shown": shown,
        "source": SOURCE if typed_in else "",
        "people": people,
        "codes": LABELS.items(),
        "bar_width": BAR,
        "may_edit": request.user.has_perm("members.edit_members", cell),
        "tells": request.user.has_perm("members.take_reviews", cell)
        and any(person.promises for person in people),
    }
    return render(request, "ballots/year/cell_years.html", context)


def _bar(year: CellYear) -> tuple[Piece, ...]:
    return bar_of(list(year.counts.items()), year.rated)


def _people(
    cell: Cell,
    shown: list[int],
    levels: former_years.Levels,
    typed_in: dict[tuple[int, int], str],
) -> list[MemberYears]:
    """Whoever has a level or an answer here, and the cell's members that no other cell has rated."""
    latest: dict[int, SelfReview] = {}
    rows = SelfReview.objects.filter(
        cell=cell,
        state=SelfReview.State.SUBMITTED,
        on_paper=False,  # beside a paper stands at most a forgotten draft
        campaign__kind=Campaign.Kind.YEAR,
    )
    for review in rows.order_by("campaign__year"):
        latest[review.member_id] = review
    rated = [who for year in shown for who in levels.get(year, {}) if who]
    elsewhere = Classification.objects.filter(meeting__campaign__year__in=shown)
    elsewhere = elsewhere.exclude(meeting__kind=Meeting.Kind.REHEARSAL).exclude(meeting__cell=cell)
    newcomer = Q(pk__in=elsewhere.values("member"))
    of_the_cell = Q(cell=cell, left_on=None) & (~newcomer | Q(pk__in=latest))
    listed = Member.objects.filter(Q(pk__in=rated) | of_the_cell)
    members = list(in_list_order(listed, cell))
    names = ListedNames(members)
    return [
        MemberYears(
            name=names.label(member),
            levels=[
                (
                    year,
                    _level(levels.get(year, {}).get(member.pk), typed_in.get((member.pk, year))),
                )
                for year in shown
            ],
            promises=stored(latest[member.pk].answers) if member.pk in latest else (),
        )
        for member in members
    ]


def _level(own: InForce | None, typed_in: str | None) -> str:
    """A star for what came in from a sheet."""
    if own and own.standing:
        return own.standing.level
    return f"{typed_in}*" if typed_in else "–"
