"""The places of a cell's file a pin can be put on, and the page where the cell mends each."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from ballots.models import Paper
from cells.models import Meeting

ABOUT = 300  # characters a pin keeps of what stood there


@dataclass(frozen=True)
class Place:
    """One fact of the file: its key, whose it is ("" of the whole file), what it is called, how it stands."""

    key: str
    owner: str
    title: str
    value: str

    @property
    def about(self) -> str:
        """What a pin says it was put on."""
        owner = f"{self.owner} – " if self.owner else ""
        return f"{owner}{self.title}: {self.value}"[:ABOUT]


@dataclass(frozen=True)
class Section:
    """Places about one thing or one member, under its heading; `before`: what is known of the year before."""

    title: str
    places: tuple[Place, ...]
    before: str = ""


# Where the cell lands: per kind of place the page, its arguments, and the anchor of the line.
Address = Callable[[Meeting, str], tuple[str, tuple[object, ...], str]]
ADDRESSES: dict[str, Address] = {
    "attendance": lambda meeting, _: ("ballots:minutes", (meeting.pk,), ""),
    "poll": lambda meeting, number: ("ballots:results", (meeting.pk,), f"luot-{number}"),
    "sums": lambda meeting, _: ("ballots:results", (meeting.pk,), "de-nghi"),
    "level": lambda meeting, who: ("ballots:results", (meeting.pk,), f"muc-{who}"),
    "report": lambda meeting, _: ("ballots:report", (meeting.pk,), ""),
    "paper": lambda meeting, kind: (
        ("ballots:minutes", (meeting.pk,), "")
        if kind in (Paper.Kind.MINUTES, Paper.Kind.COUNT)
        else ("ballots:sending", (meeting.pk,), "so-van-ban")
    ),
    "file": lambda meeting, pk: ("members:attachments", _year(meeting), f"tep-{pk}"),
    "files": lambda meeting, _: ("members:attachments", _year(meeting), "them-tep"),
    "line": lambda meeting, pk: ("ballots:review_list", _year(meeting), f"dv-{pk}"),
    "review": lambda meeting, who: ("ballots:reviews", _year(meeting), f"ban-{who}"),
    "remarks": lambda meeting, who: (
        "members:assessments",
        (int(who), meeting.campaign.span),
        "",
    ),
    "reasons": lambda meeting, who: ("ballots:appraisal_subject", (meeting.pk, who), "reasons"),
    "other": lambda meeting, _: ("ballots:sending", (meeting.pk,), "gui"),
}
# What the meeting has passed and locked: it is explained, not changed.
LOCKED = frozenset({"attendance", "poll", "sums", "level", "report"})


def _year(meeting: Meeting) -> tuple[object, ...]:
    return (meeting.cell_id, meeting.campaign.span)


def address(meeting: Meeting, key: str) -> str:
    """Where the cell mends the place with this key; `meeting.campaign` selected along with it."""
    kind, _, rest = key.partition(":")
    page, args, anchor = ADDRESSES[kind](meeting, rest)
    return reverse(page, args=args) + (f"#{anchor}" if anchor else "")


def is_locked(key: str) -> bool:
    """Whether the place was passed with the minutes: nothing there can be changed any more."""
    kind, _, rest = key.partition(":")
    return kind in LOCKED or rest in (Paper.Kind.MINUTES, Paper.Kind.COUNT)
