"""The papers of a committee's decision as data, for tests: the cell and its members, long names, reasons."""

from dataclasses import replace

from ballots.papers.data import Authority
from ballots.papers.rulings.data import (
    CellRulings,
    Issuer,
    JointDecisionData,
    JointListData,
    NoticeData,
    RecognitionData,
    ReratingData,
    Ruling,
    RulingsData,
)
from tests.kit.file_samples import HEAD, LONG_POST, NAMES
from tests.kit.paper_samples import LEVELS

EXECUTIVE = "Đảng ủy Cục Quản lý thị trường tỉnh Gia Lai"
ISSUER = Issuer(EXECUTIVE, Authority("Đảng ủy", "Bí thư", "Nguyễn Văn Thành"), "125-QĐ/ĐU")
OF_COMMITTEE = replace(HEAD, committee="Đảng ủy các cơ quan Đảng tỉnh Gia Lai", cell=EXECUTIVE)
BASIS = (
    "Quy định số 366-QĐ/TW, ngày 30/8/2025 của Bộ Chính trị",
    "Hướng dẫn số 43-HD/BTCTW, ngày 31/10/2025 của Ban Tổ chức Trung ương",
    "Xét đề nghị của Chi bộ 4 tại hội nghị ngày 20/12/2023",
)
BEST, GOOD, FAIR, _ = (level.label for level in LEVELS)
WHY = "Chậm tiến độ hai nhiệm vụ được giao trong quý III, có ý kiến của cơ quan"


def _members(count: int) -> tuple[Ruling, ...]:
    return tuple(
        Ruling(name, LONG_POST if at % 7 == 1 else "", False, BEST if at == 0 else GOOD, GOOD)
        for at, name in enumerate(NAMES[:count])
    )


def rulings(count: int) -> tuple[Ruling, ...]:
    """The cell, so many members, and one whose level is not the one proposed."""
    cell = Ruling("Chi bộ 4", "", True, GOOD, GOOD)
    return (cell, *_members(count), Ruling("Lê Vân", "", False, FAIR, GOOD, reason=WHY))


def recognition(count: int = 25) -> RecognitionData:
    """A decision signed by the secretary."""
    levels = tuple(level.label for level in LEVELS)
    return RecognitionData(OF_COMMITTEE, ISSUER, "Chi bộ 4", BASIS, rulings(count), levels)


def ruling_list(count: int = 25) -> RulingsData:
    """The list that goes with it."""
    return RulingsData(OF_COMMITTEE, ISSUER, "Chi bộ 4", rulings(count))


def rerating() -> ReratingData:
    """Two levels decided again."""
    again = tuple(replace(each, former=GOOD, level=FAIR, reason=WHY) for each in _members(2))
    former = "Quyết định số 125-QĐ/ĐU, ngày 20/12/2023"
    issuer = replace(ISSUER, symbol="131-QĐ/ĐU")
    basis, note = (*BASIS[:2], former), "Kết luận thanh tra ngày 05/01/2024"
    return ReratingData(
        OF_COMMITTEE, issuer, "Chi bộ 4", "Mẫu 03-HD KĐ.ĐG 2025", "", basis, again, note
    )


def notice() -> NoticeData:
    """To a member whose level is not the one the cell proposed."""
    last = rulings(1)[-1]
    return NoticeData(OF_COMMITTEE, ISSUER, "Chi bộ 4", last.name, last, OF_COMMITTEE.day)


def _cells(count: int) -> tuple[CellRulings, ...]:
    """Three cells with so many members each, the second with a long name and an executive rated for itself."""
    names = (
        "Chi bộ 4",
        "Chi bộ Trường Tiểu học và Trung học cơ sở Nguyễn Thị Minh Khai",
        "Chi bộ 10",
    )
    cells = [
        CellRulings(name, (Ruling(name, "", True, GOOD, GOOD), *_members(count))) for name in names
    ]
    executive = Ruling(f"Chi ủy, {names[1]}", "", True, FAIR, GOOD, reason=WHY)
    cells[1] = CellRulings(names[1], (executive, *cells[1].rulings))
    one = Ruling("Lê Vân", LONG_POST, False, FAIR, GOOD, reason=WHY)
    cells[2] = CellRulings(names[2], (*cells[2].rulings, one))
    return tuple(cells)


def joint_decision(count: int = 20) -> JointDecisionData:
    """One decision on three cells."""
    levels = tuple(level.label for level in LEVELS)
    return JointDecisionData(OF_COMMITTEE, ISSUER, BASIS, _cells(count), levels)


def joint_list(count: int = 20) -> JointListData:
    """The list that goes with it."""
    return JointListData(OF_COMMITTEE, ISSUER, _cells(count))
