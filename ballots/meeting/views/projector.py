"""The page for the TV: what the whole room may see at this moment, and never more."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ballots.core.page import run_meeting
from ballots.core.steps import trouble_of
from ballots.core.tables import context_of, table_of
from ballots.meeting.views.checkin import address, quorum_of
from ballots.models import Poll
from ballots.report.sheet import Change, changes_of, form_of
from ballots.results import figures
from ballots.voting.roll import Roll, confirmation_of, late_arrivals, roll_of
from ballots.voting.turnout import digits_of, turnout_of
from cells.models import AgendaItem, Meeting
from members.models import Attendance
from partyreview.http import Request

# Seconds between two looks. The turnout may not come faster: a count that jumps as a phone is laid
# down would tell whose ballot it was (secret-ballot.md 3.2, step 5).
PACE = 3
PACE_OF_TURNOUT = 10


@require_safe
def projector(request: Request, pk: int) -> HttpResponse:
    """The stage, renewed by itself; only its inner part where htmx asks."""
    meeting = run_meeting(request, pk)
    poll = Poll.objects.filter(meeting=meeting).exclude(state=Poll.State.PLANNED).last()
    if poll is not None:
        poll.meeting = meeting  # read above
    item = None if _votes(meeting, poll) else meeting.items.filter(position=meeting.step).first()
    roll = _roll(meeting, item, poll)
    scene = _scene(meeting, item, poll, roll)
    context = {
        "meeting": meeting,
        "scene": scene,
        "pace": PACE_OF_TURNOUT if scene == Poll.State.CASTING else PACE,
        "item": item,
        # Read by one scene alone.
        "quorum": partial(quorum_of, meeting, Attendance.objects.filter(meeting=meeting)),
        **address(request, meeting),
        **({"roll": roll, "confirmation": confirmation_of(roll)} if roll else {}),
        **_poll(scene, poll),
        **_results(scene, meeting, poll),
        "changes": _changes(scene, meeting, item),
    }
    template = (
        "ballots/meeting/projector.html#stage"
        if request.htmx
        else "ballots/meeting/projector.html"
    )
    return render(request, template, context)


def _votes(meeting: Meeting, poll: Poll | None) -> bool:
    """Whether the room has to do with this poll, and with nothing else."""
    return meeting.state == Meeting.State.OPEN and poll is not None and poll.state in Poll.ACTIVE


def _roll(meeting: Meeting, item: AgendaItem | None, poll: Poll | None) -> Roll | None:
    """Who is here, while the room should look at it: at check-in, and before a poll."""
    if meeting.state != Meeting.State.OPEN:
        return roll_of(meeting) if meeting.code else None
    if _votes(meeting, poll):
        return None
    polls = Poll.objects.filter(meeting=meeting)
    at_poll = item is not None and item.kind == AgendaItem.Kind.POLL
    waits = at_poll and polls.filter(state=Poll.State.PLANNED).exists()
    return roll_of(meeting) if waits and not polls.unfinished().exists() else None


def _scene(meeting: Meeting, item: AgendaItem | None, poll: Poll | None, roll: Roll | None) -> str:
    """Which scene of the evening it is: the state of a poll, what was counted, else the state of the meeting."""
    if meeting.state != Meeting.State.OPEN:
        return "checkin" if meeting.code else meeting.state
    if poll is not None and _votes(meeting, poll):
        return poll.state
    counted = poll is not None and poll.state == Poll.State.COUNTED
    if roll is not None and not (counted and roll.confirmed):
        return "roll"
    return _after_a_poll(item, poll) if poll is not None and counted else "item"


def _after_a_poll(item: AgendaItem | None, poll: Poll) -> str:
    kind = item.kind if item else ""
    if not poll.confirmed:
        return "confirming"
    if kind == AgendaItem.Kind.POLL:
        return poll.state
    return "outcome" if kind == AgendaItem.Kind.RESULT else "item"


def _poll(scene: str, poll: Poll | None) -> dict[str, object]:
    """The poll that is under way: counts only, and names only of who still waits for a ballot."""
    if scene == "confirming":
        return {"poll": poll}
    if poll is None or scene not in Poll.ACTIVE:
        return {}
    turnout = turnout_of(poll)
    return {
        "poll": poll,
        "digits": digits_of(poll),
        "trouble": trouble_of(poll),
        "turnout": turnout,
        "waiting": [turnout.names.label(entry.member) for entry in turnout.waiting],
        "late": late_arrivals(poll.meeting) if scene == Poll.State.ISSUING else [],
    }


def _changes(scene: str, meeting: Meeting, item: AgendaItem | None) -> list[Change]:
    """What was changed in the report, while the room talks about it."""
    talked_about = (AgendaItem.Kind.REPORT, AgendaItem.Kind.COMMENTS)
    if scene != "item" or item is None or item.kind not in talked_about:
        return []
    return changes_of(meeting.report, form_of(meeting.rules))


def _results(scene: str, meeting: Meeting, poll: Poll | None) -> dict[str, object]:
    """The numbers of the poll just confirmed, or what comes out of all of them."""
    if scene not in ("counted", "outcome"):
        return {}
    meeting_figures = figures.load(meeting)
    counted = next(one for one in meeting_figures.polls if one.poll == poll)
    return {**context_of(meeting, meeting_figures), "table": table_of(counted)}
