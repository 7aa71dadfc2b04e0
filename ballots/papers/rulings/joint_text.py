"""A committee's one decision on many cells written out; its parts and its words are those of one on a single cell."""

from collections.abc import Iterator

from ballots.papers import parts
from ballots.papers.press.document import Column, Document, Flow, Frame, clean
from ballots.papers.rulings.data import CellRulings, JointDecisionData, JointListData, Ruling
from ballots.papers.rulings.text import (
    counted,
    enclosed_with,
    recognized,
    resolve,
)
from cells import wording


def compose_joint_decision(data: JointDecisionData) -> Document:
    """Quyết định công nhận: of how many cells, and how many have which level; their names stand on the list."""
    flow, head = Flow(), data.head
    parts.basis(flow, data.basis)
    resolve(flow, data.issuer)
    whole = _all(data.cells)
    flow.text(
        f"Điều 1. Công nhận kết quả đánh giá, xếp loại chất lượng {head.period} của {counted(whole)} "
        f"thuộc {wording.two_digits(len(data.cells))} chi bộ, có danh sách kèm theo:",
        keep=True,
    )
    lines = [
        *_of_level(data, whole, "Tập thể", True),
        *_of_level(data, whole, head.persons, False),
    ]
    bound = "Các chi bộ, tập thể và các đồng chí có tên trong danh sách"
    return recognized(flow, head, data.issuer, lines, bound, "Các chi bộ có tên trong danh sách")


def _of_level(
    data: JointDecisionData, rulings: tuple[Ruling, ...], whose: str, collective: bool
) -> Iterator[str]:
    """ "Tập thể hoàn thành tốt nhiệm vụ: 12 tập thể"; a level that none has is left out."""
    for level in data.levels:
        same = [r for r in rulings if r.is_collective == collective and r.level == level]
        if same:
            yield f"{wording.capitalized(whose)} {level.lower()}: {counted(tuple(same))}"


def compose_joint_list(data: JointListData) -> Document:
    """The list: the collectives first, then the members by cell; no points stand on it."""
    flow, head = Flow(), data.head
    bodies = [r for cell in data.cells for r in cell.rulings if r.is_collective]
    if bodies:
        flow.section("Tập thể")
        _table(flow, "Tập thể", bodies, with_post=False)
    by_cell = [(cell, [r for r in cell.rulings if not r.is_collective]) for cell in data.cells]
    named = [(cell, members) for cell, members in by_cell if members]
    if named:
        flow.section(wording.capitalized(head.persons))
    for cell, members in named:
        flow.heading(f"{cell.cell}: {parts.people(len(members))}")
        _table(flow, "Họ và tên", members, with_post=True)
    flow.note(
        f"Danh sách này có {counted(_all(data.cells))}, "
        f"thuộc {wording.two_digits(len(data.cells))} chi bộ."
    )
    about = f"kết quả đánh giá, xếp loại chất lượng {head.subjects} {head.period}"
    return Document(
        frame=Frame.from_head(head, wide=True),
        kind="DANH SÁCH",
        subject=clean(about),
        whom=enclosed_with(data.issuer, head),
        blocks=tuple(flow.blocks),
        signatures=(parts.for_a_body(data.issuer.authority),),
        wide=True,
    )


def _all(cells: tuple[CellRulings, ...]) -> tuple[Ruling, ...]:
    return tuple(ruling for cell in cells for ruling in cell.rulings)


def _table(flow: Flow, first: str, rulings: list[Ruling], with_post: bool) -> None:
    columns = [
        Column("tt", "TT"),
        Column("name", first),
        *([Column("remark", "Chức vụ")] if with_post else []),
        Column("why", "Chi bộ đề nghị"),
        Column("why", "Mức xếp loại"),
        Column("remark", "Ghi chú"),
    ]
    rows = [
        [
            wording.two_digits(place),
            ruling.name,
            *([ruling.post] if with_post else []),
            ruling.proposed or parts.EMPTY,
            ruling.level,
            ruling.reason,
        ]
        for place, ruling in enumerate(rulings, 1)
    ]
    flow.table(columns, rows, parted=True)
