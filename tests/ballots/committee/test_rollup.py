"""The roll-up of a committee: its groups, its next level down, why some are not rated, and the years."""

import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from tests.kit import factories, trees
from tests.kit.clients import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def top():
    return factories.make_committee("Đảng bộ tỉnh")


def address(committee, period="2026") -> str:
    return reverse("ballots:rollup", args=[committee.pk, period])


def words_of(answer) -> str:
    """What the page says, a blank between the cells of a table."""
    return " ".join(
        html.unescape(strip_tags(answer.content.decode().replace("</t", " </t"))).split()
    )


def page(committee, officer_of=None, **asked):
    client = browser(factories.make_user(committee=officer_of or committee))
    return client.get(address(committee, asked.pop("period", "2026")), asked)


def test_the_page_shows_each_group_at_both_stages_with_both_readings_of_the_share(top):
    ward = factories.make_committee("Đảng bộ phường", top)
    campaign = factories.make_campaign(top)
    trees.count_file(factories.make_cell(ward), campaign, HTXS=1, HTT=6)
    trees.count_file(factories.make_cell(ward), campaign, decided=True, HTXS=1, HTT=2, KHT=1)
    words = words_of(page(top))
    assert "2 hồ sơ đang ở cấp trên, 1 hồ sơ đã quyết định" in words
    decided, proposed = words.split("Chi bộ đề nghị Chi bộ đề nghị")
    # All members: total, reviewed, rated, the levels, open, not rated, excellent of good and of good or better.
    assert "Tổng số đảng viên 15 13 13 1 3 0 1 8 2 33,33% 25%" in decided
    assert "Tổng số đảng viên 15 13 13 2 10 0 1 0 2 20% 16,67%" in proposed
    assert "Tổ chức đảng 2 2 2 0 2 0 0 0 0 0% 0%" in proposed
    assert "=Miễn sinh hoạt Không thuộc diện 2" in proposed


def test_the_next_level_down_opens_by_its_name_and_says_how_many_cells_have_sent(top):
    ward = factories.make_committee("Đảng bộ phường", top)
    campaign = factories.make_campaign(top)
    own = factories.make_cell(top, "Chi bộ Văn phòng")
    trees.count_file(own, campaign, HTT=2)
    trees.count_file(factories.make_cell(ward), campaign, decided=True, HT=4)
    factories.make_cell(ward)
    answer = page(top)
    words = words_of(answer)
    assert "Đảng bộ phường 1/2 6 5 0 1 4 0 0 1 4 0" in words
    assert "Chi bộ Văn phòng 1/1 4 3 0 3 0 0 0 0 0 0" in words
    assert address(ward) in answer.content.decode()
    assert "1 hồ sơ đang ở cấp trên" in words_of(page(ward))


def test_the_years_stand_below_each_other_with_a_bar_and_its_numbers(top):
    cell = factories.make_cell(top)
    trees.count_file(cell, factories.make_campaign(top, year=2025), decided=True, HTXS=1, HTT=1)
    trees.count_file(cell, factories.make_campaign(top), HT=4)
    answer = page(top)
    assert "2026 Chi bộ đề nghị 0 1 4 0 0" in words_of(answer)
    assert "2025 Cấp trên đã quyết định 1 2 0 0 0" in words_of(answer)
    assert answer.content.decode().count('<svg class="bar"') == 2
    assert "Qua các năm" not in words_of(page(top, period="2026-q1"))


def test_without_a_file_the_page_says_when_numbers_come(top):
    assert "Chi bộ gửi hồ sơ thì số của chi bộ được cộng vào đây ngay" in words_of(page(top))


def test_an_officer_sees_the_own_subtree_and_of_no_other_that_it_exists(top):
    wards = [factories.make_committee(f"Đảng bộ phường {n}", top) for n in range(3)]
    campaign = factories.make_campaign(top)
    for ward in wards:
        trees.count_file(factories.make_cell(ward), campaign)
    for ward in wards:
        seen = [page(other, officer_of=ward).status_code for other in (*wards, top)]
        assert seen == [200 if other == ward else 404 for other in (*wards, top)]
    assert [page(ward, officer_of=top).status_code for ward in wards] == [200] * 3


def test_ten_times_the_cells_ask_no_more_queries(top):
    campaign = factories.make_campaign(top)

    def queries(number: int) -> int:
        for at in range(number):
            ward = factories.make_committee("", top)
            trees.count_file(factories.make_cell(ward), campaign, decided=at % 2 == 0)
        client = browser(factories.make_user(committee=top))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address(top)).status_code == 200
        return len(asked)

    assert queries(2) == queries(20)
