"""What is missing or odd when the minutes are about to be passed: asked once more, never in the way."""

from datetime import datetime

from django.utils import timezone

from ballots.appraisal import subjects
from ballots.models import Issue, Poll
from ballots.report.sheet import Report, form_of, is_reviewed
from ballots.results import figures
from ballots.results.concluded import concluded_at
from ballots.results.figures import Figures
from cells import wording
from cells.models import Meeting
from members.models import Attendance, AuditEntry, Door, Member

MANY = 4  # so many are named, the others counted


def open_points(
    meeting: Meeting,
    ends_at: datetime,
    counted: tuple[datetime, datetime] | None = None,
    copies: int | None = None,
) -> list[str]:
    """One sentence for each thing the meeting may have forgotten; polls are optional, so none forbids anything.

    `counted`, `copies`: when the count began and ended, and how many copies are made, as they are about to be written.
    """
    meeting_figures = figures.load(meeting)
    rated = (
        _of_cases(meeting) if meeting.is_sitting else _of_who_is_rated(meeting, meeting_figures)
    )
    planned = Poll.objects.filter(meeting=meeting, state=Poll.State.PLANNED).order_by("number")
    return [
        *(f"Chưa bỏ phiếu lượt “{poll.title}”." for poll in planned),
        *(
            f"Số liệu của lượt “{poll.poll.title}” không khớp. {' '.join(poll.problems)}"
            for poll in meeting_figures.polls
            if poll.problems
        ),
        *rated,
        *_unmarked(meeting, meeting_figures),
        *_odd_end(meeting, ends_at),
        *_left_later(meeting, meeting_figures, ends_at),
        *_unwritten(meeting, meeting_figures, counted, copies),
    ]


def _of_cases(meeting: Meeting) -> list[str]:
    """Of a committee's own meeting: on whom nothing is concluded."""
    still = [case.words for case in concluded_at(meeting) if not case.level]
    if not still:
        return []
    others = (
        f" và {wording.two_digits(len(still) - MANY)} trường hợp nữa" if len(still) > MANY else ""
    )
    return [f"Chưa kết luận về: {'; '.join(still[:MANY])}{others}."]


def _of_who_is_rated(meeting: Meeting, meeting_figures: Figures) -> list[str]:
    """What is open of the levels and reports of a cell's own meeting; a committee's meeting rates nobody itself."""
    return [
        *_open_rows(meeting, meeting_figures),
        *subjects.unexplained(meeting, meeting_figures),
        *_unscored(meeting, meeting_figures),
    ]


def _open_rows(meeting: Meeting, meeting_figures: Figures) -> list[str]:
    undecided = sum(outcome.level is None for outcome in meeting_figures.members)
    rows = [
        *(
            [meeting.cell.name]
            if meeting_figures.rates_cell
            and not (meeting_figures.cell and meeting_figures.cell.level)
            else []
        ),
        *(body.name for body in meeting_figures.collectives if body.level is None),
        *([f"{wording.two_digits(undecided)} đảng viên"] if undecided else []),
    ]
    return [f"Chưa kết luận mức xếp loại của {' và '.join(rows)}."] if rows else []


def _unmarked(meeting: Meeting, meeting_figures: Figures) -> list[str]:
    """Who would stand in the minutes as absent without a reason only because nobody marked them."""
    expected = (Member.Status.FULL, Member.Status.PROBATIONARY)
    rows = Attendance.objects.of(meeting).filter(
        state=Attendance.State.EXPECTED, standing__in=expected
    )
    listed = ", ".join(f"đ/c {meeting_figures.names.label(row.member)}" for row in rows)
    if not listed:
        return []
    return [f"Chưa điểm danh {listed}: biên bản sẽ ghi là vắng không có lý do."]


def _unscored(meeting: Meeting, meeting_figures: Figures) -> list[str]:
    """A report of which only some criteria are scored has no score."""
    form = form_of(meeting_figures.rules)
    reports = {"tập thể": meeting.report}
    reports |= {body.name: body.report for body in meeting.collectives.all()}
    unscored = {name: Report.load(row, form).unscored for name, row in reports.items()}
    return [
        f"Báo cáo kiểm điểm {name} còn {open_} tiêu chí chưa chấm nên chưa có tổng điểm."
        for name, open_ in unscored.items()
        if open_
    ]


def _unwritten(
    meeting: Meeting,
    meeting_figures: Figures,
    counted: tuple[datetime, datetime] | None,
    copies: int | None,
) -> list[str]:
    """What makes the minutes thin, in one sentence; the law asks for none of it."""
    rows = Attendance.objects.filter(meeting=meeting)
    of_cell = not meeting.is_sitting
    reviewed = of_cell and is_reviewed(meeting, meeting_figures.rates_cell)
    lines = rows.exclude(self_review="", reply="")
    unexplained = [poll.poll for poll in meeting_figures.polls if _lacks_reasons(poll.poll)]
    missing = {
        "ai trình bày báo cáo": reviewed and not rows.present().filter(presents=True).exists(),
        "tự kiểm điểm và tiếp thu của các đồng chí (trang “Góp ý”)": of_cell
        and not lines.exists(),
        "lời kết luận của chủ trì": not meeting.conclusion,
        "giờ kiểm phiếu": bool(meeting_figures.polls) and counted is None,
        "số bản và nơi lưu": copies is None,
        "lý do phiếu không hợp lệ (trang của lượt)": bool(unexplained),
    }
    words = [what for what, is_missing in missing.items() if is_missing]
    return [f"Biên bản chưa ghi: {'; '.join(words)}. Không bắt buộc."] if words else []


def _lacks_reasons(poll: Poll) -> bool:
    """Whether a ballot may be invalid for another reason than that it bears no mark: one on paper."""
    papers = Issue.objects.of(poll).filter(door=Door.PAPER)
    return poll.invalid > 0 and papers.exists() and not poll.invalid_reasons.exists()


def counted_at(meeting: Meeting) -> tuple[datetime | None, datetime | None]:
    """When tellers sealed the first box and confirmed the last result (local), if that was on the meeting's own day.

    What the room saw them do; no ballot has a time.
    """
    confirmed = Poll.objects.filter(meeting=meeting, confirmed=True)
    presses = AuditEntry.objects.about(confirmed)
    started = presses.filter(verb="poll.sealed").order_by("at").first()
    ended = presses.filter(verb="poll.confirmed").order_by("at").last()
    if started is None or ended is None:
        return None, None
    start, end = timezone.localtime(started.at), timezone.localtime(ended.at)
    day = timezone.localtime(meeting.starts_at).date()
    return (start, end) if start.date() == day == end.date() else (None, None)


def _odd_end(meeting: Meeting, ends_at: datetime) -> list[str]:
    start, end = timezone.localtime(meeting.starts_at), timezone.localtime(ends_at)
    if start.date() == end.date():
        return []
    return [f"Hội nghị khai mạc ngày {start:%d/%m/%Y} mà kết thúc ngày {end:%d/%m/%Y}."]


def _left_later(meeting: Meeting, meeting_figures: Figures, ends_at: datetime) -> list[str]:
    """Who would stand in the minutes as having left early, at an hour when the meeting was over."""
    rows = Attendance.objects.of(meeting).filter(left_at__gte=ends_at)
    hours = {row.member: timezone.localtime(row.left_at) for row in rows if row.left_at}
    return [
        f"Đồng chí {meeting_figures.names.label(member)} ra về lúc {wording.clock(hour)}, "
        "sau giờ kết thúc hội nghị: xin xem lại ở trang “Điểm danh”."
        for member, hour in hours.items()
    ]
