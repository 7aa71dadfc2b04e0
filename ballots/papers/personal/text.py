"""Bản kiểm điểm of one member: what was submitted, and below it what others write."""

from ballots.papers import parts
from ballots.papers.data import Points
from ballots.papers.lists.text import TICK
from ballots.papers.personal.data import PersonalData, Remark
from ballots.papers.press.document import (
    BLANK,
    Column,
    Document,
    Flow,
    Frame,
    Signature,
    TextBlock,
    clean,
)
from cells import wording

NOT_WRITTEN = "(không ghi)"
SHORT_BLANK = BLANK[: len(BLANK) // 3]
FOR_OTHERS = (
    "(Từ đây trở xuống do cơ quan, chi ủy và cấp ủy ghi; người tự kiểm điểm không phải ghi.)"
)
UNIT_HEAD = (
    "Nhận xét, đánh giá của người đứng đầu cơ quan, đơn vị (đối với cán bộ, công chức, viên chức)"
)


def compose_form(data: PersonalData) -> Document:
    """Write the form out."""
    flow = Flow()
    for label, value in data.facts:
        flow.text(f"{label}: {value or SHORT_BLANK}")
    flow.part("A", "Tự kiểm điểm")
    for title, text in data.sections:
        flow.section(title)
        flow.lines(text or NOT_WRITTEN)
        if title == data.answered_in:
            _answers(flow, data)
    flow.part("B", "Tự đánh giá, xếp loại")
    _points(flow, data)
    flow.text("Tự nhận mức xếp loại:", keep=True)
    _levels(flow, data)
    flow.sign(Signature("", "NGƯỜI TỰ KIỂM ĐIỂM", data.member))
    _others(flow, data)
    return Document(
        frame=Frame.from_head(data.head),
        kind=clean(data.title).upper(),
        subject=clean(f"{data.subtitle[:1].lower()}{data.subtitle[1:]}, {data.head.period}"),
        blocks=tuple(flow.blocks),
        closing=(
            TextBlock.cleaned(
                "text",
                "Đảng ủy, chi ủy cơ sở xếp loại mức chất lượng: "
                f"{_label(data, data.decided) or SHORT_BLANK}",
            ),
        ),
        signatures=(Signature("T/M ĐẢNG ỦY (CHI ỦY CƠ SỞ)", "", ""),),
        form=clean(data.form),
    )


def _answers(flow: Flow, data: PersonalData) -> None:
    """Last year's shortcomings, one by one."""
    if not data.answers:
        return
    flow.text("Trả lời từng hạn chế, khuyết điểm của năm trước:", keep=True)
    columns = [
        Column("tt", "TT"),
        Column("name", "Hạn chế, khuyết điểm"),
        Column("post", "Kết quả"),
        Column("why", "Cách làm, lý do"),
    ]
    rows = [
        [
            wording.two_digits(place),
            answer.item,
            answer.result,
            answer.why,
        ]
        for place, answer in enumerate(data.answers, 1)
    ]
    flow.table(columns, rows)


def _points(flow: Flow, data: PersonalData) -> None:
    """The criteria with their points, each group's sum on its own line, and the sums of the form."""
    if not data.groups:
        return
    rows = []
    for number, group in enumerate(data.groups, 1):
        rows.append(_line(str(number), group.sum))
        rows += [_line(f"{number}.{item}", c) for item, c in enumerate(group.criteria, 1)]
    rows += [_line("", line) for line in data.sums]
    columns = [
        Column("item", "TT"),
        Column("name", "Tiêu chí"),
        Column("few", "Điểm tối đa"),
        Column("few", "Điểm tự chấm"),
    ]
    flow.table(columns, rows)


def _line(place: str, line: Points) -> list[str]:
    score = parts.EMPTY if line.score is None else wording.score(line.score)
    return [place, line.title, wording.score(line.most), score]


def _levels(flow: Flow, data: PersonalData) -> None:
    """The levels with a box each; the one claimed is ticked."""
    columns = [
        Column("choice-of", level.label.replace("nhiệm vụ", wording.bound("nhiệm vụ")))
        for level in data.levels
    ]
    ticks = [TICK if level.code == data.self_level else "" for level in data.levels]
    flow.table(columns, [ticks])


def _others(flow: Flow, data: PersonalData) -> None:
    """The lower block: the unit head, then the cell; the committee above has the last word."""
    if data.for_others:
        flow.text(FOR_OTHERS, keep=True)
    if data.manager is not None:
        flow.title(UNIT_HEAD)
        _remark(flow, data.manager)
        flow.text(f"Mức xếp loại: {_label(data, data.manager.level) or SHORT_BLANK}", keep=True)
        flow.sign(Signature("", "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ", ""))
    flow.title("Nhận xét, đánh giá của chi ủy")
    _remark(flow, data.executive)
    level = _label(data, data.cell_level) or SHORT_BLANK
    flow.text(f"Chi bộ đề xuất xếp loại mức chất lượng: {level}", keep=True)
    flow.sign(Signature("T/M CHI ỦY (CHI BỘ)", data.signer.post, data.signer.name))


def _remark(flow: Flow, remark: Remark) -> None:
    if remark.text:
        flow.lines(remark.text)
    else:
        flow.blank()


def _label(data: PersonalData, code: str) -> str:
    """The whole name of a level with its full stop, "" where none is known yet."""
    return next((f"{level.label}." for level in data.levels if level.code == code), "")
