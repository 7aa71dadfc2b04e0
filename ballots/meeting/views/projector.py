"""The page for the TV: what the whole room may see at this moment, and never more."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ballots.core.page import run_of_any_body
from ballots.core.steps import trouble_of
from ballots.core.tables import LABELS, context_of, table_of
from ballots.meeting.scenes import PACE_OF_TURNOUT, TALK, Scene, agenda, scene_of
from ballots.meeting.views.checkin import address, quorum_of
from ballots.meeting.wall import Pages, even, ring_of, size_of
from ballots.models import Poll
from ballots.results import figures
from ballots.results.concerned import not_subject, unrated_as
from ballots.results.concluded import concluded_at
from ballots.voting.roll import Roll, confirmation_of, late_arrivals, roll_of
from ballots.voting.turnout import Turnout, digits_of, turnout_of
from cells.models import AgendaItem, Meeting
from members.accounts import idle
from members.models import Attendance
from partyreview.http import Request

ARRIVALS = "ballots/meeting/wall/arrivals.html"
POLLS = "ballots/meeting/wall/polls.html"
RESULTS = "ballots/meeting/wall/results.html"

ALONE = "Tự lật"
TURN = 15  # seconds a page stays before it turns by itself
NAMED = 18  # while more than that wait for a ballot, the wall says how many


@idle.renews_itself
@require_safe
def projector(request: Request, pk: int) -> HttpResponse:
    """The stage, renewed by itself; only its inner part where htmx asks."""
    meeting = run_of_any_body(request, pk)
    item = meeting.items.filter(position=meeting.step).first()
    scene = _scene(meeting, item)
    pages = Pages.asked(len(scene.pages), request.GET, scene.first)
    context = {
        "meeting": meeting,
        "item": item,
        "scene": scene,
        "pages": pages,
        "page": scene.pages[pages.number - 1],
        "turn": TURN,
        **address(request, meeting),
        **scene.shown,
    }
    template = (
        "ballots/meeting/projector.html#stage"
        if request.htmx
        else "ballots/meeting/projector.html"
    )
    return render(request, template, context)


def _scene(meeting: Meeting, item: AgendaItem | None) -> Scene:
    """Before and after the meeting what its state is; a poll under way before all else; what was counted; the item."""
    if meeting.state != Meeting.State.OPEN:
        return _around(meeting)
    poll = Poll.objects.filter(meeting=meeting).exclude(state=Poll.State.PLANNED).last()
    if poll is not None:
        poll.meeting = meeting  # read above
        if poll.state in Poll.ACTIVE:
            return _under_way(poll)
    counted = poll if poll is not None and poll.state == Poll.State.COUNTED else None
    roll = _roll_before_a_poll(meeting, item)
    if roll is not None and not (counted and roll.confirmed):
        return _roll(roll)
    return (counted and _after_a_poll(item, counted)) or scene_of(meeting, item)


def _around(meeting: Meeting) -> Scene:
    """Check-in while it is open, else what is to come, or that it is over."""
    if not meeting.code:
        planned = meeting.state == Meeting.State.PLANNED
        return (
            Scene(f"{TALK}#planned", agenda(meeting).shown) if planned else Scene(f"{TALK}#closed")
        )
    roll = roll_of(meeting)
    quorum = quorum_of(meeting, Attendance.objects.filter(meeting=meeting))
    seats = ring_of(quorum.summoned, [("in", quorum.present)])
    return Scene(f"{ARRIVALS}#checkin", {**_names(roll), "quorum": quorum, "seats": seats})


def _roll_before_a_poll(meeting: Meeting, item: AgendaItem | None) -> Roll | None:
    """Who is here, while the room should look at it: a poll is the item at hand, and none was opened yet."""
    if item is None or item.kind != AgendaItem.Kind.POLL:
        return None
    polls = Poll.objects.filter(meeting=meeting)
    waits = polls.filter(state=Poll.State.PLANNED).exists() and not polls.unfinished().exists()
    return roll_of(meeting) if waits else None


def _roll(roll: Roll) -> Scene:
    shown = {**_names(roll), "confirmation": confirmation_of(roll)}
    return Scene(f"{ARRIVALS}#roll", shown)


def _names(roll: Roll) -> Mapping[str, object]:
    return {"roll": roll, "size": size_of(len(roll.arrivals) + len(roll.groups))}


def _under_way(poll: Poll) -> Scene:
    """Counts only, and names only of who still waits for a ballot."""
    turnout = turnout_of(poll)
    shown = {
        "poll": poll,
        "digits": digits_of(poll),
        "trouble": trouble_of(poll),
        "turnout": turnout,
    }
    if poll.state == Poll.State.ISSUING:
        return Scene(f"{POLLS}#issuing", {**shown, **_issuing(poll, turnout)})
    ring = ring_of(turnout.issued, [("in", turnout.collected)])
    if poll.state == Poll.State.CASTING:
        return Scene(f"{POLLS}#casting", {**shown, "ring": ring}, pace=PACE_OF_TURNOUT)
    return Scene(f"{POLLS}#sealed", {**shown, "ring": ring})


def _issuing(poll: Poll, turnout: Turnout) -> Mapping[str, object]:
    """Who still waits, once they are few, and how many ballots have arrived, are on the way, are missing."""
    waiting = [turnout.names.label(entry.member) for entry in turnout.waiting]
    under_way = max(turnout.issued - turnout.received, 0)
    return {
        "waiting": waiting if len(waiting) <= NAMED else [],
        "ring": ring_of(turnout.present, [("in", turnout.received), ("way", under_way)]),
        "late": late_arrivals(poll.meeting),
    }


def _after_a_poll(item: AgendaItem | None, poll: Poll) -> Scene | None:
    """No number of a row before the tellers have confirmed it."""
    if not poll.confirmed:
        ring = ring_of(poll.issued or 0, [("in", poll.collected or 0)])
        return Scene(f"{POLLS}#confirming", {"poll": poll, "ring": ring})
    kind = item.kind if item else ""
    if kind == AgendaItem.Kind.RESULT:
        return _concluded(poll.meeting) if poll.meeting.is_sitting else _outcome(poll.meeting)
    if kind == AgendaItem.Kind.POLL or poll.meeting.is_sitting:
        return _counted(poll)
    return None


def _counted(poll: Poll) -> Scene:
    """The poll just confirmed: a page of some names at a time; a subject alone as large as the wall."""
    meeting_figures = figures.load(poll.meeting)
    table = table_of(next(one for one in meeting_figures.polls if one.poll == poll))
    shown = {**context_of(poll.meeting, meeting_figures), "table": table}
    if len(table.lines) == 1:
        return Scene(f"{RESULTS}#alone", shown, table.lines)
    return Scene(f"{RESULTS}#rows", shown, even(table.lines), turns=True, alone=ALONE)


@dataclass(frozen=True)
class OutcomeLine:
    """Somebody's levels, or, of who is not rated, why."""

    name: str
    note: str
    is_rated: bool = False
    own: str = ""
    voted: str = ""
    level: str = ""
    label: str = ""


def _outcome(meeting: Meeting) -> Scene:
    """What comes out of all polls: first how many stand at which level, then name by name."""
    meeting_figures = figures.load(meeting)
    lines = [_line(outcome) for outcome in meeting_figures.outcomes]
    outside = not_subject(meeting)
    for row in meeting_figures.unrated:
        name = meeting_figures.names.label(row.member)
        why = f"{unrated_as(row.member_id, outside)}: {row.unrated_reason}"
        lines.append(OutcomeLine(name, why))
    first = [None] if meeting_figures.has_members else []
    shown = context_of(meeting, meeting_figures)
    return Scene(f"{RESULTS}#outcome", shown, [*first, *even(lines)], turns=True, alone=ALONE)


def _concluded(meeting: Meeting) -> Scene:
    """What a committee's own meeting concludes, case by case, beside what the cell proposes and the ballots say."""
    lines = [
        OutcomeLine(
            name=case.words,
            is_rated=True,
            own=case.proposed,
            voted=case.voted,
            level=case.level,
            label=case.label,
            note=f"Chủ trì kết luận: {case.reason}" if case.reason else "",
        )
        for case in concluded_at(meeting)
    ]
    return Scene(f"{RESULTS}#concluded", {}, even(lines), turns=True, alone=ALONE)


def _line(outcome: figures.Outcome) -> OutcomeLine:
    chair = f"Chủ trì kết luận: {outcome.reason}" if outcome.is_concluded_by_chair else ""
    leader = f"Ở cương vị lãnh đạo: {outcome.as_leader.words}" if outcome.as_leader else ""
    level = outcome.level or ""
    return OutcomeLine(
        name=outcome.name,
        is_rated=True,
        own=outcome.self_level,
        voted=outcome.voted or "",
        level=level,
        label=LABELS.get(level, ""),
        note=" · ".join(filter(None, [chair, leader])),
    )
