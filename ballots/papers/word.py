"""The same papers as .docx, for the secretary who must edit: same blocks, order, margins and sizes."""

import io

import docx as word
from docx.document import Document as WordDocument
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell as Cell
from docx.table import _Row as WordRow
from docx.text.paragraph import Paragraph

from .data import BallotSheetData, CountData, MinutesData
from .document import Document, Line, Signature, Table
from .render import compose, qr_png

FONT = "Times New Roman"
TEXT_WIDTH = 165
LEFT_HEAD = 75
COPY = "Bản Word của văn bản đã khoá; bản chính là tệp PDF cùng mã."
PROPERTY_LENGTH = 255
# Millimetres per kind of column; the name takes what is left.
WIDTHS = {
    "tt": 9,
    "post": 27,
    "code": 19,
    "remark": 38,
    "votes": 23.5,
    "blank": 19,
    "choice": 18.5,
}
# In twentieths of a point, in the order that the format asks for.
CELL_MARGINS = {"top": 30, "left": 40, "bottom": 30, "right": 40}
LEFT_KINDS = {"name", "post", "remark"}


def docx(data: MinutesData | CountData | BallotSheetData) -> bytes:
    """The paper as the bytes of a .docx file; of a ballot, one copy."""
    paper = compose(data)
    file = word.Document()
    _page(file, paper)
    _letterhead(file, paper)
    _title(file, paper)
    for block in paper.blocks:
        if isinstance(block, Table):
            _table(file, block)
        else:
            _line(file, block)
    for line in paper.closing:
        _line(file, line).paragraph_format.keep_with_next = True
    if paper.signatures:
        _signatures(file, paper.signatures)
    _check(file, paper)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _page(file: WordDocument, paper: Document) -> None:
    """A4, margins, font; on top the mark and, from the second page, the number; the foot below."""
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    style = file.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    style.paragraph_format.space_after = Pt(0)
    properties = file.core_properties
    properties.title = f"{paper.kind} {paper.subject}"[:PROPERTY_LENGTH]
    properties.author = paper.frame.issuer[:PROPERTY_LENGTH]
    properties.comments, properties.language = "", "vi-VN"
    for part in (section.first_page_header, section.header):
        _write(part.paragraphs[0], paper.frame.mark, bold=True, size=12)
    if paper.frame.number:
        _page_number(section.header.paragraphs[0])
    for foot in (section.first_page_footer, section.footer):
        _write(foot.paragraphs[0], paper.frame.foot, size=9)


def _page_number(paragraph: Paragraph) -> None:
    """The number in the middle, beside the mark: Word's own header style has a centred tab there."""
    paragraph.add_run("\t")
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def _write(
    paragraph: Paragraph, text: str, bold: bool = False, italic: bool = False, size: float = 14
) -> Paragraph:
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    return paragraph


def _centre(
    cell: Cell, text: str, bold: bool = False, italic: bool = False, size: float = 14
) -> Paragraph:
    """Write a centred line into a cell, the first one into the paragraph that every cell has."""
    first = cell.paragraphs[0]
    paragraph = cell.add_paragraph() if first.runs else first
    paragraph.alignment = ALIGN.CENTER
    return _write(paragraph, text, bold, italic, size)


def _letterhead(file: WordDocument, paper: Document) -> None:
    frame = paper.frame
    table = _columns(file, 2, [LEFT_HEAD, TEXT_WIDTH - LEFT_HEAD])
    left, right = table.rows[0].cells
    _centre(left, frame.above)
    _centre(left, frame.issuer, bold=True)
    _centre(left, "*")
    _centre(right, "ĐẢNG CỘNG SẢN VIỆT NAM", bold=True, size=15).runs[0].underline = True
    left, right = table.rows[1].cells
    _centre(left, frame.number or paper.stamp)
    _centre(right, frame.day, italic=True)


def _title(file: WordDocument, paper: Document) -> None:
    parts = ((paper.kind, True, 16, 18), (paper.subject, True, 14, 0), ("-----", False, 14, 0))
    for text, bold, size, before in parts:
        paragraph = _write(file.add_paragraph(), text, bold=bold, size=size)
        paragraph.alignment = ALIGN.CENTER
        paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.space_after = Pt(12)


def _line(file: WordDocument, line: Line) -> Paragraph:
    """A paragraph in the style of its kind."""
    heading = line.kind in ("section", "heading")
    size = {"note": 12, "digest": 10}.get(line.kind, 14)
    paragraph = _write(
        file.add_paragraph(), line.text, bold=heading, italic=line.kind == "note", size=size
    )
    layout = paragraph.paragraph_format
    layout.keep_with_next = line.keep
    layout.space_after = Pt(3 if line.kind == "note" else 6)
    layout.space_before = Pt(10 if line.kind == "section" else 0)
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = Pt({"note": 15, "digest": 14}.get(line.kind, 18))
    if line.kind != "digest":
        paragraph.alignment = ALIGN.JUSTIFY
    if line.kind != "note":
        layout.first_line_indent = Mm(10)
    return paragraph


def _tight(table: WordTable) -> WordTable:
    """Columns as wide as told, and as little room around texts as the PDF leaves."""
    table.autofit = False
    margins = OxmlElement("w:tblCellMar")
    for side, twips in CELL_MARGINS.items():
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)
    return table


def _columns(file: WordDocument, rows: int, widths: list[float]) -> WordTable:
    """A table without lines, to set texts side by side; widths in millimetres."""
    table = _tight(file.add_table(rows, len(widths)))
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    return table


def _table(file: WordDocument, block: Table) -> None:
    titles = tuple((column, column.title) for column in block.columns)
    lines = (titles, *block.cells)
    table = _tight(file.add_table(len(lines), len(titles), style="Table Grid"))
    taken = sum(WIDTHS.get(column.kind, 0) for column in block.columns)
    widths = [Mm(WIDTHS.get(column.kind, TEXT_WIDTH - taken)) for column in block.columns]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for at, (row, texts) in enumerate(zip(table.rows, lines, strict=True)):
        _keep_whole(row, repeat=at == 0)
        # Neither the first row nor the last may stand alone, and the notes belong to the table.
        keep = at <= 1 or at >= len(lines) - 2
        for cell, width, (column, text) in zip(row.cells, widths, texts, strict=True):
            cell.width = width
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
            paragraph = _centre(cell, text, bold=at == 0, size=12)
            paragraph.paragraph_format.keep_with_next = keep
            if at and column.kind in LEFT_KINDS:
                paragraph.alignment = ALIGN.LEFT


def _keep_whole(row: WordRow, repeat: bool = False) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if repeat:
        properties.append(OxmlElement("w:tblHeader"))


def _signatures(file: WordDocument, signatures: tuple[Signature, ...]) -> None:
    """The signing block, which stays with the closing lines; 25 mm are left to sign in."""
    table = _columns(file, 1, [TEXT_WIDTH / len(signatures)] * len(signatures))
    _keep_whole(table.rows[0])
    speaks = any(signature.authority for signature in signatures)
    for cell, signature in zip(table.rows[0].cells, signatures, strict=True):
        if signature.authority:
            _centre(cell, signature.authority, bold=True)
        post = _centre(cell, signature.post)
        blank = 0 if signature.authority or not speaks else 18
        post.paragraph_format.space_after = Mm(25) + Pt(blank)
        _centre(cell, signature.name, bold=True)


def _check(file: WordDocument, paper: Document) -> None:
    if not paper.frame.check_words:
        return
    words = f"{COPY} {paper.frame.check_words}"
    paragraph = _write(file.add_paragraph(), words, size=10)
    paragraph.paragraph_format.space_before = Mm(5)
    if paper.frame.check_url:
        _write(paragraph, f" {paper.frame.check_url}", size=10)
        picture = file.add_paragraph().add_run()
        picture.add_picture(io.BytesIO(qr_png(paper.frame.check_url)), width=Mm(20))
