"""What a committee may vote on: the cells whose files lie with it, and whom these have rated."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ballots.models import Classification, Submission
from ballots.models.cases import case_key
from cells.models import Cell, Collective, CollectiveReport, Level, Meeting
from cells.wording import shortened
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
    def stands_out(self) -> bool:
        """Whether the committee looks at it first: excellent, not agreed with what was claimed, or not concluded."""
        return self.proposed in ("", Level.EXCELLENT) or self.proposed != self.self_level

    @property
    def words(self) -> str:
        """The row of the ballot: name, post and cell, the level claimed, and the one proposed."""
        levels = f"tự nhận {self.self_level or '–'}, chi bộ đề nghị {self.proposed or OPEN}"
        levels += f", đã quyết định {self.decided}" if self.decided else ""
        where = [] if self.is_cell else [part for part in (self.post, self.cell) if part]
        name = f"{self.name} ({', '.join(where)})" if where else self.name
        return f"{shortened(name, LONGEST - len(levels) - 2)}: {levels}"

    @property
    def is_cell(self) -> bool:
        """Whether it is the cell itself."""
        return self.member is None and self.collective is None


def meetings_before(sitting: Meeting) -> list[Meeting]:
    """The meetings of cells under the committee whose files lie with those above, of the same campaign, by cell."""
    waiting = Submission.objects.last_ones().exclude(returned_at__isnull=False)
    meetings = Meeting.objects.real().filter(
        campaign=sitting.campaign_id,
        cell__in=Cell.objects.under(sitting.over),
        pk__in=waiting.values("meeting"),
    )
    rows = meetings.select_related("cell__committee", "campaign")
    return list(rows.order_by("cell__committee__path", "cell__name_sort", "starts_at", "pk"))


def cases_before(sitting: Meeting) -> list[Case]:
    """The cells, then leadership collectives, then members that it may vote on; a fixed number of queries."""
    meetings = {meeting.pk: meeting for meeting in meetings_before(sitting)}
    called = {pk: meeting.cell.named_below(sitting.over) for pk, meeting in meetings.items()}
    proposed = _proposed(meetings)
    claimed = _claimed(meetings)
    cells = [
        Case(
            meeting,
            called[pk],
            called[pk],
            claimed.get((pk, None), ""),
            proposed.get((pk, "", None), ""),
        )
        for pk, meeting in meetings.items()
        if (pk, "", None) in proposed or (pk, None) in claimed
    ]
    bodies = [
        Case(
            meetings[body.meeting_id],
            called[body.meeting_id],
            body.name,
            claimed.get((body.meeting_id, body.pk), ""),
            proposed[body.meeting_id, "c", body.pk],
            collective=body,
        )
        for body in Collective.objects.filter(meeting__in=meetings).order_by("meeting", "pk")
        if (body.meeting_id, "c", body.pk) in proposed
    ]
    decided = _decided(meetings)
    listed = [*cells, *bodies, *_members(meetings, called, proposed)]
    return [replace(case, decided=decided.get(case.key, "")) for case in listed]


def _decided(meetings: Iterable[int]) -> dict[str, str]:
    """By key: the level in force that is decided, and by which paper."""
    rows = Classification.objects.decided().filter(meeting__in=list(meetings))
    columns = rows.values_list("meeting", "member", "collective", "level", "decision__symbol")
    return {
        case_key(meeting, member, body): f"{level} theo Quyết định số {symbol}"
        for meeting, member, body, level, symbol in columns
    }


def _members(
    meetings: dict[int, Meeting],
    called: dict[int, str],
    proposed: dict[tuple[int, str, int | None], str],
) -> list[Case]:
    names = Attendance.objects.names_by_meeting(meetings.values())
    rated = Attendance.objects.filter(meeting__in=meetings, rated=True).select_related("member")
    order = {pk: place for place, pk in enumerate(meetings)}
    rows = sorted(rated, key=lambda row: (order[row.meeting_id], row.position))
    rows = list({row.member_id: row for row in rows}.values())  # of two meetings the later counts
    return [
        Case(
            meetings[row.meeting_id],
            called[row.meeting_id],
            names[row.meeting_id].label(row.member),
            row.self_level,
            proposed.get((row.meeting_id, "m", row.member_id), ""),
            member=row.member,
            post=row.member.post,
        )
        for row in rows
    ]


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
