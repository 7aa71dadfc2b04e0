"""The papers of a cell's file as data, for tests: 25 members, long names, both hard and empty cases."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ballots.papers.data import (
    Authority,
    Distribution,
    Points,
    Reasoned,
    ScoredPart,
    SectionText,
    Signer,
    SubjectLevels,
)
from ballots.papers.lists.data import (
    BodiesRow,
    ChecklistData,
    ChecklistLine,
    PostGroup,
    ProposalsData,
    SummaryData,
    SummaryRow,
    UnratedData,
    UnratedRow,
    UpwardData,
)
from ballots.papers.lists.upward_gather import WITH_POST, WITHOUT_POST
from ballots.papers.personal.data import Answer, PersonalData, Remark
from cells.law.review_forms import Parts
from tests.kit.paper_samples import CODES, LEVELS, LONG_NAME, LONG_TEXT, sitting

HEAD = replace(sitting(["A", "B"], []).head, series="")
SIGNER = Signer("BÍ THƯ", "Hà Xuân Quang")
NAMES = ["Hà Xuân Quang", LONG_NAME, *(f"Nguyễn Thị Thu Thuỷ {number}" for number in range(3, 26))]
LONG_POST = "Phó Trưởng phòng Tổ chức - Hành chính, Chủ tịch Công đoàn cơ sở"
COUNTS = {"HTXS": 1, "HTT": 24, "HT": 0, "KHT": 0}
SHARES = Distribution(25, COUNTS, {code: Fraction(n, 25) for code, n in COUNTS.items()}, 0)


def _post(place: int) -> str:
    return {0: "Bí thư", 1: LONG_POST}.get(place, "")


def proposals() -> ProposalsData:
    """25 members, of whom some bodies have said nothing."""
    rows = [
        BodiesRow(name, _post(at), "HTT", "" if at % 3 else "HTXS", "HTT", "", "HTT")
        for at, name in enumerate(NAMES)
    ]
    rows[1] = replace(rows[1], remark="Cơ quan, đơn vị chấm 82,5 điểm; Chi ủy chấm 79 điểm")
    rows.append(
        BodiesRow("Lê Vân", "", "", "", "", "", "", "Chưa xếp loại: Chờ kết luận kiểm tra")
    )
    return ProposalsData(HEAD, LEVELS, tuple(rows), SIGNER)


def summary() -> SummaryData:
    """25 members, one by two rounds, one concluded on by the chair, and one not rated; the cell first."""
    rows = [
        SummaryRow(
            name,
            _post(at),
            "HTT",
            dict(zip(CODES, (1, 24, 0, 0), strict=True)),
            Fraction(24, 25),
            "HTT",
        )
        for at, name in enumerate(NAMES)
    ]
    rows[0] = replace(
        rows[0],
        counts={"HTXS": 22},
        share=Fraction(22, 25),
        level="HTXS",
        remark="Lượt “Chọn đảng viên hoàn thành xuất sắc nhiệm vụ”",
    )
    rows[1] = replace(
        rows[1], level="HT", share=Fraction(0), remark="Chủ trì kết luận: Bị kỷ luật khiển trách"
    )
    rows.append(
        SummaryRow(
            "Lê Vân", "", "", {}, None, "", "Chưa xếp loại: Chờ kết luận kiểm tra", is_rated=False
        )
    )
    cell = SummaryRow(
        "Chi bộ 4", "", "HTT", {"HTXS": 0, "HTT": 25, "HT": 0, "KHT": 0}, Fraction(1), "HTT"
    )
    base = "số đảng viên chính thức được triệu tập"
    return SummaryData(HEAD, LEVELS, base, (cell,), tuple(rows), SHARES, SIGNER)


def unrated() -> UnratedData:
    """Who is exempt, new, away, and left open by the meeting."""
    rows = (
        UnratedRow(
            "Lương Thị Oanh",
            "",
            True,
            "Được miễn công tác và sinh hoạt đảng",
            "QĐ 124-QĐ/TW, điều 5.2",
            status="Không thuộc diện",
            is_outside=True,
        ),
        UnratedRow(
            LONG_NAME,
            LONG_POST,
            False,
            "Chờ cơ quan có thẩm quyền kết luận",
            LONG_TEXT[:150],
            date(2024, 3, 1),
            status="Chưa xếp loại",
        ),
        UnratedRow(
            "Tạ Lâm",
            "",
            True,
            "Hội nghị chưa kết luận mức xếp loại",
            status="Chưa xếp loại",
        ),
    )
    return UnratedData(HEAD, rows, SIGNER)


def upward() -> UpwardData:
    """The report of 27 members, two without a rating."""
    groups = (
        PostGroup(WITH_POST, 25, {"HTXS": 1, "HTT": 23, "HT": 0, "KHT": 0}, 1),
        PostGroup(WITHOUT_POST, 2, {"HTXS": 0, "HTT": 1, "HT": 0, "KHT": 0}, 0, outside=1),
    )
    return UpwardData(
        head=replace(HEAD, series="BC"),
        levels=LEVELS,
        to="Đảng ủy Cục Quản lý thị trường tỉnh Gia Lai",
        basis=("Hướng dẫn số 08-HD/ĐUK, ngày 15/12/2023 của Đảng ủy Khối",),
        day=date(2023, 12, 20),
        summoned=24,
        present=23,
        collective=True,
        cell_levels=SubjectLevels("Chi bộ 4", "", "HTT", "HTT"),
        collective_levels=(),
        groups=groups,
        distribution=SHARES,
        best=("Hà Xuân Quang",),
        unrated=(
            Reasoned("Lê Vân", "Chờ kết luận kiểm tra", "Chưa xếp loại"),
            Reasoned("Tạ Lâm", "Mới kết nạp.", "Không thuộc diện"),
        ),
        cap="Mức trần hoàn thành xuất sắc nhiệm vụ: 20% số hoàn thành tốt nhiệm vụ, được 04 đồng chí; "
        "đề nghị 01 đồng chí.",
        proposal="đề nghị cấp ủy có thẩm quyền xem xét, công nhận",
        enclosed=("biên bản hội nghị", "biên bản kiểm phiếu", "bảng tổng hợp kết quả"),
        signer=SIGNER,
    )


def checklist() -> ChecklistData:
    """Nine kinds of things."""
    line = ChecklistLine
    lines = (
        line("Báo cáo kiểm điểm tập thể", 1, "Chi bộ"),
        line("Bản kiểm điểm cá nhân", 25, "Đảng viên", "trong đó bản giấy: 03"),
        line("Biên bản hội nghị", 1, "Thư ký hội nghị"),
        line("Biên bản kiểm phiếu", 1, "Tổ kiểm phiếu"),
        line("Kết quả đánh giá của cơ quan, đơn vị", 2, "Cơ quan, đơn vị", "Tệp kèm theo"),
    )
    return ChecklistData(
        replace(HEAD, pack="2025.1", year=2025),
        "Mẫu 04-HD KĐ.ĐG 2025",
        "hồ sơ kiểm điểm, đánh giá, xếp loại chất lượng",
        lines,
        SIGNER,
    )


def _points(title: str, most: str, score: str) -> Points:
    return Points(title, Decimal(most), Decimal(score))


CRITERIA = tuple(_points(f"Tiêu chí {at}: {LONG_TEXT[:90]}", "2", "2") for at in range(1, 16))
POINTS = (
    ScoredPart(_points("Về chính trị, phẩm chất đạo đức", "30", "30"), CRITERIA),
    ScoredPart(_points("Kết quả thực hiện nhiệm vụ", "70", "61.5"), ()),
)
SUMS = (
    _points("Cộng điểm tiêu chí chung", "30", "30"),
    _points("Cộng điểm kết quả thực hiện nhiệm vụ", "70", "61.5"),
    _points("Tổng điểm", "100", "91.5"),
)


def personal() -> PersonalData:
    """A form with points, answers and everything below it filled in."""
    return PersonalData(
        head=replace(HEAD, mark="", pack="2025.1", year=2025),
        form="Mẫu 2B-HD KĐ.ĐG 2025",
        title="Bản kiểm điểm, tự đánh giá, xếp loại cá nhân",
        subtitle="Cá nhân không giữ chức vụ lãnh đạo, quản lý",
        member="Công Tằng Tôn Nữ Hoàng Thị Phương Thảo Nguyên",
        facts=(
            ("Họ và tên", "Công Tằng Tôn Nữ Hoàng Thị Phương Thảo Nguyên"),
            ("Ngày sinh", "05/07/1975"),
            ("Chức vụ", LONG_POST),
            ("Đơn vị công tác", ""),
            ("Sinh hoạt tại", "Chi bộ 4"),
        ),
        headings=None,
        sections=(
            SectionText("Ưu điểm, kết quả đạt được", f"{LONG_TEXT}\n{LONG_TEXT}"),
            SectionText("Kết quả khắc phục hạn chế", "Đã khắc phục."),
            SectionText("Giải trình (nếu có)", "", optional=True),
        ),
        grades=(),
        answers=(
            Answer("Chậm báo cáo quý II", "Đã khắc phục", "Đã lập lịch từ đầu quý"),
            Answer("Chưa đọc nghị quyết", "Chưa khắc phục", "Sẽ học trong quý I"),
        ),
        answered_in="Kết quả khắc phục hạn chế",
        groups=POINTS,
        sums=SUMS,
        levels=LEVELS,
        self_level="HTT",
        has_others=True,
        manager=Remark("Hoàn thành tốt nhiệm vụ được giao.", "HTT"),
        executive=Remark(),
        cell_level="HTT",
        decided="",
        signer=SIGNER,
        above=Authority("Đảng ủy"),
    )


RIGHTS, WRONGS = "Ưu điểm, kết quả đạt được", "Hạn chế, khuyết điểm và nguyên nhân"
GRADES = ("Xuất sắc", "Tốt", "Trung bình", "Kém")


def personal_in_parts(grades: tuple[str, ...] = (), text: str = LONG_TEXT) -> PersonalData:
    """A form whose parts, sections and points a pack names: with points, or with grades; no block for others."""
    given = grades[1] if grades else None
    made = replace(
        personal(),
        headings=Parts(
            "Nội dung kiểm điểm",
            "Nội dung tự đánh giá, xếp loại",
            "Đề xuất xếp loại mức chất lượng",
            "" if grades else "Đánh giá theo các nhóm tiêu chí",
        ),
        sections=(
            SectionText("Về phẩm chất chính trị, đạo đức, lối sống", text, False, RIGHTS, given),
            SectionText("Về nhiệm vụ được giao", text, False, RIGHTS, given),
            SectionText("Việc thực hiện cam kết", text, False, RIGHTS, "" if grades else None),
            SectionText("Hạn chế, khuyết điểm", text, False, WRONGS),
            SectionText("Nguyên nhân", text, False, WRONGS),
            SectionText("Kết quả khắc phục hạn chế", "Đã khắc phục."),
            SectionText("Phương hướng", text),
        ),
        grades=grades,
        has_others=False,
    )
    return replace(made, groups=(), sums=()) if grades else made
