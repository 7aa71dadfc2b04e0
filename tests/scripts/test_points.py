"""Points as they are typed, and what a total reaches."""

import pytest

from tests.kit.scripts import Script


@pytest.fixture(scope="module")
def points() -> Script:
    return Script("phone/points.js")


@pytest.mark.parametrize(
    ("typed", "hundredths"),
    [
        ("7", 700),
        (" 7,5 ", 750),
        ("7.05", 705),
        ("100", 10000),
        ("0", 0),
        ("0,1", 10),
        ("", None),
        ("7,", None),
        (",5", None),
        ("7,555", None),
        ("-1", None),
        ("1000", None),
        ("bảy", None),
        (None, None),
    ],
)
def test_what_is_typed_is_read_exactly_or_not_at_all(points, typed, hundredths):
    assert points("return m.hundredths(values.typed)", typed=typed) == hundredths


@pytest.mark.parametrize(
    ("sum_", "shown"), [(0, "0"), (750, "7,5"), (8105, "81,05"), (9000, "90")]
)
def test_a_sum_is_shown_with_a_comma_and_no_zeros(points, sum_, shown):
    assert points("return m.decimal(values.sum)", sum=sum_) == shown


def test_a_level_is_reached_from_its_least_points_on(points):
    reached = points(
        "return [8999, 9000, 9001].map((total) => m.reaches({ dataset: { least: '90' } }, total))"
    )
    assert reached == [False, True, True]
