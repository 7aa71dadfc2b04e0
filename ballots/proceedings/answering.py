"""Last year's shortcomings of the cell itself, answered before and in the meeting."""

import hashlib
import json
from collections.abc import Mapping

from django.db import transaction

from ballots.models import Paper
from cells.models import Campaign, Meeting
from members import promises
from members.models import User

from .base import Refused, must_be_editable

STALE = (
    "Các câu trả lời vừa được lưu ở một cửa sổ khác. Bản đang hiện chưa được lưu; "
    "bấm “Lưu” lần nữa nếu muốn dùng bản này thay bản kia."
)


def shortcomings(meeting: Meeting) -> tuple[str, ...]:
    """The cell's shortcomings of the latest earlier year held here; those answered once the minutes are locked."""
    if Paper.objects.filter(meeting=meeting).exists():
        return promises.stored_items(meeting.answers)
    held = Meeting.objects.real().filter(
        cell=meeting.cell_id,
        state=Meeting.State.CLOSED,
        campaign__year__lt=meeting.campaign.year,
        campaign__kind=Campaign.Kind.YEAR,
    )
    former = held.exclude(texts={}).order_by("-campaign__year", "-starts_at").first()
    return promises.items_of(former.texts.get("weaknesses", ""), former.answers) if former else ()


def fingerprint(answers: Mapping[str, Mapping[str, str]]) -> str:
    """What stands for stored answers in a form that was drawn from them."""
    return hashlib.sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()


@transaction.atomic(durable=True)
def save_answers(
    user: User, meeting: Meeting, answers: dict[str, dict[str, str]], seen: str
) -> None:
    """Keep what was done about each shortcoming; Refused unless `seen` is the fingerprint of what is stored."""
    locked = must_be_editable(user, meeting)
    if fingerprint(locked.answers) != seen:
        raise Refused(STALE)
    locked.answers = answers
    locked.save(update_fields=["answers"])
    user.record("meeting.answers_saved", locked)
