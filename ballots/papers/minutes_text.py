"""Biên bản hội nghị: its passages in order. The cell proposes (đề nghị) a level and never decides."""

from cells import wording

from . import parts
from .data import MinutesData, Opinion, Verdict
from .document import Column, Document, Flow, Frame, Line, Signature, clean

OPEN = "Chưa kết luận"


def compose(data: MinutesData) -> Document:
    """Write the minutes out; a draft shows dots where a figure is still missing."""
    flow = Flow()
    parts.basis(flow, data.sitting)
    flow.text(
        f"{data.sitting.head.cell} tổ chức {parts.occasion(data.sitting)}. Nội dung như sau:"
    )
    flow.section("Thời gian, địa điểm")
    parts.time_and_place(flow, data.sitting)
    flow.section("Thành phần tham dự")
    parts.roll_call(flow, data.sitting.roll)
    parts.guests(flow, data.sitting.guests)
    flow.section("Chủ trì, thư ký hội nghị")
    parts.leaders(flow, data.sitting)
    flow.section("Nội dung hội nghị")
    _proceedings(flow, data)
    flow.section("Kết quả bỏ phiếu")
    _results(flow, data)
    flow.section("Kết luận và đề nghị")
    _conclusion(flow, data)
    sitting = data.sitting
    return Document(
        frame=Frame.of(sitting.head),
        kind="BIÊN BẢN",
        subject=clean(parts.occasion(sitting)),
        blocks=tuple(flow.blocks),
        closing=_closing(data),
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
    flow.heading("Báo cáo kiểm điểm của tập thể")
    _report(flow, data)
    on_cell = [opinion for opinion in data.opinions if not opinion.on]
    _opinions(flow, "Ý kiến góp ý đối với tập thể", on_cell)
    flow.heading("Kiểm điểm, góp ý đối với đảng viên")
    _self_levels(flow, data)
    _opinions_on_members(flow, data)
    flow.heading("Bầu Tổ kiểm phiếu")
    parts.tellers(flow, data.sitting.tellers)
    flow.heading("Bỏ phiếu")
    _voting(flow, data)


def _report(flow: Flow, data: MinutesData) -> None:
    head = data.sitting.head
    lines = [line for line in data.report.splitlines() if line.strip()]
    end = ", nội dung như sau:" if lines else "."
    flow.text(f"Hội nghị nghe dự thảo báo cáo kiểm điểm của {head.cell} năm {head.year}{end}")
    for line in lines:
        flow.text(line)
    claims = []
    if data.self_score is not None:
        claims.append(f"tự chấm {wording.score(data.self_score)}/100 điểm")
    if data.self_level:
        claims.append(f"tự nhận mức: {_label(data, data.self_level)}")
    if claims:
        flow.text(f"{head.cell} {'; '.join(claims)}.")


def _label(data: MinutesData, code: str) -> str:
    return next(level.label for level in data.levels if level.code == code)


def _opinions(flow: Flow, title: str, opinions: list[Opinion]) -> None:
    """A heading and who said what; one line where nobody said anything."""
    if not opinions:
        flow.point(f"{title}: không có.")
        return
    flow.heading(title)
    for opinion in opinions:
        flow.dash(f"Đồng chí {opinion.by}: {opinion.text}")


def _self_levels(flow: Flow, data: MinutesData) -> None:
    """How many members claim each level; the table of proposals names them."""
    claimed = [verdict.self_level for verdict in data.verdicts]
    sums = [
        f"{level.label} {parts.people(claimed.count(level.code))}"
        for level in data.levels
        if level.code in claimed
    ]
    if "" in claimed:
        sums.append(f"chưa tự nhận mức {parts.people(claimed.count(''))}")
    if sums:
        flow.text(f"Đảng viên tự nhận mức xếp loại: {'; '.join(sums)}.")


def _opinions_on_members(flow: Flow, data: MinutesData) -> None:
    opinions = [opinion for opinion in data.opinions if opinion.on]
    for subject in dict.fromkeys(opinion.on for opinion in opinions):
        flow.dash(f"Đối với đồng chí {subject}:", keep=True)
        for opinion in opinions:
            if opinion.on == subject:
                flow.plus(f"Đồng chí {opinion.by}: {opinion.text}")
    if not opinions:
        flow.text("Không có ý kiến góp ý đối với từng đồng chí.")


def _voting(flow: Flow, data: MinutesData) -> None:
    polls = data.sitting.polls
    if not polls:
        flow.text("Hội nghị không có lượt bỏ phiếu nào được kiểm phiếu.")
        return
    titles = "; ".join(f"“{poll.title}”" for poll in polls)
    flow.text(
        f"Hội nghị bỏ phiếu kín đề nghị mức xếp loại, "
        f"gồm {wording.two_digits(len(polls))} lượt: {titles}."
    )
    parts.how_held(flow, data.sitting)


def _results(flow: Flow, data: MinutesData) -> None:
    for place, poll in enumerate(data.sitting.polls):
        flow.heading(poll.title)
        parts.poll_result(flow, data.sitting, place)
    if data.sitting.voids:
        flow.heading("Lượt bỏ phiếu đã huỷ")
        parts.void_polls(flow, data.sitting.voids)
    if data.sitting.polls:
        flow.text(
            "Tổ kiểm phiếu đã kiểm lại toàn bộ số phiếu bằng một máy khác; "
            "hai kết quả trùng khớp. Chi tiết trong biên bản kiểm phiếu kèm theo."
        )
    elif not data.sitting.voids:
        flow.text("Không có lượt bỏ phiếu nào được kiểm phiếu.")


def _conclusion(flow: Flow, data: MinutesData) -> None:
    words = [line for line in data.conclusion.splitlines() if line.strip()]
    if words:
        flow.heading("Kết luận của chủ trì")
        for line in words:
            flow.text(line)
    head = data.sitting.head
    flow.heading("Đề nghị xếp loại")
    flow.text(
        f"{head.cell} {data.proposal} mức xếp loại chất lượng năm {head.year} như sau:",
        keep=True,
    )
    if data.cell_verdict is not None:
        flow.item(f"Tổ chức đảng: {head.cell}: {_cell_level(data, data.cell_verdict)}.")
    if data.verdicts:
        flow.item("Đảng viên:", keep=True)
        _proposals(flow, data)
        flow.heading("Tổng hợp mức đề nghị đối với đảng viên")
        _distribution(flow, data)
    if data.unrated:
        flow.heading("Đảng viên không xếp loại")
        for entry in data.unrated:
            flow.dash(f"Đồng chí {entry.name}: {entry.reason.rstrip('.')}.")
    _opinions(flow, "Ý kiến bảo lưu", list(data.reserved))


def _cell_level(data: MinutesData, verdict: Verdict) -> str:
    if not verdict.level:
        return OPEN.lower()
    why = f" (chủ trì kết luận; lý do: {verdict.reason.rstrip('.')})" if verdict.reason else ""
    return f"{_label(data, verdict.level)}{why}"


def _proposals(flow: Flow, data: MinutesData) -> None:
    columns = [
        Column("tt", "TT"),
        Column("name", "Họ và tên"),
        Column("post", "Chức vụ"),
        Column("code", "Tự nhận"),
        Column("code", "Chi bộ đề nghị"),
    ]
    rows = [_proposal(place, v) for place, v in enumerate(data.verdicts, start=1)]
    if any(verdict.reason for verdict in data.verdicts):
        columns.append(Column("remark", "Kết luận của chủ trì"))
        for row, verdict in zip(rows, data.verdicts, strict=True):
            row.append(verdict.reason)
    flow.table(columns, rows)
    flow.note(f"{parts.levels_legend(data.levels)}.")


def _proposal(place: int, verdict: Verdict) -> list[str]:
    return [
        wording.two_digits(place),
        verdict.name,
        verdict.post,
        verdict.self_level or parts.EMPTY,
        verdict.level or OPEN,
    ]


def _distribution(flow: Flow, data: MinutesData) -> None:
    """Members per level over the rated: not to be mixed with the share of ballots of one subject."""
    found = data.distribution
    flow.text(f"Trong tổng số {parts.people(found.of)} được xếp loại:", keep=True)
    lines = [
        f"{level.label}: {wording.fraction(found.counts[level.code], found.of)} đồng chí, "
        f"bằng {parts.share(found.shares[level.code])}"
        for level in data.levels
    ]
    if found.undecided:
        lines.append(f"{OPEN}: {wording.fraction(found.undecided, found.of)} đồng chí")
    for line in lines[:-1]:
        flow.dash(f"{line};", keep=True)
    flow.dash(f"{lines[-1]}.")
    flow.note("Tỷ lệ % tính trên số đảng viên được xếp loại.")


def _closing(data: MinutesData) -> tuple[Line, ...]:
    ended = "… giờ … phút"
    if data.ends_at is not None:
        ended = wording.clock(data.ends_at)
        same = data.ends_at.date() == data.sitting.starts_at.date()
        ended += " cùng ngày" if same else f", {wording.long_date(data.ends_at.date())}"
    return (
        Line("text", clean(f"Hội nghị kết thúc lúc {ended}.")),
        Line(
            "text",
            clean(
                "Biên bản đã được đọc lại trước hội nghị và được hội nghị biểu quyết thông qua: "
                f"{parts.hands(data.yes, data.of)}."
            ),
        ),
    )
