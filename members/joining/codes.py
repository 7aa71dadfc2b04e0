"""The six digits that open a meeting to a phone, and the longer key of its QR code; guesses are limited.

A wrong code counts against the address, its network and the whole site. Where one of them has no try left, no code is
answered, the right one neither, until the next try is due; a right one costs nothing, so a hall of sixty behind one
address is let in as long as few mistype. Not limited, so that no guessing elsewhere shuts them out: phones that were
admitted before, phones that wait in the meeting, and whoever scanned the QR code, whose key no guess will hit.
"""

import base64
import re
from typing import NamedTuple

from django.db.models import Q
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from cells.models import Meeting
from members.models import Attendance, Count, Device, Rate, RateLimit
from partyreview.http import places_of

BY_ADDRESS = Rate("code by address", 30, 10)
BY_NETWORK = Rate("code by network", 90, 3)
BY_SITE = Rate("code by site", 600, 1)
# How a phone came to the meeting's address; each has a key of its own, and names are counted apart.
SCANNED, TYPED = "scanned", "typed"


class MustWait(Exception):
    """No try is left for now; `seconds` until the next."""

    def __init__(self, seconds: int) -> None:
        """`seconds`: at least one."""
        super().__init__(seconds)
        self.seconds = seconds


class Entry(NamedTuple):
    """A meeting whose check-in is open to this phone."""

    meeting: Meeting
    code: str  # for the next addresses: whoever typed the digits once does not guess any more
    way: str


def key_of(digits: str, way: str = SCANNED) -> str:
    """The digits with six letters after them, 30 bits that only this installation can make."""
    digest = salted_hmac("members.joining", f"{way} {digits}", algorithm="sha256").digest()
    return f"{digits}{base64.b32encode(digest)[:6].decode().lower()}"


def enter(request: HttpRequest, code: str, device: Device | None) -> Entry | None:
    """The meeting under these digits or this key; spaces and dots do not matter. None where there is none.

    Raises MustWait, without having looked at the code.
    """
    typed = re.sub(r"[\s.\-]", "", code).lower()
    if entry := _by_key(typed) or _by_device(typed, device):
        return entry
    counts = _counts(request)
    if seconds := RateLimit.objects.take(*counts):
        raise MustWait(seconds)
    meeting = _meeting(typed)
    if meeting is None:
        return None
    RateLimit.objects.give_back(*counts)
    return Entry(meeting, key_of(typed, TYPED), TYPED)


def _by_key(typed: str) -> Entry | None:
    """The letters are tried before the digits are looked up: how long that takes tells nothing of the digits."""
    for way in (SCANNED, TYPED) if re.fullmatch(r"[0-9]{6}[a-z2-7]{6}", typed) else ():
        if constant_time_compare(key_of(typed[:6], way), typed):
            meeting = _meeting(typed[:6])
            return Entry(meeting, typed, way) if meeting else None
    return None


def _by_device(typed: str, device: Device | None) -> Entry | None:
    """Where this phone belongs; looked up without the code, so that the time of an answer tells nothing of it."""
    if device is None or device.state == Device.State.REVOKED:
        return None
    own = Q(pk=device.meeting_id)
    if device.state == Device.State.ADMITTED:
        own |= Q(pk__in=Attendance.objects.filter(member=device.member_id).values("meeting"))
    meetings = Meeting.objects.filter(own, code__isnull=False).select_related(
        "cell", "committee", "campaign"
    )
    return next((Entry(each, typed, TYPED) for each in meetings if each.code == typed), None)


def _meeting(digits: str) -> Meeting | None:
    if not re.fullmatch(r"[0-9]{6}", digits):
        return None
    return Meeting.objects.joinable(digits).select_related("cell", "committee", "campaign").first()


def _counts(request: HttpRequest) -> tuple[Count, ...]:
    address, network = places_of(request)
    return Count(BY_ADDRESS, address), Count(BY_NETWORK, network), Count(BY_SITE, "")
