"""Codes that are printed and typed."""

import pytest

from ballots.models.papers import CHECK_LENGTH, new_check_code
from ballots.secret.sheet import CODE_LENGTH
from cells import codes


def test_no_letter_is_changed_by_a_vietnamese_keyboard_or_looks_like_another():
    assert not set("AEIOUYDW") & set(codes.LETTERS)
    for alike in ("0OQ", "1IL", "2Z", "5S", "6G", "8B"):
        assert len(set(alike) & set(codes.LETTERS)) == 1
    assert len(new_check_code()) == CHECK_LENGTH


@pytest.mark.parametrize("code", [bytes(10), b"\xff" * 10, b"\x00\x01" + b"\xab" * 8])
def test_bytes_that_are_spelled_are_read_again(code):
    spelled = codes.spelled(code)
    assert (len(spelled), set(spelled) <= set(codes.LETTERS)) == (18, True)
    assert codes.read(spelled, CODE_LENGTH) == code


def test_what_is_typed_for_a_look_alike_is_the_letter_that_is_printed():
    typed = "".join(map(chr, codes.MEANT))
    assert not set(typed) & set(codes.LETTERS)
    assert set(typed.translate(codes.MEANT)) <= set(codes.LETTERS)
