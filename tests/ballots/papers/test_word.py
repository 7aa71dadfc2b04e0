"""The Word copies from data: their head, page, tables and language are those of the PDF."""

import pytest
from docx.oxml.ns import qn

from ballots.papers.composing import compose
from ballots.papers.press import measure, render
from tests.kit import paper_samples as samples
from tests.kit.paper_readers import Printed, words

MINUTES = {
    "seed": samples.seed(),
    "locked": samples.locked(samples.seed()),
    "hard": samples.hard(),
}
ALL = MINUTES | {
    **{f"count of {name}": samples.count_of(data) for name, data in MINUTES.items()},
    "ballots": samples.ballot_sheets(24, 2),
}

printed = Printed(ALL)


def test_in_word_everything_from_the_last_paragraph_to_the_check_stays_together():
    for name in ("locked", "count of locked"):
        paper, file = compose(ALL[name]), printed.word(name)
        paragraphs = [p for p in file.paragraphs if p.text]
        for line in paragraphs[-len(paper.closing) - len(paper.annex) - 1 :]:
            assert line.paragraph_format.keep_with_next, line.text
        # One table, but for an annex between: LibreOffice would leave a second one alone on the last page.
        rows = [row for table in file.tables[-2:] for row in table.rows]
        signing, check = rows[-2:]
        assert (len(file.tables[-1].rows) == 2) == (not paper.annex)
        signed = [p for cell in signing.cells for p in cell.paragraphs]
        assert all(paragraph.paragraph_format.keep_with_next for paragraph in signed)
        code, about = check.cells[0], check.cells[-1]
        assert "<pic:pic" in code._element.xml
        assert samples.CHECK.url in about.text
        assert (round(code.width.mm), round(code.width.mm + about.width.mm)) == (24, 165)


@pytest.mark.parametrize("name", ["seed", "count of hard"])
def test_a_draft_in_word_has_its_mark_on_each_page(name):
    section = printed.word(name).sections[0]
    for header in (section.first_page_header, section.header):
        assert header.paragraphs[0].text.startswith("BẢN DỰ THẢO")


def test_word_has_the_margins_and_the_page_numbers_of_the_rule():
    section = printed.word("seed").sections[0]
    margins = (
        section.top_margin,
        section.bottom_margin,
        section.left_margin,
        section.right_margin,
    )
    assert [round(margin.mm) for margin in margins] == [20, 20, 30, 15]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml


@pytest.mark.parametrize("name", ["hard", "count of hard", "ballots"])
def test_tables_in_word_are_as_wide_as_the_text(name):
    for table in printed.word(name).tables:
        widths = [cell.width.mm for cell in table.rows[-1]._tr.tc_lst]
        assert round(sum(widths)) == 165
        assert min(widths) > 8


def test_ballots_can_be_edited_in_word_too():
    text = printed.word_text("ballots")
    assert "PHIẾU ĐỀ NGHỊ XẾP LOẠI" in text
    assert "03 Nguyễn Văn 3 HTT" in text
    section = printed.word("ballots").sections[0]
    assert (section.header.paragraphs[0].text, "PAGE" in section.header._element.xml) == (
        "",
        False,
    )


def test_the_rule_under_the_partys_name_in_word_is_a_line_as_long_as_the_name():
    (_, right), *_ = (row.cells for row in printed.word("seed").tables[0].rows)
    (party,) = right.paragraphs
    assert not party.runs[0].underline
    assert party._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom")).get(qn("w:val")) == "single"
    layout = party.paragraph_format
    length = right.width.mm - layout.left_indent.mm - layout.right_indent.mm
    assert 0 < length - measure.width(party.text, 15) / measure.POINTS_PER_MM < 6


def test_word_knows_the_language_of_every_paper():
    styles = printed.word("seed").styles.element
    assert {node.get(qn("w:val")) for node in styles.iter(qn("w:lang"))} == {"vi-VN"}


@pytest.mark.parametrize("name", ["seed", "hard"])
def test_heads_and_titles_break_in_word_where_they_break_in_the_pdf(name):
    paper, file = compose(ALL[name]), printed.word(name)
    left = [p.text for p in file.tables[0].rows[0].cells[0].paragraphs]
    assert left == [*paper.frame.above, *paper.frame.issuer, "*"]
    assert "\n".join(paper.subject_lines) in [p.text for p in file.paragraphs]
    page = words(render.html(ALL[name]))
    assert " <br>".join(paper.subject_lines) in page


def test_a_ballot_in_word_has_its_boxes_and_the_frame_of_the_stamp():
    _, title, rows = printed.word("ballots").tables
    stamp = title.rows[0].cells[0]
    assert stamp.text == compose(ALL["ballots"]).stamp
    assert len(stamp._tc.tcPr.findall(f".//{qn('w:tcBorders')}/*")) == 4
    boxes = [sum(cell.text == "□" for cell in row.cells) for row in rows.rows]
    assert boxes == [0, *[4] * 24]
