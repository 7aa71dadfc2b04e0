"""Phones that join a meeting, without a browser."""

from django.test import Client

from cells.models import Meeting
from members.models import Device, Member
from tests.kit import factories, verbs


def pick(client: Client, meeting: Meeting, member: Member | None = None):
    """Tap a name on the list, or "Vào họp" on a phone that is known."""
    data = {"member": member.pk} if member else {}
    return client.post(f"/hop/vao/{meeting.code}/chon/", data)


def admit(meeting: Meeting, member: Member) -> Device:
    """The secretary lets in the phone that knocks in this member's name."""
    device = Device.objects.knocking(meeting).get(member=member)
    verbs.admit(factories.secretary_of(meeting), meeting, device, moved=True)
    device.refresh_from_db()
    return device
