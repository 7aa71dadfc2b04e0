"""How much of this year's text was taken over from last year's. No database."""

import time
from fractions import Fraction

import pytest

from members.rules.likeness import percent, share

OLD = ["Chấp hành nghiêm sự phân công của chi bộ. Học tập đều."]


@pytest.mark.parametrize(
    ("now", "part"),
    [
        (OLD, 1),
        (["chấp hành nghiêm,\n\nsự phân công của chi bộ - HỌC TẬP ĐỀU"], 1),
        (["Năm nay: chấp hành nghiêm sự phân công. Còn đi họp muộn."], Fraction(6, 12)),
        (["Nghiêm sự phân công"], 0),
        (["Không có.", "của chi bộ học tập"], Fraction(5, 7)),
        (["Học tập đều. Chấp hành nghiêm sự phân công của chi bộ."], Fraction(9, 12)),
        (["Viết hoàn toàn mới về công việc của năm nay"], 0),
        ([], 0),
        (["", "…"], 0),
    ],
)
def test_words_count_where_five_in_a_row_stood_there_before(now, part):
    assert share(now, OLD) == part


def test_a_passage_does_not_run_on_from_one_section_into_the_next():
    assert share(["của chi bộ học tập"], ["của chi bộ", "học tập"]) == 0


def test_letters_composed_in_another_way_are_the_same_letters():
    decomposed = "Ch\u00e2\u0301p h\u00e0nh s\u01b0\u0323 ph\u00e2n c\u00f4ng"
    assert share([decomposed], ["Chấp hành sự phân công"]) == 1


@pytest.mark.parametrize(
    ("same", "of", "shown"), [(5, 8, 63), (5, 6, 83), (6, 6, 100), (5, 40, 13)]
)
def test_the_percent_is_whole_and_a_half_goes_upwards(same, of, shown):
    words = [f"chữ{n}" for n in range(of)]
    assert percent([" ".join(words)], [" ".join(words[:same])]) == shown


def test_the_longest_texts_of_one_repeated_word_take_no_time():
    text = "a " * 10_000
    start = time.perf_counter()
    assert share([text] * 8, [text] * 8) == 1
    assert time.perf_counter() - start < 2
