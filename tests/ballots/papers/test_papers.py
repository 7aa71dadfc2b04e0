"""Papers from data: every number in PDF and Word, one font, the draft mark, hostile text, page count."""

import io
import re
from dataclasses import replace

import pypdf
import pytest
import segno
from django.conf import settings

from ballots.papers.composing import compose
from ballots.papers.minutes.data import CountData, MinutesData, PollResult, PollRow
from ballots.papers.press import document, render
from cells import wording
from tests.kit import paper_samples as samples
from tests.kit.paper_readers import Printed, followed_by, fonts_in, words

MINUTES = {
    "seed": samples.seed(),
    "locked": samples.locked(samples.seed()),
    "hard": samples.hard(),
}
DOCUMENTS = MINUTES | {
    f"count of {name}": samples.count_of(data) for name, data in MINUTES.items()
}
SHEETS = {
    "ballots": samples.ballot_sheets(24, 2),
    "small ballots": samples.ballot_sheets(1, 4, samples.LEVELS[:1]),
    "slips": samples.slips(14),
}
ALL = DOCUMENTS | SHEETS


printed = Printed(ALL)


def figures(row: PollRow, place: int, codes: list[str]) -> list[str]:
    """A row of a poll's table, as it is read from left to right."""
    votes = [f"{row.counts[code]:02d} ({wording.percent(row.shares[code])})" for code in codes]
    post, remark = ([text] if text else [] for text in (row.post, row.remark))
    return [f"{place:02d}", row.subject, *post, *votes, f"{row.blank:02d}", *remark]


def expected(data: MinutesData | CountData) -> list[str]:
    """Every figure of the paper in the words it must stand in."""
    sitting = data.sitting
    texts = []
    for poll in sitting.polls:
        texts.append(f"có mặt: {poll.present:02d}/{poll.summoned:02d} đồng chí;")
        texts.append(f"số phiếu phát ra: {poll.issued:02d}; thu về: {poll.collected:02d};")
        texts.append(f"hợp lệ: {poll.valid:02d}; không hợp lệ: {poll.invalid:02d}.")
        texts.append(f"Tỷ lệ % tính trên {poll.base_label}: {poll.base:02d}.")
        codes = [level.code for level in poll.levels]
        texts += [" ".join(figures(row, at, codes)) for at, row in enumerate(poll.rows, 1)]
        if isinstance(data, CountData):
            texts += [poll.p, poll.list_sha256, poll.digits]
    texts.append(f"có mặt: {sitting.roll.present:02d}/{sitting.roll.summoned:02d} đồng chí;")
    texts.append(f"{sitting.tellers.yes:02d}/{sitting.tellers.total:02d} đồng chí đồng ý.")
    if isinstance(data, MinutesData):
        texts += outcome(data)
    return [words(text) for text in texts]


def outcome(data: MinutesData) -> list[str]:
    share = data.distribution
    texts = [
        f"{level.label}: {share.counts[level.code]:02d}/{share.rated:02d} đồng chí, "
        f"bằng {wording.percent(share.shares[level.code])}"
        for level in data.levels
    ]
    if share.undecided:
        part = wording.percent_of(share.undecided, share.rated)
        texts.append(
            f"Chưa kết luận: {share.undecided:02d}/{share.rated:02d} đồng chí, bằng {part}."
        )
    texts.append(f"biểu quyết thông qua: {data.yes:02d}/{data.total:02d} đồng chí đồng ý.")
    return texts + [
        f"{at:02d} {v.name} {v.self_level} {v.level or 'Chưa kết luận'}"
        for at, v in enumerate(data.members, 1)
    ]


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("read", [printed.pdf_text, printed.word_text])
def test_every_figure_of_the_data_stands_in_the_paper(name, read):
    text = read(name)
    assert [figure for figure in expected(DOCUMENTS[name]) if figure not in text] == []


def test_the_seed_case_reads_as_it_was_published():
    text = printed.pdf_text("seed")
    assert "Hoàn thành tốt nhiệm vụ: 07/08 đồng chí, bằng 87,5%;" in text
    assert "Hoàn thành xuất sắc nhiệm vụ: 01/08 đồng chí, bằng 12,5%;" in text
    assert "01 Chi bộ 4 00 (0%) 08 (100%) 00 (0%) 00 (0%) 00" in text


def test_the_minutes_tell_the_meeting_as_it_was_held():
    text = printed.pdf_text("hard")
    for phrase in (
        "Đồng chí Trần Thị Ánh, Bí thư, trình bày dự thảo báo cáo kiểm điểm",
        "- Về hạn chế, khuyết điểm: + Đồng chí Đỗ Dũng:",
        "- Đồng chí Đỗ Dũng: Nhất trí.",
        "+ Đồng chí Lê Vân (nguyên nhân):",
        "+ Tiếp thu: Sẽ khắc phục trong quý I.",
        "- Đồng chí Ngô Đức (về đồng chí Lê Vân): Bảo lưu",
        "+ Đồng chí Tạ Lâm, lúc 16 giờ 00 phút.",
        "Lý do phiếu không hợp lệ: rách một góc (01 phiếu).",
        "Biên bản này được lập thành 03 bản, lưu: Chi bộ; Đảng ủy Khối.",
    ):
        assert phrase in text
    count = printed.pdf_text("count of hard")
    assert "Thời gian kiểm phiếu: bắt đầu lúc 15 giờ 00 phút, kết thúc lúc 15 giờ 40 phút" in count


@pytest.mark.parametrize("name", DOCUMENTS)
def test_word_says_what_the_pdf_says_in_the_same_order(name):
    lines = [b.text for b in compose(DOCUMENTS[name]).blocks if b.kind != "table"]
    in_word, in_pdf = printed.word_text(name), letters(printed.body(name))
    at = 0
    for line in lines:
        at = in_word.index(words(line), at)
        assert letters(line) in in_pdf


def letters(text: str) -> str:
    """The text without white space."""
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("name", ALL)
def test_every_pdf_embeds_liberation_serif_and_for_codes_liberation_sans_alone(name):
    fonts = fonts_in(printed.pdf_of(name))
    assert fonts
    for font in fonts:
        assert re.fullmatch(r"/\w{6}\+Liberation-(Serif(-\w+)?|Sans)", font["/BaseFont"])
        descendant = font["/DescendantFonts"][0].get_object()
        assert "/FontFile2" in descendant["/FontDescriptor"]


@pytest.mark.parametrize("name", ["locked", "slips"])
def test_two_renders_are_equal_byte_for_byte(name):
    assert render.pdf(render.html(ALL[name])) == printed.pdf_of(name)


def test_the_pdf_says_that_it_is_pdf_a_3u():
    root = pypdf.PdfReader(io.BytesIO(printed.pdf_of("locked"))).root_object
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"pdfaid:part\W+3\D", metadata)
    assert re.search(r"pdfaid:conformance\W+U\W", metadata)
    assert root["/OutputIntents"]


def test_both_files_of_a_paper_say_which_guidance_it_follows():
    layout = "Thể thức hd-36: Hướng dẫn 36-HD/VPTW, ngày 03/4/2018; bộ hướng dẫn 2023.1"
    assert followed_by(printed.pdf_of("locked")) == layout
    assert printed.word("locked").core_properties.keywords == layout


@pytest.mark.parametrize(("name", "count"), [("seed", 4), ("hard", 7), ("count of seed", 3)])
def test_a_draft_has_its_mark_on_each_page_and_numbers_from_the_second_on(name, count):
    shown = printed.pages(name)
    assert len(shown) == count
    assert shown[0].count("BẢN DỰ THẢO") == 1
    assert shown[0].endswith("BẢN DỰ THẢO")
    assert all(page.endswith(f"BẢN DỰ THẢO {number}") for number, page in enumerate(shown[1:], 2))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_low_tables_stand_whole_on_one_page_and_others_repeat_their_heads(name):
    shown = [letters(page) for page in printed.pages(name)]
    for table in (block for block in compose(DOCUMENTS[name]).blocks if block.kind == "table"):
        head, *rows = (letters("".join(row)) for row in (titles(table), *table.rows))
        on = [page for page in shown if any(row in page for row in rows)]
        assert all(head in page for page in on)
        assert not table.is_whole or any(all(row in page for row in rows) for page in on)


def titles(table: document.Table) -> list[str]:
    return [column.title for column in table.columns]


@pytest.mark.parametrize(
    ("rows", "reason", "whole"), [(7, "", True), (14, "", False), (3, samples.LONG_TEXT, False)]
)
def test_whether_a_table_is_kept_whole_is_judged_by_its_height(rows, reason, whole):
    columns = [document.Column("tt", "TT"), document.Column("why", "Lý do")]
    flow = document.Flow()
    flow.table(columns, [[str(at), reason] for at in range(rows)])
    (table,) = flow.blocks
    assert table.is_whole == whole
    assert [tall for tall, _ in table.lines] == [bool(reason)] * rows


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_signatures_take_the_last_paragraph_along(name):
    paper = compose(DOCUMENTS[name])
    last = letters(printed.pages(name)[-1])
    for line in (paper.blocks[-1], *paper.closing, *paper.annex):
        assert letters(line.text) in last
    assert paper.signatures[0].post.replace(" ", "") in last


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name.startswith("count")])
def test_fingerprints_stand_after_the_signatures_and_not_in_the_body(name):
    paper, polls = compose(DOCUMENTS[name]), DOCUMENTS[name].sitting.polls
    body = " ".join(block.text for block in paper.blocks if block.kind != "table")
    annex = " ".join(line.text for line in paper.annex)
    for poll in polls:
        for digest in (poll.p, poll.list_sha256):
            assert digest not in body
            assert digest in annex
    assert printed.pages(name)[-1].index("Mã đầy đủ") > printed.pages(name)[-1].index(
        "CHỦ TRÌ HỘI NGHỊ"
    )


@pytest.mark.parametrize("name", MINUTES)
def test_every_point_of_the_proceedings_has_its_heading_also_where_nothing_was_said(name):
    blocks = compose(MINUTES[name]).blocks
    headings = [block.text.split(". ", 1)[1] for block in blocks if block.kind == "heading"]
    assert {"Ý kiến góp ý đối với tập thể", "Ý kiến bảo lưu"} <= set(headings)
    assert "Thông qua Tổ kiểm phiếu" in headings
    assert not re.search(r"[Bb]ầu", printed.pdf_text(name))


def test_every_page_of_a_locked_paper_has_the_check_code_and_the_last_its_address():
    shown = printed.pages("locked")
    assert all("Mã kiểm tra ABCD EFGH JKLM" in page for page in shown)
    assert not any("BẢN DỰ THẢO" in page for page in shown)
    assert samples.CHECK.url in shown[-1].replace(" ", "")
    assert "Văn bản đã khoá" in shown[-1]


@pytest.mark.parametrize(
    ("number", "shown"), [("", "Số \u00a0\u00a0\u00a0\u00a0\u00a0-BB/CB"), ("05", "Số 05-BB/CB")]
)
def test_a_paper_without_number_leaves_room_for_it_and_there_is_no_colon(number, shown):
    head = replace(samples.seed().sitting.head, number=number)
    assert document.Frame.from_head(head).number == shown


@pytest.mark.parametrize("name", MINUTES)
def test_the_cell_proposes_and_never_decides(name):
    text = printed.pdf_text(name)
    assert "đề nghị cấp ủy có thẩm quyền xem xét, công nhận" in text
    assert "quyết định" not in text.lower()


@pytest.mark.parametrize("name", ["hard", "count of hard"])
def test_a_void_poll_is_one_line_without_a_number(name):
    line = "- Lượt “Xếp loại chất lượng Chi bộ”: đã huỷ, không kiểm phiếu. Lý do: mất điện trước khi kiểm phiếu."
    assert line in printed.pdf_text(name)


def test_the_papers_never_count_ballots_by_door():
    assert not {"phone", "slip", "paper", "doors"} & set(PollResult.__dataclass_fields__)
    assert "trên máy dùng chung bằng phiếu bốc thăm; bằng phiếu giấy" in printed.pdf_text("hard")


def test_absences_reasons_guests_and_reserved_opinions_are_on_record():
    text = printed.pdf_text("hard")
    for sentence in (
        "Đồng chí Chu Văn Phú, có lý do: Đi công tác;",
        "Đồng chí Nông Thị Quế, không có lý do.",
        "Đại diện Đảng ủy phường, Ủy viên Ban Thường vụ Đảng ủy phường.",
        "Đồng chí Lương Thị Oanh: Miễn công tác và sinh hoạt đảng.",
        "Đồng chí Ngô Đức (về đồng chí Lê Vân): Bảo lưu ý kiến về mức xếp loại.",
        "Đồng chí Tạ Lâm: về sớm do việc gia đình.",
        "Hoàn thành tốt nhiệm vụ (chủ trì kết luận; lý do: Đủ số phiếu sau khi thảo luận lại).",
        "tự chấm 84,5/100 điểm",
    ):
        assert sentence in text


def test_ballots_are_all_alike():
    shown = printed.pages("ballots")
    half = len(shown) // 2
    assert half
    assert shown[:half] == shown[half:]


def test_a_ballot_has_neither_number_nor_name_of_a_voter_and_a_place_for_the_stamp():
    text = printed.pdf_text("ballots")
    assert "(dấu của cấp ủy cấp trên, nếu có, hoặc chữ ký của Tổ kiểm phiếu)" in text
    assert "Không ký tên" in text
    assert "BB/CB" not in text


def test_small_ballots_go_two_to_a_page_and_one_level_asks_yes_or_no():
    assert len(printed.pages("small ballots")) == 2
    assert "Tự nhận Đồng ý Không đồng ý" in printed.pdf_text("small ballots")


def test_slips_show_their_codes_in_groups_and_nothing_of_a_person():
    text = printed.pdf_text("slips")
    assert [slip.shown for slip in SHEETS["slips"].slips if slip.shown not in text] == []
    assert len(printed.pages("slips")) == 2


def test_the_qr_code_drawn_is_the_code_made():
    drawn = {
        (int(x) + step, int(y))
        for x, y, run in re.findall(
            r"M(\d+) (\d+)\.5h(\d+)", render.qr_path(samples.CHECK.url)["path"]
        )
        for step in range(int(run))
    }
    matrix = segno.make(samples.CHECK.url, error="m", micro=False).matrix
    assert drawn == {(x, y) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}


@pytest.mark.parametrize("name", ALL)
def test_the_screen_shows_what_is_printed_without_inline_code(name):
    page = render.html(ALL[name])
    assert words(render.fragment(ALL[name])).strip() in words(page)
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=", page)
    assert "css/print.css" in page


def test_the_style_sheet_names_nothing_to_load():
    text = (settings.BASE_DIR / "static" / "css" / "print.css").read_text()
    assert not re.search(r"url\(|@import|@font-face", text)


def test_columns_are_as_wide_in_print_as_in_word():
    text = (settings.BASE_DIR / "static" / "css" / "print.css").read_text()
    set_wide = re.findall(
        r"^\.paper \.figures \.([\w-]+) \{ width: ([\d.]+)mm;", text, re.MULTILINE
    )
    inner = {kind: float(width) for kind, width in set_wide}
    padded = {
        kind: width + (1.5 if kind in ("votes", "level") else 2.1) for kind, width in inner.items()
    }
    assert padded == pytest.approx(document.WIDTHS, abs=0.2)


def test_every_count_stands_above_its_share():
    cells = re.findall(r'<td class="votes">([^<]*)', render.fragment(ALL["hard"]))
    assert cells
    assert all(re.fullmatch(r"\d\d\n\([\d,]+%\)", cell) for cell in cells)


def test_blocks_grow_with_the_members_and_not_faster():
    short, long = (len(render.html(samples.large(size))) for size in (50, 200))
    assert long <= 4 * short


def test_percentages_that_do_not_add_up_have_their_note():
    assert "Tổng các tỷ lệ % khác 100% là do làm tròn." in printed.pdf_text("hard")
    assert "làm tròn" not in printed.pdf_text("seed")


def test_no_page_but_that_of_a_locked_paper_has_a_foot():
    assert not any("Bộ hướng dẫn" in page for name in DOCUMENTS for page in printed.pages(name))
