"""The lines of a committee's board: counted, filtered, searched, ordered and cut into pages by the database."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from ballots.models import Decision, Petition, Submission
from ballots.results import totals
from cells.law.periods import Period
from cells.models import Cell, Committee, Meeting
from cells.wording import search_key

NO_MEETING = "none"
# How a meeting stands, as the board says it; the order is that of its filter.
STANDINGS: dict[str, str] = {NO_MEETING: totals.NO_MEETING} | dict(Meeting.State.choices)
# Beside the standing: the file lies here, was returned and is awaited again, or is decided; and what members petition.
SENT, RETURNED, DECIDED, PETITIONS = "sent", "returned", "decided", "petitions"
BESIDE = {
    SENT: "Đã gửi hồ sơ",
    RETURNED: "Đã trả lại",
    DECIDED: "Đã quyết định",
    PETITIONS: "Kiến nghị chờ trả lời",
}


@dataclass(frozen=True)
class BoardRow:
    """One cell on the board: its own data and how its main meeting of the period stands."""

    pk: int
    name: str
    committee: str
    meeting: int | None = None
    standing: str = NO_MEETING
    petitions: int = 0  # not yet answered
    sending: int | None = None  # how many times the file was sent up
    sent_at: datetime | None = None
    returned_at: datetime | None = None
    decided_on: date | None = None

    @property
    def label(self) -> str:
        """How the meeting stands, in words."""
        return STANDINGS[self.standing]


class Board:
    """The cells under a committee and their main meetings of one period; of two that a cell has, the later."""

    def __init__(self, committee: Committee, period: Period) -> None:
        """Asks nothing yet."""
        main = totals.meetings(committee, period).select_related(None).order_by()
        beside = main.filter(cell=OuterRef("cell"))
        same_time = Q(starts_at=OuterRef("starts_at"), pk__gt=OuterRef("pk"))
        later = beside.filter(Q(starts_at__gt=OuterRef("starts_at")) | same_time)
        self._meetings = main.exclude(Exists(later))
        cells = Cell.objects.under(committee).select_related("committee")
        listed = cells.filter(Q(ended_on=None) | Q(pk__in=self._meetings.values("cell")))
        self._cells = listed.order_by("committee__path", "name_sort", "name")

    def counts(self) -> Counter[str]:
        """How many cells each filter shows, that for all under ""."""
        counts = Counter({"": self._cells.count()})
        groups = self._marked().values_list("state", "file", "waits")  # type: ignore[misc]
        for state, file, waits, number in groups.annotate(number=Count("pk")):
            for mark in (state, file, PETITIONS if waits else ""):
                if mark:
                    counts[mark] += number
        counts[NO_MEETING] = counts[""] - sum(counts[state] for state in Meeting.State.values)
        return counts

    def shown(self, standing: str, query: str) -> QuerySet[Cell]:
        """The cells of this filter ("" = all) that are called so, accents aside."""
        cells = self._cells.filter(name_search__contains=search_key(query))
        if not standing:
            return cells
        if standing == NO_MEETING:
            return cells.exclude(pk__in=self._meetings.values("cell"))
        if standing not in STANDINGS | BESIDE:
            return cells.none()
        if standing == PETITIONS:
            chosen = Q(waits=True)
        else:
            chosen = Q(file=standing) if standing in BESIDE else Q(state=standing)
        return cells.filter(pk__in=self._marked().filter(chosen).values("cell"))

    def rows(self, cells: Sequence[Cell]) -> list[BoardRow]:
        """These cells with their meetings: one query, however many."""
        of_file = Submission.objects.filter(meeting=OuterRef("pk")).order_by("-number")
        decided = Decision.objects.filter(meeting=OuterRef("pk")).order_by("-number")
        waiting = Petition.objects.waiting().filter(decision__meeting=OuterRef("pk")).order_by()
        number = waiting.values("decision__meeting").annotate(number=Count("pk"))
        meetings = self._meetings.filter(cell__in=[cell.pk for cell in cells]).values_list(
            "cell",
            "pk",
            "state",
            Subquery(number.values("number")),
            Subquery(of_file.values("number")[:1]),
            Subquery(of_file.values("at")[:1]),
            Subquery(of_file.values("returned_at")[:1]),
            Subquery(decided.values("dated")[:1]),
        )
        by_cell = {
            cell: (pk, state, petitions or 0, *file)
            for cell, pk, state, petitions, *file in meetings
        }
        return [
            BoardRow(cell.pk, cell.name, cell.committee.name, *by_cell.get(cell.pk, ()))
            for cell in cells
        ]

    def _marked(self) -> QuerySet[Meeting]:
        """The meetings, each with where its file is, "" before it was sent, and whether a petition waits."""
        of_file = Submission.objects.filter(meeting=OuterRef("pk"))
        last_returned = of_file.order_by("-number").values("returned_at")[:1]
        decisions = Decision.objects.filter(meeting=OuterRef("pk"))
        waiting = Petition.objects.waiting().filter(decision__meeting=OuterRef("pk"))
        file = Case(
            When(~Exists(of_file), then=Value("")),
            When(Exists(decisions), then=Value(DECIDED)),
            When(returned_at__isnull=False, then=Value(RETURNED)),
            default=Value(SENT),
        )
        return self._meetings.annotate(returned_at=Subquery(last_returned)).annotate(
            file=file, waits=Exists(waiting)
        )
