"""The places of a cell's file a pin can be put on: what stands there, and the page where the cell mends it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse

from ballots import history
from ballots.appraisals import CELL, SubjectAppraisal
from ballots.checks import Evidence
from ballots.forms import labels
from ballots.models import Paper
from cells import wording
from cells.models import Level, Meeting
from members.models import Attachment, Attendance, ReviewLine

LEVELS = dict(Level.choices)
OPEN = "Chưa kết luận"
ABOUT = 300  # characters a pin keeps of what stood there


@dataclass(frozen=True)
class Place:
    """One fact of the file: its key, whose it is ("" of the whole file), what it is called, how it stands."""

    key: str
    owner: str
    title: str
    value: str

    @property
    def about(self) -> str:
        """What a pin says it was put on."""
        owner = f"{self.owner} – " if self.owner else ""
        return f"{owner}{self.title}: {self.value}"[:ABOUT]


@dataclass(frozen=True)
class Section:
    """Places about one thing or one member, under its heading; `before`: what is known of the year before."""

    title: str
    places: tuple[Place, ...]
    before: str = ""


def of(found: Evidence) -> list[Section]:
    """Every place of the file, the whole first, then member by member; a fixed number of queries."""
    meeting = found.meeting
    known = history.answered(meeting.cell, meeting.campaign)
    before = history.before(meeting.cell, meeting.campaign.year, known)
    words = {who: row.words for who, row in before.items()}
    return [
        Section("Số liệu của hội nghị", tuple(_numbers(found))),
        Section("Chi bộ", tuple(_cell(found)), words.get(None, "")),
        Section("Văn bản và tệp kèm", tuple(_papers(found))),
        *_members(found, words),
        Section("Việc khác", (Place("other", "", "Việc khác của hồ sơ", "chưa nêu ở trên"),)),
    ]


def _numbers(found: Evidence) -> Iterator[Place]:
    voters = [row for row in found.listed if row.has_vote]
    here = sum(row.state == Attendance.State.PRESENT for row in voters)
    present = f"có mặt {wording.fraction(here, len(voters))} đồng chí có quyền biểu quyết"
    yield Place("attendance", "", "Điểm danh", present)
    for poll in found.figures.polls:
        count = [poll.count.issued, poll.count.collected, poll.count.valid, poll.count.invalid]
        numbers = "phát ra {}, thu về {}, hợp lệ {}, không hợp lệ {}".format(
            *map(wording.two_digits, count)
        )
        yield Place(f"poll:{poll.poll.number}", "", poll.poll.title, numbers)
    spread = found.figures.distribution
    levels = ", ".join(f"{code} {wording.two_digits(n)}" for code, n in spread.counts.items())
    total = f"{levels}, cộng {wording.two_digits(spread.of)} đồng chí được xếp loại"
    yield Place("sums", "", "Số đảng viên theo mức", total)


def _cell(found: Evidence) -> Iterator[Place]:
    if not found.figures.rates_cell:
        return
    meeting, outcome = found.meeting, found.figures.cell
    claimed = meeting.get_self_level_display() or "chưa tự nhận mức"
    score = f"{wording.score(meeting.self_score)} điểm, " if meeting.self_score is not None else ""
    yield Place("report", "", "Báo cáo kiểm điểm, tự nhận", f"{score}{claimed}")
    level = LEVELS.get(outcome.level or "", OPEN) if outcome else OPEN
    yield Place(f"level:{CELL}", "", "Mức hội nghị đề nghị", level)
    yield from _reasons(found, CELL, "")


def _papers(found: Evidence) -> Iterator[Place]:
    meeting = found.meeting
    for paper in Paper.objects.current().filter(meeting=meeting).order_by("pk"):
        number = paper.shown_number or "không ghi số"
        yield Place(f"paper:{paper.kind}", "", paper.get_kind_display(), number)
    scans = Attachment.objects.of(meeting.cell, meeting.campaign).current()
    for scan in scans.select_related("member"):
        yield Place(f"file:{scan.pk}", "", "Tệp kèm", str(scan))
    if not found.signed:
        yield Place("files", "", "Ảnh trang ký", "chưa có")


def _members(found: Evidence, before: Mapping[int | None, str]) -> Iterator[Section]:
    names = labels(line.member for line in found.lines)
    for line in found.lines:
        owner = f"Đ/c {names[line.member_id]}"
        places = tuple(_member(found, line, owner))
        yield Section(owner, places, before.get(line.member_id, ""))


def _member(found: Evidence, line: ReviewLine, owner: str) -> Iterator[Place]:
    stands = ". ".join(filter(None, [line.get_status_display(), line.reason]))
    yield Place(f"line:{line.pk}", owner, "Diện kiểm điểm", stands)
    rated = {o.member.pk: o for o in found.figures.members if o.member}
    outcome = rated.get(line.member_id)
    if outcome is None:
        return
    level = LEVELS.get(outcome.level or "", OPEN)
    yield Place(f"level:{line.member_id}", owner, "Mức hội nghị đề nghị", level)
    claimed = LEVELS.get(outcome.self_level, "").lower()
    review = f"đã nộp, tự nhận {claimed}" if claimed else "đã nộp, chưa tự nhận mức"
    if line.member_id not in found.handed_in:
        review = "chưa nộp"
    yield Place(f"review:{line.member_id}", owner, "Bản kiểm điểm", review)
    said = wording.two_digits(len(_subject(found, str(line.member_id)).assessments))
    yield Place(f"remarks:{line.member_id}", owner, "Nhận xét của các nơi", f"{said} nhận xét")
    yield from _reasons(found, str(line.member_id), owner)


def _reasons(found: Evidence, key: str, owner: str) -> Iterator[Place]:
    """Only where something did not agree: the reasons are read on the page of the appraisal."""
    doubts = _subject(found, key).appraisal.doubts
    if doubts:
        number = f"{wording.two_digits(len(doubts))} điều không khớp"
        yield Place(f"reasons:{key}", owner, "Lý do đã ghi", number)


def _subject(found: Evidence, key: str) -> SubjectAppraisal:
    return next(subject for subject in found.appraisals if subject.key == key)


# Where the cell lands: per kind of place the page, its arguments, and the anchor of the line.
Address = Callable[[Meeting, str], tuple[str, tuple[object, ...], str]]
ADDRESSES: dict[str, Address] = {
    "attendance": lambda meeting, _: ("ballots:minutes", (meeting.pk,), ""),
    "poll": lambda meeting, number: ("ballots:results", (meeting.pk,), f"luot-{number}"),
    "sums": lambda meeting, _: ("ballots:results", (meeting.pk,), "de-nghi"),
    "level": lambda meeting, who: ("ballots:results", (meeting.pk,), f"muc-{who}"),
    "report": lambda meeting, _: ("ballots:report", (meeting.pk,), ""),
    "paper": lambda meeting, kind: (
        ("ballots:minutes", (meeting.pk,), "")
        if kind in (Paper.Kind.MINUTES, Paper.Kind.COUNT)
        else ("ballots:sending", (meeting.pk,), "so-van-ban")
    ),
    "file": lambda meeting, pk: ("members:attachments", _year(meeting), f"tep-{pk}"),
    "files": lambda meeting, _: ("members:attachments", _year(meeting), "them-tep"),
    "line": lambda meeting, pk: ("ballots:review_list", _year(meeting), f"dv-{pk}"),
    "review": lambda meeting, who: ("ballots:reviews", _year(meeting), f"ban-{who}"),
    "remarks": lambda meeting, who: (
        "members:assessments",
        (int(who), meeting.campaign.span),
        "",
    ),
    "reasons": lambda meeting, who: ("ballots:appraisal_subject", (meeting.pk, who), "reasons"),
    "other": lambda meeting, _: ("ballots:sending", (meeting.pk,), "gui"),
}
# What the meeting has passed and locked: it is explained, not changed.
LOCKED = frozenset({"attendance", "poll", "sums", "level", "report"})


def _year(meeting: Meeting) -> tuple[object, ...]:
    return (meeting.cell_id, meeting.campaign.span)


def address(meeting: Meeting, key: str) -> str:
    """Where the cell mends the place with this key; `meeting.campaign` selected along with it."""
    kind, _, rest = key.partition(":")
    page, args, anchor = ADDRESSES[kind](meeting, rest)
    return reverse(page, args=args) + (f"#{anchor}" if anchor else "")


def is_locked(key: str) -> bool:
    """Whether the place was passed with the minutes: nothing there can be changed any more."""
    kind, _, rest = key.partition(":")
    return kind in LOCKED or rest in (Paper.Kind.MINUTES, Paper.Kind.COUNT)
