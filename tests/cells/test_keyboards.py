"""Codes typed with a Vietnamese keyboard left on: what Telex and VNI made of them is undone where one reading fits."""

import pytest

from cells.keyboards import keys_of


@pytest.mark.parametrize(
    ("came", "typed"),
    [
        ("earzt", "earzt"),
        ("eảzt", "earzt"),
        ("EẢZT", "earzt"),
        ("eázt", "eazts"),  # the tone typed behind the word
        ("âbc", "aabc"),
        ("đơn", "ddown"),
        ("ưx", "uwx"),
        ("bă3", "baw3"),
        ("eảzt", "ea3zt"),
        ("đ", "d9"),
    ],
)
def test_the_keys_are_among_the_readings(came, typed):
    assert typed in keys_of(came, len(typed))


@pytest.mark.parametrize("strange", ["abß", "ab漢", "ab\u0301", "abö", "\u0302abc", "\u0302"])
def test_what_no_such_keyboard_makes_has_no_reading(strange):
    assert [reading for reading in keys_of(strange, 4) if reading.isascii()] == []


def test_a_text_of_many_marks_costs_no_more_than_one_of_few():
    assert len(keys_of("ảảảảảảảảảảảảảảảảảảảả", 40)) <= 500
