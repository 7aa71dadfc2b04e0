"""The committee's papers written out.

Which parts a decision has (basis, điều 1 with the levels and the list, điều 2) is read in decisions of committees. The
sentences are our own: the Centre gives a form of re-rating alone (Mẫu 03), and its words are not at hand.
"""

from collections.abc import Sequence
from dataclasses import replace

from ballots.papers import parts
from ballots.papers.data import Head
from ballots.papers.press.document import (
    NO_NUMBER,
    Column,
    Document,
    Flow,
    Frame,
    clean,
)
from ballots.papers.rulings.data import (
    Issuer,
    NoticeData,
    RecognitionData,
    ReratingData,
    Ruling,
    RulingsData,
)
from cells import wording

DECISION = "QUYẾT ĐỊNH"


def compose_recognition(data: RecognitionData) -> Document:
    """Quyết định công nhận: how many have which level; their names stand on the list."""
    flow, head = Flow(), data.head
    parts.basis(flow, data.basis)
    resolve(flow, data.issuer)
    members = [ruling for ruling in data.rulings if not ruling.is_collective]
    flow.text(
        f"Điều 1. Công nhận kết quả đánh giá, xếp loại chất lượng {head.period} của {_whose(data)}, "
        "có danh sách kèm theo:",
        keep=True,
    )
    lines = [f"{r.name}: {r.level}" for r in data.rulings if r.is_collective]
    for level in data.levels:
        count = sum(ruling.level == level for ruling in members)
        if count:
            lines.append(
                f"{wording.capitalized(head.persons)} {level.lower()}: {parts.people(count)}"
            )
    named = " và các đồng chí có tên trong danh sách" if members else ""
    return recognized(flow, head, data.issuer, lines, f"{data.cell}{named}", data.cell)


def recognized(
    flow: Flow, head: Head, issuer: Issuer, lines: Sequence[str], bound: str, sent_to: str
) -> Document:
    """A decision of recognition to its end: its levels, điều 2 with whom it binds, and where it goes."""
    for place, line in enumerate(lines, 1):
        flow.dash(f"{line}{'.' if place == len(lines) else ';'}")
    flow.text(
        f"Điều 2. {bound} chịu trách nhiệm thi hành Quyết định này. "
        "Quyết định có hiệu lực kể từ ngày ký."
    )
    about = f"công nhận kết quả đánh giá, xếp loại chất lượng {head.subjects} {head.period}"
    return Document(
        frame=frame_of(head, symbol(issuer)),
        kind=DECISION,
        subject=clean(about),
        blocks=tuple(flow.blocks),
        signatures=(parts.for_a_body(issuer.authority),),
        recipients=recipients(issuer, head.committee, f"{sent_to} {parts.FOR_ACTION}"),
    )


def compose_rulings(data: RulingsData) -> Document:
    """The list that goes with the decision; no points stand on it."""
    flow = Flow()
    columns = [
        Column("tt", "TT"),
        Column("name", "Tập thể, họ và tên"),
        Column("remark", "Chức vụ"),
        Column("why", "Chi bộ đề nghị"),
        Column("why", "Mức xếp loại"),
        Column("remark", "Ghi chú"),
    ]
    rows = [
        [
            wording.two_digits(place),
            ruling.name,
            ruling.post,
            ruling.proposed or parts.EMPTY,
            ruling.level,
            ruling.reason,
        ]
        for place, ruling in enumerate(data.rulings, 1)
    ]
    flow.table(columns, rows, parted=True)
    flow.note(f"Danh sách này có {counted(data.rulings)}.")
    head = data.head
    about = f"kết quả đánh giá, xếp loại chất lượng {head.subjects} {head.period} của {data.cell}"
    return Document(
        frame=Frame.from_head(head, wide=True),
        kind="DANH SÁCH",
        subject=clean(about),
        whom=enclosed_with(data.issuer, head),
        blocks=tuple(flow.blocks),
        signatures=(parts.for_a_body(data.issuer.authority),),
        wide=True,
    )


def counted(rulings: tuple[Ruling, ...]) -> str:
    """ "01 tập thể, 26 đồng chí"; what there is none of is left out."""
    collectives = sum(ruling.is_collective for ruling in rulings)
    members = len(rulings) - collectives
    counted = [f"{wording.two_digits(collectives)} tập thể"] * bool(collectives)
    return ", ".join(counted + [parts.people(members)] * bool(members))


def compose_rerating(data: ReratingData) -> Document:
    """Quyết định xếp loại lại: each level before and now, and why."""
    flow, head = Flow(), data.head
    parts.basis(flow, data.basis)
    resolve(flow, data.issuer)
    flow.text(
        f"Điều 1. Xếp loại lại chất lượng {head.period} đối với các trường hợp sau:", keep=True
    )
    _again(flow, data.rulings)
    if data.note:
        flow.text(f"Lý do xếp loại lại: {data.note.rstrip('.')}.")
    flow.text(
        "Điều 2. Mức xếp loại tại Điều 1 thay mức đã quyết định trước đó. "
        f"{data.cell} và các đồng chí có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này. "
        "Quyết định có hiệu lực kể từ ngày ký."
    )
    title = data.title or "Quyết định xếp loại lại chất lượng"
    about = f"{title.removeprefix('Quyết định ')} {head.subjects}"
    return Document(
        frame=frame_of(head, symbol(data.issuer)),
        kind=DECISION,
        subject=clean(f"{wording.uncapitalized(about)} {head.period}"),
        blocks=tuple(flow.blocks),
        signatures=(parts.for_a_body(data.issuer.authority),),
        recipients=recipients(data.issuer, head.committee, f"{data.cell} {parts.FOR_ACTION}"),
        form=clean(data.form),
    )


def _again(flow: Flow, rulings: tuple[Ruling, ...]) -> None:
    columns = [
        Column("tt", "TT"),
        Column("name", "Tập thể, họ và tên"),
        Column("post", "Mức đã quyết định"),
        Column("post", "Mức xếp loại lại"),
        Column("remark", "Lý do"),
    ]
    rows = [
        [
            wording.two_digits(place),
            ", ".join(filter(None, (ruling.name, ruling.post))),
            ruling.former,
            ruling.level,
            ruling.reason,
        ]
        for place, ruling in enumerate(rulings, 1)
    ]
    flow.table(columns, rows)


def compose_notice(data: NoticeData) -> Document:
    """Thông báo kết quả: the level, the decision it stands in, why it is another, and where to turn."""
    flow, head, ruling = Flow(), data.head, data.ruling
    flow.addressee(f"Kính gửi: Đồng chí {data.member}, {data.cell}")
    flow.text(
        f"Tại {cited(data.issuer)}, {wording.long_date(data.dated)}, {data.issuer.executive} đã quyết định "
        f"xếp loại chất lượng {head.persons} {head.period} đối với đồng chí {data.member}: {ruling.level}."
    )
    if ruling.former:
        flow.text(f"Mức này thay mức đã quyết định trước đó: {ruling.former}.")
    elif ruling.proposed and ruling.proposed != ruling.level:
        flow.text(f"Mức chi bộ đề nghị: {ruling.proposed}.")
    if ruling.reason:
        flow.text(f"Lý do: {ruling.reason.rstrip('.')}.")
    flow.text(
        f"{data.issuer.executive} thông báo để đồng chí biết. Đồng chí có ý kiến về mức xếp loại thì gửi "
        f"kiến nghị đến {data.issuer.executive} để được xem xét, trả lời."
    )
    about = f"kết quả xếp loại chất lượng {head.persons} {head.period}"
    return Document(
        frame=frame_of(head, f"{NO_NUMBER}-TB/{organ(data.issuer)}"),
        kind="THÔNG BÁO",
        subject=clean(about),
        blocks=tuple(flow.blocks),
        signatures=(parts.for_a_body(data.issuer.authority),),
        recipients=recipients(data.issuer, "", f"Đồng chí {data.member}", data.cell),
    )


def frame_of(head: Head, symbol: str) -> Frame:
    return replace(Frame.from_head(head), number=f"Số {symbol}")


def symbol(issuer: Issuer) -> str:
    """As typed; before that room for the number, with the signs of the executive."""
    return clean(issuer.symbol) or f"{NO_NUMBER}-QĐ/{organ(issuer)}"


def organ(issuer: Issuer) -> str:
    """The executive's sign: as its decision has it, else the first letters of its kind (Đảng ủy: ĐU)."""
    _, slash, sign = issuer.symbol.rpartition("/")
    if slash and sign.strip():
        return clean(sign)
    return wording.sign_of(issuer.executive)


def cited(issuer: Issuer) -> str:
    """The decision as other papers name it."""
    return f"Quyết định số {symbol(issuer)}"


def enclosed_with(issuer: Issuer, head: Head) -> str:
    """What stands below the heading of a list that belongs to the decision."""
    return f"(Kèm theo {cited(issuer)}, {wording.long_date(head.day)} của {issuer.executive})"


def resolve(flow: Flow, issuer: Issuer) -> None:
    """Who decides, by its whole name, in the middle."""
    kind = wording.body_of(issuer.executive)
    body = issuer.authority.body
    decides = issuer.executive if body.lower() == kind.lower() else f"{body} {issuer.executive}"
    flow.centred(decides)
    flow.centred(f"{DECISION}:")


def _whose(data: RecognitionData) -> str:
    """Whose levels are recognised: "Chi bộ 4 và 07 đảng viên"."""
    collectives = [ruling.name for ruling in data.rulings if ruling.is_collective]
    members = len(data.rulings) - len(collectives)
    if members:
        collectives.append(f"{wording.two_digits(members)} {data.head.persons}")
    *most, last = collectives
    return f"{', '.join(most)} và {last}" if most else last


def recipients(issuer: Issuer, above: str, *to: str) -> tuple[str, ...]:
    """Nơi nhận: whom it concerns, the committee above, the own file."""
    lines = [*to, *([f"{above} {parts.FOR_REPORT}"] if above else [])]
    return (*(f"- {clean(line)}," for line in lines), f"- Lưu {clean(issuer.authority.body)}.")
