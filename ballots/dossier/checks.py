"""The machine's checks of a cell's file before it is sent up: each line says how it stands and where it is cured."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.urls import reverse

from ballots.appraisal import subjects
from ballots.appraisal.subjects import SubjectAppraisal
from ballots.models import Paper, Submission
from ballots.papers import kinds, numbers
from ballots.results import figures, totals
from ballots.results.figures import Figures, PollFigures
from cells import wording
from cells.law.guidance import load_pack
from cells.law.review_forms import COLLECTIVE, ReviewForm
from cells.models import Level, Meeting
from members.models import Attachment, Attendance, Member, ReviewLine, SelfReview


class State(StrEnum):
    """How one line stands: fine, to be looked at (may be sent), to be mended first."""

    FINE = "fine"
    LOOK = "look"
    MEND = "mend"

    @property
    def words(self) -> str:
        """What stands beside the sign, for colour is never the only one."""
        return {"fine": "Đạt", "look": "Nên xem lại", "mend": "Phải sửa trước"}[self.value]


@dataclass(frozen=True)
class Check:
    """One line of the list: what was looked at, how it stands, and the page that cures it ("" where all is well)."""

    title: str
    state: State
    sentence: str
    cure_url: str = ""
    cure_label: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing is to be done."""
        return self.state == State.FINE


@dataclass(frozen=True)
class Group:
    """Lines about one thing, under its heading."""

    title: str
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Evidence:
    """All that the checks look at, as it stands now."""

    meeting: Meeting
    form: ReviewForm
    figures: Figures
    stored: totals.Result  # what the committee above will count
    listed: tuple[Attendance, ...]
    lines: tuple[ReviewLine, ...]  # the year's list, without who left before the meeting
    handed_in: frozenset[int]  # members whose self-review is in
    kinds: frozenset[str]  # of the papers in force
    signed: bool
    numbered: bool  # whether the cell numbers its papers
    appraisals: tuple[SubjectAppraisal, ...]
    sent: bool  # it lies with the committee above

    @property
    def is_passed(self) -> bool:
        """Whether the minutes are locked, and with them what the meeting heard and decided."""
        return Paper.Kind.MINUTES in self.kinds

    @property
    def curable(self) -> State:
        """How a gap in what the meeting heard stands: to be filled, until the minutes are locked."""
        return State.LOOK if self.is_passed else State.MEND

    @classmethod
    def of(cls, meeting: Meeting) -> "Evidence":
        """Read everything, in a fixed number of queries."""
        cell, campaign, rules = meeting.cell, meeting.campaign, meeting.rules
        voted = figures.load(meeting)
        reviews = SelfReview.objects.of(cell, campaign).filter(state=SelfReview.State.SUBMITTED)
        papers = Paper.objects.current().filter(meeting=meeting)
        scans = Attachment.objects.of(cell, campaign).current()
        return cls(
            meeting=meeting,
            form=ReviewForm.from_pack(load_pack(rules.version), COLLECTIVE, rules),
            figures=voted,
            stored=totals.results([meeting.pk])[meeting.pk],
            listed=tuple(Attendance.objects.of(meeting)),
            lines=tuple(ReviewLine.objects.of(cell, campaign).standing()),
            handed_in=frozenset(reviews.values_list("member_id", flat=True)),
            kinds=frozenset(papers.values_list("kind", flat=True)),
            signed=scans.filter(kind=Attachment.Kind.SIGNED).exists(),
            numbered=numbers.are_used(cell),
            appraisals=subjects.load(meeting, voted),
            sent=Submission.objects.is_above(meeting),
        )


def of(meeting: Meeting) -> list[Group]:
    """Every check of the meeting's file, in groups; `meeting.cell` and `.campaign` selected along with it."""
    return groups_of(Evidence.of(meeting))


def groups_of(found: Evidence) -> list[Group]:
    """The checks of what was read, in groups; groups without a line are left out."""
    groups = {
        title: tuple(check for look in looks for check in look(found))
        for title, looks in GROUPS.items()
    }
    return [Group(title, lines) for title, lines in groups.items() if lines]


def lines_of(groups: Iterable[Group], state: State) -> list[Check]:
    """The lines that stand so."""
    return [check for group in groups for check in group.checks if check.state == state]


def _page(name: str, *args: object, anchor: str = "") -> str:
    return reverse(f"ballots:{name}", args=args) + (f"#{anchor}" if anchor else "")


def _named(found: Evidence, members: Iterable[Member]) -> str:
    return ", ".join(f"đ/c {found.figures.names.label(member)}" for member in members)


# The meeting and its papers.


def _closed(found: Evidence) -> Iterator[Check]:
    title = "Hội nghị đã bế mạc"
    if found.meeting.is_closed:
        yield Check(title, State.FINE, "Không ai sửa được kết quả nữa.")
        return
    page = _page("meeting", found.meeting.pk)
    yield Check(title, State.MEND, "Hội nghị chưa bế mạc.", page, "Mở hội nghị")


def _locked(found: Evidence) -> Iterator[Check]:
    for kind in map(Paper.Kind, kinds.OF_MINUTES):
        title = f"{kind.label} đã khoá"
        if kind in found.kinds:
            yield Check(title, State.FINE, "Bản PDF và bản Word đã được giữ lại.")
            continue
        page = _page("minutes", found.meeting.pk)
        sentence = f"{kind.label} chưa được thông qua và khoá."
        yield Check(title, State.MEND, sentence, page, "Mở biên bản")


# The sums.


def _attendance(found: Evidence) -> Iterator[Check]:
    title = "Triệu tập = có mặt + vắng"
    voters = [row for row in found.listed if row.has_vote]
    unmarked = [row.member for row in voters if row.state == Attendance.State.EXPECTED]
    if unmarked:
        sentence = f"Chưa điểm danh {_named(found, unmarked)}."
        page = _page("checkin", found.meeting.pk)
        yield Check(title, State.MEND, sentence, page, "Mở điểm danh")
        return
    here = sum(row.state == Attendance.State.PRESENT for row in voters)
    numbers = [wording.two_digits(n) for n in (len(voters), here, len(voters) - here)]
    yield Check(title, State.FINE, "{} = {} + {}.".format(*numbers))


def _polls(found: Evidence) -> Iterator[Check]:
    if not found.figures.polls:
        page = _page("results", found.meeting.pk)
        sentence = "Không có lượt bỏ phiếu nào được kiểm: mức đề nghị là kết luận của chủ trì."
        yield Check("Bỏ phiếu", State.LOOK, sentence, page, "Xem kết quả")
    for poll in found.figures.polls:
        yield _poll(found.meeting, poll)


def _poll(meeting: Meeting, poll: PollFigures) -> Check:
    title = f"Số phiếu: {poll.poll.title}"
    if poll.problems:
        page = _page("results", meeting.pk, anchor=f"luot-{poll.poll.number}")
        return Check(title, State.MEND, " ".join(poll.problems), page, "Xem lượt này")
    count = poll.count
    numbers = (
        count.issued,
        count.collected,
        count.issued - count.collected,
        count.valid,
        count.invalid,
    )
    return Check(
        title,
        State.FINE,
        "Phát ra {} = thu về {} + không nộp {}; hợp lệ {} + không hợp lệ {}; mỗi dòng cộng đủ số phiếu hợp lệ.".format(
            *map(wording.two_digits, numbers)
        ),
    )


def _distribution(found: Evidence) -> Iterator[Check]:
    title = "Số đảng viên theo mức"
    written, stored = found.figures.distribution, found.stored
    total = sum(written.counts.values()) + written.undecided
    agree = dict(written.counts) == stored.counts and written.of == stored.rated == total
    if not agree or found.figures.disagree:
        page = _page("results", found.meeting.pk, anchor="de-nghi")
        sentence = "Số đảng viên của các mức cộng lại không bằng số được xếp loại trong biên bản."
        yield Check(title, State.MEND, sentence, page, "Xem kết quả")
        return
    levels = ", ".join(f"{code} {wording.two_digits(n)}" for code, n in written.counts.items())
    rest = f", chưa kết luận {wording.two_digits(written.undecided)}" if written.undecided else ""
    sentence = f"{levels}{rest}: cộng lại bằng {wording.two_digits(written.of)} được xếp loại."
    yield Check(title, State.FINE, sentence)


def _cap(found: Evidence) -> Iterator[Check]:
    if found.figures.cap_warning:
        page = _page("results", found.meeting.pk, anchor="de-nghi")
        yield Check("Tỷ lệ trần", State.LOOK, found.figures.cap_warning, page, "Xem kết quả")


# Member by member.


def _concluded(found: Evidence) -> Iterator[Check]:
    title = "Mỗi đồng chí được xếp loại có mức đề nghị"
    open_ = [o.name for o in found.figures.members if o.level is None]
    if not open_:
        yield Check(title, State.FINE, "Không còn đồng chí nào chưa kết luận.")
        return
    names = ", ".join(f"đ/c {name}" for name in open_)
    if found.is_passed:
        page = _page("results", found.meeting.pk, anchor="de-nghi")
        sentence = f"Biên bản ghi “chưa kết luận”: {names}."
        yield Check(title, State.LOOK, sentence, page, "Xem kết quả")
        return
    page = _page("conclude", found.meeting.pk)
    yield Check(title, State.MEND, f"Chưa kết luận: {names}.", page, "Ghi kết luận")


def _listed(found: Evidence) -> Iterator[Check]:
    title = "Danh sách kiểm điểm khớp với hội nghị"
    rated = {row.member_id for row in found.listed if row.rated}
    clean = True
    for line in found.lines:
        if line.is_rated == (line.member_id in rated):
            continue
        clean = False
        page = _line(found.meeting, line)
        name = found.figures.names.label(line.member)
        if line.is_rated:
            sentence = (
                f"Đ/c {name} thuộc diện xếp loại mà hội nghị chưa xếp loại. "
                "Xin ghi “Chưa xếp loại” kèm lý do."
            )
            yield Check(title, State.MEND, sentence, page, "Sửa dòng này")
        else:
            stands = line.get_status_display().lower()
            sentence = (
                f"Hội nghị đã xếp loại đ/c {name}, danh sách kiểm điểm thì ghi {stands}. "
                "Xin ghi lại “Kiểm điểm, xếp loại” kèm lý do."
            )
            yield Check(title, State.MEND, sentence, page, "Sửa dòng này")
    if clean:
        sentence = f"{wording.fraction(len(rated), len(found.lines))} đồng chí được xếp loại."
        yield Check(title, State.FINE, sentence)


def _line(meeting: Meeting, line: ReviewLine) -> str:
    return _page("review_list", meeting.cell_id, meeting.campaign.span, anchor=f"dv-{line.pk}")


def _unrated(found: Evidence) -> Iterator[Check]:
    title = "Không xếp loại thì có lý do và căn cứ"
    others = [line for line in found.lines if not line.is_rated]
    bare = [line for line in others if not (line.reason and line.basis)]
    for line in bare:
        name = found.figures.names.label(line.member)
        sentence = f"Đ/c {name} không được xếp loại mà chưa có lý do hoặc căn cứ."
        yield Check(title, State.MEND, sentence, _line(found.meeting, line), "Sửa dòng này")
    if others and not bare:
        sentence = f"{wording.two_digits(len(others))} đồng chí, ai cũng có lý do và căn cứ."
        yield Check(title, State.FINE, sentence)


def _reviews(found: Evidence) -> Iterator[Check]:
    title = "Bản kiểm điểm cá nhân"
    due = [line.member for line in found.lines if line.is_rated]
    missing = [member for member in due if member.pk not in found.handed_in]
    if missing:
        page = reverse(
            "ballots:reviews", args=[found.meeting.cell_id, found.meeting.campaign.span]
        )
        sentence = (
            f"Chưa nộp: {_named(found, missing)}. "
            "Đồng chí nào đã nộp bản giấy thì bấm “Ghi”, rồi “Đã nhận bản giấy”."
        )
        yield Check(title, State.MEND, sentence, f"{page}#chua-nop", "Mở danh sách chưa nộp")
        return
    sentence = f"Các đồng chí được xếp loại đã nộp đủ {wording.fraction(len(due), len(due))} bản."
    yield Check(title, State.FINE, sentence)


def _explained(found: Evidence) -> Iterator[Check]:
    """Without points or levels, for the page may be seen by others; what is sent is explained no more."""
    title = "Điểm, mức và điều kiện khớp nhau, hoặc có lý do"
    open_ = [subject for subject in found.appraisals if subject.appraisal.unexplained]
    for subject in open_:
        number = wording.two_digits(len(subject.appraisal.unexplained))
        name = wording.capitalized(subject.title)
        page = _page("appraisal_subject", found.meeting.pk, subject.key, anchor="reasons")
        state = State.LOOK if found.sent else State.MEND
        yield Check(
            title, state, f"{name}: {number} điều không khớp chưa ghi lý do.", page, "Ghi lý do"
        )
    if not open_:
        yield Check(title, State.FINE, "Không còn điều nào chưa ghi lý do.")


# The cell itself.


def _report(found: Evidence) -> Iterator[Check]:
    if not found.figures.rates_cell:  # a quarter is the leaders' alone
        return
    title = "Báo cáo kiểm điểm tập thể"
    texts = found.meeting.report.texts
    empty = [s.title for s in found.form.sections if not s.optional and not texts.get(s.key)]
    if empty:
        named = "; ".join(f"“{title}”" for title in empty)
        page = _page("report", found.meeting.pk)
        yield Check(title, found.curable, f"Còn để trống: {named}.", page, "Mở báo cáo")
        return
    yield Check(title, State.FINE, "Các mục đã viết đủ.")


def _self_rating(found: Evidence) -> Iterator[Check]:
    if not found.figures.rates_cell:  # a quarter is the leaders' alone
        return
    title = "Chi bộ tự chấm điểm, tự nhận mức" if found.form.points else "Chi bộ tự nhận mức"
    missing = [
        *(["điểm"] if found.form.points and found.meeting.report.self_score is None else []),
        *([] if found.meeting.report.self_level else ["mức"]),
    ]
    if missing:
        page = _page("report", found.meeting.pk)
        sentence = f"Chưa ghi {' và '.join(missing)} chi bộ tự nhận."
        yield Check(title, found.curable, sentence, page, "Mở báo cáo")
        return
    yield Check(title, State.FINE, f"{found.meeting.report.get_self_level_display()}.")


def _own_level(found: Evidence) -> Iterator[Check]:
    if not found.figures.rates_cell:  # a quarter is the leaders' alone
        return
    title = "Mức hội nghị đề nghị cho chi bộ"
    cell = found.figures.cell
    if cell is None or cell.level is None:
        page = _page("results", found.meeting.pk, anchor="de-nghi")
        sentence = "Biên bản ghi “chưa kết luận” về chi bộ."
        yield Check(title, State.LOOK, sentence, page, "Xem kết quả")
        return
    yield Check(title, State.FINE, f"{Level(cell.level).label}.")


def _numbers(found: Evidence) -> Iterator[Check]:
    title = "Số của báo cáo"
    if found.numbered and found.meeting.cell.term_since is None:
        page = reverse("cells:cell", args=[found.meeting.cell_id]) + "#nhiem-ky"
        sentence = "Chi bộ đánh số văn bản mà chưa ghi nhiệm kỳ từ ngày nào."
        yield Check(title, State.LOOK, sentence, page, "Ghi nhiệm kỳ")


def _signed(found: Evidence) -> Iterator[Check]:
    title = "Ảnh trang ký"
    if found.signed:
        yield Check(title, State.FINE, "Đã có trong hồ sơ.")
        return
    page = reverse(
        "members:attachments", args=[found.meeting.cell_id, found.meeting.campaign.span]
    )
    sentence = "Chưa có. Gửi trước, ký sau cũng được."
    yield Check(title, State.LOOK, sentence, f"{page}#them-tep", "Thêm ảnh trang ký")


GROUPS: dict[str, tuple[Callable[[Evidence], Iterator[Check]], ...]] = {
    "Hội nghị và biên bản": (_closed, _locked, _signed),
    "Số liệu": (_attendance, _polls, _distribution, _cap),
    "Từng đảng viên": (_concluded, _listed, _unrated, _reviews, _explained),
    "Tập thể chi bộ": (_report, _self_rating, _own_level, _numbers),
}
