"""Who is reviewed in a year: by standing, by time since admission, as the guidance pack says."""

from datetime import date

import pytest

from cells.law.guidance import load_pack, pack_names
from cells.law.periods import Period
from members.models import Member, ReviewLine
from members.rules.eligibility import (
    NEW,
    NEW_LEADER,
    NOT_LEADER,
    Eligibility,
    ReviewedPerson,
    months_after,
)

RULES = {name: Eligibility.from_pack(load_pack(name)) for name in pack_names()}


@pytest.mark.parametrize(
    ("pack", "standing", "admitted_on", "status"),
    [
        ("2025", "full", None, None),
        ("2025", "full", date(2026, 7, 1), "not_subject"),
        ("2025", "full", date(2026, 6, 30), None),
        ("2025", "probationary", date(2026, 6, 30), None),
        ("2025", "probationary", date(2026, 12, 3), "not_subject"),
        ("2025", "probationary", None, None),
        ("2025", "exempt", date(1975, 2, 3), "not_subject"),
        ("2025", "suspended", None, "not_subject"),
        ("2023", "probationary", date(2026, 12, 3), "not_subject"),
        ("2023", "exempt", None, "not_subject"),
    ],
)
def test_the_rules_say_who_is_reviewed(pack, standing, admitted_on, status):
    exclusion = RULES[pack].exclusion(ReviewedPerson(standing, admitted_on), Period(2026))
    assert (exclusion and exclusion.status) == status
    assert exclusion is None or (exclusion.reason and exclusion.basis)


@pytest.mark.parametrize(
    ("standing", "leads_since", "status"),
    [
        ("full", date(2024, 3, 1), None),
        ("full", None, "not_subject"),
        ("full", date(2026, 8, 31), None),
        ("full", date(2026, 9, 1), "unrated"),
        ("exempt", date(2024, 3, 1), "not_subject"),
    ],
)
def test_in_a_quarter_only_who_leads_is_reviewed_and_nobody_in_the_first_month(
    standing, leads_since, status
):
    exclusion = RULES["quy"].exclusion(
        ReviewedPerson(standing, None, leads_since), Period(2026, "q3")
    )
    assert (exclusion and exclusion.status) == status
    assert exclusion is None or (exclusion.reason and exclusion.basis)


@pytest.mark.parametrize("name", pack_names())
def test_packs_speak_the_codes_of_the_models(name):
    for exclusion in RULES[name].exclusions:
        assert exclusion.case in {*Member.Status.values, NEW, NOT_LEADER, NEW_LEADER}
        assert exclusion.status in ReviewLine.Status.values
    assert RULES[name].reasons


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 8, 31), 6, date(2025, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2026, 6, 15), 6, date(2026, 12, 15)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 3, 3), 0, date(2026, 3, 3)),
    ],
)
def test_months_are_counted_by_the_calendar(day, months, later):
    assert months_after(day, months) == later
