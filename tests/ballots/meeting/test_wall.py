"""What the wall is drawn with: pages, texts spread over them, the ring."""

import pytest

from ballots.meeting.wall import LINE, LINES, Pages, even, leaves, ring_of, size_of, text_size_of


@pytest.mark.parametrize(
    ("rows", "pages"),
    [(0, [0]), (1, [1]), (8, [8]), (10, [5, 5]), (25, [7, 7, 7, 4]), (60, [8] * 7 + [4])],
)
def test_rows_are_spread_over_as_few_pages_as_hold_them(rows, pages):
    assert [len(page) for page in even(range(rows))] == pages


@pytest.mark.parametrize(
    ("query", "number", "held"),
    [
        ({}, 2, False),
        ({"trang": "3"}, 3, False),
        ({"trang": "3", "giu": "1"}, 3, True),
        ({"trang": "4", "giu": "1"}, 2, False),
        ({"trang": "-1"}, 2, False),
        ({"trang": "²"}, 2, False),
    ],
)
def test_the_address_asks_for_a_page_or_gets_the_first_one_to_show(query, number, held):
    pages = Pages.asked(3, query, first=2)
    assert (pages.number, pages.held) == (number, held)


def test_behind_the_last_page_comes_the_first():
    last = Pages.asked(3, {"trang": "3"})
    assert (last.former, last.following) == (2, 1)
    assert Pages.asked(3, {}).former == 3


def test_no_word_of_a_long_text_is_lost_between_two_pages():
    text = "việc " * (LINE * LINES // 2)
    pages = leaves([("I", text), ("II", "Không có.")], heading=1)
    assert len(pages) > 2
    assert all(of in ("I", "II") for page in pages for of, _ in page)
    assert (
        " ".join(part for page in pages for _, part in page).split() == f"{text} Không có.".split()
    )
    assert all(len(part) <= LINE * LINES for page in pages for _, part in page)


def test_short_texts_share_a_page():
    assert len(leaves([("I", "Một."), ("II", "Hai."), ("III", "Ba.")], heading=1)) == 1


def test_a_page_of_few_lines_is_written_larger():
    assert [text_size_of(lines) for lines in (1, 5, 8, LINES)] == [
        "large",
        "medium",
        "medium",
        "full",
    ]


def test_fewer_names_are_written_larger():
    sizes = [size_of(lines) for lines in (1, 5, 15, 29, 66, 300)]
    assert sizes == ["4", "8", "18", "33", "72", "all"]


@pytest.mark.parametrize("whole", [1, 3, 25, 60])
def test_every_ballot_of_the_ring_is_as_wide_as_the_others(whole):
    ring = ring_of(whole, [("in", whole - 1), ("way", 1)])
    assert ring.length == sum(arc.length for arc in ring.arcs)
    assert [arc.kind for arc in ring.arcs] == (["in", "way"] if whole > 1 else ["way"])
    assert ring.ballot + ring.gap == ring.length // whole
    assert ring.ballot > ring.gap


def test_a_ring_of_nothing_is_drawn_too_and_more_than_awaited_fits():
    assert ring_of(0, [("in", 0)]).whole == 1
    assert ring_of(3, [("in", 5)]).whole == 5
