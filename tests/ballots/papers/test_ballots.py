"""The blank ballot from data: what its columns are called, and what it asks for."""

from dataclasses import replace
from decimal import Decimal

import pytest

from ballots.papers.composing import compose
from ballots.papers.press import render
from tests.kit import paper_samples as samples
from tests.kit.paper_readers import pages_in, words
from tests.kit.paper_shapes import POST


@pytest.mark.parametrize(
    ("kinds", "column"),
    [
        ([True, True], "Họ và tên"),
        ([False], "Tập thể"),
        ([False, True], "Tập thể, đảng viên"),
    ],
)
def test_the_head_of_a_ballot_says_who_stands_below(kinds, column):
    data = samples.ballot_sheets(len(kinds))
    rows = tuple(replace(row, is_member=kind) for row, kind in zip(data.rows, kinds, strict=True))
    (table,) = [b for b in compose(replace(data, rows=rows)).blocks if b.kind == "table"]
    assert table.columns[1].title == column


def test_a_ballot_shows_points_where_there_are_any_and_asks_for_other_opinions():
    data = samples.ballot_sheets(2)
    scored = replace(data, rows=(replace(data.rows[0], score=Decimal("86.5")), data.rows[1]))
    text = words(render.html(scored))
    assert "Điểm tự chấm" not in render.html(data)
    assert "Điểm tự chấm" in text
    assert '<td class="points">86,5</td>' in text
    assert "Ý kiến khác" in text
    assert '<span class="subject">đảng viên năm 2023</span>' in text


@pytest.mark.parametrize(
    ("rows", "post", "half"), [(1, "", True), (4, "", True), (4, POST, False), (12, "", False)]
)
def test_two_ballots_go_to_a_page_where_both_fit(rows, post, half):
    data = samples.ballot_sheets(rows, copies=2)
    lines = tuple(replace(line, subject=replace(line.subject, post=post)) for line in data.rows)
    data = replace(data, rows=lines)
    assert compose(data).is_half == half
    pdf = render.pdf(render.html(data))
    assert len(pages_in(pdf)) == (1 if half else 2)
    assert "Ý kiến khác" in pages_in(pdf)[-1]
