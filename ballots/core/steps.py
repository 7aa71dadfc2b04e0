"""What comes next in a meeting: the one place that knows the order of the evening."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from ballots.models import Difference, Paper, Poll, Submission, Teller
from ballots.results.tally import roll
from ballots.secret import hygiene
from cells import wording
from cells.models import AgendaItem, Meeting
from members.models import Attendance
from members.rules.names import ListedNames

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
    window: str = ""  # of its own, where the page does not take the place of this one

    @property
    def url(self) -> str:
        """Where the link leads, or where the button posts to."""
        return reverse(self.page, args=[self.arg])


@dataclass(frozen=True)
class PollFact:
    """A poll as the next step sees it; `trouble`: a key of TROUBLES, "" where it goes as it should."""

    pk: str
    title: str
    state: str
    confirmed: bool = False
    trouble: str = ""


@dataclass(frozen=True)
class Facts:
    """All that decides what comes next; `kind` and `following` are of the agenda, "" where there is none.

    `ahead`: the kinds of the present agenda item and of all that follow it.
    """

    pk: int
    state: str = Meeting.State.PLANNED
    checkin_open: bool = False
    summoned: int = 0
    present: int = 0
    may_open: bool = False
    least_present: str = ""  # how many must come, in words
    absent_duties: str = ""
    position: int = 0
    kind: str = ""
    following: str = ""
    ahead: frozenset[str] = frozenset()
    claimed: bool = False
    tellers: bool = False
    conclusion: bool = False
    passed: bool = False
    rehearsal: bool = False
    sitting: bool = False  # of a committee
    sent: bool = False
    returned: bool = False
    polls: tuple[PollFact, ...] = ()


def facts_of(meeting: Meeting) -> Facts:
    """Read the facts of a meeting, in a fixed number of queries."""
    items = list(meeting.items.all())
    current = next((item for item in items if item.position == meeting.step), None)
    following = next((item for item in items if item.position > meeting.step), None)
    people = list(Attendance.objects.of(meeting))
    voters = roll((row.standing, row.state) for row in people)
    polls = Poll.objects.filter(meeting=meeting).order_by("number")
    last = Submission.objects.last_of(meeting)
    return Facts(
        pk=meeting.pk,
        state=meeting.state,
        checkin_open=meeting.code is not None,
        summoned=voters.summoned,
        present=voters.present,
        may_open=meeting.rules.may_open(voters.present, voters.summoned),
        least_present=meeting.rules.least_present(voters.summoned),
        absent_duties=absent_duties(people),
        position=meeting.step,
        kind=current.kind if current else "",
        following=following.title if following else "",
        ahead=frozenset(item.kind for item in items if item.position >= meeting.step),
        claimed=all(row.self_level for row in people if row.rated),
        tellers=_has_tellers(meeting),
        conclusion=bool(meeting.conclusion),
        passed=Paper.objects.passed(meeting),
        rehearsal=meeting.is_rehearsal,
        sitting=meeting.is_sitting,
        sent=last is not None,
        returned=last is not None and last.is_returned,
        polls=tuple(PollFact(p.pk, p.title, p.state, p.confirmed, trouble_of(p)) for p in polls),
    )


def trouble_of(poll: Poll) -> str:
    """What keeps a poll that is under way from going on: a key of TROUBLES, or ""."""
    if poll.state not in Poll.ACTIVE:
        return ""
    try:
        if hygiene.lacks_keys(poll):
            return KEY
    except OSError:
        return STORE
    sealed = poll.state == Poll.State.SEALED
    return DIFFERENCE if sealed and Difference.objects.open_on(poll) else ""


def _has_tellers(meeting: Meeting) -> bool:
    """Whether tellers are named, as many as the rules ask for."""
    named = Teller.objects.filter(meeting=meeting).count()
    return named > 0 and not meeting.rules.few_tellers(named)


def next_steps(facts: Facts) -> list[Step]:
    """What to do now, the best first; what follows it is offered more quietly. Never empty."""
    if facts.state == Meeting.State.CLOSED:
        return [_after(facts)]
    if facts.state == Meeting.State.PLANNED:
        return _before(facts)
    if facts.passed:
        return [_close(facts)]
    unfinished = [poll for poll in facts.polls if poll.state in UNFINISHED and not poll.confirmed]
    if unfinished:
        return _of_poll(facts, unfinished[0])
    return list(dict.fromkeys([*_repeat(facts), *_of_item(facts), _onward(facts)]))


def is_done(kind: str, facts: Facts) -> bool:
    """Whether an agenda item of this kind got what it is for: tellers named, all planned polls held."""
    if kind == Kind.TELLERS:
        return facts.tellers
    if kind == Kind.POLL:
        open_ = any(
            poll.state in (Poll.State.PLANNED, *UNFINISHED) and not poll.confirmed
            for poll in facts.polls
        )
        confirmed = any(poll.confirmed for poll in facts.polls)
        return confirmed and not open_ and not unrepeated(facts.polls)
    return True


def unrepeated(polls: Sequence[PollFact]) -> list[PollFact]:
    """The void polls after which none of the same title was planned."""
    return [
        poll
        for place, poll in enumerate(polls)
        if poll.state == Poll.State.VOID
        and poll.title not in {later.title for later in polls[place + 1 :]}
    ]


def _after(facts: Facts) -> Step:
    """What is left once the meeting is closed: sending its file up; some meetings have none."""
    if facts.rehearsal or facts.sitting:
        return Step("Xem biên bản", "Hội nghị đã bế mạc.", "ballots:minutes", facts.pk)
    if facts.returned:
        note = "Cấp trên đã trả lại hồ sơ. Sửa những chỗ được nêu rồi gửi lại."
        return Step("Sửa và gửi lại", note, "ballots:sending", facts.pk)
    if facts.sent:
        return Step("Xem biên bản", "Hồ sơ đã gửi cấp trên.", "ballots:minutes", facts.pk)
    note = "Hội nghị đã bế mạc. Rà lại hồ sơ một lượt rồi gửi lên cấp trên."
    return Step("Gửi cấp trên", note, "ballots:sending", facts.pk)


def _before(facts: Facts) -> list[Step]:
    """Check-in until enough voters, the chair and the clerk are there; then the opening."""
    came = f"có mặt {wording.fraction(facts.present, facts.summoned)} đồng chí có quyền biểu quyết"
    if not facts.may_open:
        if facts.checkin_open:
            note = f"Điểm danh tiếp: {came}, {facts.least_present}."
            return [Step("Điểm danh", note, "ballots:checkin", facts.pk)]
        note = "Mở điểm danh để lấy mã, rồi mời các đồng chí vào họp bằng điện thoại."
        return [Step("Mở điểm danh", note, "ballots:checkin_open", facts.pk, do="open_checkin")]
    if facts.absent_duties:
        note = f"{facts.absent_duties} {ABSENT}"
        return [Step("Điểm danh", note, "ballots:checkin", facts.pk)]
    note = f"Đủ điều kiện khai mạc: {came}. Giờ khai mạc được ghi lại."
    return [
        Step("Khai mạc hội nghị", note, "ballots:meeting_open", facts.pk, do="open_meeting"),
        Step("Điểm danh", f"Điểm danh tiếp: {came}.", "ballots:checkin", facts.pk),
    ]


def _of_item(facts: Facts) -> list[Step]:
    """What the present agenda item still asks for; nothing when it is only talked about, or done."""
    return ITEMS[facts.kind](facts) if facts.kind in ITEMS else []


def _report(facts: Facts) -> list[Step]:
    note = "Trình bày dự thảo báo cáo, tự chấm điểm và tự nhận mức."
    return [Step("Mở báo cáo kiểm điểm", note, "ballots:report", facts.pk)]


def _comments(facts: Facts) -> list[Step]:
    page = "ballots:sitting_comments" if facts.sitting else "ballots:comments"
    return [Step("Ghi ý kiến góp ý", "Ghi ai góp ý, cho ai, nội dung gì.", page, facts.pk)]


def _members(facts: Facts) -> list[Step]:
    if facts.claimed:
        return _comments(facts)
    note = "Ghi mức từng đồng chí tự nhận vào danh sách."
    return [Step("Ghi tự nhận mức", note, "ballots:roster", facts.pk), *_comments(facts)]


def _guests(facts: Facts) -> list[Step]:
    note = "Ghi ý kiến của đại diện cấp trên, chọn tên đại biểu."
    return [Step("Ghi ý kiến đại biểu", note, "ballots:comments", facts.pk)]


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
    counted = any(poll.confirmed for poll in facts.polls)
    seen = Step("Xem kết quả", "Công bố kết quả bỏ phiếu.", "ballots:results", facts.pk)
    page = "ballots:sitting_conclude" if facts.sitting else "ballots:conclude"
    words = Step("Ghi kết luận", "Lời kết luận của chủ trì, ghi vào biên bản.", page, facts.pk)
    return [*([seen] if counted else []), words]


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
    Kind.MEMBERS: _members,
    Kind.GUESTS: _guests,
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


# Label of the step, and what is in the way.
KEY, STORE, DIFFERENCE = "key", "store", "difference"
TROUBLES: dict[str, tuple[str, str]] = {
    KEY: ("Xem phải làm gì", "Máy chủ không tìm thấy khoá của lượt"),
    STORE: ("Xem phải làm gì", "Kho khoá chưa trả lời, lượt tạm dừng và không có gì bị mất"),
    DIFFERENCE: ("Xem phải làm gì", "Kết quả đếm lại chưa khớp, chưa có con số nào được công bố"),
}


def _of_poll(facts: Facts, poll: PollFact) -> list[Step]:
    """A poll that is not finished stands before everything else; what is in its way before what it waits for.

    While the room and the tellers have it in hand, the secretary can but show how far it is.
    """
    label, words = TROUBLES.get(poll.trouble) or UNFINISHED[poll.state]
    note = f"{words}: {poll.title}."
    if poll.state == Poll.State.COUNTED:
        step = Step(label, note, "ballots:results", facts.pk)
    else:
        step = Step(label, note, "ballots:poll", poll.pk)
    if poll.trouble or poll.state == Poll.State.ISSUING:
        return [step]
    return [step, Step("Mở màn chiếu", note, "ballots:projector", facts.pk, window="man-chieu")]


def _repeat(facts: Facts) -> list[Step]:
    """A poll that was void is held again, unless the meeting goes on without it."""
    return [
        Step(
            "Lập lượt bỏ phiếu lại",
            f"Lượt “{poll.title}” đã huỷ, chưa có lượt nào thay.",
            "ballots:poll",
            poll.pk,
        )
        for poll in unrepeated(facts.polls)[:1]
    ]


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


ABSENT = (
    "chưa có mặt. Xin bấm “Có mặt” ở dòng tên trong trang “Điểm danh”, "
    "hoặc chọn đồng chí khác ở cuối trang “Danh sách xếp loại”."
)


def absent_duties(listed: Iterable[Attendance]) -> str:
    """The chair and the clerk who are not here, with their names, to begin a sentence; "" when both are."""
    rows = list(listed)
    names = ListedNames(row.member for row in rows)
    by_duty = {row.duty: row for row in rows if row.duty}
    missing = [
        f"{duty.label.lower()} (đ/c {names.label(by_duty[duty].member)})"
        if duty in by_duty
        else duty.label.lower()
        for duty in Attendance.Duty
        if duty not in by_duty or by_duty[duty].state != Attendance.State.PRESENT
    ]
    words = " và ".join(missing)
    return wording.capitalized(words)
