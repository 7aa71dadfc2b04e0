"""Fonts from before Unicode: a text is converted only where its letters tell; names in Unicode stay as they are."""

import unicodedata

import pytest

from members.rules.old_fonts import Font, Reading, font_of, reading, sure_font

TYPED = [
    (Font.TCVN3, "NguyÔn V¨n B×nh", "Nguyễn Văn Bình"),
    (Font.TCVN3, "NGUYÔN V¡N B×NH", "NGUYỄN VĂN BÌNH"),
    (Font.TCVN3, "Vâ ThÞ M\xadêi", "Võ Thị Mười"),
    (Font.TCVN3, "Lª Quèc Toµn", "Lê Quốc Toàn"),
    (Font.TCVN3, "§¾k L¾k", "Đắk Lắk"),
    (Font.TCVN3, "Sè thÎ ®¶ng viªn", "Số thẻ đảng viên"),
    (Font.VNI, "Nguyeãn Vaên Bình", "Nguyễn Văn Bình"),
    (Font.VNI, "NGUYEÃN VAÊN BÌNH", "NGUYỄN VĂN BÌNH"),
    (Font.VNI, "Voõ Thò Möôøi", "Võ Thị Mười"),
    (Font.VNI, "Traàn Thò Hoàng Ñieäp", "Trần Thị Hồng Điệp"),
    (Font.VNI, "Ñaék Laék", "Đắk Lắk"),
    (Font.VNI, "Lyù Thò Kyø Duyeân", "Lý Thị Kỳ Duyên"),
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
    "name", [name for name in UNICODE if max(name) > "\xff" or name.isascii()]
)
def test_a_name_that_only_unicode_can_write_stays_in_a_sheet_of_another_font(font, name):
    assert reading(name, font) == Reading(name, None)


def test_the_font_of_a_sheet_is_what_its_sure_texts_say():
    assert font_of(["Hoàng Lan", "Hoà Bình"]) is None
    assert font_of(["Hoàng Lan", "Traàn Thò Haïnh"]) == Font.VNI
    assert reading("Hoàng Lan", Font.VNI) == Reading("Hồng Lan", Font.VNI, unsure=True)
