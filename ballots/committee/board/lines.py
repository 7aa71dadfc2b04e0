"""The lines of a committee's board: counted, filtered, searched, ordered and cut into pages by the database."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

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


def _facts() -> dict[str, Exists]:
    """What is true of a meeting: its file was sent, was returned last, is decided; a petition waits."""
    sendings = Submission.objects.filter(meeting=OuterRef("pk"))
    later = Submission.objects.filter(meeting=OuterRef("meeting"), number__gt=OuterRef("number"))
    waiting = Petition.objects.waiting().filter(decision__meeting=OuterRef("pk"))
    return {
        "is_sent": Exists(sendings),
        "is_returned": Exists(sendings.exclude(returned_at=None).exclude(Exists(later))),
        "is_decided": Exists(Decision.objects.filter(meeting=OuterRef("pk"))),
        "is_petitioned": Exists(waiting),
    }


def _asked(standing: str) -> Q:
    """What a filter asks of a meeting, in conditions that a database makes joins of."""
    sent, returned, decided, petitioned = map(Q, _facts().values())
    beside = {
        SENT: sent & ~decided & ~returned,
        RETURNED: sent & ~decided & returned,
        DECIDED: sent & decided,
        PETITIONS: petitioned,
    }
    return beside.get(standing, Q(state=standing))


class Board:
    """The cells under a committee and their main meetings of one period; of two that a cell has, the later."""

    def __init__(self, committee: Committee, period: Period) -> None:
        """Asks nothing yet."""
        of_period = totals.meetings_of(period).order_by()
        same_time = Q(starts_at=OuterRef("starts_at"), pk__gt=OuterRef("pk"))
        later = of_period.filter(
            Q(starts_at__gt=OuterRef("starts_at")) | same_time, cell=OuterRef("cell")
        )
        self._of_period = of_period.exclude(Exists(later))
        self._meetings = self._of_period.filter(cell__committee__path__startswith=committee.path)
        cells = Cell.objects.under(committee).select_related("committee")
        listed = cells.filter(Q(ended_on=None) | Q(pk__in=of_period.values("cell")))
        self._cells = listed.order_by("committee__path", "name_sort", "name")

    def counts(self) -> Counter[str]:
        """How many cells each filter shows, that for all under ""."""
        counts = Counter({"": self._cells.count()})
        facts = _facts()
        groups = self._meetings.annotate(**facts).values_list("state", *facts)
        for state, sent, returned, decided, petitioned, number in groups.annotate(Count("pk")):
            counts[state] += number
            if sent:
                counts[DECIDED if decided else RETURNED if returned else SENT] += number
            if petitioned:
                counts[PETITIONS] += number
        counts[NO_MEETING] = counts[""] - sum(counts[state] for state in Meeting.State.values)
        return counts

    def shown(self, standing: str, query: str) -> QuerySet[Cell]:
        """The cells of this filter ("" = all) that are called so, accents aside."""
        cells = self._cells
        if key := search_key(query):
            cells = cells.filter(name_search__contains=key)
        if not standing:
            return cells
        if standing == NO_MEETING:
            return cells.exclude(pk__in=self._meetings.values("cell"))
        if standing not in STANDINGS | BESIDE:
            return cells.none()
        return cells.filter(pk__in=self._meetings.filter(_asked(standing)).values("cell"))

    def rows(self, cells: Sequence[Cell]) -> list[BoardRow]:
        """These cells with their meetings: one query, however many."""
        of_file = Submission.objects.filter(meeting=OuterRef("pk")).order_by("-number")
        decided = Decision.objects.filter(meeting=OuterRef("pk")).order_by("-number")
        waiting = Petition.objects.waiting().filter(decision__meeting=OuterRef("pk")).order_by()
        number = waiting.values("decision__meeting").annotate(number=Count("pk"))
        meetings = self._of_period.filter(cell__in=[cell.pk for cell in cells]).values_list(
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
