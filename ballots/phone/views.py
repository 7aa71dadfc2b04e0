"""The calm page of a member's phone: what the meeting is doing, the way to the ballot, and to the tellers' page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ballots.models import Poll, Teller
from ballots.results import levels
from ballots.voting.roll import roll_of
from cells.models import Campaign, Meeting
from members.devices.cookies import device_required
from members.models import Attendance, Device
from partyreview.http import Request


@device_required
@require_safe
def phone(request: Request) -> HttpResponse:
    """Who I am, whether I am checked in, what the meeting is doing; tellers are told what they are."""
    place = _meeting_now(request.device)
    meeting = place.meeting if place else None
    counts = _counts(meeting, request.device)
    return render(
        request,
        "ballots/phone/phone.html",
        {
            "member": place.member if place else request.device.member,
            "meeting": meeting,
            "present": place is not None and place.state == Attendance.State.PRESENT,
            "counts": counts,
            "roll": roll_of(meeting) if meeting and counts else None,
            "is_sealed": counts and _is_sealed(meeting),
            "decided": _is_decided(meeting, request.device),
            "ballot_url": f"/phieu/#{meeting.door_key}" if meeting else "",
            "asking": _asking(meeting, request.device),
            "item": meeting.items.filter(position=meeting.step).first() if meeting else None,
        },
    )


def _counts(meeting: Meeting | None, device: Device) -> bool:
    """Whether this member is a teller of the meeting, which is not over."""
    if meeting is None or meeting.is_closed:
        return False
    return Teller.objects.filter(meeting=meeting, member=device.member_id).exists()


def _is_sealed(meeting: Meeting | None) -> bool:
    """Whether a box waits for the tellers' devices to count it again."""
    return Poll.objects.filter(meeting=meeting, state=Poll.State.SEALED).exists()


def _asking(meeting: Meeting | None, device: Device) -> Device | None:
    """Another phone that knocks in this member's name: if it is not the member's, the secretary has to know."""
    if meeting is None or meeting.code is None:
        return None
    return (
        Device.objects.knocking(meeting)
        .filter(member=device.member_id)
        .exclude(pk=device.pk)
        .first()
    )


def _is_decided(meeting: Meeting | None, device: Device) -> bool:
    """Whether the committee above has decided this member's level of the year."""
    if meeting is None or not meeting.is_closed or meeting.campaign.kind != Campaign.Kind.YEAR:
        return False
    return levels.is_decided(device.member, meeting.campaign)


def _meeting_now(device: Device) -> Attendance | None:
    """The meeting this phone is for: one not yet over, best the one it joined, else the one where check-in is open."""
    places = Attendance.objects.filter(member=device.member_id).select_related(
        "meeting__cell", "meeting__committee", "meeting__campaign", "member__cell"
    )

    def nearness(place: Attendance) -> tuple[object, ...]:
        meeting = place.meeting
        joined = meeting.pk == device.meeting_id
        return (not meeting.is_closed, joined, meeting.code is not None, meeting.starts_at)

    return max(places, key=nearness, default=None)
