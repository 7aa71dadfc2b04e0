"""The page for the TV: what the whole room may see at this moment, and never more."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from ballots.forms import labels
from ballots.models import Poll
from ballots.turnout import digits_of, turnout_of
from ballots.views.checkin import address, quorum_of
from ballots.views.page import run_meeting
from cells.models import Meeting
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
    scene = _scene(meeting, poll)
    context = {
        "meeting": meeting,
        "scene": scene,
        "pace": PACE_OF_TURNOUT if scene == Poll.State.CASTING else PACE,
        "item": meeting.items.filter(position=meeting.step).first(),
        "quorum": quorum_of(meeting, Attendance.objects.filter(meeting=meeting)),
        **address(request, meeting),
        **_poll(scene, poll),
    }
    template = "ballots/projector.html#stage" if request.htmx else "ballots/projector.html"
    response = render(request, template, context)
    add_never_cache_headers(response)
    return response


def _scene(meeting: Meeting, poll: Poll | None) -> str:
    """Which of the scenes of the evening it is: the state of a poll, else the state of the meeting."""
    if meeting.is_closed:
        return meeting.state
    if poll is not None and poll.state in Poll.ACTIVE:
        return poll.state
    if poll is not None and poll.state == Poll.State.COUNTED and not poll.confirmed:
        return poll.state
    return "checkin" if meeting.code and meeting.state == Meeting.State.PLANNED else meeting.state


def _poll(scene: str, poll: Poll | None) -> dict[str, object]:
    """The poll that is under way: counts only, and names only of who still waits for a ballot."""
    if poll is None or scene != poll.state:
        return {"poll": None}
    turnout = turnout_of(poll)
    names = labels(entry.member for entry in turnout.waiting)
    return {
        "poll": poll,
        "digits": digits_of(poll),
        "turnout": turnout,
        "waiting": [names[entry.member_id] for entry in turnout.waiting],
    }
