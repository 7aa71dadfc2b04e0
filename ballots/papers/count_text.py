"""Biên bản kiểm phiếu: the tellers' minutes of every poll of a meeting."""

from cells import wording

from . import parts
from .data import CountData, PollResult
from .document import Document, Flow, Frame, Line, Signature, clean


def compose(data: CountData) -> Document:
    """Write the minutes of the count out."""
    sitting = data.sitting
    flow = Flow()
    parts.basis(flow, sitting)
    flow.text(
        f"Tại {parts.occasion(sitting)} của {sitting.head.cell}, "
        "Tổ kiểm phiếu lập biên bản kiểm phiếu như sau:"
    )
    flow.section("Thời gian, địa điểm, thành phần")
    parts.time_and_place(flow, sitting)
    flow.point("Thành phần:", keep=True)
    parts.roll_call(flow, sitting.roll)
    parts.guests(flow, sitting.guests)
    parts.leaders(flow, sitting)
    flow.section("Tổ kiểm phiếu")
    parts.tellers(flow, sitting.tellers)
    flow.section("Kết quả kiểm phiếu")
    _results(flow, data)
    lead = sitting.tellers.people[0].signs if sitting.tellers.people else ""
    return Document(
        frame=Frame.of(sitting.head),
        kind="BIÊN BẢN",
        subject=clean(f"kiểm phiếu đề nghị xếp loại chất lượng năm {sitting.head.year}"),
        blocks=tuple(flow.blocks),
        closing=_closing(data),
        signatures=(
            Signature("T/M TỔ KIỂM PHIẾU", "TỔ TRƯỞNG", clean(lead)),
            Signature("", "CHỦ TRÌ HỘI NGHỊ", clean(sitting.chair.signs)),
        ),
    )


def _results(flow: Flow, data: CountData) -> None:
    sitting = data.sitting
    if not sitting.polls:
        flow.text("Không có lượt bỏ phiếu nào được kiểm phiếu.")
    else:
        flow.heading("Cách bỏ phiếu")
        parts.how_held(flow, sitting)
    for place, poll in enumerate(sitting.polls):
        flow.heading(poll.title)
        parts.poll_result(flow, sitting, place)
        _proof(flow, poll)
    if sitting.voids:
        flow.heading("Lượt bỏ phiếu đã huỷ")
        parts.void_polls(flow, sitting.voids)


def _proof(flow: Flow, poll: PollResult) -> None:
    """That it was counted twice, and the fingerprints of the sheet and of the sealed list."""
    flow.dash(
        "Tổ kiểm phiếu đã kiểm lại toàn bộ số phiếu bằng một máy khác; hai kết quả trùng khớp."
    )
    flow.dash(f"Mã lượt bỏ phiếu: {poll.digits}. SHA-256 của tờ phiếu:", keep=True)
    flow.digest(poll.p)
    flow.dash("SHA-256 của danh sách phiếu đã niêm phong:", keep=True)
    flow.digest(poll.list_sha256)


def _closing(data: CountData) -> tuple[Line, ...]:
    count = wording.two_digits(len(data.sitting.polls))
    return (
        Line(
            "text",
            clean(
                f"Tổ kiểm phiếu đã công bố kết quả của {count} lượt bỏ phiếu nêu trên trước hội nghị "
                "và lập biên bản này."
            ),
        ),
    )
