"""Duyệt, trả lại hồ sơ: the committee above approves a cell's file, or sends it back and pins what is to be mended."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from ballots.core.news import tell_cell
from ballots.core.verbs import Refused, locked_meeting, must_oversee
from ballots.dossier import checks
from ballots.dossier.exceptions import exceptions_of
from ballots.dossier.places import FileFact
from ballots.models import Decision, Pin, Submission
from ballots.results import recording
from cells.models import Meeting
from cells.stale import STALE
from members.models import News, User

NOTHING_ASKED = "Xin ghi ít nhất một chỗ cần sửa rồi mới trả lại."
DECIDED = (
    "Đã quyết định xếp loại theo hồ sơ này nên không trả lại được. "
    "Cần sửa mức thì ghi quyết định lại; cần sửa hồ sơ thì mở lại hồ sơ, kèm văn bản."
)
RETURNED = "Hồ sơ này đã được trả lại. Xin chờ chi bộ gửi lại."
APPROVED = "Hồ sơ này đã được duyệt rồi."
NOT_CLEAN = "Hồ sơ có điều cần xem riêng nên không duyệt hàng loạt. {}"
NOT_APPROVED = "Chưa duyệt được. {} Xin trả lại hồ sơ, ghi chỗ cần sửa."


@transaction.atomic(durable=True)
def approve(user: User, meeting: Meeting, number: int, *, clean: bool = False) -> Submission:
    """Duyệt lần gửi số `number`: what it says is right; the levels are decided by a paper of its own.

    `clean`: only where nothing at all stands out. Raises Refused where a check is red, where the cell has sent again
    since, and where it was returned or approved already.
    """
    must_oversee(user, meeting)
    locked = locked_meeting(meeting)
    last = _seen(meeting, number)
    if last.is_returned:
        raise Refused(RETURNED)
    _must_be_right(locked, clean)
    if not Submission.objects.approve(last, user):
        raise Refused(APPROVED)
    tell_cell(user, News.Kind.FILE_APPROVED, locked)
    user.record("file.approved", meeting, number=number)
    last.refresh_from_db()
    return last


def _must_be_right(meeting: Meeting, clean: bool) -> None:
    evidence = checks.Evidence.load(meeting)
    groups = checks.groups_of(evidence)
    wrong = checks.lines_of(groups, checks.State.MEND)
    if wrong:
        raise Refused(NOT_APPROVED.format(wrong[0].sentence))
    found = exceptions_of(evidence, groups) if clean else []
    if found:
        raise Refused(NOT_CLEAN.format(found[0]))


def _seen(meeting: Meeting, number: int) -> Submission:
    """The last sending, if it is the one that the page showed."""
    last = Submission.objects.last_of(meeting)
    if last is None or last.number != number:
        raise Refused(STALE)
    return last


@transaction.atomic(durable=True)
def return_file(
    user: User, meeting: Meeting, number: int, remarks_by_place: Mapping[FileFact, str]
) -> Submission:
    """Trả lại lần gửi số `number`; `asked`: what is to be mended, per fact of the file, in its order.

    A return ends an approval. Raises Refused where nothing is asked, where the cell has sent again since, and where
    it was returned or decided already.
    """
    must_oversee(user, meeting)
    if not remarks_by_place:
        raise Refused(NOTHING_ASKED)
    locked = locked_meeting(meeting)
    last = _seen(meeting, number)
    if last.is_approved and Decision.objects.last_of(meeting):
        raise Refused(DECIDED)
    now = {"returned_at": timezone.now(), "returned_by": user}
    if not Submission.objects.filter(pk=last.pk, returned_at=None).update(**now):
        raise Refused(RETURNED)
    for fact, text in remarks_by_place.items():
        pin = Pin(submission=last, place=fact.place.key, about=fact.about, text=text)
        pin.full_clean()
        pin.save(force_insert=True)
    recording.record(meeting)
    tell_cell(user, News.Kind.FILE_RETURNED, locked)
    user.record("file.returned", meeting, number=number, pins=len(remarks_by_place))
    last.refresh_from_db()
    return last
