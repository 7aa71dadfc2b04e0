"""The same papers as .docx, for the secretary who must edit: same blocks, order, margins and sizes."""

import io

import docx as word
from docx.document import Document as WordDocument
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell as Cell
from docx.text.paragraph import Paragraph

from ballots.papers.press.document import (
    TEXT,
    WIDE_WIDTHS,
    WIDTHS,
    Block,
    Document,
    Signature,
    Signing,
    Table,
    TextBlock,
)
from ballots.papers.press.render import qr_png
from ballots.papers.press.word_head import set_letterhead, set_page, set_title, text_width
from ballots.papers.press.word_text import (
    box,
    centre,
    columns,
    keep_whole,
    tight,
    write,
    write_code,
)

COPY = "Bản Word của văn bản đã khoá; bản chính là tệp PDF cùng mã."
BOXES = {"choice", "choice-of"}
LEFT_KINDS = {"name", "post", "remark", "votes-note", "why", "by"}
# Points of the letters, of a line and below it, where they are not those of the text; such lines are not indented.
SIZES = {
    "note": (12, 14, 3),
    "annex": (9, 12, 2),
    "digest": (9, 12, 0),
    "addressee": (14, 18, 10),
    "centred": (14, 18, 3),
    "dotted": (14, 20, 0),
}
ALIGNED = {
    "annex": ALIGN.LEFT,
    "digest": ALIGN.LEFT,
    "addressee": ALIGN.CENTER,
    "centred": ALIGN.CENTER,
}
QR_WIDTH = 24
HEADINGS = ("section", "heading")
TO_SIGN, TO_SIGN_WIDE = 25, 15  # millimetres


def docx_of(paper: Document) -> bytes:
    """As `render.docx`, through which everybody calls it."""
    file = word.Document()
    set_page(file, paper)
    set_letterhead(file, paper)
    set_title(file, paper)
    width = text_width(paper)
    blocks = paper.blocks
    for around in zip((None, *blocks), blocks, (*blocks[1:], None), strict=False):
        _block(file, width, *around)
    if file.paragraphs and paper.signatures:
        file.paragraphs[-1].paragraph_format.keep_with_next = True
    for line in paper.closing:
        _line(file, line).paragraph_format.keep_with_next = True
    signed = None
    if paper.signatures:
        followed = bool(paper.annex or paper.frame.check_code)
        signed = _signatures(file, paper.signatures, width, paper.recipients, followed)
    for line in paper.annex:
        _line(file, line).paragraph_format.keep_with_next = True
    _check(file, paper, None if paper.annex else signed)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _block(
    file: WordDocument, width: int, before: Block | None, block: Block, following: Block | None
) -> None:
    """A block between its neighbours."""
    if isinstance(block, Table):
        _table(file, block, width, following)
    elif isinstance(block, Signing):
        file.paragraphs[-1].paragraph_format.keep_with_next = True
        _signatures(file, block.signatures, width)
    else:
        paragraph = _line(file, block)
        if isinstance(before, Table) and block.kind == "heading":
            paragraph.paragraph_format.space_before = Pt(8)


def _line(file: WordDocument, line: TextBlock) -> Paragraph:
    """A paragraph in the style of its kind."""
    heading = line.kind in ("section", "heading", "annex", "centred")
    if line.kind == "note" and file.element.body[-2].tag == qn("w:p"):
        # A second one stays with the first.
        file.paragraphs[-1].paragraph_format.keep_with_next = True
    size, height, after = SIZES.get(line.kind, (14, 18, 6))
    paragraph = write(
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


def _table(file: WordDocument, block: Table, width: int, following: Block | None) -> None:
    """A table as wide as the text: columns without a width of their own share what is left.

    It stays with what follows, but for a heading: that begins something else.
    """
    ends = isinstance(following, TextBlock) and following.kind in HEADINGS
    titles = tuple((column, column.title) for column in block.columns)
    lines = ((False, titles), *block.lines)
    table = tight(file.add_table(len(lines), len(titles), style="Table Grid"))
    known = WIDTHS if width <= TEXT else WIDTHS | WIDE_WIDTHS
    free = [column for column in block.columns if column.kind not in known]
    left = width - sum(known.get(column.kind, 0) for column in block.columns)
    widths = [Mm(known.get(column.kind, left / max(len(free), 1))) for column in block.columns]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    # Neither the first row nor the last may stand alone, but for a high one, and the notes belong to the table.
    is_whole, first = block.is_whole, not (block.parted or block.is_loose)
    last = 1 if block.is_loose else 2
    for at, (row, (tall, texts)) in enumerate(zip(table.rows, lines, strict=True)):
        keep_whole(row, repeat=at == 0, tall=tall)
        keep = is_whole or at <= first or at >= len(lines) - last
        keep = keep and not (ends and at == len(lines) - 1)
        for cell, width, (column, text) in zip(row.cells, widths, texts, strict=True):
            cell.width = width
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
            is_box = at > 0 and column.kind in BOXES
            size = 11 if at and column.kind == "votes" else 12
            paragraph = centre(cell, "" if is_box else text, bold=at == 0, size=size)
            if is_box:
                box(paragraph, text)
            paragraph.paragraph_format.keep_with_next = keep
            if at and column.kind in LEFT_KINDS:
                paragraph.alignment = ALIGN.LEFT


def _signatures(
    file: WordDocument,
    signatures: tuple[Signature, ...],
    width: int,
    recipients: tuple[str, ...] = (),
    followed: bool = False,
) -> WordTable:
    """The signing block, which stays with the closing lines and with the check after it.

    A lone signature stands on the right; Nơi nhận, if any, on the left. Its columns leave room for a QR code below.
    """
    _gap(file)
    table = columns(file, 1, [QR_WIDTH, width / 2 - QR_WIDTH, width / 2])
    keep_whole(table.rows[0])
    table.rows[0].cells[0].merge(table.rows[0].cells[1])
    speaks = any(signature.authority for signature in signatures)
    _recipients(table.rows[0].cells[0], recipients)
    for cell, signature in zip(table.rows[0].cells[-len(signatures) :], signatures, strict=True):
        if signature.authority:
            centre(cell, signature.authority, bold=True)
        post = centre(cell, signature.post)
        blank = 0 if signature.authority or not speaks else 18
        post.paragraph_format.space_after = Mm(TO_SIGN if width <= TEXT else TO_SIGN_WIDE) + Pt(
            blank
        )
        centre(cell, signature.name, bold=True)
    for cell in table.rows[0].cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = followed
    return table


def _gap(file: WordDocument) -> None:
    """A thin line after a table: two tables without it would be one."""
    if file.element.body[-2].tag == qn("w:tbl"):  # the last is the section's own
        gap = write(file.add_paragraph(), "", size=6)
        gap.paragraph_format.keep_with_next = True


def _recipients(cell: Cell, recipients: tuple[str, ...]) -> None:
    """Nơi nhận: underlined, neither bold nor italic; its lines smaller."""
    if recipients:
        write(cell.paragraphs[0], "Nơi nhận:").runs[0].underline = True
    for line in recipients:
        write(cell.add_paragraph(), line, size=12)


def _check(file: WordDocument, paper: Document, signed: WordTable | None) -> None:
    """How to check the file: the QR code and the words side by side, as in the PDF.

    The last row of the signing block `signed`, if it stands right above: a table of its own is left alone on the
    last page by word processors that keep rows together, but not tables.
    """
    if not paper.frame.check_code:
        return
    if signed is None:
        gap = write(file.add_paragraph(), "", size=10)  # two tables without it would be one
        gap.paragraph_format.keep_with_next = True
        row = columns(file, 1, [QR_WIDTH, text_width(paper) - QR_WIDTH]).rows[0]
    else:
        row = signed.add_row()  # type: ignore[no-untyped-call]
        row.cells[1].merge(row.cells[2])
    keep_whole(row)
    left, right = row.cells[0], row.cells[-1]
    left.paragraphs[0].paragraph_format.space_before = Pt(0 if signed is None else 10)
    right.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    write(right.paragraphs[0], f"{COPY} Mã kiểm tra: ", size=10)
    write_code(right.paragraphs[0], paper.frame.check_code, size=10)
    write(right.paragraphs[0], f". {paper.frame.check_url}".rstrip(), size=10)
    if paper.frame.check_url:
        picture = left.paragraphs[0].add_run()
        picture.add_picture(io.BytesIO(qr_png(paper.frame.check_url)), width=Mm(20))
    last = write(file.add_paragraph(), "", size=1)  # Word wants one after a table
    last.paragraph_format.line_spacing = Pt(1)
