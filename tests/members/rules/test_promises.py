"""Last year's shortcomings: what is asked, what is missing, what is stored. No database."""

import pytest

from members.rules.promises import (
    NO_ANSWER,
    NO_REASON,
    answers_of,
    items_of,
    missing,
    names,
    promises,
)

OPEN = {"1": {"item": "Học tập chưa đều", "state": "open", "why": "Bận"}}


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("", ()),
        ("Không có.", ()),
        ("Chưa có", ()),
        ("- Chưa đọc báo\n\n+ Đi họp muộn", ("Chưa đọc báo", "Đi họp muộn")),
        ("1. Một\r\n2) Hai\na) Ba", ("Một", "Hai", "Ba")),
        ("Không có thời gian học tập", ("Không có thời gian học tập",)),
        ("Một\nMột", ("Một",)),
        ("1.5 tỷ đồng chậm giải ngân", ("1.5 tỷ đồng chậm giải ngân",)),
        ("- Một\n- Nguyên nhân: bận việc\n- Hai", ("Một", "Hai")),
        ("Hạn chế:\n- Một\n2. Nguyên nhân:\n- Bận\nHạn chế khác:\n- Hai", ("Một", "Hai")),
        ("Một\nNguyên nhân\nBận việc", ("Một",)),
    ],
)
def test_each_line_of_last_year_is_an_item(text, items):
    assert items_of(text, {}) == items


def test_what_was_open_last_year_comes_first_and_what_was_done_comes_no_more():
    former = OPEN | {"2": {"item": "Đi muộn", "state": "done", "why": ""}}
    assert items_of("Ít phát biểu", former) == ("Học tập chưa đều", "Ít phát biểu")


def test_endless_lists_are_cut():
    assert len(items_of("\n".join(f"Việc {n}" for n in range(90)), {})) == 12
    assert len(items_of("a" * 9000, {})[0]) == 500


def test_an_answer_is_asked_for_each_and_a_reason_where_it_is_not_remedied():
    items = ("Một", "Hai", "Ba")
    typed = {"answer-1": "done", "answer-2": "open", "why-2": " "}
    promises_asked = promises(items, typed, {})
    assert dict(missing(promises_asked)) == {"why-2": NO_REASON, "answer-3": NO_ANSWER}
    assert answers_of(promises_asked) == {
        "1": {"item": "Một", "state": "done", "why": ""},
        "2": {"item": "Hai", "state": "open", "why": " "},
    }
    assert names(items)[:2] == ["answer-1", "why-1"]


def test_an_unknown_answer_is_none():
    assert promises(("Một",), {"answer-1": "x"}, {})[0].state == ""
