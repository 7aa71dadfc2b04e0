"""The lists of a cell's file: what the bodies propose, the results, who was not rated, and what the file holds."""

from dataclasses import replace

from ballots.papers import parts
from ballots.papers.data import Head, Signer
from ballots.papers.lists.data import (
    BodiesRow,
    ChecklistData,
    ProposalsData,
    SummaryData,
    SummaryRow,
    UnratedData,
    UnratedRow,
)
from ballots.papers.press.document import Column, Document, Flow, Frame, TextBlock, clean
from cells import wording

NOBODY = "Chi bộ không có {} không thuộc diện, chưa kiểm điểm, chưa xếp loại."
TT, NAME, POST = Column("tt", "TT"), Column("name", "Họ và tên"), Column("post", "Chức vụ")
NOTE = Column("remark", "Ghi chú")


def results_of(head: Head) -> str:
    """What the table of results and the report above it are about."""
    return f"kết quả kiểm điểm, đề nghị xếp loại chất lượng {head.subjects} {head.period}"


def compose_proposals(data: ProposalsData) -> Document:
    """Tổng hợp đề xuất mức chất lượng đảng viên của các chủ thể."""
    flow = Flow()
    columns = [
        TT,
        NAME,
        POST,
        Column("code", "Tự xếp loại"),
        Column("status", f"Chính quyền {wording.bound('(cơ quan)')}"),
        Column("code", "Chi ủy"),
        Column("code", "Đoàn thể"),
        Column("code", "Chi bộ đề nghị"),
        NOTE,
    ]
    rows = [_bodies(place, row) for place, row in enumerate(data.rows, 1)]
    flow.table(columns, rows, parted=True)
    flow.note(f"{parts.levels_legend(data.levels)}; {parts.EMPTY}: không có đề xuất.")
    kind, subject = "TỔNG HỢP", f"đề xuất mức chất lượng {data.head.persons} của các chủ thể"
    return _list(data.head, flow, kind, f"{subject} {data.head.period}", data.signer)


def _bodies(place: int, row: BodiesRow) -> list[str]:
    proposed = (row.self_level, row.manager, row.executive, row.unions, row.cell)
    levels = [level or parts.EMPTY for level in proposed]
    return [wording.two_digits(place), row.name, row.post, *levels, row.remark]


def compose_summary(data: SummaryData) -> Document:
    """Bảng tổng hợp kết quả: the collectives first, then the members, and how many have which level."""
    flow = Flow()
    if data.bodies:
        flow.heading("Tập thể")
        _results(flow, data, data.bodies, alone=True)
    if data.rows:
        flow.heading(wording.capitalized(data.head.persons))
        _results(flow, data, data.rows)
    flow.note(
        f"{parts.levels_legend(data.levels)}. Cột “Tỷ lệ %”: số phiếu của mức được đề nghị "
        f"trên {data.base_label}."
    )
    if data.distribution.rated:
        flow.heading(f"Tổng hợp mức đề nghị đối với {data.head.persons}")
        parts.distribution(flow, data.levels, data.distribution)
    return _list(data.head, flow, "BẢNG TỔNG HỢP", results_of(data.head), data.signer)


def _results(
    flow: Flow, data: SummaryData, rows: tuple[SummaryRow, ...], alone: bool = False
) -> None:
    codes = [level.code for level in data.levels]
    columns = [
        TT,
        Column("name", "Tập thể") if alone else NAME,
        *([] if alone else [POST]),
        Column("code", "Tự nhận"),
        *(Column("few", f"Phiếu {code}") for code in codes),
        Column("few", "Tỷ lệ %"),
        Column("code", "Chi bộ đề nghị"),
        NOTE,
    ]
    texts = [_result(at, row, codes, alone) for at, row in enumerate(rows, 1)]
    flow.table(columns, texts, parted=not alone)


def _result(place: int, row: SummaryRow, codes: list[str], alone: bool) -> list[str]:
    """A level that no ballot asked for, or a member nobody voted on, has a dash."""
    votes = [
        wording.two_digits(row.counts[code]) if code in row.counts else parts.EMPTY
        for code in codes
    ]
    post = [] if alone else [row.post]
    level = row.level or (parts.OPEN if row.is_rated else parts.EMPTY)
    return [
        wording.two_digits(place),
        row.name,
        *post,
        row.self_level or parts.EMPTY,
        *votes,
        parts.share(row.share),
        level,
        row.remark,
    ]


def compose_unrated(data: UnratedData) -> Document:
    """Danh sách đảng viên chưa kiểm điểm, chưa xếp loại; an empty list says so."""
    flow = Flow()
    columns = [
        TT,
        NAME,
        POST,
        Column("status", "Diện"),
        Column("why", "Lý do"),
        Column("why", "Căn cứ"),
        Column("date", "Ngày xem lại"),
    ]
    rows = [
        [
            wording.two_digits(place),
            row.name,
            row.post,
            _status(row),
            row.reason,
            row.basis,
            wording.short_date(row.return_on) if row.return_on else "",
        ]
        for place, row in enumerate(data.rows, 1)
    ]
    if rows:
        flow.table(columns, rows, parted=True)
    else:
        flow.text(NOBODY.format(data.head.persons))
    subject = (
        f"{data.head.persons} không thuộc diện, chưa kiểm điểm, chưa xếp loại chất lượng "
        f"{data.head.period}"
    )
    ends = f"Danh sách này có {parts.people(len(rows))}." if rows else ""
    return _list(data.head, flow, "DANH SÁCH", subject, data.signer, ends)


def _status(row: UnratedRow) -> str:
    """Of who is concerned, also whether the review is still owed."""
    owed = row.is_unreviewed and not row.is_outside
    return f"Chưa kiểm điểm, {wording.uncapitalized(row.status)}" if owed else row.status


def compose_checklist(data: ChecklistData) -> Document:
    """Danh mục hồ sơ: what is in the file, how many, and who made it."""
    flow = Flow()
    columns = [
        TT,
        Column("name", "Tên tài liệu"),
        Column("code", "Số lượng"),
        Column("by", "Người lập"),
        NOTE,
    ]
    rows = [
        [
            wording.two_digits(place),
            line.title,
            wording.two_digits(line.copies),
            line.by,
            line.remark,
        ]
        for place, line in enumerate(data.lines, 1)
    ]
    flow.table(columns, rows)
    kind, subject = "DANH MỤC", f"{data.title} {data.head.period}"
    made = _list(data.head, flow, kind, subject, data.signer, wide=False)
    return replace(made, form=clean(data.form))


def _list(
    head: Head,
    flow: Flow,
    kind: str,
    subject: str,
    signer: Signer,
    ends: str = "",
    wide: bool = True,
) -> Document:
    """`ends`: the line that stays with the signature."""
    return Document(
        frame=Frame.from_head(head, wide=wide),
        kind=kind,
        subject=clean(subject),
        blocks=tuple(flow.blocks),
        closing=(TextBlock.cleaned("text", ends),) if ends else (),
        signatures=(parts.for_the_cell(signer),),
        wide=wide,
    )
