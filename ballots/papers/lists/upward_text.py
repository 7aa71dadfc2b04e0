"""Báo cáo kết quả to the committee above: what the meeting found, and what the cell proposes (đề nghị)."""

from ballots.papers import parts
from ballots.papers.data import SubjectLevels
from ballots.papers.lists.data import PostGroup, UpwardData
from ballots.papers.lists.text import results_of
from ballots.papers.press.document import Column, Document, Flow, Frame, clean
from cells import wording


def compose_upward(data: UpwardData) -> Document:
    """Write the report out."""
    head, flow = data.head, Flow()
    flow.addressee(f"Kính gửi: {data.to}")
    parts.basis(flow, data.basis)
    flow.text(
        f"Ngày {wording.short_date(data.day)}, {head.cell} đã tổ chức hội nghị kiểm điểm, đánh giá, "
        f"xếp loại chất lượng {head.subjects} {head.period}. Đảng viên có quyền biểu quyết "
        f"có mặt: {parts.of_people(data.present, data.summoned)}. {head.cell} báo cáo kết quả như sau:"
    )
    flow.section("Kết quả")
    if data.collective:
        flow.heading("Tổ chức đảng")
        flow.text(_proposed(data, data.cell_levels))
    if data.collective_levels:
        flow.heading("Tập thể lãnh đạo, quản lý")
        for body in data.collective_levels:
            flow.dash(f"{body.name}: {_proposed(data, body)}")
    flow.heading(wording.capitalized(head.persons))
    _groups(flow, data)
    if data.distribution.rated:
        parts.distribution(flow, data.levels, data.distribution)
    if data.cap:
        flow.text(data.cap)
    for status, entries in parts.by_status(data.unrated):
        flow.heading(f"{wording.capitalized(head.persons)} {status}")
        for entry in entries:
            flow.dash(f"Đồng chí {entry.name}: {entry.reason.rstrip('.')}.")
    flow.section("Đề nghị")
    _proposals(flow, data)
    return Document(
        frame=Frame.from_head(head),
        kind="BÁO CÁO",
        subject=clean(results_of(head)),
        blocks=tuple(flow.blocks),
        signatures=(parts.for_the_cell(data.signer),),
        recipients=parts.recipients(data.to),
    )


def _proposed(data: UpwardData, collective: SubjectLevels | None) -> str:
    """What the cell proposes for itself or a leadership collective; None where it has no word on it."""
    level = collective.level if collective else ""
    label = next((entry.label for entry in data.levels if entry.code == level), "")
    if not label:
        return f"{data.head.cell} chưa có kết luận mức xếp loại."
    return f"{data.head.cell} đề nghị xếp loại: {label}."


def _groups(flow: Flow, data: UpwardData) -> None:
    columns = [
        Column("tt", "TT"),
        Column("name", "Đối tượng"),
        Column("level", "Tổng số"),
        *(Column("level", level.code) for level in data.levels),
        *([Column("few", "Không thuộc diện")] if _outside(data) else []),
        Column("few", "Chưa xếp loại"),
        *([Column("few", parts.OPEN)] if data.distribution.undecided else []),
        Column("few", f"Tỷ lệ % {data.levels[0].code}"),
    ]
    total = PostGroup(
        "Tổng cộng",
        sum(group.total for group in data.groups),
        {level.code: sum(g.counts[level.code] for g in data.groups) for level in data.levels},
        sum(group.unrated for group in data.groups),
        sum(group.undecided for group in data.groups),
        _outside(data),
    )
    rows = [
        _group(wording.two_digits(place), group, data)
        for place, group in enumerate(data.groups, 1)
    ]
    flow.table(columns, [*rows, _group("", total, data)])
    best = data.levels[0].code
    flow.note(
        f"{parts.levels_legend(data.levels)}. Tỷ lệ % {best} tính trên số đảng viên được xếp loại."
    )


def _outside(data: UpwardData) -> int:
    """How many the review does not concern."""
    return sum(group.outside for group in data.groups)


def _group(place: str, group: PostGroup, data: UpwardData) -> list[str]:
    rated = group.total - group.unrated - group.outside
    outside = [wording.two_digits(group.outside)] if _outside(data) else []
    counts = [wording.two_digits(group.counts[level.code]) for level in data.levels]
    undecided = [wording.two_digits(group.undecided)] if data.distribution.undecided else []
    best = wording.percent_of(group.counts[data.levels[0].code], rated) or parts.EMPTY
    return [
        place,
        group.label,
        wording.two_digits(group.total),
        *counts,
        *outside,
        wording.two_digits(group.unrated),
        *undecided,
        best,
    ]


def _proposals(flow: Flow, data: UpwardData) -> None:
    flow.point(
        f"{data.head.cell} {data.proposal} mức xếp loại chất lượng {data.head.period} "
        f"của {data.head.subjects} nêu trên."
    )
    best = data.levels[0].label
    if data.best:
        names = "; ".join(f"đồng chí {name}" for name in data.best)
        who = wording.capitalized(data.head.persons)
        flow.point(f"{who} được đề nghị xếp loại {best}: {names}.")
    if data.enclosed:
        flow.text(f"Kèm theo báo cáo: {'; '.join(data.enclosed)}.")
