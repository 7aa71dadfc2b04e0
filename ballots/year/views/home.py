"""Where an officer begins: the own cell's review year with its next step, or the board of the committee."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ballots.core.verbs import NO_FIRST_FILE, NO_NEW_MEETING
from ballots.year.steps import YearStep, facts_of, next_of, steps_of
from cells.models import Campaign, Cell, Meeting
from partyreview.http import Request


@dataclass(frozen=True)
class Track:
    """One campaign in an own cell: its steps, the next of them, and whether the cell sits in its meeting now."""

    campaign: Campaign
    steps: tuple[YearStep, ...]
    following: YearStep | None
    is_live: bool
    refused: str = ""  # what its campaign, closed by the committee, takes no more

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.done for step in self.steps)


@dataclass(frozen=True)
class Card:
    """An own cell: what it has to do, the meetings beside the main ones, and those held in former years."""

    cell: Cell
    tracks: tuple[Track, ...]
    live: tuple[Meeting, ...]
    closed: tuple[Meeting, ...]

    @property
    def is_live(self) -> bool:
        """Whether a meeting is held just now."""
        beside = any(meeting.state == Meeting.State.OPEN for meeting in self.live)
        return beside or any(track.is_live for track in self.tracks)


@require_safe
def home(request: Request) -> HttpResponse:
    """One card per own cell; an officer of a committee alone goes straight to its board."""
    committee = request.user.committee
    cells = list(request.user.own_cells().select_related("committee"))
    if committee is not None and not cells:
        return redirect("ballots:committee", committee.pk)
    meetings = request.user.meetings().filter(cell__in=cells).select_related("campaign")
    cards = [_card(cell, [m for m in meetings if m.cell_id == cell.pk]) for cell in cells]
    cards.sort(key=lambda card: not card.is_live)
    return render(request, "ballots/year/home.html", {"cards": cards, "committee": committee})


def _card(cell: Cell, meetings: list[Meeting]) -> Card:
    tracks = _tracks(cell)
    shown = [track.campaign for track in tracks]
    beside = [m for m in meetings if m.campaign not in shown or m.kind != Meeting.Kind.MAIN]
    return Card(
        cell=cell,
        tracks=tuple(tracks),
        live=tuple(m for m in beside if not m.is_closed),
        closed=tuple(m for m in beside if m.is_closed and not m.is_rehearsal),
    )


def _tracks(cell: Cell) -> list[Track]:
    """The review of the year and, while it is not done, that of the newest quarter; a meeting that is held first."""
    today = timezone.localdate()
    current = Campaign.objects.current(cell)
    whole = [c for c in current if c.kind == Campaign.Kind.YEAR][:1]
    quarter = [c for c in current if c.kind != Campaign.Kind.YEAR][:1]
    tracks = [_track(cell, campaign) for campaign in whole + quarter]
    shown = [t for t in tracks if t.following or t.campaign.kind == Campaign.Kind.YEAR]
    return sorted(shown, key=lambda t: (not t.is_live, abs(t.campaign.span.ends_on - today)))


def _track(cell: Cell, campaign: Campaign) -> Track:
    facts = facts_of(cell, campaign)
    steps = steps_of(facts)
    refused = ""
    if campaign.is_closed_for(cell) and not facts.sent:
        refused = NO_FIRST_FILE if facts.meeting else NO_NEW_MEETING
    return Track(campaign, tuple(steps), next_of(steps), facts.is_live, refused)
