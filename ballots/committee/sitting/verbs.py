"""Plan a committee's own meeting, keep its list in step with who sits on it, and put cases on a ballot."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ballots.committee.sitting.cases import Case
from ballots.core.verbs import Refused, must_be_editable
from ballots.meeting.planning import write_duties
from ballots.models import CaseVote, Poll, Subject
from ballots.voting.planning import add_empty_poll
from cells.models import AgendaItem, Campaign, Committee, Level, Meeting
from cells.wording import two_digits
from members.models import Attendance, Member, Seat, User

MOST = 60  # rows of one ballot: as many as a member reads on a phone
VOTER = "Người bỏ phiếu, không xếp loại ở hội nghị này"
NOBODY = (
    "Chưa có cấp ủy viên nào vào ngày {}. Xin ghi ở trang “Cấp ủy viên” trước khi lập hội nghị."
)
NOT_SITTING = "Đồng chí được chọn không phải cấp ủy viên dự hội nghị này vào ngày {}."
TOO_MANY = "Một lượt chỉ nên có tối đa {} dòng. Xin chia thành nhiều lượt."
ENDED = "{} đã thôi hoạt động, không lập hội nghị được nữa."
AGENDA = (
    ("Tuyên bố lý do, giới thiệu đại biểu, thông qua chương trình", AgendaItem.Kind.TALK),
    ("Nghe báo cáo thẩm định hồ sơ đề nghị xếp loại", AgendaItem.Kind.TALK),
    ("Thảo luận", AgendaItem.Kind.TALK),
    ("Thông qua Tổ kiểm phiếu", AgendaItem.Kind.TELLERS),
    ("Bỏ phiếu", AgendaItem.Kind.POLL),
    ("Công bố kết quả", AgendaItem.Kind.RESULT),
    ("Thông qua biên bản, kết thúc hội nghị", AgendaItem.Kind.MINUTES),
)


@transaction.atomic(durable=True)
def plan_sitting(
    user: User,
    committee: Committee,
    campaign: Campaign,
    *,
    kind: str,
    starts_at: datetime,
    venue: str,
    chair: Member,
    clerk: Member,
) -> Meeting:
    """Plan a meeting of the committee; who sits on it that day is summoned. It may meet more than once a campaign."""
    if not user.has_perm("cells.convene", committee):
        raise PermissionDenied
    locked: Committee = Committee.objects.select_for_update(no_key=True).get(pk=committee.pk)
    if locked.ended_on is not None:
        raise Refused(ENDED.format(locked))
    meeting = Meeting(
        committee=locked, campaign=campaign, kind=kind, starts_at=starts_at, venue=venue
    )
    meeting.validate_constraints()
    meeting.save()
    _summon(meeting)
    _must_sit(meeting, chair, clerk)
    write_duties(meeting, chair, clerk, None)
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, position=position, title=title, kind=kind)
        for position, (title, kind) in enumerate(AGENDA, start=1)
    )
    user.record("meeting.planned", meeting)
    return meeting


@transaction.atomic(durable=True)
def renew_list(user: User, meeting: Meeting) -> None:
    """Summon who sits on the committee on the day it now meets, and nobody else; only before it opens."""
    meeting = must_be_editable(user, meeting)
    if meeting.state != Meeting.State.PLANNED:
        raise Refused("Hội nghị đã khai mạc nên danh sách triệu tập không đổi được nữa.")
    _summon(meeting)
    user.record("meeting.newcomers_listed", meeting, count=0)


def _summon(meeting: Meeting) -> None:
    seats = list(Seat.objects.summoned(meeting).ranked())
    if not seats:
        raise Refused(NOBODY.format(f"{timezone.localdate(meeting.starts_at):%d/%m/%Y}"))
    listed = Attendance.objects.filter(meeting=meeting)
    listed.exclude(member__in=[seat.member_id for seat in seats]).delete()
    known = {row.member_id: row for row in listed}
    for place, seat in enumerate(seats, start=1):
        if seat.member_id in known:
            listed.filter(member=seat.member_id).update(position=place)
            continue
        Attendance.objects.create(
            meeting=meeting,
            member=seat.member,
            position=place,
            standing=seat.member.status,
            rated=False,
            unrated_reason=VOTER,
        )


def _must_sit(meeting: Meeting, *chosen: Member) -> None:
    listed = Attendance.objects.filter(meeting=meeting, member__in=chosen)
    if listed.count() < len(set(chosen)):
        raise Refused(NOT_SITTING.format(f"{timezone.localdate(meeting.starts_at):%d/%m/%Y}"))


@transaction.atomic(durable=True)
def plan_case_poll(
    user: User, meeting: Meeting, title: str, cases: Sequence[Case], levels: Sequence[str]
) -> Poll:
    """Put these cases on a ballot of the committee, each in the words by which it is known; returns it PLANNED."""
    meeting = must_be_editable(user, meeting)
    if len(cases) > MOST:
        raise Refused(TOO_MANY.format(two_digits(MOST)))
    if not cases:
        raise Refused("Xin chọn ít nhất một chi bộ, tập thể hoặc đồng chí để bỏ phiếu.")
    poll = add_empty_poll(meeting, title, [code for code in Level.values if code in levels])
    for position, case in enumerate(cases, start=1):
        row = Subject.objects.create(
            poll=poll,
            position=position,
            member=case.member,
            collective=case.collective,
            label=case.words,
        )
        CaseVote.objects.create(subject=row, of=case.of)
    user.record("poll.planned", poll)
    return poll
