"""Biên bản hội nghị: its passages in order. The cell proposes (đề nghị) a level and never decides."""

from collections import Counter

from ballots.papers import parts
from ballots.papers.data import Reasoned, SubjectLevels
from ballots.papers.minutes import bodies, passages, talk
from ballots.papers.minutes.data import MinutesData
from ballots.papers.minutes.of_committee import compose_of_committee
from ballots.papers.press.document import (
    Column,
    Document,
    Flow,
    Frame,
    Signature,
    clean,
)
from cells import wording

MANY = 4  # so many who share a reason are told together


def compose_minutes(data: MinutesData) -> Document:
    """Write the minutes out; a draft shows dots where a figure is still missing."""
    if data.sitting.committee:
        return compose_of_committee(data)
    flow = Flow()
    parts.basis(flow, data.sitting.basis)
    flow.text(
        f"{data.sitting.head.cell} tổ chức {passages.occasion(data.sitting)}. Nội dung như sau:"
    )
    flow.section("Thời gian, địa điểm")
    passages.time_and_place(flow, data.sitting)
    flow.section("Thành phần tham dự")
    passages.roll_call(flow, data.sitting)
    passages.guests(flow, data.sitting.guests)
    flow.section("Chủ trì, thư ký hội nghị")
    passages.leaders(flow, data.sitting)
    flow.section("Nội dung hội nghị")
    _proceedings(flow, data)
    flow.section("Kết quả bỏ phiếu")
    passages.results(flow, data.sitting)
    flow.section("Kết luận và đề nghị" if data.conclusion.strip() else "Đề nghị")
    _conclusion(flow, data)
    sitting = data.sitting
    return Document(
        frame=Frame.from_head(sitting.head),
        kind="BIÊN BẢN",
        subject=clean(passages.occasion(sitting)),
        blocks=tuple(flow.blocks),
        closing=passages.closing(data.sitting, data.ends_at, data.yes, data.total),
        signatures=(
            Signature("", "THƯ KÝ", clean(sitting.clerk.signs)),
            Signature("", "CHỦ TRÌ HỘI NGHỊ", clean(sitting.chair.signs)),
        ),
    )


def _proceedings(flow: Flow, data: MinutesData) -> None:
    if data.agenda:
        flow.heading("Chương trình hội nghị")
        for title in data.agenda:
            flow.dash(f"{title.rstrip('.')}.")
    on_cell = [opinion for opinion in data.opinions if not opinion.on]
    if data.collective:
        flow.heading("Báo cáo kiểm điểm của tập thể")
        _report(flow, data)
    if data.collective or on_cell:
        talk.on_the_cell(flow, on_cell)
    bodies.reviewed(flow, data)
    flow.heading(f"Kiểm điểm, góp ý đối với {data.head.persons}")
    _self_levels(flow, data)
    talk.on_members(flow, data)
    talk.remarks_of_guests(flow, data)
    flow.heading("Thông qua Tổ kiểm phiếu")
    passages.tellers(flow, data.sitting.tellers)
    flow.heading("Bỏ phiếu")
    passages.voting(flow, data.sitting, "đề nghị mức xếp loại")


def _report(flow: Flow, data: MinutesData) -> None:
    head = data.sitting.head
    lines = [line for line in data.report.splitlines() if line.strip()]
    where = " (kèm theo)" if data.enclosed else ""
    content = "tóm tắt" if data.enclosed else "nội dung"
    end = f", {content} như sau:" if lines else "."
    draft = f"dự thảo báo cáo kiểm điểm của {head.cell} {head.period}{where}{end}"
    if data.presenter:
        flow.text(f"Đồng chí {passages.named(data.presenter)}, trình bày {draft}")
    else:
        flow.text(f"Hội nghị nghe {draft}")
    for line in lines:
        flow.text(line)
    bodies.claims(flow, data, head.cell, data.self_score, data.self_level)
    if data.amended:
        flow.text(f"Dự thảo được sửa đổi, bổ sung tại hội nghị ở {'; '.join(data.amended)}.")
    if data.enclosed:
        flow.text("Báo cáo được thông qua cùng biên bản này.")


def _self_levels(flow: Flow, data: MinutesData) -> None:
    """How many members claim each level; the table of proposals names them."""
    claimed = [subject.self_level for subject in data.members]
    sums = [
        f"{level.label} {parts.people(claimed.count(level.code))}"
        for level in data.levels
        if level.code in claimed
    ]
    if "" in claimed:
        sums.append(f"chưa tự nhận mức {parts.people(claimed.count(''))}")
    if sums:
        flow.text(
            f"{wording.capitalized(data.head.persons)} tự nhận mức xếp loại: {'; '.join(sums)}."
        )


def _conclusion(flow: Flow, data: MinutesData) -> None:
    words = [line for line in data.conclusion.splitlines() if line.strip()]
    if words:
        flow.heading("Kết luận của chủ trì")
        for line in words:
            flow.text(line)
    head = data.sitting.head
    flow.heading("Đề nghị xếp loại")
    flow.text(
        f"{head.cell} {data.proposal} mức xếp loại chất lượng {head.period} như sau:",
        keep=True,
    )
    collectives = _collective_levels(data)
    for line in collectives:
        flow.item(line)
    if data.members:
        if collectives:
            flow.item(f"{wording.capitalized(head.persons)}:", keep=True)
        _proposals(flow, data)
        flow.heading(f"Tổng hợp mức đề nghị đối với {head.persons}")
        parts.distribution(flow, data.levels, data.distribution)
    for status, entries in parts.by_status(data.unrated):
        flow.heading(f"Đảng viên {status}")
        for names, reason in _by_reason(entries):
            flow.dash(f"{names}: {reason.rstrip('.')}.")
    talk.reserved(flow, data)


def _by_reason(unrated: tuple[Reasoned, ...]) -> list[tuple[str, str]]:
    """Who is not rated and why; a reason that many share, as in a quarter, stands once, after all their names."""
    counts = Counter(entry.reason for entry in unrated)
    lines = [
        (f"Đồng chí {entry.name}", entry.reason)
        for entry in unrated
        if counts[entry.reason] < MANY
    ]
    for reason in (reason for reason, count in counts.items() if count >= MANY):
        names = [entry.name for entry in unrated if entry.reason == reason]
        lines.append((f"{parts.people(len(names))} ({', '.join(names)})", reason))
    return lines


def _collective_levels(data: MinutesData) -> list[str]:
    """A line for the cell itself, where it is rated, and for each of its leadership collectives."""
    rated = {f"Tổ chức đảng: {data.head.cell}": data.cell_levels} if data.cell_levels else {}
    rated |= {f"Tập thể lãnh đạo, quản lý: {body.name}": body for body in data.body_levels}
    return [f"{name}: {_cell_level(data, subject)}." for name, subject in rated.items()]


def _cell_level(data: MinutesData, subject: SubjectLevels) -> str:
    if not subject.level:
        return parts.OPEN.lower()
    why = f" (chủ trì kết luận; lý do: {subject.reason.rstrip('.')})" if subject.reason else ""
    return f"{data.label_of(subject.level)}{why}"


def _proposals(flow: Flow, data: MinutesData) -> None:
    columns = [
        Column("tt", "TT"),
        Column("name", "Họ và tên"),
        Column("post", "Chức vụ"),
        Column("code", "Tự nhận"),
        Column("code", "Chi bộ đề nghị"),
    ]
    rows = [_proposal(place, subject) for place, subject in enumerate(data.members, start=1)]
    if any(subject.reason for subject in data.members):
        columns.append(Column("why", "Kết luận của chủ trì"))
        for row, subject in zip(rows, data.members, strict=True):
            row.append(subject.reason)
    flow.table(columns, rows)
    flow.note(f"{parts.levels_legend(data.levels)}.")
    bodies.as_leaders(flow, data)


def _proposal(place: int, subject: SubjectLevels) -> list[str]:
    return [
        wording.two_digits(place),
        subject.name,
        subject.post,
        subject.self_level or parts.EMPTY,
        subject.level or parts.OPEN,
    ]
