"""Fonts from before Unicode: a text is converted only where its letters tell; names in Unicode stay as they are."""

import unicodedata

import pytest

from cells.old_fonts import Font, Reading, font_of, reading, sure_font

TYPED = [
    (Font.TCVN3, "NguyÔn V¨n B×nh", "Nguyễn Văn Bình"),
    (Font.TCVN3, "NGUYÔN V¡N B×NH", "NGUYỄN VĂN BÌNH"),
    (Font.TCVN3, "Vâ ThÞ M\xadêi", "Võ Thị Mười"),
    (Font.TCVN3, "Lª Quèc Toµn", "Lê Quốc Toàn"),
    (Font.TCVN3, "§¾k L¾k", "Đắk Lắk"),
    (Font.TCVN3, "Sè thÎ ®¶ng viªn", "Số thẻ đảng viên"),
    (Font.TCVN3, "Lª ThÞ èc", "Lê Thị Ốc"),
    (Font.TCVN3, "§ç Êt", "Đỗ Ất"),
    (Font.TCVN3, "Vâ ChÝ", "Võ Chí"),
    (Font.TCVN3, "Kp¨ Kl¬ng", "Kpă Klơng"),
    (Font.TCVN3, "H'Bia Niª", "H'Bia Niê"),
    (Font.TCVN3, "R¬ Mah §uk", "Rơ Mah Đuk"),
    (Font.TCVN3, "K\u2019Br«i", "K\u2019Brôi"),
    (Font.VNI, "Nguyeãn Vaên Bình", "Nguyễn Văn Bình"),
    (Font.VNI, "NGUYEÃN VAÊN BÌNH", "NGUYỄN VĂN BÌNH"),
    (Font.VNI, "Voõ Thò Möôøi", "Võ Thị Mười"),
    (Font.VNI, "Traàn Thò Hoàng Ñieäp", "Trần Thị Hồng Điệp"),
    (Font.VNI, "Ñaék Laék", "Đắk Lắk"),
    (Font.VNI, "Lyù Thò Kyø Duyeân", "Lý Thị Kỳ Duyên"),
    (Font.VNI, "Leâ Lan", "Lê Lan"),
    (Font.VNI, "Kpaê Klông", "Kpă Klơng"),
    (Font.VNI, "K'Broâi", "K'Brôi"),
]
UNICODE = [
    *("Nguyễn Văn Hoàng", "Lê Thị Thuỳ", "Đỗ Huỳnh Thùy Trang", "Quỳnh Như", "Lò Văn Sâm"),
    *(
        "Giàng A Páo",
        "Vừ A Dếnh",
        "K\u2019Brôi",
        "Y Bim Niê",
        "H\u2019Hen Niê",
        "Kpă Klơng",
        "Siu Blă",
    ),
    *("Nguyễn Khuyến", "Nghiêm Xuân Yêm", "Khuất Duy Tiến", "Phạm Quốc Oai", "Hoà", "Gì"),
]


@pytest.mark.parametrize(("font", "typed", "meant"), TYPED)
def test_what_was_typed_in_an_old_font_is_read_as_it_was_meant(font, typed, meant):
    assert sure_font(typed) == font
    assert reading(typed, font) == Reading(meant, font)


@pytest.mark.parametrize("name", UNICODE)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_in_unicode_is_never_taken_for_another_font(name, form):
    name = unicodedata.normalize(form, name)
    assert sure_font(name) is None
    assert reading(name, None) == Reading(name, None)


@pytest.mark.parametrize("font", Font)
@pytest.mark.parametrize(
    "name", [name for name in UNICODE if max(set(name) - {"\u2019"}) > "\xff" or name.isascii()]
)
def test_a_name_that_only_unicode_can_write_stays_in_a_sheet_of_another_font(font, name):
    assert reading(name, font) == Reading(name, None)


def test_the_font_of_a_sheet_is_what_its_sure_texts_say():
    assert font_of(["Hoàng Lan", "Hoà Bình"]) is None
    assert font_of(["Hoàng Lan", "Traàn Thò Haïnh"]) == Font.VNI
    assert reading("Hoàng Lan", Font.VNI).ways == ("Hoàng Lan", "Hồng Lan")


@pytest.mark.parametrize(
    ("text", "font", "changed"),
    [
        ("Ksor Krôn", Font.VNI, "Ksor Krơn"),
        ("Rô Mah Ñuk", Font.VNI, "Rơ Mah Đuk"),
        ("Nh\xadr", Font.TCVN3, "Nhưr"),
        ("Thò Nhö", None, "Thũ Nhử"),
        ("Nguyễn V¨n B×nh", None, "Nguyễn Văn Bình"),
    ],
)
def test_what_only_seems_to_be_typed_in_an_old_font_is_never_taken_for_it_unasked(
    text, font, changed
):
    meant = reading(text, font)
    assert (meant.text, meant.font, meant.ways[:2]) == (text, None, (text, changed))


def test_a_text_in_another_old_font_than_the_sheets_is_read_in_its_own():
    assert reading("Traàn Thò Haïnh", Font.TCVN3) == Reading("Trần Thị Hạnh", Font.VNI)
