"""The board of a committee: every cell under it, how its meeting stands, and what its locked minutes propose."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ballots.committee.board.lines import BESIDE, STANDINGS, Board, BoardRow
from ballots.committee.downloads import archive
from ballots.models import Paper, Petition
from ballots.results import totals
from cells.law.guidance import load_pack
from cells.law.periods import Period
from cells.law.rules import Rules
from cells.models import Campaign, Committee, Level, Setting
from partyreview.http import Request, asked_word

PAGE = 50


@dataclass(frozen=True)
class Proposal:
    """What a cell with locked minutes proposes: its own level in words, and members per heading."""

    own_level: str
    collectives: tuple[tuple[str, str], ...]  # leadership collectives and their levels
    numbers: list[tuple[str, int]]

    @classmethod
    def from_result(cls, result: totals.Result) -> "Proposal":
        """Write a result out."""
        numbers = [*result.counts.items(), ("Chưa kết luận", result.undecided)]
        return cls(result.own_level or "Chưa kết luận", result.collectives, numbers)


@require_safe
def committee(request: Request, pk: int) -> HttpResponse:
    """The board: every cell under the committee with the state of its meeting, counted, filtered, searched."""
    chosen = get_object_or_404(request.user.committees(), pk=pk)
    periods = _periods(chosen)
    period = _period(request.GET.get("nam", ""), periods)
    board = Board(chosen, period)
    counts = board.counts()
    query = asked_word(request)
    standing = request.GET.get("trang_thai", "")
    page = Paginator(board.shown(standing, query), PAGE).get_page(request.GET.get("page"))
    context = {
        "committee": chosen,
        "below": chosen.below,
        "periods": periods,
        "period": period,
        "counts": [(code, label, counts[code]) for code, label in (STANDINGS | BESIDE).items()],
        "elsewhere": _elsewhere(chosen, period),
        "total": counts[""],
        "standing": standing,
        "asked": query,
        "page": page,
        "rows": _rows(board.rows(list(page))),
        **_bodies(chosen, period),
        "has_papers": archive.has_papers(chosen, period),
        "levels": Level.choices,
    }
    return render(request, "ballots/committee/board.html", context)


def _bodies(committee: Committee, period: Period) -> dict[str, object]:
    """How many collectives stand at each level, beside the cap as this committee reads it."""
    campaign = Campaign.objects.reaching(committee).of(period).first()
    serving = "year" if period.kind == Campaign.Kind.YEAR else "quarter"
    pack = campaign.pack if campaign else Campaign.objects.pack_for(committee, serving)
    own = campaign.settings if campaign else {}
    rules = Rules.from_pack(load_pack(pack), own, Setting.objects.layers(committee))
    return {
        "bodies": totals.bodies(committee, period, rules),
        "cap_label": f"{rules.label('cap.percent')}: {rules.words('cap.percent')}",
        "cap_origin": rules.origin("cap.percent").words,
    }


def _rows(lines: list[BoardRow]) -> list[tuple[BoardRow, Proposal | None]]:
    """The lines of one page with what their locked minutes propose: four queries, however many cells there are."""
    meetings = [line.meeting for line in lines if line.meeting]
    locked = Paper.objects.filter(meeting__in=meetings, kind=Paper.Kind.MINUTES)
    results = totals.results(list(locked.values_list("meeting_id", flat=True)))
    proposals = {pk: Proposal.from_result(result) for pk, result in results.items()}
    return [(line, proposals.get(line.meeting or 0)) for line in lines]


def _periods(committee: Committee) -> list[Period]:
    """Periods in which the committee, one above it or one below it held a review, the newest first."""
    below = Campaign.objects.filter(committee__path__startswith=committee.path)
    every = below | Campaign.objects.reaching(committee)
    periods = set(every.order_by().values_list("year", "kind"))
    return [Period(*columns) for columns in sorted(periods, reverse=True)]


def _elsewhere(committee: Committee, shown: Period) -> list[tuple[Period, int]]:
    """How many petitions wait for an answer in periods that are not shown, the newest first."""
    below = Petition.objects.waiting().under(committee)
    columns = ("decision__meeting__campaign__year", "decision__meeting__campaign__kind")
    groups = below.order_by().values_list(*columns).annotate(number=Count("pk"))
    numbers = {Period(year, kind): number for year, kind, number in groups}
    return [
        (period, numbers[period]) for period in sorted(numbers, reverse=True) if period != shown
    ]


def _period(text: str, periods: list[Period]) -> Period:
    """The period asked for; else the newest, or this year where no review was ever held."""
    try:
        return Period.parse(text)
    except ValueError:
        return periods[0] if periods else Period(timezone.localdate().year)
