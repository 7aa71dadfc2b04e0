"""From a recorded decision on many files to what its paper and its list say; a fixed number of queries."""

from collections import Counter

from ballots.models import Classification, CommitteeDecision, Decision
from ballots.papers.data import Authority
from ballots.papers.rulings.data import CellRulings, JointDecisionData, JointListData, Ruling
from ballots.papers.rulings.gather import (
    DecisionAct,
    head_of,
    issuer_of,
    minutes_of,
    with_minutes,
)
from ballots.results.decisions import LEVELS
from cells.models import Meeting
from members.models import Attendance
from members.rules.names import ListedNames

Levels = dict[tuple[int, int | None, int | None], str]
CELL, COLLECTIVE = -2, -1  # before all members, whose places count from 0


def joint_papers(act: CommitteeDecision) -> tuple[JointDecisionData, JointListData]:
    """The decision and its list, by the rows it recorded: what is decided later is not in them."""
    order = ("meeting__cell__committee__path", "meeting__cell__name_sort", "meeting__cell", "pk")
    rows = act.decisions.select_related("meeting__cell__committee", "meeting__campaign")
    decisions = list(rows.order_by(*order))
    meeting = decisions[0].meeting
    authority = Authority(act.body, act.signer_post, act.signer)
    head = head_of(meeting, act.committee, act.dated, "")
    about = DecisionAct(1, act.symbol, act.dated, "", authority, minutes_of(act.sitting))
    issuer = issuer_of(act.committee, about)
    basis = with_minutes(meeting, about)
    proposal = f"Xét đề nghị của các chi bộ tại hội nghị kiểm điểm, xếp loại {head.period}"
    cells = _cells(act, decisions)
    levels = tuple(LEVELS[code] for code in meeting.rules.levels)
    return (
        JointDecisionData(head, issuer, (*basis, proposal), cells, levels),
        JointListData(head, issuer, cells),
    )


def _cells(act: CommitteeDecision, decisions: list[Decision]) -> tuple[CellRulings, ...]:
    meetings = [decision.meeting for decision in decisions]
    names = Attendance.objects.names_by_meeting(meetings)
    places = _places(meetings)
    proposed = _proposed(meetings)
    by_meeting: dict[int, list[Classification]] = {meeting.pk: [] for meeting in meetings}
    levels = Classification.objects.filter(decision__act=act).select_related(
        "member", "collective"
    )
    for level in levels.order_by("pk"):
        by_meeting[level.meeting_id].append(level)
    called = _called(meetings)
    return tuple(
        CellRulings(
            called[meeting.pk],
            tuple(
                _ruling(row, called[meeting.pk], names[meeting.pk], proposed)
                for row in sorted(by_meeting[meeting.pk], key=lambda row: _place(row, places))
            ),
        )
        for meeting in meetings
    )


def _called(meetings: list[Meeting]) -> dict[int, str]:
    """Each cell by its name, with its committee where two have the same."""
    often = Counter(meeting.cell.name for meeting in meetings)
    return {
        m.pk: m.cell.name if often[m.cell.name] == 1 else f"{m.cell.name}, {m.cell.committee.name}"
        for m in meetings
    }


def _places(meetings: list[Meeting]) -> dict[tuple[int, int], int]:
    """Where each member stands on the list of the meeting, by both."""
    listed = Attendance.objects.filter(meeting__in=meetings).order_by(
        "position", "member__name_sort", "pk"
    )
    pairs = listed.values_list("meeting", "member")
    return {pair: place for place, pair in enumerate(pairs)}


def _place(row: Classification, places: dict[tuple[int, int], int]) -> int:
    if row.member_id is None:
        return COLLECTIVE if row.collective_id else CELL
    return places.get((row.meeting_id, row.member_id), len(places))


def _proposed(meetings: list[Meeting]) -> Levels:
    rows = Classification.objects.proposed().filter(meeting__in=meetings).order_by()
    columns = rows.values_list("meeting", "member", "collective", "level")
    return {(meeting, member, body): level for meeting, member, body, level in columns}


def _ruling(row: Classification, cell: str, names: ListedNames, proposed: Levels) -> Ruling:
    body = f"{row.collective}, {cell}" if row.collective else cell
    level = proposed.get((row.meeting_id, row.member_id, row.collective_id), "")
    return Ruling(
        name=names.label(row.member) if row.member else body,
        post=row.member.post if row.member else "",
        is_collective=row.member is None,
        level=LEVELS[row.level],
        proposed=LEVELS.get(level, ""),
        reason=row.reason,
    )
