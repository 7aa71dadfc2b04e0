"""The machine's checks of a cell's file before it is sent up: each line says how it stands and where it is cured."""

from collections.abc import Callable, Iterable, Iterator

from django.urls import reverse

from ballots.dossier.evidence import Check, Evidence, Group, State
from ballots.models import Paper
from ballots.papers import kinds
from ballots.results.figures import Outcome, PollFigures
from cells import wording
from cells.models import Collective, Level, Meeting
from members.models import Attendance, Member, ReviewLine

__all__ = [
    "Check",
    "Evidence",
    "Group",
    "State",
    "groups_for",
    "groups_of",
    "lines_of",
    "summary_of",
]


def groups_for(meeting: Meeting) -> list[Group]:
    """Every check of the meeting's file, in groups; `meeting.cell` and `.campaign` selected along with it."""
    return groups_of(Evidence.load(meeting))


def groups_of(evidence: Evidence) -> list[Group]:
    """The checks of what was read, in groups; groups without a line are left out."""
    groups = {
        title: tuple(check for look in looks for check in look(evidence))
        for title, looks in GROUPS.items()
    }
    return [Group(title, lines) for title, lines in groups.items() if lines]


def lines_of(groups: Iterable[Group], state: State) -> list[Check]:
    """The lines that stand so."""
    return [check for group in groups for check in group.checks if check.state == state]


def summary_of(groups: Iterable[Group]) -> str:
    """How many lines stand how, the worst first: "01 mục phải sửa trước, 04 mục nên xem lại, 12 mục đạt"."""
    found = [check.state for group in groups for check in group.checks]
    counts = [(state, found.count(state)) for state in (State.MEND, State.LOOK, State.FINE)]
    if set(found) <= {State.FINE}:
        return f"cả {wording.two_digits(len(found))} mục đều đạt"
    return ", ".join(
        f"{wording.two_digits(count)} mục {wording.uncapitalized(state.words)}"
        for state, count in counts
        if count
    )


def _page(name: str, *args: object, anchor: str = "") -> str:
    return reverse(f"ballots:{name}", args=args) + (f"#{anchor}" if anchor else "")


def _named(evidence: Evidence, members: Iterable[Member]) -> str:
    return ", ".join(f"đ/c {evidence.figures.names.label(member)}" for member in members)


# The meeting and its papers.


def _closed(evidence: Evidence) -> Iterator[Check]:
    title = "Hội nghị đã bế mạc"
    if evidence.meeting.is_closed:
        yield Check(title, State.FINE, "Không ai sửa được kết quả nữa.")
        return
    page = _page("meeting", evidence.meeting.pk)
    yield Check(title, State.MEND, "Hội nghị chưa bế mạc.", page, "Mở hội nghị")


def _locked(evidence: Evidence) -> Iterator[Check]:
    for kind in map(Paper.Kind, kinds.OF_MINUTES):
        title = f"{kind.label} đã khoá"
        if kind in evidence.kinds:
            yield Check(title, State.FINE, "Bản PDF và bản Word đã được giữ lại.")
            continue
        page = _page("minutes", evidence.meeting.pk)
        sentence = f"{kind.label} chưa được thông qua và khoá."
        yield Check(title, State.MEND, sentence, page, "Mở biên bản")


# The sums.


def _attendance(evidence: Evidence) -> Iterator[Check]:
    title = "Triệu tập = có mặt + vắng"
    voters = [row for row in evidence.listed if row.has_vote]
    unmarked = [row.member for row in voters if row.state == Attendance.State.EXPECTED]
    if unmarked:
        sentence = f"Chưa điểm danh {_named(evidence, unmarked)}."
        page = _page("checkin", evidence.meeting.pk)
        yield Check(title, State.MEND, sentence, page, "Mở điểm danh")
        return
    here = sum(row.state == Attendance.State.PRESENT for row in voters)
    numbers = [wording.two_digits(n) for n in (len(voters), here, len(voters) - here)]
    yield Check(title, State.FINE, "{} = {} + {}.".format(*numbers))


def _polls(evidence: Evidence) -> Iterator[Check]:
    if not evidence.figures.polls:
        page = _page("results", evidence.meeting.pk)
        sentence = "Không có lượt bỏ phiếu nào được kiểm: mức đề nghị là kết luận của chủ trì."
        yield Check("Bỏ phiếu", State.LOOK, sentence, page, "Xem kết quả")
    for poll in evidence.figures.polls:
        yield _poll(evidence.meeting, poll)


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


def _distribution(evidence: Evidence) -> Iterator[Check]:
    title = "Số đảng viên theo mức"
    written, stored = evidence.figures.distribution, evidence.stored
    total = sum(written.counts.values()) + written.undecided
    agree = dict(written.counts) == stored.counts and written.of == stored.rated == total
    if not agree or evidence.figures.disagree:
        page = _page("results", evidence.meeting.pk, anchor="de-nghi")
        sentence = "Số đảng viên của các mức cộng lại không bằng số được xếp loại trong biên bản."
        yield Check(title, State.MEND, sentence, page, "Xem kết quả")
        return
    levels = ", ".join(f"{code} {wording.two_digits(n)}" for code, n in written.counts.items())
    rest = f", chưa kết luận {wording.two_digits(written.undecided)}" if written.undecided else ""
    sentence = f"{levels}{rest}: cộng lại bằng {wording.two_digits(written.of)} được xếp loại."
    yield Check(title, State.FINE, sentence)


def _cap(evidence: Evidence) -> Iterator[Check]:
    if evidence.figures.cap_warning:
        page = _page("results", evidence.meeting.pk, anchor="de-nghi")
        yield Check("Tỷ lệ trần", State.LOOK, evidence.figures.cap_warning, page, "Xem kết quả")


# Member by member.


def _concluded(evidence: Evidence) -> Iterator[Check]:
    title = "Mỗi đồng chí được xếp loại có mức đề nghị"
    open_ = [o.name for o in evidence.figures.members if o.level is None]
    if not open_:
        yield Check(title, State.FINE, "Không còn đồng chí nào chưa kết luận.")
        return
    names = ", ".join(f"đ/c {name}" for name in open_)
    if evidence.is_passed:
        page = _page("results", evidence.meeting.pk, anchor="de-nghi")
        sentence = f"Biên bản ghi “chưa kết luận”: {names}."
        yield Check(title, State.LOOK, sentence, page, "Xem kết quả")
        return
    page = _page("conclude", evidence.meeting.pk)
    yield Check(title, State.MEND, f"Chưa kết luận: {names}.", page, "Ghi kết luận")


def _listed(evidence: Evidence) -> Iterator[Check]:
    title = "Danh sách kiểm điểm khớp với hội nghị"
    rated = {row.member_id for row in evidence.listed if row.rated}
    clean = True
    for line in evidence.lines:
        if line.is_rated == (line.member_id in rated):
            continue
        clean = False
        page = _line(evidence.meeting, line)
        name = evidence.figures.names.label(line.member)
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
        sentence = f"{wording.fraction(len(rated), len(evidence.lines))} đồng chí được xếp loại."
        yield Check(title, State.FINE, sentence)


def _line(meeting: Meeting, line: ReviewLine) -> str:
    return _page("review_list", meeting.cell_id, meeting.campaign.span, anchor=f"dv-{line.pk}")


def _unrated(evidence: Evidence) -> Iterator[Check]:
    title = "Không thuộc diện, chưa xếp loại thì có lý do và căn cứ"
    others = [line for line in evidence.lines if not line.is_rated]
    bare = [line for line in others if not (line.reason and line.basis)]
    for line in bare:
        name = evidence.figures.names.label(line.member)
        stands = line.get_status_display().lower()
        sentence = f"Đ/c {name} {stands} mà chưa có lý do hoặc căn cứ."
        yield Check(title, State.MEND, sentence, _line(evidence.meeting, line), "Sửa dòng này")
    if others and not bare:
        sentence = f"{wording.two_digits(len(others))} đồng chí, ai cũng có lý do và căn cứ."
        yield Check(title, State.FINE, sentence)


def _reviews(evidence: Evidence) -> Iterator[Check]:
    title = "Bản kiểm điểm cá nhân"
    due = [line.member for line in evidence.lines if line.is_rated]
    missing = [member for member in due if member.pk not in evidence.handed_in]
    if missing:
        page = reverse(
            "ballots:reviews", args=[evidence.meeting.cell_id, evidence.meeting.campaign.span]
        )
        sentence = (
            f"Chưa nộp: {_named(evidence, missing)}. "
            "Đồng chí nào đã nộp bản giấy thì bấm “Nộp giấy, đổi mẫu”, rồi “Đã nhận bản giấy”."
        )
        yield Check(title, State.MEND, sentence, f"{page}#chua-nop", "Mở danh sách chưa nộp")
        return
    sentence = f"Các đồng chí được xếp loại đã nộp đủ {wording.fraction(len(due), len(due))} bản."
    yield Check(title, State.FINE, sentence)


def _explained(evidence: Evidence) -> Iterator[Check]:
    """Without points or levels, for the page may be seen by others; what is sent is explained no more."""
    title = "Điểm, mức và điều kiện khớp nhau, hoặc có lý do"
    open_ = [subject for subject in evidence.appraisals if subject.appraisal.unexplained]
    for subject in open_:
        number = wording.two_digits(len(subject.appraisal.unexplained))
        name = wording.capitalized(subject.title)
        page = _page("appraisal_subject", evidence.meeting.pk, subject.key, anchor="reasons")
        state = State.LOOK if evidence.sent else State.MEND
        yield Check(
            title, state, f"{name}: {number} điều không khớp chưa ghi lý do.", page, "Ghi lý do"
        )
    if not open_:
        yield Check(title, State.FINE, "Không còn điều nào chưa ghi lý do.")


# The cell itself.


def _report(evidence: Evidence) -> Iterator[Check]:
    if not evidence.figures.rates_cell:  # a quarter is the leaders' alone
        return
    title = "Báo cáo kiểm điểm tập thể"
    texts = evidence.meeting.report.texts
    empty = [s.title for s in evidence.form.sections if not s.optional and not texts.get(s.key)]
    if empty:
        named = "; ".join(f"“{title}”" for title in empty)
        page = _page("report", evidence.meeting.pk)
        yield Check(title, evidence.curable, f"Còn để trống: {named}.", page, "Mở báo cáo")
        return
    yield Check(title, State.FINE, "Các mục đã viết đủ.")


def _self_rating(evidence: Evidence) -> Iterator[Check]:
    if not evidence.figures.rates_cell:  # a quarter is the leaders' alone
        return
    title = "Chi bộ tự chấm điểm, tự nhận mức" if evidence.form.points else "Chi bộ tự nhận mức"
    missing = [
        *(["điểm"] if evidence.form.points and evidence.meeting.report.self_score is None else []),
        *([] if evidence.meeting.report.self_level else ["mức"]),
    ]
    if missing:
        page = _page("report", evidence.meeting.pk)
        sentence = f"Chưa ghi {' và '.join(missing)} chi bộ tự nhận."
        yield Check(title, evidence.curable, sentence, page, "Mở báo cáo")
        return
    yield Check(title, State.FINE, f"{evidence.meeting.report.get_self_level_display()}.")


def _own_level(evidence: Evidence) -> Iterator[Check]:
    if not evidence.figures.rates_cell:  # a quarter is the leaders' alone
        return
    title = "Mức hội nghị đề nghị cho chi bộ"
    cell = evidence.figures.cell
    if cell is None or cell.level is None:
        page = _page("results", evidence.meeting.pk, anchor="de-nghi")
        sentence = "Biên bản ghi “chưa kết luận” về chi bộ."
        yield Check(title, State.LOOK, sentence, page, "Xem kết quả")
        return
    yield Check(title, State.FINE, f"{Level(cell.level).label}.")


def _collectives(evidence: Evidence) -> Iterator[Check]:
    for outcome in evidence.figures.collectives:
        if outcome.collective:
            yield _collective(evidence, outcome, outcome.collective)


def _collective(evidence: Evidence, outcome: Outcome, body: Collective) -> Check:
    """A leadership collective: what the meeting heard of it, and the level that is proposed."""
    title = f"Tập thể lãnh đạo: {outcome.name}"
    gaps = {
        "chưa viết báo cáo": not body.report.is_written,
        "chưa tự nhận mức": not outcome.self_level,
        "chưa có mức hội nghị đề nghị": not outcome.level,
    }
    missing = [gap for gap, is_open in gaps.items() if is_open]
    if outcome.level and not missing:
        return Check(title, State.FINE, f"{Level(outcome.level).label}.")
    page = _page("collective_report", evidence.meeting.pk, body.pk)
    sentence = f"{wording.capitalized(', '.join(missing))}."
    return Check(title, evidence.curable, sentence, page, "Mở báo cáo")


def _numbers(evidence: Evidence) -> Iterator[Check]:
    title = "Số của báo cáo"
    if evidence.numbered and evidence.meeting.cell.term_since is None:
        page = reverse("cells:cell", args=[evidence.meeting.cell_id]) + "#nhiem-ky"
        sentence = "Chi bộ đánh số văn bản mà chưa ghi nhiệm kỳ từ ngày nào."
        yield Check(title, State.LOOK, sentence, page, "Ghi nhiệm kỳ")


def _signed(evidence: Evidence) -> Iterator[Check]:
    title = "Ảnh trang ký"
    if evidence.signed:
        yield Check(title, State.FINE, "Đã có trong hồ sơ.")
        return
    page = reverse(
        "members:attachments", args=[evidence.meeting.cell_id, evidence.meeting.campaign.span]
    )
    sentence = "Chưa có. Gửi trước, ký sau cũng được."
    yield Check(title, State.LOOK, sentence, f"{page}#them-tep", "Thêm ảnh trang ký")


GROUPS: dict[str, tuple[Callable[[Evidence], Iterator[Check]], ...]] = {
    "Hội nghị và biên bản": (_closed, _locked, _signed),
    "Số liệu": (_attendance, _polls, _distribution, _cap),
    "Từng đảng viên": (_concluded, _listed, _unrated, _reviews, _explained),
    "Tập thể chi bộ": (_report, _self_rating, _own_level, _collectives, _numbers),
}
