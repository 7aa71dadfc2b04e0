"""What a subject's appraisal rests on: a self-review that was handed in; and its pages, with what they have seen."""

from django.urls import reverse
from django.utils import timezone

from ballots.appraisal import subjects
from ballots.results import classification
from cells.models import Meeting
from members.models import Member, SelfReview
from tests.kit import reviews

# 85 points in all.
SCORES = {criterion.key: "2" for criterion in reviews.FORM.criteria} | {"result": "55"}


def submitted(meeting: Meeting, member: Member, **values) -> SelfReview:
    """A self-review of 85 points that was handed in."""
    fields = {"kind": "member", "scores": SCORES, "state": "submitted", "self_level": "HTT"}
    now = timezone.now()
    return SelfReview.objects.create(
        cell=member.cell,
        member=member,
        campaign=meeting.campaign,
        submitted_at=now,
        **(fields | values),
    )


def seen(meeting: Meeting, member: Member | None, kind: str, key: str = "") -> str:
    """What a page drawn now would send along."""
    key_of = str(member.pk) if member else classification.CELL_ADDRESS
    subject = next(s for s in subjects.load(meeting) if s.key == key_of)
    return subject.seen(kind, key)


def address(meeting: Meeting, member: Member | None = None) -> str:
    key = member.pk if member else classification.CELL_ADDRESS
    return reverse("ballots:appraisal_subject", args=[meeting.pk, key])


def page(client, meeting: Meeting, member: Member | None = None) -> str:
    return client.get(address(meeting, member)).content.decode()


def overview(client, meeting: Meeting) -> str:
    return client.get(reverse("ballots:appraisal", args=[meeting.pk])).content.decode()
