"""What comes next in a meeting: the one place that knows the order of the evening."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from ballots.models import Paper, Poll, Teller
from ballots.tally import roll
from cells.models import AgendaItem, Meeting
from members.models import Attendance

Kind = AgendaItem.Kind


@dataclass(frozen=True)
class Step:
    """One thing to do: a link to the page `page`, or, where `do` names a verb, a button that does it."""

    label: str
    note: str
    page: str
    arg: int | str
    do: str = ""
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def url(self) -> str:
        """Where the link leads, or where the button posts to."""
        return reverse(self.page, args=[self.arg])


@dataclass(frozen=True)
class PollFact:
    """A poll as the next step sees it."""

    pk: str
    title: str
    state: str
    confirmed: bool = False


@dataclass(frozen=True)
class Facts:
    """All that decides what comes next; `kind` and `following` are of the agenda, "" where there is none."""

    pk: int
    state: str = Meeting.State.PLANNED
    checkin_open: bool = False
    summoned: int = 0
    present: int = 0
    may_open: bool = False
    missing_duty: str = ""
    position: int = 0
    kind: str = ""
    following: str = ""
    report: bool = False
    tellers: bool = False
    conclusion: bool = False
    passed: bool = False
    polls: tuple[PollFact, ...] = ()


def facts_of(meeting: Meeting) -> Facts:
    """Read the facts of a meeting, in a fixed number of queries."""
    items = list(meeting.items.all())
    current = next((item for item in items if item.position == meeting.step), None)
    following = next((item for item in items if item.position > meeting.step), None)
    people = list(
        Attendance.objects.filter(meeting=meeting).values_list("standing", "state", "duty")
    )
    voters = roll((standing, state) for standing, state, _ in people)
    held = {duty for _, state, duty in people if state == Attendance.State.PRESENT}
    missing = next((duty.label for duty in Attendance.Duty if duty.value not in held), "")
    polls = Poll.objects.filter(meeting=meeting).order_by("number")
    return Facts(
        pk=meeting.pk,
        state=meeting.state,
        checkin_open=meeting.code is not None,
        summoned=voters.summoned,
        present=voters.present,
        may_open=meeting.campaign.rules.may_open(voters.present, voters.summoned),
        missing_duty=missing,
        position=meeting.step,
        kind=current.kind if current else "",
        following=following.title if following else "",
        report=bool(meeting.report),
        tellers=Teller.objects.filter(meeting=meeting).exists(),
        conclusion=bool(meeting.conclusion),
        passed=Paper.objects.filter(meeting=meeting).exists(),
        polls=tuple(PollFact(p.pk, p.title, p.state, p.confirmed) for p in polls),
    )


def next_steps(facts: Facts) -> list[Step]:
    """What to do now, the best first; what follows it is offered more quietly. Never empty."""
    if facts.state == Meeting.State.CLOSED:
        return [Step("Xem biên bản", "Hội nghị đã bế mạc.", "ballots:minutes", facts.pk)]
    if facts.state == Meeting.State.PLANNED:
        return _before(facts)
    if facts.passed:
        return [_close(facts)]
    unfinished = [poll for poll in facts.polls if poll.state in UNFINISHED and not poll.confirmed]
    if unfinished:
        return [_of_poll(facts, unfinished[0])]
    return list(dict.fromkeys([*_of_item(facts), _onward(facts)]))


def _before(facts: Facts) -> list[Step]:
    """Check-in until enough voters, the chair and the clerk are there; then the opening."""
    came = f"Có mặt {facts.present}/{facts.summoned} đồng chí có quyền biểu quyết"
    checkin = Step("Điểm danh", f"{came}.", "ballots:checkin", facts.pk)
    if not facts.may_open:
        if facts.checkin_open:
            return [
                Step("Điểm danh", f"{came}, chưa đủ để khai mạc.", "ballots:checkin", facts.pk)
            ]
        note = "Mã vào họp sẽ hiện trên màn hình để các đồng chí điểm danh bằng điện thoại."
        opening = Step("Mở điểm danh", note, "ballots:checkin_open", facts.pk, do="open_checkin")
        return [opening, checkin]
    if facts.missing_duty:
        note = f"{facts.missing_duty} chưa có mặt. Xin điểm danh hoặc chọn đồng chí khác."
        return [Step("Điểm danh", note, "ballots:checkin", facts.pk)]
    note = f"{came}, đủ điều kiện. Giờ khai mạc được ghi lại."
    return [
        Step("Khai mạc hội nghị", note, "ballots:meeting_open", facts.pk, do="open_meeting"),
        checkin,
    ]


def _of_item(facts: Facts) -> list[Step]:
    """What the present agenda item still asks for; nothing when it is only talked about, or done."""
    return ITEMS[facts.kind](facts) if facts.kind in ITEMS else []


def _report(facts: Facts) -> list[Step]:
    if facts.report:
        return []
    note = "Trình bày dự thảo báo cáo, tự chấm điểm và tự nhận mức."
    return [Step("Mở báo cáo kiểm điểm", note, "ballots:report", facts.pk)]


def _comments(facts: Facts) -> list[Step]:
    return [
        Step(
            "Ghi ý kiến góp ý", "Ghi ai góp ý, cho ai, nội dung gì.", "ballots:comments", facts.pk
        )
    ]


def _tellers(facts: Facts) -> list[Step]:
    if facts.tellers:
        return []
    return [
        Step(
            "Cử tổ kiểm phiếu",
            "Chọn người, hội nghị giơ tay biểu quyết.",
            "ballots:tellers",
            facts.pk,
        )
    ]


def _polls(facts: Facts) -> list[Step]:
    planned = [poll for poll in facts.polls if poll.state == Poll.State.PLANNED]
    if not planned:
        return []
    if not facts.tellers:
        return _tellers(facts)
    return [Step("Đến lượt bỏ phiếu", f"{planned[0].title}.", "ballots:poll", planned[0].pk)]


def _results(facts: Facts) -> list[Step]:
    if facts.conclusion:
        return []
    return [
        Step("Xem kết quả", "Công bố kết quả bỏ phiếu.", "ballots:results", facts.pk),
        Step("Ghi kết luận", "Chủ trì kết luận từng nội dung.", "ballots:conclude", facts.pk),
    ]


def _minutes(facts: Facts) -> list[Step]:
    return [
        Step(
            "Đọc biên bản",
            "Đọc trước hội nghị rồi biểu quyết thông qua.",
            "ballots:minutes",
            facts.pk,
        )
    ]


ITEMS: dict[str, Callable[[Facts], list[Step]]] = {
    Kind.REPORT: _report,
    Kind.COMMENTS: _comments,
    Kind.TELLERS: _tellers,
    Kind.POLL: _polls,
    Kind.RESULT: _results,
    Kind.MINUTES: _minutes,
}

UNFINISHED: dict[str, tuple[str, str]] = {
    Poll.State.ISSUING: ("Phát phiếu, mở hòm", "Đang phát phiếu"),
    Poll.State.CASTING: ("Theo dõi bỏ phiếu", "Đang bỏ phiếu"),
    Poll.State.SEALED: ("Xem lượt bỏ phiếu", "Hòm đã niêm phong, tổ kiểm phiếu đang kiểm"),
    Poll.State.COUNTED: (
        "Xem kết quả",
        "Chờ tổ kiểm phiếu bấm “Xác nhận kết quả” trên máy của mình",
    ),
}


def _of_poll(facts: Facts, poll: PollFact) -> Step:
    """A poll that is not finished stands before everything else."""
    label, note = UNFINISHED[poll.state]
    if poll.state == Poll.State.COUNTED:
        return Step(label, f"{note}: {poll.title}.", "ballots:results", facts.pk)
    return Step(label, f"{note}: {poll.title}.", "ballots:poll", poll.pk)


def _onward(facts: Facts) -> Step:
    """The next agenda item; after the last one, the minutes."""
    if not facts.following:
        return _minutes(facts)[0]
    return Step(
        "Mục tiếp theo",
        f"{facts.following}.",
        "ballots:meeting_next",
        facts.pk,
        do="next_item",
        fields=(("step", str(facts.position)),),
    )


def _close(facts: Facts) -> Step:
    note = "Biên bản đã được thông qua và khoá. Sau khi bế mạc, không ai vào họp được nữa."
    return Step("Bế mạc hội nghị", note, "ballots:meeting_close", facts.pk, do="close_meeting")
