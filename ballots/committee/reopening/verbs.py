"""Mở lại hồ sơ: what was approved or decided waits again, by a paper of the committee and with its reason."""

from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from ballots.core.news import tell_cell
from ballots.core.verbs import Refused, locked_meeting, must_oversee
from ballots.models import Decision, Reopening, Submission
from cells.models import Meeting
from cells.stale import STALE
from members.files import keeping
from members.models import Attachment, News, User

NOT_LOCKED = "Hồ sơ này chưa duyệt, hoặc vừa được mở lại, nên không có gì để mở lại."
NOT_YET = "Ngày văn bản ở sau hôm nay. Xin xem lại ngày."


@dataclass(frozen=True)
class ReopeningAct:
    """The paper by which a file is reopened, and why."""

    number: int  # of the sending that was seen
    symbol: str
    dated: date
    reason: str
    file: UploadedFile


def reopen(user: User, meeting: Meeting, act: ReopeningAct) -> Reopening:
    """Mở lại hồ sơ: its approval ends, so that it may be returned, sent, approved and decided again.

    Decided levels stay in force until then. Raises Refused where the file is neither approved nor decided, was sent
    again or reopened meanwhile, on a date after today, and for a file that is no picture and no PDF.
    """
    must_oversee(user, meeting)
    if act.dated > timezone.localdate():
        raise Refused(NOT_YET)
    title = f"Văn bản {act.symbol} mở lại hồ sơ"
    place = (user, meeting.cell, meeting.campaign, Attachment.Kind.REOPENING)
    try:
        paper = keeping.from_above(*place, act.file, title)
    except keeping.Refused as refusal:
        raise Refused(str(refusal)) from refusal
    with transaction.atomic(durable=True):
        return _store(user, locked_meeting(meeting), act, paper)


def _store(user: User, meeting: Meeting, act: ReopeningAct, paper: Attachment) -> Reopening:
    last = Submission.objects.last_of(meeting)
    if last is None or last.number != act.number:
        raise Refused(STALE)
    before = last.approved_by, last.approved_at
    if not (before[0] and before[1] and Submission.objects.reopen(last)):
        raise Refused(NOT_LOCKED)
    about = {"symbol": act.symbol, "dated": act.dated, "reason": act.reason}
    row = Reopening(submission=last, by=user, **about)
    row.was_decided = Decision.objects.filter(meeting=meeting).exists()
    row.approved_by, row.approved_at = before[0], before[1]
    row.validate_constraints()
    paper.save(force_insert=True)
    row.paper = paper
    row.save(force_insert=True)
    tell_cell(user, News.Kind.FILE_REOPENED, meeting)
    user.record("file.reopened", meeting, number=act.number, symbol=act.symbol)
    return row
