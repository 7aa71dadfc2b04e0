"""The places of a cell's file a pin can be put on, and the page where the cell mends each."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from django.urls import reverse

from ballots.papers.kinds import OF_MINUTES
from cells.models import Meeting

ABOUT = 300  # characters a pin keeps of what stood there


class PlaceKind(StrEnum):
    """What a place is about; in brackets which of its kind it is, where there are several."""

    ATTENDANCE = "attendance"
    POLL = "poll"  # (its number)
    SUMS = "sums"  # members per level
    LEVEL = "level"  # (the key of a member's row, or of the cell)
    REPORT = "report"  # (the key of a leadership collective; without one, of the cell)
    PAPER = "paper"  # (its kind)
    FILE = "file"  # (its key)
    FILES = "files"  # one that is missing
    LINE = "line"  # (its key) of the review list
    REVIEW = "review"  # (the member's key)
    REMARKS = "remarks"  # (the member's key)
    REASONS = "reasons"  # (as of a level)
    OTHER = "other"


@dataclass(frozen=True)
class Place:
    """Where a pin can be put: the kind of place, and which one of its kind."""

    kind: PlaceKind
    which: str = ""

    @classmethod
    def mint(cls, kind: PlaceKind, which: object = "") -> Self:
        """The place of this kind; `which` as a pin's key writes it."""
        return cls(kind, str(which))

    @classmethod
    def parse(cls, key: str) -> Self:
        """The place of a stored key; ValueError for what is none."""
        kind, _, which = key.partition(":")
        return cls(PlaceKind(kind), which)

    @property
    def key(self) -> str:
        """What a pin keeps of it, and the name of its field in a form."""
        return f"{self.kind}:{self.which}" if self.which else str(self.kind)

    @property
    def is_locked(self) -> bool:
        """Whether it was passed with the minutes: nothing there can be changed any more, only explained."""
        return self.kind in LOCKED or (self.kind == PlaceKind.PAPER and self.which in OF_MINUTES)

    def address(self, meeting: Meeting) -> str:
        """Where the cell mends it; `meeting.campaign` selected along with it."""
        page, args, anchor = ADDRESSES[self.kind](meeting, self.which)
        return reverse(page, args=args) + (f"#{anchor}" if anchor else "")


@dataclass(frozen=True)
class FileFact:
    """What stands at a place: whose it is ("" of the whole file), what it is called, how it stands.

    `brief`: how it stands, where the line of a table has room for a word, and for what stands quietly beside it.
    """

    place: Place
    owner: str
    title: str
    value: str
    brief: tuple[str, str] = ("", "")

    @property
    def about(self) -> str:
        """What a pin says it was put on."""
        owner = f"{self.owner} – " if self.owner else ""
        return f"{owner}{self.title}: {self.value}"[:ABOUT]


class Part(StrEnum):
    """What a section of the file is about."""

    NUMBERS = "numbers"
    BODY = "body"  # the cell, or one of its leadership collectives
    PAPERS = "papers"
    MEMBER = "member"
    OTHER = "other"


@dataclass(frozen=True)
class Section:
    """Facts about one thing or one member, under its heading; `before`: what is known of the year before."""

    part: Part
    title: str
    facts: tuple[FileFact, ...]
    before: str = ""


# Where the cell lands: per kind of place the page, its arguments, and the anchor of the line.
Address = Callable[[Meeting, str], tuple[str, tuple[object, ...], str]]
ADDRESSES: dict[PlaceKind, Address] = {
    PlaceKind.ATTENDANCE: lambda meeting, _: ("ballots:minutes", (meeting.pk,), ""),
    PlaceKind.POLL: lambda meeting, number: ("ballots:results", (meeting.pk,), f"luot-{number}"),
    PlaceKind.SUMS: lambda meeting, _: ("ballots:results", (meeting.pk,), "de-nghi"),
    PlaceKind.LEVEL: lambda meeting, who: ("ballots:results", (meeting.pk,), f"muc-{who}"),
    PlaceKind.REPORT: lambda meeting, body: (
        ("ballots:collective_report", (meeting.pk, int(body)), "")
        if body
        else ("ballots:report", (meeting.pk,), "")
    ),
    PlaceKind.PAPER: lambda meeting, kind: (
        ("ballots:minutes", (meeting.pk,), "")
        if kind in OF_MINUTES
        else ("ballots:sending", (meeting.pk,), "so-van-ban")
    ),
    PlaceKind.FILE: lambda meeting, pk: ("members:attachments", _year(meeting), f"tep-{pk}"),
    PlaceKind.FILES: lambda meeting, _: ("members:attachments", _year(meeting), "them-tep"),
    PlaceKind.LINE: lambda meeting, pk: ("ballots:review_list", _year(meeting), f"dv-{pk}"),
    PlaceKind.REVIEW: lambda meeting, who: ("ballots:reviews", _year(meeting), f"ban-{who}"),
    PlaceKind.REMARKS: lambda meeting, who: (
        "members:assessments",
        (int(who), meeting.campaign.span),
        "",
    ),
    PlaceKind.REASONS: lambda meeting, who: (
        "ballots:appraisal_subject",
        (meeting.pk, who),
        "reasons",
    ),
    PlaceKind.OTHER: lambda meeting, _: ("ballots:sending", (meeting.pk,), "gui"),
}
# What the meeting has passed and locked: it is explained, not changed.
LOCKED = frozenset(
    {PlaceKind.ATTENDANCE, PlaceKind.POLL, PlaceKind.SUMS, PlaceKind.LEVEL, PlaceKind.REPORT}
)


def _year(meeting: Meeting) -> tuple[object, ...]:
    return (meeting.cell_id, meeting.campaign.span)
