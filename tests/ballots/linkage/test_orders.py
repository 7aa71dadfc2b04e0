"""The measure of an order: it sees a leak, and a drawn lot is none."""

import random
from fractions import Fraction

import pytest

from ballots.linkage.orders import limit_of, match


def shifted(things: list[int]) -> list[int]:
    """Nearly the same order: neighbours have changed places."""
    return [things[number ^ 1] for number in range(len(things))]


@pytest.mark.parametrize("betray", [list, lambda order: order[::-1], shifted])
@pytest.mark.parametrize("size", [40, 100])
def test_an_order_that_follows_another_is_no_chance(size, betray):
    drawn = random.sample(range(size), size)
    assert not match([(betray(drawn), drawn)]).is_chance


@pytest.mark.parametrize("size", [40, 100])
def test_a_drawn_lot_is_chance(size):
    drawn = random.sample(range(size), size)
    assert match([(drawn, list(range(size)))]).is_chance


def test_one_poll_of_five_tells_nothing_and_eight_of_them_do():
    five = list(range(5))
    assert match([(five, five)]).is_chance
    eight = match([(five, five)] * 8)
    assert (eight.voters, eight.linked, eight.chance) == (40, 40, 8)
    assert not eight.is_chance


@pytest.mark.parametrize(
    ("voters", "share", "limit"), [(40, 5, 27), (40, 40, 12), (100, 100, 12), (5, 5, 6)]
)
def test_a_limit_is_reached_by_chance_once_in_a_thousand_million_runs(voters, share, limit):
    assert limit_of(voters, Fraction(1, share)) == limit
