"""No page but the last of a paper is left nearly empty, whatever is written in it."""

import pytest

from ballots.papers.press import render
from tests.kit.paper_readers import LEAST, Printed, filled
from tests.kit.paper_shapes import papers

# The shapes in which pages were near empty: reasons of some lines in a table, a row higher than a page.
TRIED = {
    (shape, name): data
    for shape in ("reasons", "tall")
    for name, data in papers("2025", shape).items()
    if name in ("minutes", "count", "proposals", "summary", "unrated")
}
printed = Printed(TRIED)


@pytest.mark.parametrize("paper", TRIED, ids="-".join)
def test_every_page_but_the_last_is_filled_to_a_third(paper):
    *pages, _ = filled(printed.pdf_of(paper))
    assert [share for share in pages if share < LEAST] == []


def test_a_short_list_of_the_unrated_stands_on_one_page():
    assert len(printed.pages(("reasons", "unrated"))) == 1


def test_the_heads_of_a_table_are_repeated_within_a_tall_row():
    shown = [
        page for page in printed.pages(("tall", "minutes")) if "rõ thời hạn, rõ kết quả" in page
    ]
    of_table = [page for page in shown if "Kết luận của chủ trì" in page]
    assert len(of_table) > 1


def test_how_much_of_a_page_is_filled_is_read_from_its_picture():
    page = "<!doctype html><body class=preview><p class=paper>{}</p>"
    none, half = (filled(render.pdf(page.format(text))) for text in ("", "x<br>" * 20))
    assert none == [0.0]
    assert 0.4 < half[0] < 0.6
