"""Gửi báo cáo của cấp ủy: sent with its tables, returned by pins, approved; each is one transaction."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ballots.committee.upward.composing import Papers
from ballots.core.news import tell_committee
from ballots.core.verbs import Refused
from ballots.models import CommitteeFile, CommitteePaper, CommitteePin, Standing
from ballots.papers.rollups.gather import ReportWords
from cells.law.periods import Period
from cells.models import Committee
from cells.stale import STALE
from members.models import News, User
from members.permissions import arranges, leads

NOBODY_ABOVE = "Trong chương trình không có cấp ủy nào ở trên để gửi. Xin tải báo cáo về, ký rồi gửi như mọi khi."
ENDED = (
    "{} đã thôi hoạt động nên không gửi báo cáo nữa. "
    "Số của các chi bộ nằm trong báo cáo của đảng bộ nay phụ trách."
)
NOTHING = "Chưa có hồ sơ chi bộ nào gửi lên nên chưa có gì để báo cáo."
APPROVED = "Cấp trên đã duyệt báo cáo này nên không gửi lại nữa."
CHANGED = (
    "Số vừa thay đổi vì có hồ sơ chi bộ mới gửi, trả lại hoặc quyết định. Xin xem lại rồi gửi."
)
ANSWERED = "Báo cáo này đã được trả lại hoặc đã duyệt. Xin tải lại trang."
NOTHING_ASKED = "Xin ghi ít nhất một chỗ cần sửa rồi mới trả lại."


def send(
    user: User, committee: Committee, period: Period, words: ReportWords, number: int, note: str
) -> CommitteeFile:
    """Gửi báo cáo: every paper is rendered, then stored with its SHA-256, and the sending recorded.

    `number`: which sending the page shows it would be. Papers that were sent before stay. Raises Refused where nobody
    stands above, nothing has been sent from below, the last one is approved, from an old page, and where a number has
    changed meanwhile; ValidationError on a missing reason.
    """
    if not leads(user, committee):
        raise PermissionDenied
    if committee.ended_on is not None:
        raise Refused(ENDED.format(committee))
    above = committee.above
    if above is None:
        raise Refused(NOBODY_ABOVE)
    papers = Papers.gather(committee, period, words).final
    if not papers.report.sent:
        raise Refused(NOTHING)
    file = _next(user, committee, period, note)
    file.lines = papers.lines
    file.validate_constraints()
    files = papers.files
    with transaction.atomic(durable=True):
        Committee.objects.select_for_update(no_key=True).get(pk=committee.pk)
        if _next(user, committee, period, note).number != number:
            raise Refused(STALE)
        if Papers.gather(committee, period, words).final != papers:
            raise Refused(CHANGED)
        file.number = number
        file.save(force_insert=True)
        for paper in files:
            paper.file = file
        CommitteePaper.objects.bulk_create(files)
        tell_committee(user, News.Kind.REPORT_SENT, above, file)
        user.record("report.sent", file, number=number, note=file.note)
    return file


def _next(user: User, committee: Committee, period: Period, note: str) -> CommitteeFile:
    """The row that the next sending would be; Refused once the last one is approved."""
    last = CommitteeFile.objects.of(committee, period).last()
    if last and last.standing == Standing.APPROVED:
        raise Refused(APPROVED)
    return CommitteeFile(
        committee=committee,
        year=period.year,
        kind=period.kind,
        number=last.number + 1 if last else 1,
        by=user,
        note=note.strip(),
    )


@transaction.atomic(durable=True)
def return_report(user: User, file: CommitteeFile, remarks: Mapping[str, str]) -> None:
    """Trả lại: what is to be mended, by the key of its line. Refused without any, and where it was sent again."""
    locked = _locked(user, file)
    if not remarks:
        raise Refused(NOTHING_ASKED)
    now = {"returned_at": timezone.now(), "returned_by": user}
    if not CommitteeFile.objects.answer(locked, **now):
        raise Refused(ANSWERED)
    for line in locked.lines:
        text = remarks.get(line["key"], "")
        if text:
            about = f"{line['title']}: {line['words']}"[:300]
            pin = CommitteePin(file=locked, place=line["key"], about=about, text=text)
            pin.full_clean()
            pin.save(force_insert=True)
    tell_committee(user, News.Kind.REPORT_RETURNED, locked.committee, locked)
    user.record("report.returned", locked, number=locked.number, pins=len(remarks))


@transaction.atomic(durable=True)
def approve_report(user: User, file: CommitteeFile) -> None:
    """Duyệt: what it says is right. Refused where it was answered already, or sent again since."""
    locked = _locked(user, file)
    now = {"approved_at": timezone.now(), "approved_by": user}
    if not CommitteeFile.objects.answer(locked, **now):
        raise Refused(ANSWERED)
    tell_committee(user, News.Kind.REPORT_APPROVED, locked.committee, locked)
    user.record("report.approved", locked, number=locked.number)


def _locked(user: User, file: CommitteeFile) -> CommitteeFile:
    """The last sending of its committee, which nobody sends again until this transaction ends."""
    if not arranges(user, file.committee):
        raise PermissionDenied
    Committee.objects.select_for_update(no_key=True).get(pk=file.committee_id)
    last = CommitteeFile.objects.of(file.committee, file.period).last()
    if last is None or last.pk != file.pk:
        raise Refused(STALE)
    return last
