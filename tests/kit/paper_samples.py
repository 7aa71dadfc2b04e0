"""Papers as data, for tests: the two public cases and a hard one, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from ballots.papers.ballots.data import BallotRow, BallotSheetData, Slip, SlipData
from ballots.papers.data import (
    Check,
    Distribution,
    Head,
    Level,
    Points,
    Reasoned,
    ScoredPart,
    SectionText,
    Signer,
    SubjectLevels,
)
from ballots.papers.minutes.data import (
    CountData,
    Lines,
    MinutesData,
    Opinion,
    Participant,
    PollResult,
    PollRow,
    Roll,
    Sitting,
    Standing,
    Tellers,
    VoidPoll,
)
from ballots.papers.report.data import ReportData
from cells import codes

CODES = ("HTXS", "HTT", "HT", "KHT")
LABELS = ("Hoàn thành xuất sắc", "Hoàn thành tốt", "Hoàn thành", "Không hoàn thành")
LEVELS = tuple(Level(code, f"{label} nhiệm vụ") for code, label in zip(CODES, LABELS, strict=True))
CHECK = Check("ABCDEFGHJKLM", "https://kiemdiem.example/hop/kiem-tra/ABCDEFGHJKLM/")
WORDS = ("Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám")
RULE = "Phiếu không đánh dấu dòng nào là phiếu không hợp lệ."


def row(subject: str, base: int, *counts: int, blank: int = 0) -> PollRow:
    """A row's counts from HTXS down, with their shares of the base."""
    ballots = dict(zip(CODES, counts, strict=True))
    shares = {code: Fraction(n, base) if base else None for code, n in ballots.items()}
    remark = "" if 2 * max(counts) > base else "Chưa đủ phiếu"
    post = "Bí thư" if subject == "Hà Xuân Quang" else ""
    return PollRow(subject, ballots, shares, blank, post, remark)


def poll(title: str, base: int, rows: list[PollRow], **values) -> PollResult:
    """A counted poll in which everybody's ballot came back valid."""
    numbers = {
        "summoned": base,
        "present": base,
        "issued": base,
        "collected": base,
        "valid": base,
        "invalid": 0,
    } | values
    return PollResult(
        title=title,
        on_cell=rows[0].subject == "Chi bộ 4",
        levels=numbers.pop("levels", LEVELS),
        base=base,
        base_label="số đảng viên chính thức được triệu tập, trừ đồng chí vắng mặt có lý do chính đáng",
        rows=tuple(rows),
        digits="1067 5017",
        p="0f" * 32,
        list_sha256="a7" * 32,
        **numbers,
    )


def sitting(names: list[str], polls: list[PollResult], **values) -> Sitting:
    """A meeting of these full members, all present; the first presides, the second takes the minutes."""
    size = len(names)
    head = Head(
        committee="Đảng bộ Cục Quản lý thị trường tỉnh Gia Lai",
        cell="Chi bộ 4",
        place="Gia Lai",
        day=date(2023, 12, 20),
        year=2023,
        period="năm 2023",
        subjects="tổ chức đảng, đảng viên",
        persons="đảng viên",
        pack="2023.1",
        layout="hd-36: Hướng dẫn 36-HD/VPTW, ngày 03/4/2018",
        mark="BẢN DỰ THẢO",
    )
    made = Sitting(
        head=head,
        basis=("Hướng dẫn số 08-HD/ĐUK, ngày 15/12/2023 của Đảng ủy Khối",),
        starts_at=datetime(2023, 12, 20, 14, 0, tzinfo=UTC),
        venue="Phòng họp Cục Quản lý thị trường tỉnh Gia Lai",
        roll=Roll((Standing("chính thức", size, size), Standing("dự bị", 0, 0)), size, size),
        guests=(),
        chair=Participant(names[0], "Bí thư"),
        clerk=Participant(names[1]),
        tellers=Tellers(tuple(Participant(name) for name in names[2:5]), size, size),
        doors=("phone",),
        invalid_rule=RULE,
        polls=tuple(polls),
    )
    return replace(made, **values)


def minutes(names: list[str], levels: list[str], polls: list[PollResult], **values) -> MinutesData:
    """Minutes in which each member claims, and is proposed for, the level of the same place ("" = undecided)."""
    head = {key: values.pop(key) for key in ("head",) if key in values}
    counts = {code: levels.count(code) for code in CODES}
    size = len(names)
    made = MinutesData(
        sitting=sitting(names, polls, **head),
        levels=LEVELS,
        agenda=("Chào cờ; tuyên bố lý do", "Bỏ phiếu kín"),
        report="",
        self_level="HTT",
        self_score=None,
        opinions=(),
        reserved=(),
        members=tuple(
            SubjectLevels(name, "", level or "HTT", level)
            for name, level in zip(names, levels, strict=True)
        ),
        cell_levels=SubjectLevels("Chi bộ 4", "", "HTT", "HTT"),
        distribution=Distribution(
            size, counts, {c: Fraction(n, size) for c, n in counts.items()}, levels.count("")
        ),
        unrated=(),
        conclusion="",
        proposal="đề nghị cấp ủy có thẩm quyền xem xét, công nhận",
        ends_at=datetime(2023, 12, 20, 17, 0, tzinfo=UTC),
        yes=size,
        total=size,
    )
    return replace(made, **values)


def large(size: int) -> MinutesData:
    """Minutes of `size` members with one poll on all of them; all draft."""
    names = [f"Nguyễn Thị Thu {number}" for number in range(1, size + 1)]
    rows = [row(name, size, 1, size - 1, 0, 0) for name in names]
    return minutes(names, ["HTT"] * size, [poll("Xếp loại chất lượng đảng viên", size, rows)])


def seed() -> MinutesData:
    """The first real case: 07/08 good (87,5%), 01/08 excellent (12,5%), the cell good with all ballots."""
    names = ["Hà Xuân Quang", *(f"Đảng viên {word}" for word in WORDS)]
    levels = ["HTXS" if name == "Đảng viên Bốn" else "HTT" for name in names]
    rows = [row(name, 8, *((7, 1) if name == "Đảng viên Bốn" else (0, 8)), 0, 0) for name in names]
    rows[6] = row(names[6], 8, 0, 7, 1, 0)
    polls = [
        poll("Xếp loại chất lượng Chi bộ 4 năm 2023", 8, [row("Chi bộ 4", 8, 0, 8, 0, 0)]),
        poll("Xếp loại chất lượng đảng viên năm 2023", 8, rows),
    ]
    opinions = (
        Opinion(names[2], "Nhất trí với báo cáo kiểm điểm; đề nghị làm rõ thêm nguyên nhân."),
        Opinion(names[5], "Đề nghị tiếp tục phát huy tinh thần trách nhiệm.", names[3]),
    )
    return minutes(names, levels, polls, opinions=opinions)


LONG_NAME = "Công Tằng Tôn Nữ Hoàng Thị Phương Thảo Nguyên (1975)"
LONG_TEXT = "Cần cụ thể hoá chỉ tiêu, rõ người, rõ việc, rõ thời hạn. " * 12


def two_rounds(names: list[str]) -> list[PollResult]:
    """A poll without majorities, then one on a single level in which a ballot was not cast."""
    rows = [row(name, 5, 0, 2, 2, 0, blank=1) for name in names]
    second = poll(
        "Chọn đảng viên hoàn thành xuất sắc nhiệm vụ trong số các đồng chí hoàn thành tốt nhiệm vụ",
        5,
        [PollRow(names[0], {"HTXS": 3}, {"HTXS": Fraction(3, 5)}, 1)],
        levels=LEVELS[:1],
        collected=4,
        valid=4,
        declined=(Reasoned("Tạ Lâm", "về sớm do việc gia đình"),),
    )
    spoilt = {"valid": 4, "invalid": 1, "invalid_reasons": (("rách một góc", 1),)}
    return [poll("Xếp loại chất lượng đảng viên", 5, rows, **spoilt), second]


def hard() -> MinutesData:
    """Void polls, reserved opinions, absences, guests, two rounds, undecided rows, long names and texts."""
    names = ["Trần Thị Ánh", LONG_NAME, "Đỗ Dũng", "Lê Vân", "Ngô Đức", "Tạ Lâm"]
    made = minutes(
        names,
        ["HTXS", "", "HTT", "KHT", "HT", ""],
        two_rounds(names),
        report=f"Về ưu điểm: {LONG_TEXT}\n\nVề hạn chế: {LONG_TEXT}",
        self_score=Decimal("84.50"),
        opinions=(
            Opinion(names[2], LONG_TEXT, kind="Hạn chế, khuyết điểm"),
            Opinion(names[4], "Giao ban hằng tuần.", kind="Giải pháp khắc phục"),
            Opinion(names[2], "Nhất trí."),
            Opinion(names[3], LONG_TEXT, LONG_NAME, kind="Nguyên nhân"),
        ),
        reserved=(Opinion(names[4], "Bảo lưu ý kiến về mức xếp loại.", names[3]),),
        presenter=Participant(names[0], "Bí thư"),
        reviews=(
            Lines(LONG_NAME, LONG_TEXT, "Nhận hạn chế đã nêu."),
            Lines(names[5], reply="Sẽ khắc phục trong quý I."),
        ),
        unrated=(Reasoned("Lương Thị Oanh", "Miễn công tác và sinh hoạt đảng"),),
        conclusion="Hội nghị đã làm việc nghiêm túc.\nGiao chi ủy hoàn thiện báo cáo.",
        cell_levels=SubjectLevels(
            "Chi bộ 4", "", "HTT", "HTT", "Đủ số phiếu sau khi thảo luận lại."
        ),
    )
    members = list(made.members)
    members[3] = replace(members[3], reason="Bị kỷ luật khiển trách trong năm, chi bộ thống nhất.")
    return replace(made, sitting=troubled(made.sitting), members=tuple(members))


def troubled(made: Sitting) -> Sitting:
    """The same meeting with absences, a guest, all three doors and a void poll."""
    standings = (
        Standing("chính thức", 7, 6),
        Standing("dự bị", 2, 1),
        Standing("miễn công tác", 1, 0),
    )
    absences = (Reasoned("Chu Văn Phú", "Đi công tác"), Reasoned("Nông Thị Quế"))
    return replace(
        made,
        roll=Roll(standings, 7, 6, absences, left=(("Tạ Lâm", made.starts_at.replace(hour=16)),)),
        counted=(made.starts_at.replace(hour=15), made.starts_at.replace(hour=15, minute=40)),
        copies=3,
        filed=("Lưu Chi bộ", "Đảng ủy Khối"),
        guests=(Participant("Đại diện Đảng ủy phường", "Ủy viên Ban Thường vụ Đảng ủy phường"),),
        doors=("phone", "slip", "paper"),
        voids=(VoidPoll("Xếp loại chất lượng Chi bộ", "mất điện trước khi kiểm phiếu."),),
    )


def locked(data: MinutesData) -> MinutesData:
    """The same minutes as they are stored: no mark, but a check code."""
    head = replace(data.sitting.head, mark="", check=CHECK, number="05")
    return replace(data, sitting=replace(data.sitting, head=head))


def ballot_sheets(
    rows: int = 8, copies: int = 2, levels: tuple[Level, ...] = LEVELS
) -> BallotSheetData:
    """Blank ballots on so many members."""
    names = [
        BallotRow(SubjectLevels(f"Nguyễn Văn {number}", "", "HTT", ""))
        for number in range(1, rows + 1)
    ]
    head = sitting(["A", "B"], []).head
    return BallotSheetData(head, "Xếp loại đảng viên năm 2023", levels, tuple(names), RULE, copies)


def report() -> ReportData:
    """A collective report in all its sections, half a point missing."""
    titles = ("Ưu điểm, kết quả đạt được", "Hạn chế, khuyết điểm và nguyên nhân", "Phương hướng")
    common = tuple(Points(f"Tiêu chí thứ {n}", Decimal(5), Decimal(5)) for n in range(1, 7))
    tasks = (Points("Thực hiện nhiệm vụ", Decimal(70), Decimal("69.5")),)
    head = sitting(["A", "B"], []).head
    return ReportData(
        head=replace(head, series="BC"),
        form="Mẫu 01-HD KĐ.ĐG 2025",
        title="Báo cáo kiểm điểm của tập thể",
        basis=("Hướng dẫn số 08-HD/ĐUK, ngày 15/12/2023 của Đảng ủy Khối",),
        texts=tuple(SectionText(title, f"{LONG_TEXT}\n{LONG_TEXT}") for title in titles),
        parts=(
            ScoredPart(Points("Tiêu chí chung", Decimal(30), Decimal(30)), common),
            ScoredPart(Points("Kết quả", Decimal(70), Decimal("69.5")), tasks),
        ),
        most=Decimal(100),
        score=Decimal("99.5"),
        level=LEVELS[0],
        to="Đảng ủy Khối",
        signer=Signer("BÍ THƯ", "Hà Xuân Quang"),
    )


def slips(count: int = 8) -> SlipData:
    """Slips to draw."""
    drawn = [codes.spelled(bytes(9) + bytes([number])) for number in range(count)]
    made = tuple(
        Slip(code, f"https://kiemdiem.example/phieu/#{'ab' * 16}.{code.lower()}") for code in drawn
    )
    return SlipData("Chi bộ 4", "Xếp loại chất lượng đảng viên năm 2023", made)


def count_of(data: MinutesData) -> CountData:
    """The tellers' minutes of the same meeting."""
    return CountData(data.sitting)
