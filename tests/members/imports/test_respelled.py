"""A list in which names are typed in any other way still tells of the people who are there, and makes nobody anew."""

import functools
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from members.imports.matching import plan
from members.imports.plans import KnownMember
from members.imports.spreadsheets import read
from members.rules.identity import Likeness, likeness
from tests.kit.sheets import TODAY, table

NAMES = [
    *("K'Brôi", "H'Hen Niê", "Y Bim Êban", "Trần Văn Hoà", "Lê Thị Thuỷ", "Đỗ Quý Thuý"),
    *("Rơ Mah Đuk", "Kpă Klơng", "Nguyễn Thị Xoè", "Võ Huy", "Siu Bĭm", "Ƀing Čư"),
]
PEOPLE = [
    KnownMember(at, {"name": name, "born_year": 1950 + at, "status": "full"})
    for at, name in enumerate(NAMES)
]
# Where people put the tone mark otherwise: on the vowel before or after.
OLD_PLACES = [("oà", "òa"), ("uỷ", "ủy"), ("uý", "úy"), ("oè", "òe")]


def _old_place(text: str) -> str:
    for one, other in OLD_PLACES:
        text = text.replace(one, other)
    return text


CHANGES = [
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: text.upper(),
    lambda text: text.lower(),
    _old_place,
    *(
        lambda text, sign=sign: text.replace("'", sign)
        for sign in ("\u2019", "\u2018", "\u02bc", "`", "\u00b4", "' ")
    ),
    *(lambda text, blank=blank: text.replace(" ", blank) for blank in ("\u00a0", "  ", " \u2009")),
    lambda text: f" Đ/c {text} ",
]


def respelled(name: str) -> st.SearchStrategy[str]:
    some = st.lists(st.sampled_from(CHANGES), max_size=4, unique=True)
    return some.map(
        lambda changes: functools.reduce(lambda text, change: change(text), changes, name)
    )


@given(st.data())
@settings(max_examples=40)
def test_a_row_typed_in_any_way_tells_of_the_member_who_is_there(data):
    person = data.draw(st.sampled_from(PEOPLE))
    row = [data.draw(respelled(person.name)), person.born]
    (line,) = plan(read(table(["Họ và tên", "Năm sinh"], row), TODAY), PEOPLE).lines
    assert (line.kind in ("same", "changed"), line.person) == (True, person)


@given(st.data())
@settings(max_examples=40)
def test_one_person_typed_twice_in_a_list_is_never_two(data):
    name = data.draw(st.sampled_from(NAMES))
    rows = [[data.draw(respelled(name)), "12/03/1975", "24000001"] for _ in range(2)]
    heading = ["Họ và tên", "Ngày sinh", "Số thẻ đảng viên"]
    lines = plan(read(table(heading, *rows), TODAY), []).lines
    assert [line.kind for line in lines] == ["error", "error"]


SIGNS = st.fixed_dictionaries(
    {},
    optional={
        "born_on": st.sampled_from(["1975-03-12", "1975-09-27"]),
        "born_year": st.just(1975),
        "card_number": st.sampled_from(["24000001", "24000002"]),
        "citizen_id": st.sampled_from(["001075000001", "001075000002", "123456789"]),
        "phone": st.sampled_from(["0912000001", "0912000002"]),
    },
)


@given(SIGNS, SIGNS)
def test_who_is_one_person_does_not_depend_on_who_is_compared_with_whom(one, other):
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, one) == Likeness.ONE
