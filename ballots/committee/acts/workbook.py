"""The list attached to a decision on many cells as Excel: whoever stands on it, and how many have which level."""

import io
from collections.abc import Iterator, Sequence

from ballots.committee.sheets import Value, new_book, write
from ballots.papers.rulings.data import JointDecisionData, JointListData, Ruling
from ballots.papers.rulings.text import cited
from cells import wording

OF_LIST = (
    "TT",
    "Chi bộ",
    "Họ và tên, tập thể",
    "Chức vụ",
    "Chi bộ đề nghị",
    "Mức xếp loại",
    "Ghi chú",
)
OF_LEVELS = ("Mức xếp loại", "Tập thể", "Đảng viên", "Cộng")


def workbook(decision: JointDecisionData, listed: JointListData) -> bytes:
    """The same lines as the list that is locked with the decision; how many have which level on a sheet beside."""
    book = new_book()
    whose = f"{cited(listed.issuer)}, {wording.long_date(listed.head.day)} của {listed.issuer.executive}"
    title = f"Danh sách kèm theo {whose}"
    write(
        book,
        "Danh sách",
        [[title], OF_LIST, *_lines(listed)],
        (5, 30, 34, 30, 30, 30, 40),
        titles=1,
    )
    write(book, "Theo mức", [[title], OF_LEVELS, *_sums(decision)], (40, 12, 12, 12), titles=1)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _lines(listed: JointListData) -> Iterator[Sequence[Value]]:
    """The collectives of all cells first, then the members."""
    rulings = [(cell.cell, ruling) for cell in listed.cells for ruling in cell.rulings]
    rulings.sort(key=lambda each: not each[1].is_collective)
    for place, (cell, row) in enumerate(rulings, 1):
        yield place, cell, row.name, row.post, row.proposed, row.level, row.reason


def _sums(decision: JointDecisionData) -> Iterator[Sequence[Value]]:
    rulings = [ruling for cell in decision.cells for ruling in cell.rulings]
    for level in decision.levels:
        yield level, *_counted([ruling for ruling in rulings if ruling.level == level])
    yield "Tổng cộng", *_counted(rulings)


def _counted(rulings: list[Ruling]) -> tuple[int, int, int]:
    bodies = sum(ruling.is_collective for ruling in rulings)
    return bodies, len(rulings) - bodies, len(rulings)
