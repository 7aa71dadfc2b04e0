"""The papers of a cell's file from data: every value stands in PDF and Word; page, head, signatures, numbers."""

import io
import itertools
import re
from dataclasses import replace

import pypdf
import pytest

from ballots.papers.composing import compose
from ballots.papers.lists.data import UnratedData
from ballots.papers.lock import with_head
from ballots.papers.press import document, measure
from ballots.papers.press import render as press
from cells import wording
from tests.kit import file_samples as samples
from tests.kit import paper_samples
from tests.kit import ruling_samples as rulings
from tests.kit.paper_readers import Printed, fonts_in, pages_in, words

WIDE = {
    "proposals": samples.proposals(),
    "summary": samples.summary(),
    "unrated": samples.unrated(),
}
FILE = WIDE | {"upward": samples.upward(), "checklist": samples.checklist()}
FORMS = {
    "personal": samples.personal(),
    "in_parts": samples.personal_in_parts(),
    "graded": samples.personal_in_parts(samples.GRADES),
}
RULINGS = {
    "recognition": rulings.recognition(),
    "ruling_list": rulings.ruling_list(),
    "rerating": rulings.rerating(),
    "notice": rulings.notice(),
    "joint_decision": rulings.joint_decision(),
    "joint_list": rulings.joint_list(),
}
ALL = FILE | FORMS | RULINGS
LANDSCAPE = {*WIDE, "ruling_list", "joint_list"}


printed = Printed(ALL)


def expected(name: str) -> list[str]:
    """Every line of every table, and every paragraph, as they are read."""
    texts = []
    for block in compose(ALL[name]).blocks:
        if block.kind == "table":
            texts += [text for row in block.rows for text in row if text]
        elif block.kind == "signing":
            texts += [s.authority + s.post + s.name for s in block.signatures]
        else:
            texts.append(block.text)
    return [letters(text) for text in texts]


def letters(text: str) -> str:
    return words(text).replace(" ", "")


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("read", [printed.body, printed.word_text])
def test_every_value_of_the_data_stands_in_the_paper(name, read):
    text = letters(read(name))
    assert [value for value in expected(name) if value not in text] == []


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("proposals", "26 Lê Vân – – – – – Chưa xếp loại: Chờ kết luận kiểm tra"),
        ("summary", "01 Chi bộ 4 HTT 00 25 00 00 100% HTT"),
        ("summary", "03 Nguyễn Thị Thu Thuỷ 3 HTT 01 24 00 00 96% HTT"),
        ("summary", "Hoàn thành tốt nhiệm vụ: 24/25 đồng chí, bằng 96%;"),
        ("unrated", "Tạ Lâm Chưa kiểm điểm, chưa xếp loại Hội nghị chưa kết luận mức xếp loại"),
        ("unrated", "Lương Thị Oanh Không thuộc diện Được miễn công tác và sinh hoạt đảng"),
        ("upward", "01 Đảng viên giữ chức vụ lãnh đạo, quản lý 25 01 23 00 00 00 01 4,17%"),
        ("upward", "Tổng cộng 27 01 24 00 00 01 01 4%"),
        ("upward", "Kính gửi: Đảng ủy Cục Quản lý thị trường tỉnh Gia Lai"),
        ("upward", "Đảng viên không thuộc diện"),
        ("upward", "20% số hoàn thành tốt nhiệm vụ, được 04 đồng chí; đề nghị 01 đồng chí."),
        (
            "upward",
            "1. Tổ chức đảng Chi bộ 4 đề nghị xếp loại: Hoàn thành tốt nhiệm vụ. 2. Đảng viên",
        ),
        ("upward", "Nơi nhận:"),
        ("upward", "- Lưu Chi bộ."),
        ("upward", "Chi bộ 4 đề nghị cấp ủy có thẩm quyền xem xét, công nhận mức xếp loại"),
        ("checklist", "Mẫu 04-HD KĐ.ĐG 2025"),
        ("checklist", "02 Bản kiểm điểm cá nhân 25 Đảng viên trong đó bản giấy: 03"),
        ("personal", "Mẫu 2B-HD KĐ.ĐG 2025"),
        ("personal", "Tổng điểm 100 91,5"),
        ("personal", "02 Chưa đọc nghị quyết Chưa khắc phục Sẽ học trong quý I"),
        ("personal", "Chi bộ đề xuất xếp loại mức chất lượng: Hoàn thành tốt nhiệm vụ."),
        ("personal", "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ"),
        ("personal", "Năm 2023 (Cá nhân không giữ chức vụ lãnh đạo, quản lý)"),
        ("in_parts", "A. NỘI DUNG KIỂM ĐIỂM I. Ưu điểm, kết quả đạt được 1. Về phẩm chất"),
        ("in_parts", "II. Đề xuất xếp loại mức chất lượng Hoàn thành xuất sắc nhiệm vụ"),
        ("graded", "Xuất sắc Tốt Trung bình Kém"),
        ("recognition", "ĐẢNG ỦY CỤC QUẢN LÝ THỊ TRƯỜNG TỈNH GIA LAI QUYẾT ĐỊNH:"),
        ("recognition", "Số 125-QĐ/ĐU"),
        ("recognition", "- Đảng viên hoàn thành tốt nhiệm vụ: 24 đồng chí;"),
        ("recognition", "T/M ĐẢNG ỦY BÍ THƯ Nguyễn Văn Thành"),
        (
            "ruling_list",
            "26 Nguyễn Thị Thu Thuỷ 25 Hoàn thành tốt nhiệm vụ Hoàn thành tốt nhiệm vụ",
        ),
        ("rerating", "Căn cứ Quyết định số 125-QĐ/ĐU, ngày 20/12/2023,"),
        ("notice", "-TB/ĐU"),
        ("notice", "Mức chi bộ đề nghị: Hoàn thành tốt nhiệm vụ."),
    ],
)
def test_rows_read_from_left_to_right_in_both(name, row):
    assert row in printed.pdf_text(name)
    assert row in printed.word_text(name)


def test_the_level_claimed_is_the_one_ticked_among_four():
    tables = printed.word("personal").tables
    highest = "Hoàn thành xuất sắc nhiệm vụ"
    (levels,) = [t for t in tables if words(t.rows[0].cells[0].text) == highest]
    assert [cell.text.strip() for cell in levels.rows[1].cells] == ["□", "x", "□", "□"]


@pytest.mark.parametrize("name", ALL)
def test_tables_lie_on_the_long_side_and_all_else_stands(name):
    box = pypdf.PdfReader(io.BytesIO(printed.pdf_of(name))).pages[0].mediabox
    section = printed.word(name).sections[0]
    assert (box.width > box.height) == (name in LANDSCAPE)
    assert (section.page_width > section.page_height) == (name in LANDSCAPE)
    width = 252 if name in LANDSCAPE else 165
    for table in printed.word(name).tables:
        assert round(sum(cell.width.mm for cell in table.rows[-1]._tr.tc_lst)) == width


@pytest.mark.parametrize("name", ALL)
def test_no_head_of_a_column_is_parted_within_a_word_or_a_phrase(name):
    tables = [block for block in compose(ALL[name]).blocks if isinstance(block, document.Table)]
    heads = [(c.title, document.WIDTHS.get(c.kind, 40)) for t in tables for c in t.columns]
    for title, room in heads:
        assert not re.search("tối đa|tự chấm|cơ quan", title.replace("\u00a0", "_"))
        widest = max(measure.width(word, document.CELL) for word in title.split(" "))
        assert widest <= (room - 1.5) * measure.POINTS_PER_MM, title


@pytest.mark.parametrize("name", ALL)
def test_no_two_tables_in_word_touch_for_they_would_be_one(name):
    tags = [node.tag[-3:] for node in printed.word(name).element.body]
    assert ("tbl", "tbl") not in set(itertools.pairwise(tags))


@pytest.mark.parametrize("name", ALL)
def test_only_liberation_serif_is_embedded(name):
    assert all("Liberation-Serif" in font["/BaseFont"] for font in fonts_in(printed.pdf_of(name)))


@pytest.mark.parametrize("name", ["proposals", "summary"])
def test_a_long_table_repeats_its_head_on_every_page(name):
    rows = [page for page in printed.pages(name) if "Nguyễn Thị Thu Thuỷ" in page]
    assert len(rows) == 2
    assert all("TT Họ và tên Chức vụ" in page for page in rows)


def test_the_signature_takes_rows_of_a_long_table_along():
    last = printed.pages("proposals")[-1]
    assert "25 Nguyễn Thị Thu Thuỷ 25" in last
    assert "T/M CHI BỘ BÍ THƯ Hà Xuân Quang" in last


@pytest.mark.parametrize("name", FILE)
def test_lists_carry_no_number_and_the_report_is_in_its_own_series(name):
    assert ("-BC/CB" in printed.pdf_text(name)) == (name == "upward")
    assert "BB/CB" not in printed.pdf_text(name)
    assert "Gia Lai, ngày 20 tháng 12 năm 2023" in printed.pages(name)[0]
    assert "quyết định" not in printed.pdf_text(name).lower()


def test_a_deputy_signs_for_the_cell():
    signer = samples.Signer("PHÓ BÍ THƯ", "Lê Vân")
    made = compose(replace(samples.upward(), signer=signer))
    assert [(s.authority, s.post, s.name) for s in made.signatures] == [
        ("T/M CHI BỘ", "PHÓ BÍ THƯ", "Lê Vân")
    ]


def test_an_empty_list_says_so():
    empty = UnratedData(samples.HEAD, (), samples.SIGNER)
    assert "Chi bộ không có đảng viên không thuộc diện, chưa kiểm điểm, chưa xếp loại." in words(
        press.html(empty)
    )


def test_a_form_whose_number_nobody_knows_has_none():
    made = compose(replace(samples.checklist(), form=""))
    assert (
        made.form,
        'class="form"' in press.html(replace(samples.checklist(), form="")),
    ) == (
        "",
        False,
    )


@pytest.mark.parametrize(
    "data", [paper_samples.seed(), samples.upward()], ids=["minutes", "report"]
)
def test_any_paper_takes_another_head(data):
    other = replace(data.head, number=wording.two_digits(5), mark="")
    assert with_head(data, other).head == other
    assert f"Số 05-{data.head.series}/CB" in press.html(with_head(data, other))


def test_undecided_members_have_a_column_of_their_own_only_where_there_are_any():
    data = samples.upward()
    groups = (
        replace(data.groups[0], undecided=1, counts={**data.groups[0].counts, "HTT": 22}),
        data.groups[1],
    )
    shares = replace(data.distribution, undecided=1)
    text = words(press.html(replace(data, groups=groups, distribution=shares)))
    assert "Chưa kết luận</th>" in text
    assert "Chưa kết luận</th>" not in words(press.html(data))


def test_a_short_list_does_not_leave_its_title_alone():
    short = replace(samples.unrated(), rows=samples.unrated().rows[:2])
    first, *_ = pages_in(press.pdf(press.html(short)))
    assert short.rows[1].name.split()[0] in first
