"""What the steps of a form say of themselves."""

import pytest

from tests.kit.scripts import Script


@pytest.fixture(scope="module")
def steps() -> Script:
    return Script("phone/steps.js")


@pytest.mark.parametrize(
    ("values", "empty"),
    [
        ({}, ["text-a", "answer-1"]),
        ({"text-a": " \n"}, ["text-a", "answer-1"]),
        ({"text-a": "Tốt.", "answer-1": "done"}, []),
        ({"text-a": "Tốt.", "answer-1": "open"}, ["why-1"]),
        ({"text-a": "Tốt.", "answer-1": "open", "why-1": "Đường xa."}, []),
    ],
)
def test_a_place_is_empty_until_something_is_written_and_a_reason_only_where_one_is_due(
    steps, values, empty
):
    names = ["text-a", "answer-1", "why-1"]
    assert steps("return m.emptyOf(values.names, values.now)", names=names, now=values) == empty


@pytest.mark.parametrize(
    ("stand", "words"),
    [
        ({"empty": 2, "wrong": 0, "written": True}, "Còn 2 chỗ trống"),
        ({"empty": 2, "wrong": 1, "written": True}, "⚠ 1 chỗ phải sửa"),
        ({"empty": 0, "wrong": 0, "written": True}, "✔ Đã ghi"),
        ({"empty": 0, "wrong": 0, "written": False}, "Không bắt buộc"),
    ],
)
def test_a_step_says_how_it_stands(steps, stand, words):
    assert steps("return m.standOf(values.stand)", stand=stand) == words
