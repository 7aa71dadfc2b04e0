"""What comes next in a cell's review: the one place that knows the order from the list to the file sent up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from ballots.core.verbs import NO_FIRST_FILE, NO_NEW_MEETING
from ballots.dossier import returned
from ballots.dossier.returned import Returned
from ballots.models import Decision, Submission
from cells import wording
from cells.law.periods import Period
from cells.models import Campaign, Cell, Meeting
from members.models import Member, ReviewLine, SelfReview
from members.reviews.asked import asked_in

MEETING = "ballots:meeting"
SENDING = "Gửi cấp trên"
NEAR = 3  # days before one in which it presses


@dataclass(frozen=True)
class MeetingFact:
    """The year's main meeting as the year sees it; `starts_at` is local."""

    pk: int
    state: str
    starts_at: datetime
    checkin_open: bool = False


@dataclass(frozen=True)
class YearFacts:
    """All that decides what comes next; counts are members."""

    cell: int
    span: Period
    members: int = 0
    listed: int = 0  # 0 before the year's list is made
    rated: int = 0
    writers: int = 0  # who has to hand in a self-review
    handed_in: int = 0
    meeting: MeetingFact | None = None
    sent: bool = False
    decided: bool = False
    returned: Returned | None = None
    deadlines: Mapping[str, date] | None = None
    draft_days: int = 0  # working days that the draft report is sent before the meeting
    draft_due: date | None = None
    has_draft: bool = False
    is_closed: bool = False  # the campaign, by the committee above

    @property
    def is_over(self) -> bool:
        """Whether the campaign was closed before the cell planned its meeting."""
        return self.is_closed and self.meeting is None

    @property
    def is_held(self) -> bool:
        """Whether the meeting is over."""
        return self.meeting is not None and self.meeting.state == Meeting.State.CLOSED

    @property
    def is_live(self) -> bool:
        """Whether the meeting is held just now."""
        return self.meeting is not None and self.meeting.state == Meeting.State.OPEN


@dataclass(frozen=True)
class YearStep:
    """One thing of the year: what its button says, how it stands, where it is done, and until when.

    Without a page nothing can be done about it yet, or others do it.
    """

    label: str
    note: str
    page: str = ""
    args: tuple[object, ...] = ()
    done: bool = False
    due: date | None = None
    query: str = ""
    address: str = ""  # the line of the page it leads to, where it is about one
    is_short: bool = False  # nobody waits for it any more, and yet something is missing

    @property
    def url(self) -> str:
        """Where the button leads, "" where it leads nowhere."""
        if self.address or not self.page:
            return self.address
        return reverse(self.page, args=self.args) + self.query

    @property
    def left(self) -> str:
        """How long there is time, in words; "" without a day."""
        return wording.time_left(self.due, timezone.localdate()) if self.due else ""

    @property
    def press(self) -> str:
        """How much its day presses: "late" once it is over, "near" in the last days before, else ""."""
        days = (self.due - timezone.localdate()).days if self.due else NEAR + 1
        if days < 0:
            return "late"
        return "near" if days <= NEAR else ""


def facts_of(cell: Cell, campaign: Campaign) -> YearFacts:
    """Read the facts of a cell's year, in a fixed number of queries."""
    lines = list(ReviewLine.objects.of(cell, campaign).standing().values_list("status", flat=True))
    meeting = Meeting.objects.filter(cell=cell, campaign=campaign, kind=Meeting.Kind.MAIN).first()
    writers = asked_in(cell, campaign)
    submitted = SelfReview.objects.of(cell, campaign).filter(
        state=SelfReview.State.SUBMITTED, member__in=writers
    )
    rules = campaign.rules_for(cell)
    main = _fact(meeting) if meeting else None
    return YearFacts(
        cell=cell.pk,
        span=campaign.span,
        members=Member.objects.in_cell(cell).count(),
        listed=len(lines),
        rated=lines.count(ReviewLine.Status.SUBJECT),
        writers=writers.count(),
        handed_in=submitted.count(),
        meeting=main,
        sent=Submission.objects.filter(meeting=meeting).exists(),
        decided=Decision.objects.filter(meeting=meeting).exists(),
        returned=returned.returned_file(cell, campaign),
        deadlines=rules.days_in(campaign.span),
        draft_days=rules.draft_days,
        draft_due=rules.last_day_for_the_draft(main.starts_at.date()) if main else None,
        has_draft=meeting is not None and meeting.report.is_written,
        is_closed=campaign.is_closed_for(cell),
    )


def _fact(meeting: Meeting) -> MeetingFact:
    starts_at = timezone.localtime(meeting.starts_at)
    return MeetingFact(meeting.pk, meeting.state, starts_at, meeting.code is not None)


def steps_of(facts: YearFacts) -> list[YearStep]:
    """The steps of the year in their order, to the decision above."""
    before = [_list(facts), _reviews(facts), *_draft(facts), _meeting(facts)]
    steps = [*before, _sending(facts), _decision(facts)]
    # Nobody is pressed to what leads nowhere any more.
    return [replace(step, page="", due=None) for step in steps] if facts.is_over else steps


def next_of(steps: list[YearStep]) -> YearStep | None:
    """The step whose button is the big one: the planned meeting, else the first not done. None: all is done."""
    waiting = [step for step in steps if step.url and not step.done]
    meeting = [step for step in waiting if step.page == MEETING]
    return next(iter([*meeting, *waiting]), None)


def _list(facts: YearFacts) -> YearStep:
    done = facts.listed > 0 or facts.meeting is not None
    people = wording.two_digits(facts.members)
    rated = wording.fraction(facts.rated, facts.listed)
    note = (
        f"{rated} đồng chí thuộc diện xếp loại."
        if facts.listed
        else f"{people} đồng chí: ai kiểm điểm, ai không, vì sao."
    )
    args = (facts.cell, facts.span)
    label = "Rà danh sách kiểm điểm"
    return YearStep(label, note, "ballots:review_list", args, done, _due(facts, "list", done))


def _reviews(facts: YearFacts) -> YearStep:
    """Who has not handed in is called during the week; once the meeting has begun nobody waits for it."""
    begun = facts.meeting is not None and facts.meeting.state != Meeting.State.PLANNED
    short = facts.handed_in < facts.writers
    done = begun or (not short and facts.writers > 0)
    note = f"Đã nộp bản kiểm điểm: {wording.fraction(facts.handed_in, facts.writers)}."
    args = (facts.cell, facts.span)
    due = _due(facts, "reviews", done)
    label, page = "Bản kiểm điểm cá nhân", "ballots:reviews"
    return YearStep(label, note, page, args, done, due, is_short=begun and short)


def _draft(facts: YearFacts) -> Iterator[YearStep]:
    """Once the day of the meeting is known and while it has not come: until when the draft has to be sent."""
    meeting = facts.meeting
    if meeting is None or meeting.state != Meeting.State.PLANNED or not facts.draft_days:
        return
    number = wording.two_digits(facts.draft_days)
    note = f"Dự thảo báo cáo gửi người dự trước hội nghị ít nhất {number} ngày làm việc."
    due = None if facts.has_draft else facts.draft_due
    args = (meeting.pk,)
    yield YearStep("Dự thảo báo cáo", note, "ballots:report", args, facts.has_draft, due)


def _meeting(facts: YearFacts) -> YearStep:
    due = _due(facts, "meeting", facts.is_held)
    meeting = facts.meeting
    if meeting is None and facts.is_closed:
        return YearStep("Lập hội nghị kiểm điểm", NO_NEW_MEETING)
    if meeting is None:
        note = "Ngày giờ, nơi họp, chủ trì, thư ký được đề xuất sẵn."
        page, query = "ballots:meeting_plan", f"?ky={facts.span}"
        return YearStep("Lập hội nghị kiểm điểm", note, page, (facts.cell,), False, due, query)
    note = f"{wording.clock(meeting.starts_at)}, {wording.long_date(meeting.starts_at.date())}."
    if facts.is_held:
        return YearStep("Xem biên bản", f"Đã họp {note}", "ballots:minutes", (meeting.pk,), True)
    if meeting.state == Meeting.State.OPEN:
        label = "Vào hội nghị đang họp"
    else:
        label = "Tiếp tục điểm danh" if meeting.checkin_open else "Chuẩn bị hội nghị"
    return YearStep(label, f"Họp lúc {note}", MEETING, (meeting.pk,), False, due)


def _sending(facts: YearFacts) -> YearStep:
    if facts.returned:
        return _mending(facts.returned)
    if facts.is_closed and not facts.sent:
        return YearStep(SENDING, NO_FIRST_FILE)
    due = _due(facts, "sending", facts.sent)
    if not facts.is_held or facts.meeting is None:
        return YearStep(SENDING, "Sau hội nghị, máy kiểm tra hồ sơ rồi gửi.", due=due)
    note = "Đã gửi." if facts.sent else "Máy kiểm tra hồ sơ trước khi gửi."
    return YearStep(SENDING, note, "ballots:sending", (facts.meeting.pk,), facts.sent, due)


def _decision(facts: YearFacts) -> YearStep:
    """What the officers above do: there is nothing to press until they have decided."""
    if facts.decided and facts.meeting:
        note = "Cấp trên đã quyết định xếp loại."
        return YearStep("Xem quyết định", note, "ballots:sending", (facts.meeting.pk,), True)
    return YearStep("Quyết định xếp loại", "Cấp trên xem hồ sơ rồi quyết định.")


def _mending(came_back: Returned) -> YearStep:
    """A file that was returned: the button leads to the first line to be mended."""
    number = wording.two_digits(len(came_back.fixes))
    note = "Cấp trên đã trả lại hồ sơ. Sửa rồi gửi lại."
    first = came_back.fixes[0].url
    args = (came_back.meeting.pk,)
    return YearStep(f"{number} chỗ cần sửa", note, "ballots:sending", args, False, address=first)


def _due(facts: YearFacts, step: str, done: bool) -> date | None:
    """The deadline of a step still to be done; one of a former period binds nobody."""
    day = (facts.deadlines or {}).get(step)
    return None if done or day is None or day < facts.span.begins_on else day
