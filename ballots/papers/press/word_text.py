"""Runs, paragraphs and tables of a .docx, as its modules set them."""

from collections.abc import Iterable
from typing import cast

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell as Cell
from docx.table import _Row as WordRow
from docx.text.paragraph import Paragraph

# In twentieths of a point, in the order that the format asks for.
CELL_MARGINS = {"top": 30, "left": 40, "bottom": 30, "right": 40}
BOX = "□"
SANS = "Arial"


def element(name: str, **values: str) -> BaseOxmlElement:
    """An element of the format with its attributes, such as `w:bottom` with `val` and `sz`."""
    made = cast(BaseOxmlElement, OxmlElement(name))
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made


def write(
    paragraph: Paragraph, text: str, bold: bool = False, italic: bool = False, size: float = 14
) -> Paragraph:
    """Add a run of these letters, `size` points high."""
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    if bold:  # saying of each run what it is not took a fifth of the time
        run.bold = True
    if italic:
        run.italic = True
    return paragraph


def write_code(paragraph: Paragraph, code: str, size: float) -> None:
    """Add a code in the letters of a face without serifs, in which fewer are taken for another."""
    run = write(paragraph, code, size=size).runs[-1]
    run.font.name = SANS


def centre(
    cell: Cell, text: str, bold: bool = False, italic: bool = False, size: float = 14
) -> Paragraph:
    """Write a centred line into a cell, the first one into the paragraph that every cell has."""
    first = cell.paragraphs[0]
    paragraph = cell.add_paragraph() if first.runs else first
    paragraph.alignment = ALIGN.CENTER
    return write(paragraph, text, bold, italic, size)


def box(paragraph: Paragraph, text: str) -> None:
    """A box to be ticked, or a line around the tick in it."""
    if not text:
        write(paragraph, BOX, size=18)
        return
    run = write(paragraph, f" {text} ", size=12).runs[-1]
    border = element("w:bdr", val="single", sz="6", space="0", color="000000")
    run._r.get_or_add_rPr().append(border)


def rule_below(paragraph: Paragraph) -> None:
    """A line under the paragraph, as long as its indents leave room."""
    borders = element("w:pBdr")
    borders.append(element("w:bottom", val="single", sz="6", space="1", color="000000"))
    properties = paragraph._p.get_or_add_pPr()
    # Where the format wants it: after the binding of lines, before spacing and indents.
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def framed(cell: Cell) -> None:
    """A dotted line around a cell of a table that has none."""
    borders = element("w:tcBorders")
    for side in ("top", "left", "bottom", "right"):
        borders.append(element(f"w:{side}", val="dotted", sz="4", space="0", color="000000"))
    cell._tc.get_or_add_tcPr().append(borders)


def tight(table: WordTable) -> WordTable:
    """Columns as wide as told, and as little room around texts as the PDF leaves."""
    table.autofit = False
    margins = element("w:tblCellMar")
    for side, twips in CELL_MARGINS.items():
        margins.append(element(f"w:{side}", w=str(twips), type="dxa"))
    table._tbl.tblPr.append(margins)
    return table


def columns(file: WordDocument, rows: int, widths: Iterable[float]) -> WordTable:
    """A table without lines, to set texts side by side; widths in millimetres."""
    room = [Mm(width) for width in widths]
    table = tight(file.add_table(rows, len(room)))
    for column, width in zip(table.columns, room, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, room, strict=True):
            cell.width = width
    return table


def keep_whole(row: WordRow, repeat: bool = False, tall: bool = False) -> None:
    """Never part the row at the end of a page, unless it is tall; `repeat`: it heads every page of its table."""
    properties = row._tr.get_or_add_trPr()
    if not tall:
        properties.append(element("w:cantSplit"))
    if repeat:
        properties.append(element("w:tblHeader"))
