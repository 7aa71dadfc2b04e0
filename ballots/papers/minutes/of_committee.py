"""Biên bản of a committee's own meeting: who sat, what was said of each case, the vote, and what is concluded."""

from dataclasses import replace

from ballots.papers import parts
from ballots.papers.minutes import passages, talk
from ballots.papers.minutes.data import CaseLine, CaseTalk, MinutesData
from ballots.papers.press.document import Column, Document, Flow, Frame, Signature, clean
from cells import wording


def compose_of_committee(data: MinutesData) -> Document:
    """Write the minutes out; the committee's decision is a paper of its own, which rests on them."""
    sitting, flow = data.sitting, Flow()
    parts.basis(flow, sitting.basis)
    flow.text(f"{sitting.committee} tổ chức {passages.occasion(sitting)}. Nội dung như sau:")
    flow.section("Thời gian, địa điểm")
    passages.time_and_place(flow, sitting)
    flow.section("Thành phần tham dự")
    passages.roll_call(flow, sitting)
    passages.guests(flow, sitting.guests)
    flow.section("Chủ trì, thư ký hội nghị")
    passages.leaders(flow, sitting)
    flow.section("Nội dung hội nghị")
    _proceedings(flow, data)
    flow.section("Kết quả bỏ phiếu")
    passages.results(flow, data.sitting)
    flow.section("Kết luận")
    _conclusion(flow, data)
    body = wording.body_of(sitting.committee)
    frame = Frame.from_head(sitting.head)
    if sitting.symbol:
        frame = replace(frame, number=f"Số {clean(sitting.symbol)}")
    return Document(
        frame=frame,
        kind="BIÊN BẢN",
        subject=clean(passages.occasion(sitting)),
        blocks=tuple(flow.blocks),
        closing=passages.closing(sitting, data.ends_at, data.yes, data.total),
        signatures=(
            Signature("", "THƯ KÝ", clean(sitting.clerk.signs)),
            Signature(
                f"T/M {clean(body).upper()}", "CHỦ TRÌ HỘI NGHỊ", clean(sitting.chair.signs)
            ),
        ),
    )


def _proceedings(flow: Flow, data: MinutesData) -> None:
    if data.agenda:
        flow.heading("Chương trình hội nghị")
        for title in data.agenda:
            flow.dash(f"{title.rstrip('.')}.")
    if data.of_cases:
        _talk(flow, data.of_cases)
    flow.heading("Thông qua Tổ kiểm phiếu")
    passages.tellers(flow, data.sitting.tellers)
    flow.heading("Bỏ phiếu")
    about = "về mức xếp loại của các tập thể, cá nhân mà chi bộ đã đề nghị"
    passages.voting(flow, data.sitting, about)
    if data.sitting.polls and data.of_cases and data.of_cases.own_case:
        flow.dash(data.of_cases.own_case)


def _talk(flow: Flow, said: CaseTalk) -> None:
    """What was said of all, then of each case; a reserved opinion stands at the end of the minutes."""
    flow.heading("Ý kiến thảo luận")
    opinions = [opinion for opinion in said.opinions if not opinion.reserved]
    if not opinions:
        flow.text("Không có.")
    for body in dict.fromkeys(opinion.body for opinion in opinions):
        own = [opinion for opinion in opinions if opinion.body == body]
        if body:
            flow.dash(f"Về {_whom(body)}:", keep=True)
        for opinion in own:
            (flow.plus if body else flow.dash)(talk.saying(opinion))


def _whom(body: str) -> str:
    """The case within a sentence: "đồng chí Trần Thị Ánh (Chi bộ 1)"."""
    return body.replace("Đ/c ", "đồng chí ", 1)


def _conclusion(flow: Flow, data: MinutesData) -> None:
    words = [line for line in data.conclusion.splitlines() if line.strip()]
    if words:
        flow.heading("Kết luận của chủ trì")
        for line in words:
            flow.text(line)
    flow.heading("Mức xếp loại hội nghị kết luận")
    said = data.of_cases
    if said is None or not said.cases:
        flow.text("Hội nghị chưa kết luận về trường hợp nào.")
    else:
        _concluded(flow, said)
        flow.note(f"{parts.levels_legend(data.levels)}.")
        _departures(flow, data, tuple(case for case in said.cases if case.reason))
    reserved = [opinion for opinion in said.opinions if opinion.reserved] if said else []
    flow.heading("Ý kiến bảo lưu")
    if not reserved:
        flow.text("Không có.")
    for opinion in reserved:
        flow.dash(
            f"Đồng chí {opinion.by}{talk.of(replace(opinion, body=_whom(opinion.body)))}: {opinion.text}"
        )


def _concluded(flow: Flow, said: CaseTalk) -> None:
    """Of each case what its cell proposes, what the ballots say, what is concluded; then where the chair departs."""
    columns = [
        Column("tt", "TT"),
        Column("name", "Tập thể, họ và tên"),
        Column("why", "Chức vụ, chi bộ"),
        Column("code", "Chi bộ đề nghị"),
        Column("code", "Theo phiếu"),
        Column("code", "Kết luận"),
    ]
    rows = [
        [
            wording.two_digits(place),
            case.name,
            case.about,
            case.proposed or parts.EMPTY,
            case.voted or parts.EMPTY,
            case.level or parts.OPEN,
        ]
        for place, case in enumerate(said.cases, 1)
    ]
    flow.table(columns, rows)


def _departures(flow: Flow, data: MinutesData, cases: tuple[CaseLine, ...]) -> None:
    """Where the chair concludes otherwise than the ballots, or where these propose nothing, with the reason."""
    if not cases:
        return
    flow.text("Chủ trì kết luận, kèm lý do:", keep=True)
    for case in cases:
        about = f" ({case.about})" if case.about else ""
        why = case.reason.rstrip(".")
        flow.dash(f"{case.name}{about}: {data.label_of(case.level)}; lý do: {why}.")
