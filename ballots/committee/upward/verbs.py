"""Gửi báo cáo của cấp ủy: sent with its tables, returned by pins, approved; each is one transaction."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ballots.committee.review.verbs import NOTHING_ASKED
from ballots.committee.upward.composing import Papers
from ballots.core.news import tell_committee
from ballots.core.verbs import Refused
from ballots.jobs.kinds import Step, unwatched
from ballots.models import CommitteeFile, CommitteePaper, CommitteePin, Standing
from ballots.papers.rollups.gather import ReportWords
from cells.law.periods import Period
from cells.models import Committee
from cells.stale import STALE
from members.models import News, User
from members.permissions import arranges, convenes

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


class Report(NamedTuple):
    """What is to be sent: the report of which body and period, as typed on which day, as which sending, and why again.

    `number`: which sending the page shows it would be.
    """

    committee: Committee
    period: Period
    words: ReportWords
    number: int
    note: str
    day: date

    @property
    def papers(self) -> Papers:
        """What it says now."""
        return Papers.gather(self.committee, self.period, self.words, self.day).final


def may_send(user: User, report: Report) -> Papers:
    """What would be sent; raises what `send` would. An officer above reads and approves it, so never sends it."""
    committee = report.committee
    if not convenes(user, committee):
        raise PermissionDenied
    if committee.ended_on is not None:
        raise Refused(ENDED.format(committee))
    if committee.above is None:
        raise Refused(NOBODY_ABOVE)
    papers = report.papers
    if not papers.report.sent:
        raise Refused(NOTHING)
    file = _next(user, report)
    file.validate_constraints()
    if file.number != report.number:
        raise Refused(STALE)
    return papers


def send(user: User, report: Report, mark: str = "", step: Step = unwatched) -> CommitteeFile:
    """Gửi báo cáo: every paper is rendered, then stored with its SHA-256, and the sending recorded.

    `mark`: what the papers said when it was asked for, where that was earlier. Papers that were sent before stay.
    Raises Refused where nobody stands above, nothing has been sent from below, the last one is approved, from an old
    page, and where a number has changed meanwhile; ValidationError on a missing reason.
    """
    papers = may_send(user, report)
    if mark not in ("", papers.mark):
        raise Refused(CHANGED)
    files = papers.files(step)
    with transaction.atomic(durable=True):
        committee = Committee.objects.select_for_update(no_key=True).get(pk=report.committee.pk)
        file = _next(user, report)
        if file.number != report.number:
            raise Refused(STALE)
        if report.papers != papers:
            raise Refused(CHANGED)
        file.lines = papers.lines
        file.save(force_insert=True)
        for paper in files:
            paper.file = file
        CommitteePaper.objects.bulk_create(files)
        above = committee.above
        if above is None:
            raise Refused(NOBODY_ABOVE)
        tell_committee(user, News.Kind.REPORT_SENT, above, file)
        user.record("report.sent", file, number=file.number, note=file.note)
        step(len(files), len(files))  # stopped until here, nothing is sent
    return file


def _next(user: User, report: Report) -> CommitteeFile:
    """The row that the next sending would be; Refused once the last one is approved."""
    committee, period = report.committee, report.period
    last = CommitteeFile.objects.of(committee, period).last()
    if last and last.standing == Standing.APPROVED:
        raise Refused(APPROVED)
    return CommitteeFile(
        committee=committee,
        year=period.year,
        kind=period.kind,
        number=last.number + 1 if last else 1,
        by=user,
        note=report.note.strip(),
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
