"""What a committee may vote on: the cells whose files lie with it, and whom these have rated."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ballots.models import Classification, Submission
from ballots.models.cases import case_key
from cells.models import (
    Cell,
    Collective,
    CollectiveReport,
    Level,
    Meeting,
    MeetingQuerySet,
)
from cells.wording import search_key, shortened
from members.models import Attendance, Member

LONGEST = 200  # letters of a row on the ballot
OPEN = "chưa kết luận"


@dataclass(frozen=True)
class Case:
    """A cell (neither member nor collective), or whom it has rated, as its file proposes; levels are codes or ""."""

    of: Meeting
    cell: str  # as the committee calls it
    name: str
    self_level: str
    proposed: str
    member: Member | None = None
    collective: Collective | None = None
    post: str = ""
    decided: str = (
        ""  # what is decided already, and by which paper: "HTT theo Quyết định số 12-QĐ/ĐU"
    )

    @property
    def key(self) -> str:
        """As forms name it."""
        return case_key(
            self.of.pk,
            self.member.pk if self.member else None,
            self.collective.pk if self.collective else None,
        )

    @property
    def words(self) -> str:
        """The row of the ballot: name, post and cell, the level claimed, and the one proposed."""
        levels = f"tự nhận {self.self_level or '–'}, chi bộ đề nghị {self.proposed or OPEN}"
        levels += f", đã quyết định {self.decided}" if self.decided else ""
        where = [] if self.is_cell else [part for part in (self.post, self.cell) if part]
        name = f"{self.name} ({', '.join(where)})" if where else self.name
        return f"{_within(name, LONGEST - len(levels) - 2)}: {levels}"

    @property
    def is_cell(self) -> bool:
        """Whether it is the cell itself."""
        return self.member is None and self.collective is None


def _within(name: str, longest: int) -> str:
    """The name with as much of what stands in brackets behind it as there is room for."""
    if len(name) <= longest:
        return name
    cut = shortened(name, longest - len("…)")).rstrip(" ,;(–-")
    return f"{cut}…)" if cut.count("(") > cut.count(")") else f"{cut}…"


def meetings_before(sitting: Meeting) -> MeetingQuerySet:
    """The meetings of cells under the committee whose files lie with those above, of the same campaign, by cell."""
    waiting = Submission.objects.last_ones().exclude(returned_at__isnull=False)
    meetings = Meeting.objects.real().filter(
        campaign=sitting.campaign_id,
        cell__in=Cell.objects.under(sitting.over),
        pk__in=waiting.values("meeting"),
    )
    return meetings.order_by("cell__committee__path", "cell__name_sort", "starts_at", "pk")


@dataclass(frozen=True, slots=True)
class Offer:
    """What makes up one case, by keys: of tens of thousands those alone are named that a page or a ballot has."""

    of: int  # the cell's meeting
    member: int | None
    collective: int | None
    self_level: str
    proposed: str
    is_decided: bool

    @property
    def key(self) -> str:
        """As forms name it."""
        return case_key(self.of, self.member, self.collective)

    @property
    def stands_out(self) -> bool:
        """Whether the committee looks at it first: excellent, not agreed with what was claimed, or not concluded."""
        return self.proposed in ("", Level.EXCELLENT) or self.proposed != self.self_level


def offers_before(sitting: Meeting) -> list[Offer]:
    """The cells, then leadership collectives, then members that it may vote on; a fixed number of queries."""
    meetings = list(meetings_before(sitting).values_list("pk", flat=True))
    proposed, claimed = _proposed(meetings), _claimed(meetings)
    decided = set(
        Classification.objects.decided()
        .filter(meeting__in=meetings)
        .values_list("meeting", "member", "collective")
    )

    def offer(of: int, member: int | None, collective: int | None, self_level: str) -> Offer:
        about = (of, "m" if member else "c" if collective else "", member or collective)
        is_decided = (of, member, collective) in decided
        return Offer(of, member, collective, self_level, proposed.get(about, ""), is_decided)

    cells = [
        offer(pk, None, None, claimed.get((pk, None), ""))
        for pk in meetings
        if (pk, "", None) in proposed or (pk, None) in claimed
    ]
    bodies = [
        offer(of, None, pk, claimed.get((of, pk), ""))
        for pk, of in Collective.objects.filter(meeting__in=meetings)
        .order_by("meeting", "pk")
        .values_list("pk", "meeting")
        if (of, "c", pk) in proposed
    ]
    rated = Attendance.objects.filter(meeting__in=meetings, rated=True).order_by()
    order = {pk: place for place, pk in enumerate(meetings)}
    rows = sorted(
        rated.values_list("meeting", "position", "member", "self_level"),
        key=lambda row: (order[row[0]], row[1]),
    )
    rows = list({row[2]: row for row in rows}.values())  # of two meetings the later counts
    return [*cells, *bodies, *(offer(of, member, None, level) for of, _, member, level in rows)]


def matching(sitting: Meeting, offers: Iterable[Offer], query: str) -> list[Offer]:
    """Those that are called so, accents aside, or whose cell is."""
    word = search_key(query)
    meetings = {
        meeting.pk
        for meeting in meetings_before(sitting).select_related("cell__committee")
        if word in search_key(meeting.cell.named_below(sitting.over))
    }
    people = set(Member.objects.filter(name_search__contains=word).values_list("pk", flat=True))
    bodies = {
        pk
        for pk, name in Collective.objects.filter(
            meeting__cell__in=Cell.objects.under(sitting.over)
        ).values_list("pk", "name")
        if word in search_key(name)
    }
    return [
        offer
        for offer in offers
        if offer.of in meetings or offer.member in people or offer.collective in bodies
    ]


def cases_of(sitting: Meeting, offers: Collection[Offer]) -> list[Case]:
    """These with their names, as the ballot writes them; a fixed number of queries."""
    keys = {offer.of for offer in offers}
    rows = Meeting.objects.filter(pk__in=keys).select_related("cell__committee", "campaign")
    meetings = {meeting.pk: meeting for meeting in rows}
    called = {pk: meeting.cell.named_below(sitting.over) for pk, meeting in meetings.items()}
    members = Member.objects.in_bulk([offer.member for offer in offers if offer.member])
    bodies = Collective.objects.in_bulk([o.collective for o in offers if o.collective])
    names = Attendance.objects.names_by_meeting(meetings.values())
    decided = _decided(meetings)
    cases = []
    for offer in offers:
        cell = called[offer.of]
        member = members[offer.member] if offer.member else None
        body = bodies[offer.collective] if offer.collective else None
        name = names[offer.of].label(member) if member else body.name if body else cell
        cases.append(
            Case(
                meetings[offer.of],
                cell,
                name,
                offer.self_level,
                offer.proposed,
                member,
                body,
                post=member.post if member else "",
                decided=decided.get(offer.key, ""),
            )
        )
    return cases


def _decided(meetings: Iterable[int]) -> dict[str, str]:
    """By key: the level in force that is decided, and by which paper."""
    rows = Classification.objects.decided().filter(meeting__in=list(meetings))
    columns = rows.values_list("meeting", "member", "collective", "level", "decision__symbol")
    return {
        case_key(meeting, member, body): f"{level} theo Quyết định số {symbol}"
        for meeting, member, body, level, symbol in columns
    }


def _proposed(meetings: Iterable[int]) -> dict[tuple[int, str, int | None], str]:
    """The level in force that each cell proposes: by its meeting, and by member, collective or neither."""
    rows = Classification.objects.proposed().filter(meeting__in=list(meetings))
    levels: dict[tuple[int, str, int | None], str] = {}
    for meeting, member, collective, level in rows.values_list(
        "meeting", "member", "collective", "level"
    ):
        kind = "m" if member else "c" if collective else ""
        levels[meeting, kind, member or collective] = level
    return levels


def _claimed(meetings: Iterable[int]) -> dict[tuple[int, int | None], str]:
    """What the reports of cells and collectives claim for themselves."""
    rows = CollectiveReport.objects.filter(meeting__in=list(meetings)).exclude(self_level="")
    return {
        (meeting, collective): level
        for meeting, collective, level in rows.values_list("meeting", "collective", "self_level")
    }
