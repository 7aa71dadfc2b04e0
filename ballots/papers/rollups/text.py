"""The committee's tables and its report written out.

Which columns and parts they have is read in the forms of one committee (Mẫu 15, 16). No central form exists, so
none is named on them.
"""

from dataclasses import replace

from ballots.papers import parts
from ballots.papers.data import Head, Level
from ballots.papers.press.document import NO_NUMBER, Column, Document, Flow, Frame, clean
from ballots.papers.rollups.data import (
    CommitteeReportData,
    CountRow,
    CountTable,
    RollupTableData,
)
from ballots.papers.rulings.data import Issuer
from ballots.papers.rulings.text import organ
from cells import wording

READINGS = "Tỷ lệ % {best}: số {best} trên số {good} trở lên (gồm cả {best}); số {best} trên số {good}: {strict}."


def compose_rollup(data: RollupTableData) -> Document:
    """Bảng tổng hợp: one line per body of the next level down, the sum below."""
    flow, head = Flow(), data.head
    _table(flow, data.table, data.levels, "Đảng bộ, chi bộ", remark=True)
    return Document(
        frame=Frame.from_head(head, wide=True),
        kind="BẢNG TỔNG HỢP",
        subject=clean(f"kết quả đánh giá, xếp loại chất lượng {data.whose} {head.period}"),
        blocks=tuple(flow.blocks),
        signatures=(parts.for_a_body(data.issuer.authority),),
        wide=True,
    )


def compose_committee_report(data: CommitteeReportData) -> Document:
    """Báo cáo to the committee above."""
    flow, head, executive = Flow(), data.head, data.issuer.executive
    if data.to:
        flow.addressee(f"Kính gửi: {data.to}")
    parts.basis(flow, data.basis)
    flow.text(
        f"{executive} báo cáo kết quả kiểm điểm, đánh giá, xếp loại chất lượng {head.subjects} "
        f"{head.period}. Chi bộ đã gửi hồ sơ: {wording.fraction(data.sent, data.cells)}."
    )
    flow.section("Kết quả đã quyết định")
    _tables(flow, data.decided, data.levels)
    flow.section("Đề nghị cấp có thẩm quyền quyết định")
    _tables(flow, data.waiting, data.levels)
    if data.reasons:
        flow.section("Đảng viên không xếp loại")
        for status, reason, number in data.reasons:
            flow.dash(f"{status}, {reason.rstrip('.')}: {parts.people(number)}.")
    flow.section("Đề nghị, kiến nghị")
    for line in data.proposals.splitlines() or ["Không có."]:
        flow.text(line)
    about = f"kết quả kiểm điểm, đánh giá, xếp loại chất lượng {head.subjects} {head.period}"
    return Document(
        frame=_frame(head, data.issuer),
        kind="BÁO CÁO",
        subject=clean(about),
        blocks=tuple(flow.blocks),
        signatures=(parts.for_a_body(data.issuer.authority),),
        recipients=_recipients(data),
    )


def _tables(flow: Flow, tables: tuple[CountTable, ...], levels: tuple[Level, ...]) -> None:
    for table in tables:
        flow.heading(table.title)
        _table(flow, table, levels, "Đối tượng")
    if not tables:
        flow.text("Không có.")


def _frame(head: Head, issuer: Issuer) -> Frame:
    """Its number and signs as typed, else room for the number."""
    symbol = clean(issuer.symbol) or f"{NO_NUMBER}-{head.series}/{organ(issuer)}"
    return replace(Frame.from_head(head), number=f"Số {symbol}")


def _recipients(data: CommitteeReportData) -> tuple[str, ...]:
    above = [f"- {clean(data.to)} {parts.FOR_REPORT},"] if data.to else []
    return (*above, f"- Lưu {clean(data.issuer.authority.body)}.")


def _table(
    flow: Flow, table: CountTable, levels: tuple[Level, ...], first: str, remark: bool = False
) -> None:
    open_as = table.open_as if table.total.open else ""
    columns = [
        Column("tt", "TT"),
        Column("name", first),
        Column("level", "Tổng số"),
        *(Column("level", level.code) for level in levels),
        *([Column("few", open_as)] if open_as else []),
        Column("few", "Chưa xếp loại"),
        Column("few", f"Tỷ lệ % {levels[0].code}"),
        *([Column("remark", "Ghi chú")] if remark else []),
    ]
    rows = [
        _line(wording.two_digits(place), row, bool(open_as), remark)
        for place, row in enumerate(table.rows, 1)
    ]
    total = _line("", table.total, bool(open_as), remark) if table.rows else []
    flow.table(columns, [*rows, total] if total else [], parted=remark)
    best, good = (level.code for level in levels[:2])
    strict = parts.share(table.total.strict_share) if table.rows else parts.EMPTY
    readings = READINGS.format(best=best, good=good, strict=strict)
    flow.note(f"{parts.levels_legend(levels)}. {readings}")


def _line(place: str, row: CountRow, shows_open: bool, remark: bool) -> list[str]:
    return [
        place,
        row.label,
        wording.two_digits(row.total),
        *(wording.two_digits(number) for number in row.counts.values()),
        *([wording.two_digits(row.open)] if shows_open else []),
        wording.two_digits(row.unrated),
        parts.share(row.share),
        *([""] if remark else []),
    ]
