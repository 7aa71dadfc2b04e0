"""Every place of a cell's file as it stands, for the committee above to put its pins on."""

from collections.abc import Iterator, Mapping

from ballots.appraisal.subjects import SubjectAppraisal
from ballots.dossier.checks import Evidence
from ballots.dossier.places import FileFact, Part, Place, PlaceKind, Section
from ballots.models import Paper
from ballots.papers.kinds import SERIES
from ballots.results import former_years
from ballots.results.classification import CELL_ADDRESS
from ballots.results.figures import Outcome
from cells import wording
from cells.models import Level
from members.models import Attachment, Attendance, ReviewLine

LEVELS = dict(Level.choices)
OPEN = "Chưa kết luận"


def sections_of(evidence: Evidence) -> list[Section]:
    """What stands at every place of the file, the whole first, then member by member; a fixed number of queries."""
    meeting = evidence.meeting
    known = former_years.answered(meeting.cell, meeting.campaign)
    before = former_years.before(meeting.cell, meeting.campaign.year, known)
    words = {who: row.words for who, row in before.items()}
    other = FileFact(Place.mint(PlaceKind.OTHER), "", "Việc khác của hồ sơ", "chưa nêu ở trên")
    return [
        Section(Part.NUMBERS, "Số liệu của hội nghị", tuple(_numbers(evidence))),
        Section(Part.BODY, "Chi bộ", tuple(_cell(evidence)), words.get(None, "")),
        *_collectives(evidence),
        Section(Part.PAPERS, "Văn bản và tệp kèm", tuple(_papers(evidence))),
        *_members(evidence, words),
        Section(Part.OTHER, "Việc khác", (other,)),
    ]


def _numbers(evidence: Evidence) -> Iterator[FileFact]:
    voters = [row for row in evidence.listed if row.has_vote]
    here = sum(row.state == Attendance.State.PRESENT for row in voters)
    present = f"có mặt {wording.fraction(here, len(voters))} đồng chí có quyền biểu quyết"
    yield FileFact(Place.mint(PlaceKind.ATTENDANCE), "", "Điểm danh", present)
    for poll in evidence.figures.polls:
        count = [poll.count.issued, poll.count.collected, poll.count.valid, poll.count.invalid]
        numbers = "phát ra {}, thu về {}, hợp lệ {}, không hợp lệ {}".format(
            *map(wording.two_digits, count)
        )
        yield FileFact(Place.mint(PlaceKind.POLL, poll.poll.number), "", poll.poll.title, numbers)
    spread = evidence.figures.distribution
    levels = ", ".join(f"{code} {wording.two_digits(n)}" for code, n in spread.counts.items())
    total = f"{levels}, cộng {wording.two_digits(spread.of)} đồng chí được xếp loại"
    yield FileFact(Place.mint(PlaceKind.SUMS), "", "Số đảng viên theo mức", total)


def _cell(evidence: Evidence) -> Iterator[FileFact]:
    if not evidence.figures.rates_cell:
        return
    meeting, outcome = evidence.meeting, evidence.figures.cell
    report = meeting.report
    claimed = report.get_self_level_display() or "chưa tự nhận mức"
    score = f"{wording.score(report.self_score)} điểm, " if report.self_score is not None else ""
    yield FileFact(
        Place.mint(PlaceKind.REPORT), "", "Báo cáo kiểm điểm, tự nhận", f"{score}{claimed}"
    )
    level = LEVELS.get(outcome.level or "", OPEN) if outcome else OPEN
    yield FileFact(Place.mint(PlaceKind.LEVEL, CELL_ADDRESS), "", "Mức hội nghị đề nghị", level)
    yield from _reasons(evidence, CELL_ADDRESS, "")


def _collectives(evidence: Evidence) -> Iterator[Section]:
    """Each leadership collective that the meeting rates."""
    for outcome in evidence.figures.collectives:
        if outcome.collective is None:
            continue
        name, claimed = outcome.name, LEVELS.get(outcome.self_level, "chưa tự nhận mức")
        report = Place.mint(PlaceKind.REPORT, outcome.collective.pk)
        level = Place.mint(PlaceKind.LEVEL, outcome.address)
        yield Section(
            Part.BODY,
            name,
            (
                FileFact(report, name, "Báo cáo kiểm điểm, tự nhận", claimed),
                FileFact(
                    level, name, "Mức hội nghị đề nghị", LEVELS.get(outcome.level or "", OPEN)
                ),
                *_reasons(evidence, outcome.address, name),
            ),
        )


def _papers(evidence: Evidence) -> Iterator[FileFact]:
    meeting = evidence.meeting
    for paper in Paper.objects.current().filter(meeting=meeting).order_by("pk"):
        number = paper.shown_number or (
            "không ghi số" if paper.kind in SERIES else "không đánh số"
        )
        yield FileFact(
            Place.mint(PlaceKind.PAPER, paper.kind), "", paper.get_kind_display(), number
        )
    scans = Attachment.objects.of(meeting.cell, meeting.campaign).current()
    for scan in scans.exclude(kind__in=Attachment.FROM_ABOVE).select_related("member"):
        yield FileFact(Place.mint(PlaceKind.FILE, scan.pk), "", "Tệp kèm", str(scan))
    if not evidence.signed:
        yield FileFact(Place.mint(PlaceKind.FILES), "", "Ảnh trang ký", "chưa có")


def _members(evidence: Evidence, before: Mapping[int | None, str]) -> Iterator[Section]:
    for line in evidence.lines:
        owner = f"Đ/c {evidence.figures.names.label(line.member)}"
        facts = tuple(_member(evidence, line, owner))
        yield Section(Part.MEMBER, owner, facts, before.get(line.member_id, ""))


def _member(evidence: Evidence, line: ReviewLine, owner: str) -> Iterator[FileFact]:
    stands = ". ".join(filter(None, [line.get_status_display(), line.reason]))
    yield FileFact(Place.mint(PlaceKind.LINE, line.pk), owner, "Diện kiểm điểm", stands)
    rated = {o.member.pk: o for o in evidence.figures.members if o.member}
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
        brief=(outcome.level or OPEN, _claim(outcome)),
    )
    review = "đã nộp" if line.member_id in evidence.handed_in else "chưa nộp"
    yield FileFact(Place.mint(PlaceKind.REVIEW, line.member_id), owner, "Bản kiểm điểm", review)
    assessment_count = wording.two_digits(len(_subject(evidence, str(line.member_id)).assessments))
    yield FileFact(
        Place.mint(PlaceKind.REMARKS, line.member_id),
        owner,
        "Nhận xét của các nơi",
        f"{assessment_count} nhận xét",
        brief=(assessment_count, ""),
    )
    yield from _reasons(evidence, str(line.member_id), owner)


def _claim(outcome: Outcome) -> str:
    return f"tự nhận {outcome.self_level}" if outcome.self_level else "chưa tự nhận"


def _reasons(evidence: Evidence, key: str, owner: str) -> Iterator[FileFact]:
    """Only where something did not agree: the reasons are read on the page of the appraisal."""
    doubts = _subject(evidence, key).appraisal.doubts
    if doubts:
        number = f"{wording.two_digits(len(doubts))} điều không khớp"
        yield FileFact(Place.mint(PlaceKind.REASONS, key), owner, "Lý do đã ghi", number)


def _subject(evidence: Evidence, key: str) -> SubjectAppraisal:
    return next(subject for subject in evidence.appraisals if subject.key == key)
