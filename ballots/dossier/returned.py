"""What a cell has to mend in a file that was returned: its pins, each with the page where that is done."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import reverse

from ballots.dossier.places import Place
from ballots.models import Pin, Submission
from cells.models import Campaign, Cell, Meeting


@dataclass(frozen=True)
class Fix:
    """One pin as the cell sees it; `number` counts from 1."""

    number: int
    pin: Pin
    url: str
    is_locked: bool

    def is_on(self, path: str) -> bool:
        """Whether this page is where it is mended."""
        return urlsplit(self.url).path == path


@dataclass(frozen=True)
class Returned:
    """A sending that came back, and what is to be mended in it, page by page in the order of the file."""

    sending: Submission
    fixes: tuple[Fix, ...]

    @property
    def meeting(self) -> Meeting:
        """Whose file it is."""
        return self.sending.meeting

    def on(self, path: str) -> list[Fix]:
        """What is mended on this page."""
        return [fix for fix in self.fixes if fix.is_on(path)]

    def after(self, path: str) -> Fix | None:
        """The first one beyond this page; None after the last."""
        here = [fix.number for fix in self.on(path)]
        last = max(here, default=0)
        return next((fix for fix in self.fixes[last:] if not fix.is_on(path)), None)


def returned_file(cell: Cell, campaign: Campaign) -> Returned | None:
    """What was returned to the cell and is not sent again, in two queries; None where nothing is."""
    sending = Submission.objects.to_mend(cell, campaign)
    if sending is None:
        return None
    meeting = sending.meeting
    pins = sending.pins.order_by("pk")
    pins_by_page = _by_page(
        meeting, [(pin, Place.parse(pin.place).address(meeting)) for pin in pins]
    )
    fixes = (
        Fix(number, pin, url, Place.parse(pin.place).is_locked)
        for number, (pin, url) in enumerate(pins_by_page, start=1)
    )
    return Returned(sending, tuple(fixes))


def _by_page(meeting: Meeting, pins: list[tuple[Pin, str]]) -> list[tuple[Pin, str]]:
    """Those of one page together, so that going on leaves none out; the page that sends the file is the last."""
    paths = [urlsplit(url).path for _, url in pins]
    last = reverse("ballots:sending", args=[meeting.pk])
    order = {path: (path == last, paths.index(path)) for path in paths}
    return sorted(pins, key=lambda each: order[urlsplit(each[1]).path])
