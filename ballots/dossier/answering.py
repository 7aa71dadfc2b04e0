"""Trả lời chỗ cần sửa: the cell says why a place stays as it is, instead of mending it."""

from django.db import transaction

from ballots.core.verbs import Refused, locked_meeting, must_run
from ballots.models import Pin, Submission
from cells.models import Meeting
from cells.stale import STALE
from members.models import User

NO_ANSWER = "Xin ghi vì sao chỗ này giữ nguyên."


@transaction.atomic(durable=True)
def answer_pin(user: User, meeting: Meeting, pin: Pin, text: str) -> None:
    """Trả lời chỗ cấp trên nêu; it may be written anew until the file is sent again.

    Raises Refused without text, and where the file was sent again since: the committee above has read it then.
    """
    must_run(user, meeting)
    if not text:
        raise Refused(NO_ANSWER)
    last = Submission.objects.last_of(locked_meeting(meeting))
    if last is None or not last.is_returned or pin.submission_id != last.pk:
        raise Refused(STALE)
    Pin.objects.filter(pk=pin.pk).update(answer=text)
    user.record("pin.answered", meeting, place=pin.place)
