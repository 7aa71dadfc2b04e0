"""Where the lines of a head break: at words of sense, evenly, within their room."""

import pytest

from ballots.papers.press.measure import POINTS_PER_MM, lines_of, width

HEAD, TITLE, LETTERS = 75, 145, 14


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Đảng bộ xã Mẫu", ["ĐẢNG BỘ XÃ MẪU"]),
        (
            "Đảng bộ Cục Quản lý thị trường tỉnh Gia Lai",
            ["ĐẢNG BỘ CỤC QUẢN LÝ", "THỊ TRƯỜNG TỈNH GIA LAI"],
        ),
        (
            "Đảng bộ Trường Trung học cơ sở Nguyễn Thị Minh Khai",
            ["ĐẢNG BỘ", "TRƯỜNG TRUNG HỌC CƠ SỞ", "NGUYỄN THỊ MINH KHAI"],
        ),
        (
            "ĐẢNG BỘ CÔNG TY CỔ PHẦN CẤP NƯỚC THÀNH PHỐ",
            ["ĐẢNG BỘ CÔNG TY CỔ PHẦN", "CẤP NƯỚC THÀNH PHỐ"],
        ),
    ],
)
def test_a_name_breaks_where_its_sense_breaks(name, lines):
    assert list(lines_of(name, HEAD, LETTERS, capitals=True)) == lines


def test_a_title_leaves_the_period_whole_and_its_lines_even():
    title = "hội nghị kiểm điểm, đánh giá, xếp loại chất lượng tổ chức đảng, đảng viên năm 2023"
    first, second = lines_of(title, TITLE, LETTERS)
    assert second.endswith("đảng viên năm 2023")
    assert abs(width(first, LETTERS) - width(second, LETTERS)) < width(second, LETTERS) / 4


@pytest.mark.parametrize("text", ["", "x" * 200, "a " * 300, "Nguyễn " * 40 + "10 năm 2023"])
def test_any_text_is_set_in_lines_that_fit(text):
    lines = lines_of(text.strip(), TITLE, LETTERS)
    assert " ".join(lines) == text.strip()
    room = TITLE * POINTS_PER_MM
    assert all(width(line, LETTERS) <= room for line in lines if " " in line)
