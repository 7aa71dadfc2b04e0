"""The quota room as an Excel workbook: the groups, the cases with what they rest on, and who moved what."""

import io
from collections.abc import Iterator, Sequence

from openpyxl.worksheet.worksheet import Worksheet

from ballots.committee.quota.reading import RoomView
from ballots.committee.sheets import Value, new_book, write
from ballots.models import QuotaLine, QuotaMove
from cells.law.periods import QUARTERS
from cells.law.post_groups import HEADS
from cells.law.rules import READINGS, ROUNDINGS
from cells.models import Level

OF_CASES = [
    *("TT", "Họ tên, tập thể", "Chi bộ", "Đảng bộ", "Chức vụ", "Nhóm", "Chi bộ đề nghị"),
    *("Mức dự thảo", "Lý do đổi", "Tự nhận", "Phiếu HTXS", "Phiếu HTT", "Phiếu HT", "Phiếu KHT"),
    *("Tính trên", "Điểm", "Trường hợp giới hạn mức", "Các quý", "Mức năm trước"),
    *("Hạn chế đã khắc phục", "Hạn chế năm trước", "Ghi chú"),
]
WIDTHS = (5, 30, 26, 26, 24, 26, 9, 9, 40, 9, 8, 8, 8, 8, 8, 8, 10, 22, 9, 10, 10, 40)
OF_MOVES = ["Lúc", "Họ tên, tập thể", "Từ mức", "Sang mức", "Lý do", "Người đổi"]
TOGETHER = 500  # lines read at once


def workbook(view: RoomView) -> bytes:
    """Numbers as numbers, words as words; a line that does not count says why.

    Row by row into the file, however many cases there are.
    """
    book = new_book()
    titles, headings, rows = _groups(view)
    widths = [40, 10, *[9] * (len(headings) - 3), 40]
    write(book, "Nhóm", [*titles, headings, *rows], widths, titles=len(titles))
    write(book, "Từng trường hợp", _with_head(OF_CASES, _cases(view)), WIDTHS)
    # So many columns could not be read on A4.
    book["Từng trường hợp"].page_setup.paperSize = Worksheet.PAPERSIZE_A3
    write(book, "Ai đã đổi", _with_head(OF_MOVES, _moves(view)), (17, 30, 9, 9, 50, 30))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _with_head(headings: list[str], rows: Iterator[list[Value]]) -> Iterator[Sequence[Value]]:
    yield headings
    yield from rows


def _groups(view: RoomView) -> tuple[list[list[Value]], list[Value], list[list[Value]]]:
    """The lines of the title, the headings, and a row for each group."""
    rules, head = view.room.rules, view.draft.post_groups.head
    about = f"{view.draft.committee} – {view.draft.period.words} – dự thảo “{view.draft}”"
    words = (
        f"Trần {rules.cap.percent}% {READINGS[rules.cap.reading]}; {ROUNDINGS[rules.cap.rounding]}; "
        f"bí thư chi bộ {HEADS[head]}. Dự thảo không phải quyết định."
    )
    allowed = [f"Được phép, {percent}% {reading}" for percent, reading in view.columns]
    headings: list[Value] = ["Nhóm", "Số xếp loại"]
    headings += [f"{code} {when}" for when in ("đề nghị", "dự thảo") for code in Level.values]
    headings += [*allowed, "Áp dụng", "Vượt", "Bí thư xét riêng", "Lý do nâng trần"]
    rows: list[list[Value]] = []
    for row in view.rows:
        now, was = row.drafted, row.proposed
        rows.append(
            [
                *(now.name, now.rated),
                *(was.counts[code] for code in Level.values),
                *(now.counts[code] for code in Level.values),
                *(cell[4] for cell in row.cells),
                *(now.in_force.allowed, now.over, sum(now.apart.values()), now.reason),
            ]
        )
    for _, posts, number in view.unplaced:
        label = f"Chưa thuộc nhóm nào: {posts or 'không giữ chức vụ'}"
        rows.append([label, number, *[None] * (len(headings) - 2)])
    return [[about], [words]], headings, rows


def _cases(view: RoomView) -> Iterator[list[Value]]:
    names = [group.name for group in view.draft.post_groups.groups]
    lines = QuotaLine.objects.filter(draft=view.draft)
    lines = lines.select_related("file__meeting__cell__committee")
    for at, line in enumerate(lines.order_by("group", "name_sort", "pk").iterator(TOGETHER), 1):
        cell = line.file.meeting.cell
        change = view.changes.by_file.get(line.file_id)
        yield [
            *(at, line.name, cell.name, cell.committee.name, line.posts),
            *(names[line.group] if line.group is not None else "Chưa thuộc nhóm nào",),
            *(line.proposed, line.level, line.reason, line.self_level),
            *(line.votes.get(code) for code in Level.values),
            # As Excel keeps any number; the score itself is a decimal.
            *(line.base or None, None if line.score is None else float(line.score)),
            *(line.flags, _quarters(line), line.last_level, line.remedied, line.to_remedy),
            change.sentence if change else "",
        ]


def _quarters(line: QuotaLine) -> str:
    return "; ".join(f"{QUARTERS[kind]}: {level}" for kind, level in line.quarters.items())


def _moves(view: RoomView) -> Iterator[list[Value]]:
    moves = QuotaMove.objects.filter(line__draft=view.draft).order_by("pk")
    for move in moves.select_related("line", "by__member", "by__committee"):
        at = f"{move.at.astimezone():%d/%m/%Y %H:%M}"
        yield [at, move.line.name, move.before, move.after, move.reason, move.by.get_full_name()]
