"""Phones that join a meeting, without a browser."""

import re

from django.test import Client

from cells.models import Meeting
from members.models import Device, Member
from tests.kit import factories, verbs


def never_drawn(number: int) -> str:
    """Six digits that no meeting has, so that no guess is right by chance: those that are drawn begin at 100000."""
    return f"{number:06}"


def pick(client: Client, meeting: Meeting, member: Member | None = None):
    """Tap the name that was typed, or "Vào họp" on a phone that is known."""
    data = {"member": member.pk, "q": member.name} if member else {}
    return client.post(f"/hop/vao/{meeting.code}/chon/", data)


def find(client: Client, meeting: Meeting, typed: str):
    """Type a name and look for it."""
    return client.post(f"/hop/vao/{meeting.code}/chon/", {"q": typed})


def names_shown(response) -> list[str]:
    """The names that can be tapped on a page."""
    return re.findall(r'name="member" value="\d+">([^<]+)<', response.content.decode())


def admit(meeting: Meeting, member: Member) -> Device:
    """The secretary lets in the phone that knocks in this member's name."""
    device = Device.objects.knocking(meeting).get(member=member)
    verbs.admit(factories.secretary_of(meeting), meeting, device, moved=True)
    device.refresh_from_db()
    return device
