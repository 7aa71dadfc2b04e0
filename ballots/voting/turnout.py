"""How far a poll has come: while ballots are handed out who waits for one, afterwards counts only, never names."""

from dataclasses import dataclass, field

from ballots.models import Box, Door, Issue, Poll
from ballots.secret.sheet import parse_sheet
from ballots.voting.polling import stamps
from cells.models import Meeting
from members.models import Attendance
from members.rules.names import ListedNames


@dataclass(frozen=True)
class DoorCount:
    """Entries of the roll by one door, and how many of them hold a ballot."""

    door: Door
    entries: int
    issued: int

    @property
    def label(self) -> str:
        """What the door is called."""
        return str(self.door.label)

    @property
    def is_paper(self) -> bool:
        """Whether the tellers hand these out."""
        return self.door == Door.PAPER

    @property
    def missing(self) -> int:
        """How many still hold none."""
        return max(self.entries - self.issued, 0)


@dataclass(frozen=True)
class Turnout:
    """Có mặt, đã phát, đã nhận, đã thu; `waiting` and `declined` are filled while ballots are handed out."""

    present: int
    issued: int
    received: int
    collected: int
    waiting: tuple[Issue, ...] = ()
    declined: tuple[Issue, ...] = ()
    doors: tuple[DoorCount, ...] = ()  # slips and papers, where there are any
    names: ListedNames = field(default_factory=lambda: ListedNames(()))  # of the meeting's list

    @property
    def missing(self) -> int:
        """How many on the roll hold no ballot yet."""
        return len(self.waiting) + sum(door.missing for door in self.doors)

    @property
    def outstanding(self) -> int:
        """How many ballots that were handed out are not in the box."""
        return max(self.issued - self.collected, 0)


def turnout_of(poll: Poll) -> Turnout:
    """The numbers of the poll's present round, in a fixed number of queries."""
    if poll.state == Poll.State.ISSUING:
        return _issuing(poll)
    in_box = Box.objects.filter(poll=poll).count() if poll.state == Poll.State.CASTING else 0
    return Turnout(poll.present, poll.issued, poll.issued, in_box or poll.collected)


def _issuing(poll: Poll) -> Turnout:
    entries_of_round = Issue.objects.of(poll).defer("blinded", "blind_sig")
    roll = list(entries_of_round.select_related("member").order_by("member__name_sort"))
    entries = [entry for entry in roll if not entry.declined]
    made = stamps(poll, roll)
    doors = tuple(
        DoorCount(door, sum(entry.door == door for entry in entries), made[door.value])
        for door in (Door.SLIP, Door.PAPER)
    )
    by_phone = [entry for entry in entries if entry.door == Door.PHONE]
    waiting = tuple(entry for entry in by_phone if not entry.received)
    declined = tuple(entry for entry in roll if entry.declined)
    unnamed = sum(door.issued for door in doors)
    return Turnout(
        present=poll.present,
        issued=sum(made.values()),
        received=sum(entry.received for entry in by_phone) + unnamed,
        collected=0,
        waiting=waiting,
        declined=declined,
        doors=tuple(door for door in doors if door.entries or door.issued),
        names=_names(poll.meeting) if waiting or declined else ListedNames(()),
    )


def _names(meeting: Meeting) -> ListedNames:
    return Attendance.objects.of(meeting).listed_names()


def digits_of(poll: Poll) -> str:
    """The eight digits of the poll's sheet, for people to compare ("1067 5017"); "" before it opens."""
    return parse_sheet(bytes(poll.sheet)).digits if poll.sheet else ""
