"""A name on the meeting's list is found by who types it; no phone is shown the list.

Who holds the code could still try one likely name after another. So a name must be typed with its given name and one
more word, few are shown at once, and names that are not there are counted; one that is there costs nothing.
"""

from typing import NamedTuple

from django.http import HttpRequest

from cells.wording import search_key
from members.joining.codes import Entry, MustWait
from members.models import Attendance, Count, Device, Member, Rate, RateLimit
from members.rules.names import ListedNames, answers
from partyreview.http import places_of

BY_ADDRESS = Rate("name by address", 30, 20)
BY_MEETING = Rate("name by meeting", 90, 10)
MOST = 4


class Matches(NamedTuple):
    """Who answers to a typed name; none, and `many`, where it must be typed in full."""

    members: list[Member]
    names: ListedNames = ListedNames(())
    many: bool = False


def find(request: HttpRequest, entry: Entry, device: Device | None, typed: str) -> Matches:
    """Members of the list whom `typed` names, by given name. Raises MustWait.

    The tries of a phone that the secretary has let in before are not counted.
    """
    meeting, code, way = entry
    whom = f"{meeting.pk} {code} {way}"
    counts = Count(BY_ADDRESS, f"{whom} {places_of(request)[0]}"), Count(BY_MEETING, whom)
    rows = list(Attendance.objects.of(meeting))
    listed = {row.member_id for row in rows}
    own = device.member_id if device and device.state == Device.State.ADMITTED else None
    free = own in listed
    if not free and (seconds := RateLimit.objects.take(*counts)):
        raise MustWait(seconds)
    matches = _among(rows, typed)
    if not free and matches.members:
        RateLimit.objects.give_back(*counts)
    return matches


def _among(rows: list[Attendance], typed: str) -> Matches:
    """Suspended members cannot join."""
    names = ListedNames(row.member for row in rows)
    free = [row.member for row in rows if row.standing != Member.Status.SUSPENDED]
    hits = [member for member in free if answers(typed, member.name)]
    hits.sort(key=lambda member: (member.name_sort, member.born_year or 0, member.pk))
    if len(hits) <= MOST:
        return Matches(hits, names)
    whole = [member for member in hits if member.name_search == search_key(typed)]
    return Matches(whole, names, many=not whole)
