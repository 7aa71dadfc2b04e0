"""Every place of a cell's file as it stands, for the committee above to put its pins on."""

from collections.abc import Iterator, Mapping

from ballots.appraisal.subjects import SubjectAppraisal
from ballots.dossier.checks import Evidence
from ballots.dossier.places import FileFact, Place, PlaceKind, Section
from ballots.models import Paper
from ballots.results import former_years
from ballots.results.classification import CELL_ADDRESS
from cells import wording
from cells.models import Level
from members.models import Attachment, Attendance, ReviewLine

LEVELS = dict(Level.choices)
OPEN = "Chưa kết luận"


def sections_of(found: Evidence) -> list[Section]:
    """What stands at every place of the file, the whole first, then member by member; a fixed number of queries."""
    meeting = found.meeting
    known = former_years.answered(meeting.cell, meeting.campaign)
    before = former_years.before(meeting.cell, meeting.campaign.year, known)
    words = {who: row.words for who, row in before.items()}
    return [
        Section("Số liệu của hội nghị", tuple(_numbers(found))),
        Section("Chi bộ", tuple(_cell(found)), words.get(None, "")),
        Section("Văn bản và tệp kèm", tuple(_papers(found))),
        *_members(found, words),
        Section(
            "Việc khác",
            (FileFact(Place.mint(PlaceKind.OTHER), "", "Việc khác của hồ sơ", "chưa nêu ở trên"),),
        ),
    ]


def _numbers(found: Evidence) -> Iterator[FileFact]:
    voters = [row for row in found.listed if row.has_vote]
    here = sum(row.state == Attendance.State.PRESENT for row in voters)
    present = f"có mặt {wording.fraction(here, len(voters))} đồng chí có quyền biểu quyết"
    yield FileFact(Place.mint(PlaceKind.ATTENDANCE), "", "Điểm danh", present)
    for poll in found.figures.polls:
        count = [poll.count.issued, poll.count.collected, poll.count.valid, poll.count.invalid]
        numbers = "phát ra {}, thu về {}, hợp lệ {}, không hợp lệ {}".format(
            *map(wording.two_digits, count)
        )
        yield FileFact(Place.mint(PlaceKind.POLL, poll.poll.number), "", poll.poll.title, numbers)
    spread = found.figures.distribution
    levels = ", ".join(f"{code} {wording.two_digits(n)}" for code, n in spread.counts.items())
    total = f"{levels}, cộng {wording.two_digits(spread.of)} đồng chí được xếp loại"
    yield FileFact(Place.mint(PlaceKind.SUMS), "", "Số đảng viên theo mức", total)


def _cell(found: Evidence) -> Iterator[FileFact]:
    if not found.figures.rates_cell:
        return
    meeting, outcome = found.meeting, found.figures.cell
    report = meeting.report
    claimed = report.get_self_level_display() or "chưa tự nhận mức"
    score = f"{wording.score(report.self_score)} điểm, " if report.self_score is not None else ""
    yield FileFact(
        Place.mint(PlaceKind.REPORT), "", "Báo cáo kiểm điểm, tự nhận", f"{score}{claimed}"
    )
    level = LEVELS.get(outcome.level or "", OPEN) if outcome else OPEN
    yield FileFact(Place.mint(PlaceKind.LEVEL, CELL_ADDRESS), "", "Mức hội nghị đề nghị", level)
    yield from _reasons(found, CELL_ADDRESS, "")


def _papers(found: Evidence) -> Iterator[FileFact]:
    meeting = found.meeting
    for paper in Paper.objects.current().filter(meeting=meeting).order_by("pk"):
        number = paper.shown_number or "không ghi số"
        yield FileFact(
            Place.mint(PlaceKind.PAPER, paper.kind), "", paper.get_kind_display(), number
        )
    scans = Attachment.objects.of(meeting.cell, meeting.campaign).current()
    for scan in scans.select_related("member"):
        yield FileFact(Place.mint(PlaceKind.FILE, scan.pk), "", "Tệp kèm", str(scan))
    if not found.signed:
        yield FileFact(Place.mint(PlaceKind.FILES), "", "Ảnh trang ký", "chưa có")


def _members(found: Evidence, before: Mapping[int | None, str]) -> Iterator[Section]:
    for line in found.lines:
        owner = f"Đ/c {found.figures.names.label(line.member)}"
        facts = tuple(_member(found, line, owner))
        yield Section(owner, facts, before.get(line.member_id, ""))


def _member(found: Evidence, line: ReviewLine, owner: str) -> Iterator[FileFact]:
    stands = ". ".join(filter(None, [line.get_status_display(), line.reason]))
    yield FileFact(Place.mint(PlaceKind.LINE, line.pk), owner, "Diện kiểm điểm", stands)
    rated = {o.member.pk: o for o in found.figures.members if o.member}
    outcome = rated.get(line.member_id)
    if outcome is None:
        return
    level = LEVELS.get(outcome.level or "", OPEN)
    # What the meeting heard the member claim is passed with the minutes, as the level is.
    claimed = LEVELS.get(outcome.self_level, "").lower() or "chưa"
    yield FileFact(
        Place.mint(PlaceKind.LEVEL, line.member_id),
        owner,
        "Mức hội nghị đề nghị",
        f"{level}; tự nhận: {claimed}",
    )
    review = "đã nộp" if line.member_id in found.handed_in else "chưa nộp"
    yield FileFact(Place.mint(PlaceKind.REVIEW, line.member_id), owner, "Bản kiểm điểm", review)
    said = wording.two_digits(len(_subject(found, str(line.member_id)).assessments))
    yield FileFact(
        Place.mint(PlaceKind.REMARKS, line.member_id),
        owner,
        "Nhận xét của các nơi",
        f"{said} nhận xét",
    )
    yield from _reasons(found, str(line.member_id), owner)


def _reasons(found: Evidence, key: str, owner: str) -> Iterator[FileFact]:
    """Only where something did not agree: the reasons are read on the page of the appraisal."""
    doubts = _subject(found, key).appraisal.doubts
    if doubts:
        number = f"{wording.two_digits(len(doubts))} điều không khớp"
        yield FileFact(Place.mint(PlaceKind.REASONS, key), owner, "Lý do đã ghi", number)


def _subject(found: Evidence, key: str) -> SubjectAppraisal:
    return next(subject for subject in found.appraisals if subject.key == key)
