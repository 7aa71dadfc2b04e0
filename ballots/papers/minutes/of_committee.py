"""Biên bản of a committee's own meeting: who sat, how it was voted, and what the vote says of each case."""

from ballots.papers import parts
from ballots.papers.minutes import passages
from ballots.papers.minutes.data import MinutesData
from ballots.papers.press.document import Document, Flow, Frame, Signature, clean
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
    _results(flow, data)
    body = wording.body_of(sitting.committee)
    return Document(
        frame=Frame.from_head(sitting.head),
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
    flow.heading("Thông qua Tổ kiểm phiếu")
    passages.tellers(flow, data.sitting.tellers)
    flow.heading("Bỏ phiếu")
    polls = data.sitting.polls
    if not polls:
        flow.text("Hội nghị không có lượt bỏ phiếu nào được kiểm phiếu.")
        return
    titles = "; ".join(f"“{poll.title}”" for poll in polls)
    flow.text(
        "Hội nghị bỏ phiếu kín về mức xếp loại của các tập thể, cá nhân mà chi bộ đã đề nghị, "
        f"gồm {wording.two_digits(len(polls))} lượt: {titles}."
    )
    passages.how_held(flow, data.sitting)


def _results(flow: Flow, data: MinutesData) -> None:
    sitting = data.sitting
    for place, poll in enumerate(sitting.polls):
        flow.heading(poll.title)
        passages.poll_result(flow, sitting, place)
    if sitting.voids:
        flow.heading("Lượt bỏ phiếu đã huỷ")
        passages.void_polls(flow, sitting.voids)
    if sitting.polls:
        flow.text(
            "Tổ kiểm phiếu đã kiểm lại toàn bộ số phiếu bằng một máy khác; "
            "hai kết quả trùng khớp. Chi tiết trong biên bản kiểm phiếu kèm theo."
        )
    elif not sitting.voids:
        flow.text("Không có lượt bỏ phiếu nào được kiểm phiếu.")
