"""Whom a review concerns, and what who is not rated is called: one wording on every page and paper."""

from cells.models import Meeting
from members.models import ReviewLine


def not_subject(meeting: Meeting) -> frozenset[int]:
    """Members whom the campaign does not concern: exempt, new, or none of a quarter's leaders."""
    lines = ReviewLine.objects.of(meeting.cell, meeting.campaign)
    outside = lines.filter(status=ReviewLine.Status.NOT_SUBJECT)
    return frozenset(outside.values_list("member", flat=True))


def unrated_as(member: int, outside: frozenset[int]) -> str:
    """What a member is called who is not rated; `outside`: whom the campaign does not concern."""
    status = ReviewLine.Status
    return str((status.NOT_SUBJECT if member in outside else status.UNRATED).label)
