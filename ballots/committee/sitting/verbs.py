"""Plan a committee's own meeting, keep its list in step with who sits on it, and put cases on a ballot."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ballots.committee.sitting.cases import Case
from ballots.core.verbs import (
    Refused,
    must_be_counted,
    must_be_editable,
    must_be_open,
    must_run,
)
from ballots.meeting.planning import (
    copy_agenda,
    copy_list,
    make_rehearsal,
    must_be_alone,
    write_duties,
)
from ballots.models import CaseConclusion, CaseVote, OwnCase, Poll, Subject
from ballots.voting.planning import add_empty_poll, must_be_new
from cells.models import AgendaItem, Campaign, Committee, Level, Meeting
from cells.stale import STALE
from cells.wording import shortened, two_digits
from members.models import Attendance, Member, Seat, User

LONGEST_TITLE = 300
MOST = 60  # rows of one ballot: as many as a member reads on a phone
VOTER = "Người bỏ phiếu, không xếp loại ở hội nghị này"
NOBODY = (
    "Chưa có cấp ủy viên nào vào ngày {}. Xin ghi ở trang “Cấp ủy viên” trước khi lập hội nghị."
)
NOT_SITTING = "Đồng chí được chọn không phải cấp ủy viên dự hội nghị này vào ngày {}."
TOO_MANY = "Một lượt chỉ nên có tối đa {} dòng. Xin chia thành nhiều lượt."
NO_CASE = "Xin chọn ít nhất một chi bộ, tập thể hoặc đồng chí để bỏ phiếu."
BEFORE_POLLS = (
    "Hội nghị đã có lượt bỏ phiếu lập theo cách đang chọn. "
    "Xin xoá các lượt chưa mở rồi đổi; lượt đã mở thì giữ nguyên cách ấy."
)
ENDED = "{} đã thôi hoạt động, không lập hội nghị được nữa."
MEETS_THEN = "Hội nghị này, đúng giờ ấy, đã lập rồi. Xin mở từ danh sách hội nghị của cấp ủy."
AGENDA = (
    ("Tuyên bố lý do, giới thiệu đại biểu, thông qua chương trình", AgendaItem.Kind.TALK),
    ("Nghe báo cáo thẩm định hồ sơ đề nghị xếp loại", AgendaItem.Kind.TALK),
    ("Thảo luận từng trường hợp", AgendaItem.Kind.COMMENTS),
    ("Thông qua Tổ kiểm phiếu", AgendaItem.Kind.TELLERS),
    ("Bỏ phiếu", AgendaItem.Kind.POLL),
    ("Công bố kết quả, kết luận của chủ trì", AgendaItem.Kind.RESULT),
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
    abstains: bool = False,
    basis: str = "",
) -> Meeting:
    """Plan a meeting of the committee; who sits on it that day is summoned. It may meet more than once a campaign.

    `abstains`: whether those who vote take no ballot on their own case, and on what `basis`.
    """
    if not user.has_perm("cells.convene", committee):
        raise PermissionDenied
    locked: Committee = Committee.objects.select_for_update(no_key=True).get(pk=committee.pk)
    if locked.ended_on is not None:
        raise Refused(ENDED.format(locked))
    if Meeting.objects.filter(committee=locked, kind=kind, starts_at=starts_at).exists():
        raise Refused(MEETS_THEN)
    meeting = Meeting(
        committee=locked, campaign=campaign, kind=kind, starts_at=starts_at, venue=venue
    )
    meeting.validate_constraints()
    meeting.save()
    _summon(meeting)
    _must_sit(meeting, chair, clerk)
    write_duties(meeting, chair, clerk, None)
    _keep_own_case(meeting, abstains, basis)
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


@transaction.atomic(durable=True)
def set_own_case(user: User, meeting: Meeting, abstains: bool, basis: str) -> None:
    """Say whether those who vote take a ballot on their own case, and on what basis; before anything is voted on."""
    meeting = must_be_editable(user, meeting)
    if Poll.objects.filter(meeting=meeting).exists():
        raise Refused(BEFORE_POLLS)
    _keep_own_case(meeting, abstains, basis)
    user.record("meeting.own_case", meeting, abstains=abstains, basis=basis)


def _keep_own_case(meeting: Meeting, abstains: bool, basis: str) -> None:
    row = OwnCase.objects.filter(sitting=meeting).first() or OwnCase(sitting=meeting)
    row.abstains, row.basis = abstains, basis
    row.validate_constraints()
    row.save()


def _must_sit(meeting: Meeting, *chosen: Member) -> None:
    listed = Attendance.objects.filter(meeting=meeting, member__in=chosen)
    if listed.count() < len(set(chosen)):
        raise Refused(NOT_SITTING.format(f"{timezone.localdate(meeting.starts_at):%d/%m/%Y}"))


@transaction.atomic(durable=True)
def plan_case_poll(
    user: User, meeting: Meeting, title: str, cases: Sequence[Case], levels: Sequence[str]
) -> list[Poll]:
    """Put these cases on a ballot of the committee, each in the words by which it is known; returns it PLANNED.

    Where those who vote take none on their own case, each such case is a ballot of its own after it: a row left out
    of a ballot would name whose it is.
    """
    meeting = must_be_editable(user, meeting)
    if len(cases) > MOST:
        raise Refused(TOO_MANY.format(two_digits(MOST)))
    if not cases:
        raise Refused(NO_CASE)
    codes = [code for code in Level.values if code in levels]
    own = _own_cases(meeting, cases)
    others = [case for case in cases if case not in own]
    ballots = [(title, others)] if others else []
    ballots += [(_titled(title, case), [case]) for case in own]
    return [_planned(user, meeting, named, rows, codes) for named, rows in ballots]


def _own_cases(meeting: Meeting, cases: Sequence[Case]) -> list[Case]:
    """Those of members who are summoned, where these take no ballot on them."""
    if not OwnCase.objects.filter(sitting=meeting, abstains=True).exists():
        return []
    voters = set(Attendance.objects.filter(meeting=meeting).values_list("member", flat=True))
    return [case for case in cases if case.member and case.member.pk in voters]


def _titled(title: str, case: Case) -> str:
    about = f": đồng chí {case.name}"
    return f"{shortened(title, LONGEST_TITLE - len(about))}{about}"


def _planned(
    user: User, meeting: Meeting, title: str, cases: Sequence[Case], levels: Sequence[str]
) -> Poll:
    poll = add_empty_poll(meeting, title, levels)
    for position, case in enumerate(cases, start=1):
        row = Subject.objects.create(
            poll=poll,
            position=position,
            member=case.member,
            collective=case.collective,
            label=case.words,
        )
        CaseVote.objects.create(subject=row, of=case.of)
    must_be_new(poll)
    user.record("poll.planned", poll)
    return poll


@transaction.atomic(durable=True)
def conclude_case(user: User, meeting: Meeting, key: str, level: str, reason: str) -> None:
    """Record what the chair concludes of a case on this meeting's ballots, with its reason; former versions stay."""
    meeting = must_be_open(user, meeting)
    must_be_counted(meeting)
    case = next((row for row in CaseVote.objects.at(meeting) if row.key == key), None)
    if case is None:
        raise Refused(STALE)
    CaseConclusion.objects.replace(
        sitting=meeting,
        of=case.of,
        member=case.subject.member,
        collective=case.subject.collective,
        level=level,
        reason=reason.strip(),
    )
    about = {"member": case.subject.member_id, "collective": case.subject.collective_id}
    user.record("meeting.concluded", meeting, of=case.of_id, **about, level=level)


@transaction.atomic(durable=True)
def start_rehearsal(user: User, meeting: Meeting) -> Meeting:
    """Họp thử: a copy with the same list, agenda, duties and ballots, which never touches the real meeting."""
    must_run(user, meeting)
    Committee.objects.select_for_update(no_key=True).get(pk=meeting.over.pk)
    must_be_alone(meeting)
    copy = make_rehearsal(meeting)
    copy_agenda(meeting, copy)
    copy_list(meeting, copy)
    own = OwnCase.objects.filter(sitting=meeting).first()
    if own:
        _keep_own_case(copy, own.abstains, own.basis)
    for poll in Poll.objects.filter(meeting=meeting).exclude(state=Poll.State.VOID):
        _copy_poll(poll, copy)
    user.record("meeting.rehearsal_started", copy)
    return copy


def _copy_poll(poll: Poll, copy: Meeting) -> None:
    twin = add_empty_poll(copy, poll.title, poll.levels)
    for case in CaseVote.objects.filter(subject__poll=poll).select_related("subject"):
        row = case.subject
        about = {"member_id": row.member_id, "collective_id": row.collective_id}
        twin_row = Subject.objects.create(
            poll=twin, position=row.position, label=row.label, **about
        )
        CaseVote.objects.create(subject=twin_row, of_id=case.of_id)
