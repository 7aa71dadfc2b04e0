"""Last year's shortcomings of the cell itself, answered before and in the meeting."""

from django.db import transaction

from ballots.core.verbs import Refused, must_be_editable
from cells.models import Meeting
from cells.stale import STALE, fingerprint
from members.models import User


@transaction.atomic(durable=True)
def save_answers(
    user: User, meeting: Meeting, answers: dict[str, dict[str, str]], seen: str
) -> None:
    """Keep what was done about each shortcoming; Refused unless `seen` is the fingerprint of what is stored."""
    locked = must_be_editable(user, meeting)
    if fingerprint(locked.report.answers) != seen:
        raise Refused(STALE)
    locked.reports.update_or_create(collective=None, defaults={"answers": answers})
    user.record("meeting.answers_saved", locked)
