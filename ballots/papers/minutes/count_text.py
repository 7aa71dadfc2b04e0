"""Biên bản kiểm phiếu: the tellers' minutes of every poll of a meeting."""

from ballots.papers import parts
from ballots.papers.minutes import passages
from ballots.papers.minutes.data import CountData, PollResult, SealedEnvelope
from ballots.papers.press.document import Document, Flow, Frame, Signature, TextBlock, clean
from cells import wording


def compose_count(data: CountData) -> Document:
    """Write the minutes of the count out."""
    sitting = data.sitting
    flow = Flow()
    parts.basis(flow, sitting.basis)
    flow.text(
        f"Tại {passages.occasion(sitting)} của {sitting.committee or sitting.head.cell}, "
        "Tổ kiểm phiếu lập biên bản kiểm phiếu như sau:"
    )
    flow.section("Thời gian, địa điểm, thành phần")
    passages.counted(flow, sitting)
    passages.time_and_place(flow, sitting, "Thời gian hội nghị")
    flow.point("Thành phần:", keep=True)
    passages.roll_call(flow, sitting)
    passages.guests(flow, sitting.guests)
    passages.leaders(flow, sitting)
    flow.section("Tổ kiểm phiếu")
    passages.tellers(flow, sitting.tellers)
    flow.section("Kết quả kiểm phiếu")
    _results(flow, data)
    lead = sitting.tellers.people[0].signs if sitting.tellers.people else ""
    return Document(
        frame=Frame.from_head(sitting.head),
        kind="BIÊN BẢN",
        subject=clean(
            f"kiểm phiếu {'xếp loại' if sitting.committee else 'đề nghị xếp loại'} chất lượng {sitting.head.period}"
        ),
        blocks=tuple(flow.blocks),
        closing=_closing(data),
        signatures=(
            Signature("T/M TỔ KIỂM PHIẾU", "TỔ TRƯỞNG", clean(lead)),
            Signature("", "CHỦ TRÌ HỘI NGHỊ", clean(sitting.chair.signs)),
        ),
        annex=_annex(sitting.polls),
    )


def _results(flow: Flow, data: CountData) -> None:
    sitting = data.sitting
    if not sitting.polls:
        flow.text(passages.NO_POLLS)
    else:
        flow.heading("Cách bỏ phiếu")
        passages.how_held(flow, sitting)
    for place, poll in enumerate(sitting.polls):
        flow.heading(poll.title)
        passages.poll_result(flow, sitting, place)
        _checked(flow, poll)
    if sitting.voids:
        flow.heading("Lượt bỏ phiếu đã huỷ")
        passages.void_polls(flow, sitting.voids)


def _checked(flow: Flow, poll: PollResult) -> None:
    """That it was counted twice, and the digits that the phones showed."""
    flow.dash(
        f"{passages.COUNTED_TWICE} "
        f"Mã lượt: {wording.bound(poll.digits)} (mã đầy đủ ở cuối biên bản)."
    )
    if poll.envelope:
        flow.dash(_enveloped(poll, poll.envelope))


def _enveloped(poll: PollResult, envelope: SealedEnvelope) -> str:
    """What is kept of the ballots beside the totals, how long, or why nothing."""
    if envelope.kept_until is None:
        reason = wording.uncapitalized(envelope.left_out).rstrip(". ")
        return f"Không lập phong bì niêm phong: {reason}."
    return (
        f"Đã lập phong bì niêm phong: các dấu trên {wording.two_digits(poll.collected)} phiếu được mã hoá, "
        f"không kèm tên hay mã phiếu, giữ đến hết ngày {wording.short_date(envelope.kept_until)}; "
        "khoá chỉ in trên giấy, cho vào phong bì cùng biên bản này."
    )


def _annex(polls: tuple[PollResult, ...]) -> tuple[TextBlock, ...]:
    """The fingerprints of every poll's sheet and sealed list, for whoever checks."""
    lines = [TextBlock("annex", "Mã đầy đủ (SHA-256) của từng lượt", keep=True)] if polls else []
    for poll in polls:
        lines.append(TextBlock("digest", f"Lượt mã {poll.digits}, tờ phiếu: {poll.p}"))
        lines.append(
            TextBlock("digest", f"Lượt mã {poll.digits}, danh sách phiếu: {poll.list_sha256}")
        )
        if poll.envelope and poll.envelope.sha256:
            sealed = f"Lượt mã {poll.digits}, phong bì niêm phong: {poll.envelope.sha256}"
            lines.append(TextBlock("digest", sealed))
    return tuple(lines)


def _closing(data: CountData) -> tuple[TextBlock, ...]:
    count = wording.two_digits(len(data.sitting.polls))
    return (
        TextBlock.cleaned(
            "text",
            f"Tổ kiểm phiếu đã công bố kết quả của {count} lượt bỏ phiếu nêu trên trước hội nghị "
            f"và lập biên bản này. {passages.copies(data.sitting)}".rstrip(),
        ),
    )
