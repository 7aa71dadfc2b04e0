"""Vietnamese names: composed, sorted by given name, found without accents."""

import functools
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cells import wording
from members.rules import names
from members.rules.names import Bearer, ListedNames

# In the right order: given name, then middle names, then family name; tones ngang-huyền-hỏi-ngã-sắc-nặng.
SORTED = [
    "An",
    "Lê An",
    "Vũ An",
    "Nguyễn Bảo An",
    "Lê Văn An",
    "Nguyễn Văn An",
    "Nguyễn Văn Bảo An",
    "Trần Thị Ánh",
    "Hoàng Ấn",
    "Nguyễn Thị Ba",
    "Nguyễn Thị Bà",
    "Nguyễn Thị Bả",
    "Nguyễn Thị Bã",
    "Nguyễn Thị Bá",
    "Nguyễn Thị Bạ",
    "Phạm Văn Bách",
    "Phạm Văn Băng",
    "Phạm Văn Bân",
    "Đỗ Dũng",
    "Phạm Văn Dũng",
    "Phan Đức Duy",
    "Hoàng Thị Đào",
    "Ngô Văn Đức",
    "Lê Thị Em",
    "Lê Thị Én",
    "Lê Thị Êm",
    "Dương Thị Giang",
    "Lý Văn Hà",
    "Phan Thị Hạnh",
    "Trịnh Công Hậu",
    "Đinh Thị Hoa",
    "Đinh Thị Hòa",
    "Đinh Thị Hoài",
    "Đinh Thị Hồng",
    "Đinh Thị Hợi",
    "Đinh Thị Hùng",
    "Đinh Thị Hưng",
    "Cao Thị Lan",
    "Võ Minh Nghĩa",
    "Nông Thị Quế",
    "Quách Văn Ý",
]
VIETNAMESE = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)


def test_names_sort_by_given_name_in_dictionary_order():
    keys = [names.sort_key(name) for name in SORTED]
    assert keys == sorted(set(keys))


def test_letters_and_tones_stand_in_dictionary_order():
    assert "".join(sorted(sorted(VIETNAMESE), key=names.sort_key)) == VIETNAMESE


@given(st.text(alphabet=VIETNAMESE + VIETNAMESE.upper() + " '-1", max_size=100))
def test_a_sort_key_holds_figures_only_and_does_not_see_case_or_form(name):
    key = names.sort_key(name)
    assert key.isascii()
    assert key.isdigit() or key == ""
    assert len(key) <= 400
    assert key == names.sort_key(name.upper().lower())
    assert key == names.sort_key(unicodedata.normalize("NFD", name))


@given(st.text(max_size=100))
def test_no_name_is_too_strange_to_be_sorted_and_searched(name):
    assert set(names.sort_key(name)) <= set("0123456789")
    wording.search_key(name)


def test_a_mark_alone_is_no_letter():
    assert names.sort_key("A\ufe20n") == names.sort_key("An")
    assert names.sort_key("\ufe20").isdigit()


def test_names_of_other_peoples_sort_by_their_plain_letters():
    assert names.sort_key("Ñô") == names.sort_key("Nô")
    assert names.sort_key("H'Lan") == names.sort_key("HLan")
    assert names.sort_key("Ƀă") == names.sort_key("Bă")


def respelled(name: str) -> st.SearchStrategy[str]:
    """The name as others type it: in another form, in capitals, with another apostrophe, a tone mark moved."""
    changes = [
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.upper(),
        lambda text: text.replace("oà", "òa").replace("uỷ", "ủy"),
        *(lambda text, sign=sign: text.replace("'", sign) for sign in "\u2019\u2018\u02bc`"),
    ]
    return st.permutations(changes).map(
        lambda some: functools.reduce(lambda t, f: f(t), some[:3], name)
    )


@given(st.sampled_from(["K'Brôi", "H'Hen Niê", "Y Bim", "Trần Văn Hoà", "Lê Thị Thuỷ"]), st.data())
def test_a_name_respelled_is_the_same_name(name, data):
    other = data.draw(respelled(name))
    assert names.sort_key(other) == names.sort_key(name)
    assert wording.search_key(other) == wording.search_key(name)


@pytest.mark.parametrize(
    ("query", "name", "expected"),
    [
        ("duc", "Ngô Văn Đức", True),
        ("ĐỨC", "Ngô Văn Đức", True),
        ("  van   duc ", "Ngô Văn Đức", True),
        (unicodedata.normalize("NFD", "Đức"), "Ngô Văn Đức", True),
        ("hoa", "Trần Thị Hoà", True),
        ("duong", "Dương Thị Giang", True),
        ("duc", "Ngô Văn Dũng", False),
        ("k\u2019brôi", "K'Brôi", True),
        ("kbroi", "K\u02bcBrôi", True),
        ("hhen nie", "H\u2019Hen Niê", True),
        ("y bim", "Y Bĭm Ƀing", True),
        ("kbroi", "K\u2019 Brôi", True),
        ("k' broi", "K'Brôi", True),
        ("bing", "Y Bĭm Ƀing", True),
    ],
)
def test_names_are_found_without_accents(query, name, expected):
    assert (wording.search_key(query) in wording.search_key(name)) is expected


@pytest.mark.parametrize(
    ("born", "twin", "shown"),
    [
        (1975, True, "Nguyễn Văn An (1975)"),
        (1975, False, "Nguyễn Văn An"),
        (None, True, "Nguyễn Văn An"),
    ],
)
def test_the_year_of_birth_is_shown_only_where_it_is_needed(born, twin, shown):
    assert names.display("Nguyễn Văn An", born, twin) == shown


ELDER, YOUNGER = Bearer(1, "Nguyễn Văn Hoà", 1950), Bearer(2, "Nguyễn Văn Hòa", 1975)
OTHER = Bearer(3, "Nguyễn Văn Hoá", 1980)


def test_a_list_tells_two_of_one_name_apart_however_the_name_is_typed():
    listed = ListedNames([ELDER, OTHER, YOUNGER])
    assert [listed.label(who) for who in (ELDER, YOUNGER, OTHER)] == [
        "Nguyễn Văn Hoà (1950)",
        "Nguyễn Văn Hòa (1975)",
        "Nguyễn Văn Hoá",
    ]


def test_two_of_one_name_and_year_are_told_apart_by_the_day():
    first, second = (Bearer(n, "Lê Văn Hùng", 1975, date(1975, n, 12)) for n in (3, 9))
    third, dayless = Bearer(4, "Lê Văn Hùng", 1980), Bearer(5, "Lê Văn Hùng", 1975)
    listed = ListedNames([first, second, third, dayless])
    assert [listed.label(who) for who in (first, second, third, dayless)] == [
        "Lê Văn Hùng (12/03/1975)",
        "Lê Văn Hùng (12/09/1975)",
        "Lê Văn Hùng (1980)",
        "Lê Văn Hùng (1975)",
    ]


def test_two_of_one_name_and_year_without_a_day_are_told_apart_by_the_card():
    first, second = (Bearer(n, "Lê Văn Hùng", 1975, card_number=f"2400000{n}") for n in (3, 9))
    third = Bearer(4, "Lê Văn Hùng", 1975, date(1975, 4, 1))
    listed = ListedNames([first, second, third])
    assert [listed.label(who) for who in (first, second, third)] == [
        "Lê Văn Hùng (1975, thẻ 24000003)",
        "Lê Văn Hùng (1975, thẻ 24000009)",
        "Lê Văn Hùng (01/04/1975)",
    ]
    assert ListedNames([first, third]).label(first) == "Lê Văn Hùng (1975)"


def test_one_who_stands_twice_in_what_a_list_is_made_of_has_no_namesake():
    assert ListedNames([ELDER, ELDER]).label(ELDER) == ELDER.name


def test_who_is_not_on_the_list_is_told_from_those_who_are():
    assert ListedNames([ELDER]).label(YOUNGER) == "Nguyễn Văn Hòa (1975)"
    assert ListedNames([]).label(YOUNGER) == YOUNGER.name
