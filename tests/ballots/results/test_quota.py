"""The cap per group of similar posts, against a slow recount of every single person."""

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots.results import quota
from ballots.results.quota import NO_LEVEL, counted, quotas
from cells.law.post_groups import APART, COUNTED, MEMBERS, PostGroup
from cells.law.rules import Cap

LEVELS = ("HTXS", "HTT", "HT", "KHT")
GROUPS = tuple(PostGroup(name, MEMBERS, ("x",)) for name in ("A", "B", "C"))
PERSON = st.tuples(
    st.sampled_from([0, 1, 2, None]), st.booleans(), st.sampled_from([*LEVELS, NO_LEVEL])
)


USUAL_CAP = Cap(20, "good", "floor")


def of(people, cap=USUAL_CAP, head=COUNTED, raised=25, reasons=None):
    return quotas(counted(people), GROUPS, head, cap, raised, reasons or {}, LEVELS)


def slowly(people, place, head, percent, reading, rounding):
    """Used and allowed, person by person, as the rule is read aloud."""
    used = base = 0
    for group, is_head, level in people:
        if group != place or (is_head and head == APART):
            continue
        used += level == "HTXS"
        base += level == "HTT" or (level == "HTXS" and reading == "good_or_better")
    exact = Fraction(percent, 100) * base
    whole = floor(exact)
    if rounding == "half_up" and exact - whole >= Fraction(1, 2):
        whole += 1
    return used, whole


@given(
    people=st.lists(PERSON, max_size=120),
    head=st.sampled_from([COUNTED, APART]),
    percent=st.sampled_from([0, 7, 20, 24]),
    reading=st.sampled_from(["good", "good_or_better"]),
    rounding=st.sampled_from(["floor", "half_up"]),
    why=st.sampled_from(["", "Thành tích nổi bật"]),
)
def test_every_group_is_what_counting_person_by_person_gives(
    people, head, percent, reading, rounding, why
):
    groups = of(people, Cap(percent, reading, rounding), head, 25, {"B": why})
    for place, group in enumerate(groups):
        for allowance in group.allowances:
            for name, read in allowance.readings.items():
                expected = slowly(people, place, head, allowance.percent, name, rounding)
                assert (read.used, read.allowed) == expected
        held_to = 25 if why and group.name == "B" else percent
        used, allowed = slowly(people, place, head, held_to, reading, rounding)
        assert (group.over, group.left) == (max(0, used - allowed), max(0, allowed - used))
    inside = sum(group.rated + sum(group.apart.values()) for group in groups)
    assert inside + quota.unplaced(counted(people)) == len(people)


@pytest.mark.parametrize(
    ("excellent", "good", "allowed"), [(1, 5, (1, 1)), (1, 4, (0, 1)), (2, 8, (1, 2))]
)
def test_the_two_readings_differ_as_in_the_table_of_the_rules(excellent, good, allowed):
    people = [(0, False, "HTXS")] * excellent + [(0, False, "HTT")] * good
    readings = of(people)[0].allowances[0].readings
    assert tuple(each.allowed for each in readings.values()) == allowed


def test_a_cap_of_none_lets_nobody_and_an_empty_group_is_empty():
    first, second, _ = of(
        [(0, False, "HTXS"), (0, False, "HTT")], Cap(0, "good", "floor"), raised=None
    )
    assert (first.in_force.allowed, first.over) == (0, 1)
    assert second.is_empty
    assert not second.over


def test_a_secretary_who_is_looked_at_apart_uses_and_allows_nothing():
    people = [(0, True, "HTXS"), *[(0, False, "HTT")] * 5]
    assert of(people, head=APART)[0].in_force.used == 0
    assert of(people, head=APART)[0].apart["HTXS"] == 1
    assert of(people)[0].in_force.used == 1
