"""Days of a review: working days before a meeting, and until when the whole review is over."""

from datetime import date

import pytest

from cells.law.guidance import Layer, load_pack
from cells.law.rules import Rules


@pytest.mark.parametrize(
    ("meeting", "last"),
    [
        (date(2026, 12, 10), date(2026, 12, 7)),  # Thursday: Wednesday, Tuesday, Monday
        (date(2026, 12, 9), date(2026, 12, 4)),  # the weekend does not count
        (date(2026, 12, 12), date(2026, 12, 9)),  # nor the Saturday of the meeting
        (date(2026, 12, 13), date(2026, 12, 9)),
        (date(2027, 1, 5), date(2026, 12, 30)),  # nor New Year
    ],
)
def test_a_draft_is_sent_three_working_days_before_the_meeting(meeting, last):
    rules = Rules.from_pack(load_pack("2025"), {})
    assert rules.last_day_for_the_draft(meeting) == last


@pytest.mark.parametrize(
    ("pack", "setting", "last"),
    [
        ("2025", None, date(2026, 12, 30)),
        ("2025", "special", date(2027, 1, 14)),
        ("2025", "none", None),
        ("2023", None, None),
        ("2023", "usual", date(2026, 12, 30)),
        ("2025.1", None, None),
        ("2025.1", "special", None),  # not known to it yet
    ],
)
def test_the_whole_review_is_over_before_the_day_of_the_law_or_of_the_committee(
    pack, setting, last
):
    layers = [Layer("Đảng ủy", {"finish": setting}, {"finish": "NQ 7"})] if setting else []
    rules = Rules.from_pack(load_pack(pack), {}, layers)
    assert (rules.finish.of(2026) if rules.finish else None) == last


def test_where_nobody_says_how_long_before_there_is_no_day_for_the_draft():
    for pack in ("2025.1", "quy"):
        assert (
            Rules.from_pack(load_pack(pack), {}).last_day_for_the_draft(date(2026, 12, 9)) is None
        )


def test_an_unknown_day_is_refused_with_those_that_are_known():
    with pytest.raises(ValueError, match="usual, special, none"):
        Rules.from_pack(load_pack("2025"), {"finish": "sometime"})
