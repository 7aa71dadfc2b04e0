"""The board of a committee: every cell under it, how its meeting stands, and what its locked minutes propose."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ballots.committee.downloads import archive
from ballots.models import Decision, Paper, Petition, Submission
from ballots.results import totals
from cells.law.guidance import load_pack
from cells.law.periods import Period
from cells.law.rules import Rules
from cells.models import Campaign, Cell, Committee, Level, Meeting, Setting
from cells.wording import unaccented
from members.rules.names import search_key
from partyreview.http import Request

PAGE = 50
NO_MEETING = "none"
# How a meeting stands, as the board says it; the order is that of its filter.
STANDINGS: dict[str, str] = {NO_MEETING: totals.NO_MEETING} | dict(Meeting.State.choices)
# Beside the standing: the file lies here, was returned and is awaited again, or is decided; and what members petition.
SENT, RETURNED, DECIDED, PETITIONS = "sent", "returned", "decided", "petitions"


@dataclass(frozen=True)
class BoardRow:
    """One cell on the board: its own data and how its main meeting of the period stands."""

    pk: int
    name: str
    committee: str
    meeting: int | None
    standing: str
    petitions: int  # not yet answered
    sending: int | None  # how many times the file was sent up
    sent_at: datetime | None
    returned_at: datetime | None
    decided_on: date | None

    @property
    def label(self) -> str:
        """How the meeting stands, in words."""
        return STANDINGS[self.standing]

    def stands(self, standing: str) -> bool:
        """Whether this filter shows the line; "" shows all."""
        waits = PETITIONS if self.petitions else None
        return standing in ("", self.standing, self.file, waits)

    @property
    def file(self) -> str | None:
        """Where the file is: SENT, RETURNED, DECIDED, or None before it is sent."""
        if self.sending is None:
            return None
        if self.decided_on:
            return DECIDED
        return RETURNED if self.returned_at else SENT


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
    lines = _lines(chosen, period)
    counts = Counter(line.standing for line in lines)
    files = Counter(line.file for line in lines)
    query = request.GET.get("q", "").strip()
    standing = request.GET.get("trang_thai", "")
    page = Paginator(_shown(lines, standing, query), PAGE).get_page(request.GET.get("page"))
    context = {
        "committee": chosen,
        "below": chosen.below,
        "periods": periods,
        "period": period,
        "counts": [
            *((code, label, counts[code]) for code, label in STANDINGS.items()),
            (SENT, "Đã gửi hồ sơ", files[SENT]),
            (RETURNED, "Đã trả lại", files[RETURNED]),
            (DECIDED, "Đã quyết định", files[DECIDED]),
            (PETITIONS, "Kiến nghị chờ trả lời", sum(line.petitions > 0 for line in lines)),
        ],
        "elsewhere": _elsewhere(chosen, period),
        "total": len(lines),
        "standing": standing,
        "asked": query,
        "page": page,
        "rows": _rows(page),
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


def _shown(lines: list[BoardRow], standing: str, query: str) -> list[BoardRow]:
    """The lines of this standing ("" = any) whose cell is called so, accents aside."""
    key = search_key(query)
    return [line for line in lines if line.stands(standing) and key in search_key(line.name)]


def _rows(page: Page) -> list[tuple[BoardRow, Proposal | None]]:
    """The lines of one page with what their locked minutes propose: four queries, however many cells there are."""
    meetings = [line.meeting for line in page if line.meeting]
    locked = Paper.objects.filter(meeting__in=meetings, kind=Paper.Kind.MINUTES)
    results = totals.results(list(locked.values_list("meeting_id", flat=True)))
    proposals = {pk: Proposal.from_result(result) for pk, result in results.items()}
    return [(line, proposals.get(line.meeting or 0)) for line in page]


def _periods(committee: Committee) -> list[Period]:
    """Periods in which the committee, one above it or one below it held a review, the newest first."""
    below = Campaign.objects.filter(committee__path__startswith=committee.path)
    every = below | Campaign.objects.reaching(committee)
    periods = set(every.order_by().values_list("year", "kind"))
    return [Period(*columns) for columns in sorted(periods, reverse=True)]


def _lines(committee: Committee, period: Period) -> list[BoardRow]:
    main = Meeting.objects.filter(
        cell=OuterRef("pk"),
        campaign__year=period.year,
        campaign__kind=period.kind,
        kind=Meeting.Kind.MAIN,
    )
    sent = Submission.objects.filter(meeting=OuterRef("held")).order_by("-number")
    decided = Decision.objects.filter(meeting=OuterRef("held")).order_by("-number")
    cells = Cell.objects.under(committee).annotate(
        held=Subquery(main.values("pk")[:1]),
        standing=Subquery(main.values("state")[:1]),
        sending=Subquery(sent.values("number")[:1]),
        sent_at=Subquery(sent.values("at")[:1]),
        returned_at=Subquery(sent.values("returned_at")[:1]),
        decided_on=Subquery(decided.values("dated")[:1]),
    )
    own = ("committee__path", "pk", "name", "committee__name")
    sendings = ("sending", "sent_at", "returned_at", "decided_on")
    petitions = _petitions(committee)
    rows = cells.filter(Q(ended_on=None) | Q(held__isnull=False)).values_list(
        *own, "held", "standing", *sendings
    )
    return [
        BoardRow(pk, name, above, meeting, standing or NO_MEETING, petitions[meeting], *file)
        for _, pk, name, above, meeting, standing, *file in sorted(
            rows, key=lambda row: (row[0], _natural(row[2]))
        )
    ]


def _petitions(committee: Committee) -> Counter[int | None]:
    """How many petitions wait for an answer, per meeting of the cells under the committee."""
    below = Petition.objects.waiting().under(committee)
    return Counter(below.values_list("decision__meeting", flat=True))


def _elsewhere(committee: Committee, shown: Period) -> list[tuple[Period, int]]:
    """How many petitions wait for an answer in periods that are not shown, the newest first."""
    below = Petition.objects.waiting().under(committee)
    columns = ("decision__meeting__campaign__year", "decision__meeting__campaign__kind")
    counts = Counter(Period(*row) for row in below.order_by().values_list(*columns))
    return [(period, counts[period]) for period in sorted(counts, reverse=True) if period != shown]


def _natural(name: str) -> str:
    """What names with numbers are sorted by: "Khu phố 7" stands before "Khu phố 11"."""
    return re.sub(r"\d+", lambda digits: digits[0].zfill(6), unaccented(name).lower())


def _period(text: str, periods: list[Period]) -> Period:
    """The period asked for; else the newest, or this year where no review was ever held."""
    try:
        return Period.parse(text)
    except ValueError:
        return periods[0] if periods else Period(timezone.localdate().year)
