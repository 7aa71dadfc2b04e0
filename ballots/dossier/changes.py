"""What has changed in a cell's file since it was sent up: why it would be sent again."""

import itertools

from ballots.models import Submission
from cells.models import Meeting
from members.models import (
    Assessment,
    Attachment,
    Attendance,
    Finding,
    ReviewLine,
    SelfReviewVersion,
)
from members.rules.names import ListedNames


def since(sent: Submission) -> list[str]:
    """One phrase for each thing that changed after this sending; `sent.meeting` selected along with it."""
    meeting = sent.meeting
    names = Attendance.objects.of(meeting).listed_names()
    changes = (
        look(sent, meeting, names)
        for look in (_report, _lines, _reviews, _assessments, _files, _findings)
    )
    return list(dict.fromkeys(itertools.chain(*changes)))


def _report(sent: Submission, meeting: Meeting, names: ListedNames) -> list[str]:
    later = meeting.reports.filter(saved_at__gt=sent.at).select_related("collective")
    return [
        f"Báo cáo kiểm điểm {row.collective or 'tập thể'} được sửa."
        for row in later.order_by("pk")
    ]


def _lines(sent: Submission, meeting: Meeting, names: ListedNames) -> list[str]:
    """Lines of the year's list that were set by hand, or given back to the rules."""
    lines = ReviewLine.objects.of(meeting.cell, meeting.campaign).filter(set_at__gt=sent.at)
    return [
        f"Danh sách kiểm điểm: đ/c {names.label(line.member)}, {line.get_status_display().lower()}."
        for line in lines
    ]


def _reviews(sent: Submission, meeting: Meeting, names: ListedNames) -> list[str]:
    later = SelfReviewVersion.objects.filter(
        at__gt=sent.at, review__cell=meeting.cell, review__campaign=meeting.campaign
    ).select_related("review__member")
    return [
        f"Bản kiểm điểm của đ/c {names.label(row.review.member)} được nộp lại." for row in later
    ]


def _assessments(sent: Submission, meeting: Meeting, names: ListedNames) -> list[str]:
    """What a body says of a member, written or changed."""
    rows = Assessment.objects.of(meeting.cell, meeting.campaign).filter(saved_at__gt=sent.at)
    later = rows.select_related("member")
    return [
        f"Nhận xét về đ/c {names.label(row.member)}: {row.get_body_display()}." for row in later
    ]


def _files(sent: Submission, meeting: Meeting, names: ListedNames) -> list[str]:
    later = Attachment.objects.of(meeting.cell, meeting.campaign).current().filter(at__gt=sent.at)
    later = later.exclude(kind__in=Attachment.FROM_ABOVE)
    # Keys alone: the bytes of what was replaced are no business of this page.
    instead = set(later.exclude(supersedes=None).values_list("pk", flat=True))
    return [f"{'Thay' if scan.pk in instead else 'Thêm'} tệp: {scan}." for scan in later]


def _findings(sent: Submission, meeting: Meeting, names: ListedNames) -> list[str]:
    later = Finding.objects.of(meeting.cell, meeting.campaign).filter(at__gt=sent.at)
    rows = later.select_related("member", "collective")
    return [
        f"{row.get_kind_display()}: "
        f"{names.label(row.member) if row.member else row.collective or meeting.cell}."
        for row in rows
    ]
