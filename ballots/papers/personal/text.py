"""Bản kiểm điểm of one member: what was submitted, and below it what others write."""

from ballots.papers import parts
from ballots.papers.data import Points
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
# As the list of forms calls Mẫu 05; the period stands on a line of its own.
ANY_PERIOD = " Quý, Năm"
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
    if not data.headings:
        flow.part("A", "Tự kiểm điểm")
    for text in parts.headed(flow, data.sections, data.headings):
        flow.lines(text.text or NOT_WRITTEN)
        if text.title == data.answered_in:
            _answers(flow, data)
        if text.grade is not None:
            flow.keep_last()
            _choices(flow, data.grades, text.grade)
    _rating(flow, data)
    own = Signature("", "NGƯỜI TỰ KIỂM ĐIỂM", data.member)
    if data.has_others:
        flow.sign(own)
        _others(flow, data)
    return Document(
        frame=Frame.from_head(data.head),
        kind=clean(data.title.removesuffix(ANY_PERIOD)).upper(),
        subject=wording.capitalized(clean(data.head.period)),
        whom=f"({clean(data.subtitle)})",
        blocks=tuple(flow.blocks),
        closing=_decided(data) if data.has_others else (),
        signatures=(parts.for_a_body(data.above) if data.has_others else own,),
        form=clean(data.form),
    )


def _rating(flow: Flow, data: PersonalData) -> None:
    """Part B: the points (I) and the level claimed (II), without numbers where there are no points."""
    headings = data.headings
    if not headings:
        flow.part("B", "Tự đánh giá, xếp loại")
        _points(flow, data, data.sums)
        flow.text("Tự nhận mức xếp loại:", keep=True)
    elif data.groups and headings.scores:
        flow.lettered("B", headings.rating)
        flow.title(f"I. {headings.scores}")
        _points(flow, data, ())
        for line in data.sums:
            flow.dash(
                f"{line.title}: {parts.points(line.score)}/{wording.score(line.most)} điểm.",
                keep=True,
            )
        flow.title(f"II. {headings.level}")
    else:
        flow.lettered("B", headings.rating)
        flow.text(f"{headings.level}:", keep=True)
    codes = {level.code: level.label for level in data.levels}
    _choices(flow, tuple(codes.values()), codes.get(data.self_level, ""))


def _answers(flow: Flow, data: PersonalData) -> None:
    """Last year's shortcomings, one by one."""
    if not data.answers:
        return
    flow.text("Trả lời từng hạn chế, khuyết điểm của năm trước:", keep=True)
    columns = [
        Column("tt", "TT"),
        Column("name", "Hạn chế, khuyết điểm"),
        Column("by", "Kết quả"),
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


def _points(flow: Flow, data: PersonalData, sums: tuple[Points, ...]) -> None:
    """The criteria with their points, each group's sum on its own line, and the sums of the form."""
    if not data.groups:
        return
    rows = []
    for number, group in enumerate(data.groups, 1):
        rows.append(_line(str(number), group.sum))
        rows += [_line(f"{number}.{item}", c) for item, c in enumerate(group.criteria, 1)]
    rows += [_line("", line) for line in sums]
    columns = [
        Column("item", "TT"),
        Column("name", "Tiêu chí"),
        Column("code", f"Điểm {wording.bound('tối đa')}"),
        Column("code", f"Điểm {wording.bound('tự chấm')}"),
    ]
    flow.table(columns, rows)


def _line(place: str, line: Points) -> list[str]:
    return [place, line.title, wording.score(line.most), parts.points(line.score)]


def _choices(flow: Flow, labels: tuple[str, ...], chosen: str) -> None:
    """What may be chosen, with a box each; the one chosen is ticked."""
    columns = [
        Column("choice-of", label.replace("nhiệm vụ", wording.bound("nhiệm vụ")))
        for label in labels
    ]
    flow.table(columns, [[parts.TICK if label == chosen else "" for label in labels]])


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
    flow.sign(parts.for_the_cell(data.signer))


def _decided(data: PersonalData) -> tuple[TextBlock, ...]:
    """The last line, of the committee above by its name."""
    level = _label(data, data.decided) or SHORT_BLANK
    body = wording.capitalized(data.above.body)
    return (TextBlock.cleaned("text", f"{body} xếp loại mức chất lượng: {level}"),)


def _remark(flow: Flow, remark: Remark) -> None:
    if remark.text:
        flow.lines(remark.text)
    else:
        flow.blank()


def _label(data: PersonalData, code: str) -> str:
    """The whole name of a level with its full stop, "" where none is known yet."""
    return next((f"{level.label}." for level in data.levels if level.code == code), "")
