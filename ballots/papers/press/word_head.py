"""The page of a .docx and what stands above its text: letterhead, title, the frame of a ballot's stamp."""

from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from ballots.papers.press.document import STAMP, TEXT, Document
from ballots.papers.press.measure import POINTS_PER_MM, width
from ballots.papers.press.word_text import (
    centre,
    columns,
    element,
    framed,
    rule_below,
    write,
    write_code,
)

FONT, LANGUAGE = "Times New Roman", "vi-VN"
WIDE_TEXT = 252
LEFT_HEAD, WIDE_LEFT_HEAD = 75, 126
PROPERTY_LENGTH = 255
PARTY, PARTY_SIZE = "ĐẢNG CỘNG SẢN VIỆT NAM", 15


def text_width(paper: Document) -> int:
    """The width of the text in millimetres."""
    return WIDE_TEXT if paper.wide else TEXT


def set_page(file: WordDocument, paper: Document) -> None:
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
    _set_letters(file)
    properties = file.core_properties
    properties.title = f"{paper.kind} {paper.subject}"[:PROPERTY_LENGTH]
    properties.author = " ".join(paper.frame.issuer)[:PROPERTY_LENGTH]
    properties.keywords = paper.frame.layout[:PROPERTY_LENGTH]
    properties.comments, properties.language = "", LANGUAGE
    for part in (section.first_page_header, section.header):
        write(part.paragraphs[0], paper.frame.mark, bold=True, size=12)
    if paper.frame.day:
        _page_number(section.header.paragraphs[0])
    for foot in (section.first_page_footer, section.footer):
        if paper.frame.check_code:
            write(foot.paragraphs[0], "Mã kiểm tra ", size=9)
            write_code(foot.paragraphs[0], paper.frame.check_code, size=9)


def _set_letters(file: WordDocument) -> None:
    """The font, and the language that a word processor checks the spelling in."""
    style = file.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    properties.append(element("w:lang", val=LANGUAGE, eastAsia=LANGUAGE, bidi=LANGUAGE))
    for language in file.styles.element.iterfind(f"{qn('w:docDefaults')}//{qn('w:lang')}"):
        language.set(qn("w:val"), LANGUAGE)
    style.paragraph_format.space_after = Pt(0)


def _page_number(paragraph: Paragraph) -> None:
    """The number in the middle, beside the mark: Word's own header style has a centred tab there."""
    paragraph.add_run("\t")
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = element("w:fldChar", fldCharType=kind)
        else:
            mark = element("w:instrText")
            mark.text = text
        run._r.append(mark)


def set_letterhead(file: WordDocument, paper: Document) -> None:
    """Who issues the paper, the Party's name with its rule, number, place and day."""
    frame = paper.frame
    if paper.form:
        form = write(file.add_paragraph(), paper.form, bold=True, size=12)
        form.alignment = ALIGN.RIGHT
    left_head = WIDE_LEFT_HEAD if paper.wide else LEFT_HEAD
    right_head = text_width(paper) - left_head
    table = columns(file, 2 if frame.day else 1, [left_head, right_head])
    left, right = table.rows[0].cells
    for line in frame.above:
        centre(left, line)
    for line in frame.issuer:
        centre(left, line, bold=True)
    centre(left, "*")
    party = centre(right, PARTY, bold=True, size=PARTY_SIZE)
    # The rule is as long as the text: the same room is left on both sides, a little less than there is.
    beside = (right_head - width(PARTY, PARTY_SIZE) / POINTS_PER_MM) / 2 - 1
    party.paragraph_format.left_indent = party.paragraph_format.right_indent = Mm(beside)
    rule_below(party)
    if frame.day:
        left, right = table.rows[1].cells
        centre(left, frame.number)
        centre(right, frame.day, italic=True)


def set_title(file: WordDocument, paper: Document) -> None:
    """What the paper is called, its lines broken as in the PDF; beside a ballot's stands the frame of its stamp."""
    title = [file.add_paragraph()] if not paper.stamp else _beside_stamp(file, paper)
    write(title[0], paper.kind, bold=True, size=16)
    if not paper.stamp:
        title[0].paragraph_format.space_before = Pt(18)
        title.append(file.add_paragraph())
    for at, line in enumerate(paper.subject_lines):
        if at:
            title[1].add_run().add_break()
        write(title[1], line, bold=True)
    last = write(file.add_paragraph(), paper.whom or "-----", italic=bool(paper.whom))
    for paragraph in (*title, last):
        paragraph.alignment = ALIGN.CENTER
        paragraph.paragraph_format.keep_with_next = True
    last.paragraph_format.space_after = Pt(12)


def _beside_stamp(file: WordDocument, paper: Document) -> list[Paragraph]:
    """The two paragraphs of a ballot's title, between the frame of the stamp and as much room."""
    write(file.add_paragraph(), "", size=6)  # two tables without it would be one
    row = columns(file, 1, [STAMP, TEXT - 2 * STAMP, STAMP]).rows[0]
    row.height, row.height_rule = Mm(18), WD_ROW_HEIGHT_RULE.AT_LEAST
    frame, middle, _ = row.cells
    framed(frame)
    centre(frame, paper.stamp, size=10)
    for cell in (frame, middle):
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    return [middle.paragraphs[0], middle.add_paragraph()]
