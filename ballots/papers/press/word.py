"""The same papers as .docx, for the secretary who must edit: same blocks, order, margins and sizes."""

import io

import docx as word
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
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

from ballots.papers.press.document import Document, Signature, Signing, Table, TextBlock
from ballots.papers.press.render import qr_png

FONT = "Times New Roman"
TEXT_WIDTH, WIDE_WIDTH = 165, 252
LEFT_HEAD, WIDE_LEFT_HEAD = 75, 126
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
    "item": 12,
    "by": 36,
    "few": 16,
    "date": 24,
    "why": 48,
}
# In twentieths of a point, in the order that the format asks for.
CELL_MARGINS = {"top": 30, "left": 40, "bottom": 30, "right": 40}
LEFT_KINDS = {"name", "post", "remark", "why", "by"}
# Points of the letters, of a line and below it, where they are not those of the text; such lines are not indented.
SIZES = {
    "note": (12, 15, 3),
    "annex": (9, 12, 2),
    "digest": (9, 12, 0),
    "addressee": (14, 18, 10),
    "dotted": (14, 20, 0),
}
ALIGNED = {"annex": ALIGN.LEFT, "digest": ALIGN.LEFT, "addressee": ALIGN.CENTER}
QR_WIDTH = 24


def docx_of(paper: Document) -> bytes:
    """As `render.docx`, through which everybody calls it."""
    file = word.Document()
    _page(file, paper)
    _letterhead(file, paper)
    _title(file, paper)
    width = _width(paper)
    for block in paper.blocks:
        if isinstance(block, Table):
            _table(file, block, width)
        elif isinstance(block, Signing):
            file.paragraphs[-1].paragraph_format.keep_with_next = True
            _signatures(file, block.signatures, width)
        else:
            _line(file, block)
    if file.paragraphs and paper.signatures:
        file.paragraphs[-1].paragraph_format.keep_with_next = True
    for line in paper.closing:
        _line(file, line).paragraph_format.keep_with_next = True
    signed = None
    if paper.signatures:
        followed = bool(paper.annex or paper.frame.check_words)
        signed = _signatures(file, paper.signatures, width, paper.recipients, followed)
    for line in paper.annex:
        _line(file, line).paragraph_format.keep_with_next = True
    _check(file, paper, None if paper.annex else signed)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _width(paper: Document) -> int:
    """The width of the text in millimetres."""
    return WIDE_WIDTH if paper.wide else TEXT_WIDTH


def _page(file: WordDocument, paper: Document) -> None:
    """A4, margins, font; on top the mark and, from the second page, the number; the foot below."""
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    if paper.wide:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
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
    properties.keywords = paper.frame.layout[:PROPERTY_LENGTH]
    properties.comments, properties.language = "", "vi-VN"
    for part in (section.first_page_header, section.header):
        _write(part.paragraphs[0], paper.frame.mark, bold=True, size=12)
    if paper.frame.day:
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
    run.font.size = Pt(size)
    if bold:  # saying of each run what it is not took a fifth of the time
        run.bold = True
    if italic:
        run.italic = True
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
    if paper.form:
        form = _write(file.add_paragraph(), paper.form, bold=True, size=12)
        form.alignment = ALIGN.RIGHT
    left_head = WIDE_LEFT_HEAD if paper.wide else LEFT_HEAD
    table = _columns(file, 2, [left_head, _width(paper) - left_head])
    left, right = table.rows[0].cells
    _centre(left, frame.above)
    _centre(left, frame.issuer, bold=True)
    _centre(left, "*")
    _centre(right, "ĐẢNG CỘNG SẢN VIỆT NAM", bold=True, size=15).runs[0].underline = True
    left, right = table.rows[1].cells
    _centre(left, frame.number or paper.stamp)
    _centre(right, frame.day, italic=True)


def _title(file: WordDocument, paper: Document) -> None:
    parts = ((paper.kind, True, 16, 18), (paper.subject, True, 14, 0))
    last = (paper.whom or "-----", False, 14, 0)
    for text, bold, size, before in (*parts, last):
        paragraph = _write(file.add_paragraph(), text, bold, not bold and bool(paper.whom), size)
        paragraph.alignment = ALIGN.CENTER
        paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.space_after = Pt(12)


def _line(file: WordDocument, line: TextBlock) -> Paragraph:
    """A paragraph in the style of its kind."""
    heading = line.kind in ("section", "heading", "annex")
    size, height, after = SIZES.get(line.kind, (14, 18, 6))
    paragraph = _write(
        file.add_paragraph(), line.text, bold=heading, italic=line.kind == "note", size=size
    )
    layout = paragraph.paragraph_format
    layout.keep_with_next = line.keep
    layout.space_after = Pt(after)
    layout.space_before = Pt({"section": 10, "annex": 12}.get(line.kind, 0))
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = Pt(height)
    paragraph.alignment = ALIGNED.get(line.kind, ALIGN.JUSTIFY)
    if line.kind not in SIZES:
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
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    return table


def _table(file: WordDocument, block: Table, width: int) -> None:
    """A table as wide as the text: columns without a width of their own share what is left."""
    titles = tuple((column, column.title) for column in block.columns)
    lines = (titles, *block.cells)
    table = _tight(file.add_table(len(lines), len(titles), style="Table Grid"))
    free = [column for column in block.columns if column.kind not in WIDTHS]
    left = width - sum(WIDTHS.get(column.kind, 0) for column in block.columns)
    widths = [Mm(WIDTHS.get(column.kind, left / max(len(free), 1))) for column in block.columns]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for at, (row, texts) in enumerate(zip(table.rows, lines, strict=True)):
        _keep_whole(row, repeat=at == 0)
        # Neither the first row nor the last may stand alone, and the notes belong to the table.
        keep = block.is_whole or at <= 1 or at >= len(lines) - 2
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


def _signatures(
    file: WordDocument,
    signatures: tuple[Signature, ...],
    width: int,
    recipients: tuple[str, ...] = (),
    followed: bool = False,
) -> WordTable:
    """The signing block, which stays with the closing lines and with the check after it; 25 mm are left to sign in.

    A lone signature stands on the right; Nơi nhận, if any, on the left. Its columns leave room for a QR code below.
    """
    _gap(file)
    table = _columns(file, 1, [QR_WIDTH, width / 2 - QR_WIDTH, width / 2])
    _keep_whole(table.rows[0])
    table.rows[0].cells[0].merge(table.rows[0].cells[1])
    speaks = any(signature.authority for signature in signatures)
    _recipients(table.rows[0].cells[0], recipients)
    for cell, signature in zip(table.rows[0].cells[-len(signatures) :], signatures, strict=True):
        if signature.authority:
            _centre(cell, signature.authority, bold=True)
        post = _centre(cell, signature.post)
        blank = 0 if signature.authority or not speaks else 18
        post.paragraph_format.space_after = Mm(25) + Pt(blank)
        _centre(cell, signature.name, bold=True)
    for cell in table.rows[0].cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = followed
    return table


def _gap(file: WordDocument) -> None:
    """A thin line after a table: two tables without it would be one."""
    if file.element.body[-2].tag == qn("w:tbl"):  # the last is the section's own
        gap = _write(file.add_paragraph(), "", size=6)
        gap.paragraph_format.keep_with_next = True


def _recipients(cell: Cell, recipients: tuple[str, ...]) -> None:
    """Nơi nhận: underlined, neither bold nor italic; its lines smaller."""
    if recipients:
        _write(cell.paragraphs[0], "Nơi nhận:").runs[0].underline = True
    for line in recipients:
        _write(cell.add_paragraph(), line, size=12)


def _check(file: WordDocument, paper: Document, signed: WordTable | None) -> None:
    """How to check the file: the QR code and the words side by side, as in the PDF.

    The last row of the signing block `signed`, if it stands right above: a table of its own is left alone on the
    last page by word processors that keep rows together, but not tables.
    """
    if not paper.frame.check_words:
        return
    words = f"{COPY} {paper.frame.check_words} {paper.frame.check_url}".strip()
    if signed is None:
        gap = _write(file.add_paragraph(), "", size=10)  # two tables without it would be one
        gap.paragraph_format.keep_with_next = True
        row = _columns(file, 1, [QR_WIDTH, _width(paper) - QR_WIDTH]).rows[0]
    else:
        row = signed.add_row()  # type: ignore[no-untyped-call]
        row.cells[1].merge(row.cells[2])
    _keep_whole(row)
    left, right = row.cells[0], row.cells[-1]
    left.paragraphs[0].paragraph_format.space_before = Pt(0 if signed is None else 10)
    right.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    _write(right.paragraphs[0], words, size=10)
    if paper.frame.check_url:
        picture = left.paragraphs[0].add_run()
        picture.add_picture(io.BytesIO(qr_png(paper.frame.check_url)), width=Mm(20))
    last = _write(file.add_paragraph(), "", size=1)  # Word wants one after a table
    last.paragraph_format.line_spacing = Pt(1)
