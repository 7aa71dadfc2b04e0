"""The morning board of a committee: what waits for its officers, and every cell under it with how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ballots.committee.board.chart import chart
from ballots.committee.board.contacts import Contact, Contacts, contacts_of
from ballots.committee.board.lines import PETITIONS, UNDECIDED, Board, BoardRow
from ballots.committee.board.stages import Stage, due_of
from ballots.committee.downloads import archive
from ballots.committee.downloads.job import AT_ONCE
from ballots.committee.queue.waiting import waiting_files
from ballots.models import Paper, Petition
from ballots.results import totals
from cells.law.deadlines import STEPS
from cells.law.guidance import load_pack
from cells.law.periods import Period
from cells.law.rules import Rules
from cells.models import Campaign, Cell, Committee, Level, Setting
from cells.wording import time_left
from partyreview.http import Request, asked_word

PAGE = 50
BRANCHES = 10  # of them at once
# Of what is asked for beside a stage.
HEADINGS = {PETITIONS: "Có kiến nghị chờ trả lời", UNDECIDED: "Đã duyệt, chưa quyết định"}
WAITING = list(Stage).index(Stage.SENT)


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


@dataclass(frozen=True)
class Tile:
    """One stage: how many cells are there, and how long they have time for their next step."""

    stage: Stage
    number: int
    left: str
    is_late: bool


@dataclass(frozen=True)
class ThisDay:
    """One step and until when it is to be done."""

    step: str
    day: date
    left: str


@require_safe
def committee(request: Request, pk: int) -> HttpResponse:
    """What needs this officer now, every stage with its number, and the cells: filtered, searched, a page of them."""
    chosen = get_object_or_404(request.user.committees(), pk=pk)
    periods = _periods(chosen)
    period = _period(request.GET.get("nam", ""), periods)
    board = Board(chosen, period, timezone.localdate())
    standing, query = request.GET.get("trang_thai", ""), asked_word(request)
    late, only = request.GET.get("cham") == "1", _only(request, board)
    known = None if query or late or only else board.number_shown(standing)
    page = _page(board.shown(standing, query, late=late, of=only), request, known)
    rows = board.rows(list(page))
    petitions, to_review = _petitions(chosen), _to_review(board, request.user.committee)
    context = {
        "committee": chosen,
        "periods": periods,
        "period": period,
        "tiles": _tiles(board),
        "days": _days(board),
        "total": sum(board.counts.values()),
        "to_review": to_review,
        "elsewhere": to_review - board.counts[Stage.SENT],
        "petitions": [(p, n, p == period) for p, n in petitions],
        "late_number": board.late_number(),
        **_overview(board, request, is_whole_list=not (standing or query or late or only)),
        "standing": standing,
        "heading": _heading(standing, late),
        "late": late,
        "only": only,
        "asked": query,
        "page": page,
        "rows": _rows(rows, contacts_of(list(page)) if standing or late else Contacts({})),
        "is_large": sum(board.counts.values()) > AT_ONCE,
        "has_papers": archive.has_papers(chosen, period),
        "decides": chosen.pk == request.user.committee_id,
        "levels": Level.choices,
    }
    return render(request, "ballots/committee/board.html", context)


@require_safe
def reminder(request: Request, pk: int, period: Period) -> HttpResponse:
    """The cells whose day has passed: whom to call, and a text that names them, a page of them at a time."""
    chosen = get_object_or_404(request.user.committees(), pk=pk)
    board = Board(chosen, period, timezone.localdate())
    page = _page(board.late(), request)
    context = {
        "committee": chosen,
        "period": period,
        "page": page,
        "rows": _rows(board.rows(list(page)), contacts_of(list(page))),
        "address": request.build_absolute_uri("/hop/"),
    }
    return render(request, "ballots/committee/reminder.html", context)


@require_safe
def bodies(request: Request, pk: int, period: Period) -> HttpResponse:
    """How many collectives stand at each level, beside the cap as this committee reads it."""
    chosen = get_object_or_404(request.user.committees(), pk=pk)
    campaign = Campaign.objects.reaching(chosen).of(period).first()
    pack = campaign.pack if campaign else Campaign.objects.pack_for(chosen, period.serving)
    own = campaign.settings if campaign else {}
    rules = Rules.from_pack(load_pack(pack), own, Setting.objects.layers(chosen))
    context = {
        "committee": chosen,
        "period": period,
        "bodies": totals.bodies(chosen, period, rules),
        "levels": Level.choices,
        "cap_label": f"{rules.label('cap.percent')}: {rules.words('cap.percent')}",
        "cap_origin": rules.origin("cap.percent").words,
    }
    return render(request, "ballots/committee/bodies.html", context)


def _only(request: Request, board: Board) -> Campaign | None:
    """The campaign of this very committee whose cells alone are asked for (“dot”), if any."""
    if request.GET.get("dot") != "1":
        return None
    own = Campaign.objects.of(board.period).filter(committee=board.committee)
    return own.select_related("committee").first()


def _to_review(board: Board, own: Committee | None) -> int:
    """What the first link opens: the own queue, of every period; else the files of this period."""
    mine = board.committee == own
    return waiting_files(board.committee).count() if mine else board.counts[Stage.SENT]


def _page(cells: QuerySet[Cell], request: Request, known: int | None = None) -> Page[Cell]:
    """The page asked for; `known`: how many there are, where that need not be counted."""
    pages = Paginator(cells, PAGE)
    if known is not None:
        pages.count = known
    return pages.get_page(request.GET.get("page"))


def _overview(board: Board, request: Request, *, is_whole_list: bool) -> dict[str, object]:
    """The week, and the committees right below: all, or those with most to review; not beside a part of the list."""
    if not is_whole_list or request.GET.get("page", "1") != "1":
        return {}
    branches = board.branches()
    first = sorted(branches, key=lambda branch: -branch.numbers[WAITING])[:BRANCHES]
    is_asked_for = request.GET.get("truc_thuoc") == "het"
    shown = branches if is_asked_for or len(branches) <= BRANCHES else first
    left = len(branches) - len(shown)
    return {"chart": chart(board.week()), "branches": shown, "branches_left": left}


def _heading(standing: str, late: bool) -> str:
    """What the list shows, where it does not show all."""
    if late:
        return "Chi bộ chậm"
    if standing in HEADINGS:
        return HEADINGS[standing]
    return Stage(standing).label if standing in Stage.values else ""


def _tiles(board: Board) -> list[Tile]:
    tiles = []
    for stage in Stage:
        due = due_of(stage, board.days.common) if board.counts[stage] else None
        left = time_left(due, board.today) if due else ""
        tiles.append(Tile(stage, board.counts[stage], left, due is not None and due < board.today))
    return tiles


def _days(board: Board) -> list[ThisDay]:
    days = board.days.common
    return [
        ThisDay(words, days[step], time_left(days[step], board.today))
        for step, words in STEPS.items()
        if step in days
    ]


def _rows(
    lines: list[BoardRow], contacts: Contacts
) -> list[tuple[BoardRow, Proposal | None, Sequence[Contact]]]:
    """The lines of one page with what their locked minutes propose: four queries, however many cells there are."""
    meetings = [line.meeting for line in lines if line.meeting]
    locked = Paper.objects.filter(meeting__in=meetings, kind=Paper.Kind.MINUTES)
    results = totals.results(list(locked.values_list("meeting_id", flat=True)))
    proposals = {pk: Proposal.from_result(result) for pk, result in results.items()}
    return [(line, proposals.get(line.meeting or 0), contacts.of(line.cell)) for line in lines]


def _periods(committee: Committee) -> list[Period]:
    """Periods in which the committee, one above it or one below it held a review, the newest first."""
    below = Campaign.objects.filter(committee__path__startswith=committee.path)
    every = below | Campaign.objects.reaching(committee)
    periods = set(every.order_by().values_list("year", "kind"))
    return [Period(*columns) for columns in sorted(periods, reverse=True)]


def _petitions(committee: Committee) -> list[tuple[Period, int]]:
    """How many petitions wait for an answer, by period, the newest first."""
    below = Petition.objects.waiting().under(committee)
    columns = ("decision__meeting__campaign__year", "decision__meeting__campaign__kind")
    groups = below.order_by().values_list(*columns).annotate(number=Count("pk"))
    return sorted(((Period(year, kind), number) for year, kind, number in groups), reverse=True)


def _period(text: str, periods: list[Period]) -> Period:
    """The period asked for; else the newest that has begun, so that the next year may be opened early.

    Where none has, the newest; this year where no review was ever held.
    """
    today = timezone.localdate()
    try:
        return Period.parse(text)
    except ValueError:
        begun = (period for period in periods if period.begins_on <= today)
        return next(begun, periods[0] if periods else Period(today.year))
