"""Báo cáo kiểm điểm của tập thể (Mẫu 01): its sections, its points and the level the cell gives itself."""

from dataclasses import replace
from decimal import Decimal

from ballots.papers import parts
from ballots.papers.data import Points, ScoredPart
from ballots.papers.press.document import Column, Document, Flow, Frame, Signature, clean
from ballots.papers.report.data import ReportData
from cells import wording

OPEN = "…"
NOTHING = "Không có."
KIND = "Báo cáo "
# What the points and the level are headed with where the pack does not say.
SCORES, LEVEL = "Tự chấm điểm", "Tự đề xuất mức xếp loại chất lượng"
IF_ANY = " (nếu có)"  # for who fills the form in


def compose_report(data: ReportData) -> Document:
    """Write the report out; a draft shows dots where something is still missing."""
    flow, whose = Flow(), data.whose or data.head.cell
    parts.basis(flow, data.basis)
    flow.text(f"{whose} báo cáo kiểm điểm {data.head.period} như sau:")
    texts = [replace(text, title=text.title.removesuffix(IF_ANY)) for text in data.texts]
    for text in parts.headed(flow, texts, data.headings):
        flow.lines(text.text or (NOTHING if text.optional else OPEN))
    _rating(flow, data)
    level = data.level.label if data.level else OPEN
    flow.text(f"{whose} tự đề xuất xếp loại chất lượng {data.head.period}: {level}.")
    return Document(
        frame=Frame.from_head(data.head),
        kind=KIND.strip().upper(),
        subject=clean(_subject(data)),
        blocks=tuple(flow.blocks),
        signatures=(_signature(data),),
        form=clean(data.form),
        recipients=parts.recipients(data.to),
    )


def _rating(flow: Flow, data: ReportData) -> None:
    """Part B, down to the heading of the level; under a pack that does not name the parts, the sections go on."""
    headings = data.headings
    has_points = bool(data.parts) or data.score is not None
    if headings:
        flow.lettered("B", headings.rating)
    if has_points:
        if headings:
            flow.title(f"I. {headings.scores}")
        else:
            flow.section(SCORES)
        _points(flow, data)
    if headings:
        flow.title(f"II. {headings.level}" if has_points else headings.level)
    else:
        flow.section(LEVEL)


def _signature(data: ReportData) -> Signature:
    """For the cell its secretary; who heads a leadership collective the product does not know."""
    if data.whose:
        return Signature("T/M TẬP THỂ LÃNH ĐẠO", "", OPEN)
    return parts.for_the_cell(data.signer)


def _subject(data: ReportData) -> str:
    """The form's title without the kind of paper, in lower case as a title's second line is."""
    title = data.title.removeprefix(KIND)
    whose = f" của {data.whose}" if data.whose else ""
    return f"{wording.uncapitalized(title)}{whose} {data.head.period}"


def _points(flow: Flow, data: ReportData) -> None:
    """The table of criteria; only the score where it was given without them."""
    scored = any(line.score is not None for part in data.parts for line in part.criteria)
    score = f"{_score(data.score)}/{wording.score(data.most)} điểm"
    if data.parts and (scored or data.score is None):
        columns = [
            Column("tt", "TT"),
            Column("name", "Tiêu chí"),
            Column("code", f"Điểm {wording.bound('tối đa')}"),
            Column("code", f"Điểm {wording.bound('tự chấm')}"),
        ]
        rows = [
            row
            for numeral, part in zip(wording.ROMAN, data.parts, strict=False)
            for row in _rows(numeral, part)
        ]
        total = Points("TỔNG ĐIỂM", data.most, data.score)
        flow.table(columns, [*rows, _row("", total)])
    sums = " + ".join(_score(part.sum.score) for part in data.parts) if scored else ""
    flow.text(f"Tổng điểm tự chấm: {f'{sums} = ' if sums else ''}{score}.")


def _rows(numeral: str, part: ScoredPart) -> list[list[str]]:
    head = Points(part.sum.title.upper(), part.sum.most, part.sum.score)
    lines = [_row(str(place), line) for place, line in enumerate(part.criteria, start=1)]
    return [_row(numeral, head), *lines]


def _row(place: str, line: Points) -> list[str]:
    return [place, line.title, wording.score(line.most), _score(line.score)]


def _score(points: Decimal | None) -> str:
    return OPEN if points is None else wording.score(points)
