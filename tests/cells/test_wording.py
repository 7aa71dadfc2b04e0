"""How papers and pages write numbers, dates and names of files."""

import importlib
import unicodedata
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cells import wording


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(7, 8), "87,5%"),
        (Fraction(1, 8), "12,5%"),
        (Fraction(1), "100%"),
        (Fraction(0), "0%"),
        (Fraction(1, 3), "33,33%"),
        (Fraction(2, 3), "66,67%"),
        (Fraction(8, 21), "38,1%"),
        (Fraction(1, 16), "6,25%"),
        (Fraction(1, 800), "0,13%"),
        (Fraction(1, 20_000), "0,01%"),
        (Fraction(1, 20_001), "0%"),
        (Fraction(3, 2), "150%"),
    ],
)
def test_percentages_are_rounded_half_up_without_trailing_zeros(share, text):
    assert wording.percent(share) == text


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_a_percentage_is_within_half_a_hundredth_of_the_share(part, whole):
    text = wording.percent_of(part, whole)
    shown = Fraction(text.removesuffix("%").replace(",", "."))
    assert -Fraction(1, 200) < shown - Fraction(100 * part, whole) <= Fraction(1, 200)
    assert not text.endswith((",%", "00%")) or "," not in text


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (Fraction(7, 8), "0.0%"),
        (Fraction(1, 7), "0.00%"),
        (Fraction(1), "0%"),
        (Fraction(0), "0%"),
    ],
)
def test_a_sheet_shows_as_many_digits_as_a_paper(share, shown):
    assert wording.percent_format(share) == shown


@pytest.mark.parametrize(
    ("parts", "apart"),
    [
        ([1, 1, 1], True),  # three times 33,33%
        ([2, 20, 1], True),  # 8,7 + 86,96 + 4,35 = 100,01
        ([7, 1], False),
        ([1, 1, 0, 2], False),
    ],
)
def test_percentages_that_do_not_add_up_are_known_for_it(parts, apart):
    whole = sum(parts)
    assert wording.is_rounded_apart(Fraction(part, whole) for part in parts) == apart
    assert not wording.is_rounded_apart(Fraction(part, whole + 1) for part in parts)


@pytest.mark.parametrize(
    ("title", "shown"),
    [("Xếp loại đảng viên", "xếp loại đảng viên"), ("HTXS lần hai", "HTXS lần hai"), ("", "")],
)
def test_a_title_goes_on_a_line_in_small_letters(title, shown):
    assert wording.uncapitalized(title) == shown


def test_nothing_is_a_percentage_of_nothing():
    assert wording.percent_of(0, 0) is None


def test_counts_below_ten_take_a_zero():
    assert wording.two_digits(7) == "07"
    assert wording.two_digits(25) == "25"
    assert wording.fraction(7, 8) == "07/08"
    assert wording.fraction(7, 125) == "07/125"
    assert wording.thousands(1234567) == "1.234.567"


@pytest.mark.parametrize(
    ("points", "text"),
    [
        ("86.5", "86,5"),
        ("86.50", "86,5"),
        ("86.00", "86"),
        ("100", "100"),
        ("0", "0"),
        ("84.25", "84,25"),
    ],
)
def test_scores_drop_trailing_zeros(points, text):
    assert wording.score(Decimal(points)) == text


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 3, 5), "ngày 05 tháng 3 năm 2026"),
        (date(2026, 2, 20), "ngày 20 tháng 02 năm 2026"),
        (date(2026, 1, 1), "ngày 01 tháng 01 năm 2026"),
        (date(2023, 12, 20), "ngày 20 tháng 12 năm 2023"),
        (date(2026, 10, 9), "ngày 09 tháng 10 năm 2026"),
    ],
)
def test_long_dates_take_a_zero_before_days_and_the_first_two_months_only(day, text):
    assert wording.long_date(day) == text


def test_dates_and_times_in_figures_and_words():
    assert (
        wording.place_and_date("Gia Lai", date(2023, 12, 20))
        == "Gia Lai, ngày 20 tháng 12 năm 2023"
    )
    assert wording.place_and_date("", date(2023, 12, 20)) == "ngày 20 tháng 12 năm 2023"
    assert wording.short_date(date(2026, 7, 5)) == "05/07/2026"
    assert wording.clock(time(19, 30)) == "19 giờ 30 phút"
    assert wording.clock(time(8, 5)) == "08 giờ 05 phút"


def test_accents_go_and_the_d_too():
    assert wording.unaccented("Đặng Thị Đức, Ưng Ỷ") == "Dang Thi Duc, Ung Y"
    assert wording.unaccented(unicodedata.normalize("NFD", "Đỗ Hữu Tuệ")) == "Do Huu Tue"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Biên bản hội nghị_Chi bộ 4_2023", "Bien ban hoi nghi_Chi bo 4_2023"),
        ('a/b\\c:d*e?f"g<h>i|j', "a b c d e f g h i j"),
        ("../../etc/passwd", "etc passwd"),
        ("  . ", "tep"),
        ("", "tep"),
    ],
)
def test_file_names_are_safe_everywhere(text, name):
    assert wording.file_name(text) == name


@given(st.text())
def test_no_file_name_leaves_its_folder(text):
    name = wording.file_name(text)
    assert name.isascii()
    assert "/" not in name
    assert name[0] != "."
    assert name[-1] not in ". "
    assert len(name) <= wording.LONGEST_FILE_NAME


def test_free_text_keeps_its_lines():
    assert wording.many_lines("\r\n  Một \t dòng.\r\nHai\xa0dòng. \n\n") == "Một dòng.\nHai dòng."


@pytest.mark.parametrize(
    "char",
    [
        "\x00",
        "\x07",
        "\u200b",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\u00ad",
        "\u3164",
        "\ufe0f",
        "\ud800",
    ],
)
@pytest.mark.parametrize("clean", [wording.one_line, wording.many_lines])
def test_hidden_characters_are_refused(clean, char):
    with pytest.raises(ValueError, match="ký tự ẩn"):
        clean(f"Nguyễn{char} An")


def test_a_fixed_phrase_is_never_parted():
    assert wording.bound("07/08 đồng chí") == "07/08\u00a0đồng\u00a0chí"
    best = "Hoàn\u00a0thành xuất\u00a0sắc nhiệm\u00a0vụ"
    assert wording.phrased("Hoàn thành xuất sắc nhiệm vụ") == best


@pytest.mark.parametrize(
    "text", ["phát ra: 15", "thu về: 15", "không hợp lệ: 00", "Cột “Tỷ lệ %”"]
)
def test_no_line_ends_between_what_is_counted_and_its_number(text):
    head, _, last = text.rpartition(" ")
    assert wording.knit(text) == f"{head}\u00a0{last}"


def test_a_pair_of_words_with_a_dash_is_one():
    bound = wording.bound("chính trị - xã hội")
    assert wording.knit("các đoàn thể chính trị - xã hội tỉnh") == f"các đoàn thể {bound} tỉnh"


LONG = "Trình bày dự thảo báo cáo kiểm điểm của chi bộ; chi bộ tự nhận mức xếp"


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        (f"{LONG} loại.", f"{LONG}\u00a0loại."),
        (f"{LONG} 08\u00a0đồng\u00a0chí.", f"{LONG} 08\u00a0đồng\u00a0chí."),
        ("Góp ý đối với tập thể chi bộ.", "Góp ý đối với tập thể chi bộ."),
        ("a" * 100, "a" * 100),
        ("", ""),
    ],
)
def test_no_paragraph_of_more_than_a_line_ends_in_a_single_word(text, bound):
    assert wording.end_bound(text) == bound


@pytest.mark.parametrize(
    ("committee", "executive"),
    [
        ("Đảng bộ phường An Phú", "Đảng ủy phường An Phú"),
        ("Đảng bộ Cục Quản lý thị trường", "Đảng ủy Cục Quản lý thị trường"),
        ("Đảng bộ tỉnh Gia Lai", "Tỉnh ủy Gia Lai"),
        ("Đảng bộ thành phố Huế", "Thành ủy Huế"),
        ("Đảng bộ huyện Chư Sê", "Huyện ủy Chư Sê"),
        ("Đảng bộ thị xã An Khê", "Thị ủy An Khê"),
        ("Đảng bộ tỉnh", "Đảng ủy tỉnh"),
        ("Đảng ủy Khối", "Đảng ủy Khối"),
        ("Đảng bộ", "Đảng bộ"),
    ],
)
def test_the_executive_is_named_after_its_committee(committee, executive):
    assert wording.executive_of(committee) == executive


def test_the_migration_writes_the_keys_of_names_that_are_saved():
    migration = importlib.import_module("cells.migrations.0003_add_keys_of_cell_names")
    name = "Chi bộ  Buôn K\u2019Brôi 7, Đak ƀlă"
    cell = SimpleNamespace(name=name)
    manager = mock.Mock(only=lambda *_: [cell])
    apps = SimpleNamespace(get_model=lambda *_: SimpleNamespace(objects=manager))
    migration.fill(apps, None)
    assert cell.name_sort == wording.natural_key(name)
    assert cell.name_search == wording.search_key(name)
    manager.bulk_update.assert_called_once()
