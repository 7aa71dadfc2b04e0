"""Marks to counts, bases and the sums that must hold."""

from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots.results import tally
from ballots.results.tally import PollCount, Roll, Row
from cells.law.guidance import load_pack
from cells.law.rules import Rules
from members.models import Attendance, Member

LEVELS = ["HTXS", "HTT", "HT", "KHT"]
RULES = Rules.from_pack(load_pack("2025"), {})


def ballots_of(rows, levels):
    return st.lists(
        st.lists(st.integers(0, levels), min_size=rows, max_size=rows).map(bytes), max_size=60
    )


@given(st.data(), st.integers(1, 9), st.integers(1, 4))
def test_counts_always_add_up(data, rows, levels):
    box = data.draw(ballots_of(rows, levels))
    count = tally.count(box, LEVELS[:levels], rows)
    assert count.valid + count.invalid == len(box)
    assert len(count.rows) == rows
    for row in count.rows:
        assert list(row.counts) == LEVELS[:levels]
        assert sum(row.counts.values()) + row.blank == count.valid


@given(st.data())
def test_the_order_of_ballots_changes_nothing(data):
    box = data.draw(ballots_of(3, 4))
    assert tally.count(sorted(box), LEVELS, 3) == tally.count(box, LEVELS, 3)


def test_a_ballot_without_a_single_mark_is_invalid_and_counts_in_no_row():
    count = tally.count([b"\x00\x00", b"\x02\x00"], LEVELS, 2)
    assert (count.valid, count.invalid) == (1, 1)
    assert [row.blank for row in count.rows] == [0, 1]


def test_an_empty_ballot_is_invalid_from_two_levels_on():
    assert tally.count([b"\x00"], ["HTXS", "HTT"], 1).invalid == 1


def test_nobody_at_a_level_reaches_nothing_even_of_one_voter():
    assert tally.proposed({}, 1, RULES) is None


def test_in_a_poll_with_one_level_an_unmarked_row_means_disagreement_and_stays_valid():
    count = tally.count([b"\x00", b"\x01", b"\x00"], ["HTXS"], 1)
    assert (count.valid, count.invalid) == (3, 0)
    assert count.rows == (Row({"HTXS": 1}, 2),)


def test_what_was_counted_is_changed_by_nobody():
    count = tally.count([b"\x01"], ["HTXS"], 1)
    people = tally.roll([("full", "present")])
    parts = ((count, "valid"), (count.rows[0], "blank"), (people, "present"), (RIGHT, "valid"))
    for value, name in parts:
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, 9)


def test_marks_count_levels_in_the_order_of_the_sheet():
    count = tally.count([b"\x01", b"\x02", b"\x02"], ["KHT", "HTT"], 1)
    assert count.rows[0].counts == {"KHT": 1, "HTT": 2}


@pytest.mark.parametrize("ballot", [b"", b"\x01", b"\x01\x01\x01", b"\x01\x05", b"\xff\x00"])
def test_a_ballot_of_another_shape_is_never_counted(ballot):
    with pytest.raises(ValueError, match="không khớp"):
        tally.count([ballot], LEVELS, 2)


def test_standing_and_attendance_are_written_as_the_models_write_them():
    assert {"full", "exempt"} <= set(Member.Status.values)
    assert {"present", "excused"} <= set(Attendance.State.values)


@pytest.mark.parametrize(
    ("standing", "attendance", "votes"),
    [
        ("full", "present", True),
        ("full", "absent", True),
        ("full", "excused", True),
        ("full", "expected", True),
        ("exempt", "present", True),
        ("exempt", "absent", False),
        ("exempt", "excused", False),
        ("probationary", "present", False),
        ("suspended", "present", False),
    ],
)
def test_full_members_vote_and_exempt_ones_when_they_come(standing, attendance, votes):
    assert tally.is_voter(standing, attendance) is votes


def test_the_roll_counts_voters_only():
    people = [
        *[("full", "present")] * 20,
        ("full", "excused"),
        ("full", "absent"),
        ("exempt", "present"),
        ("exempt", "excused"),
        ("probationary", "present"),
        ("suspended", "excused"),
    ]
    assert tally.roll(people) == Roll(summoned=23, present=21, excused=1)


@pytest.mark.parametrize(
    ("kind", "base"),
    [
        ("summoned", 21),
        ("full", 22),
        ("present", 20),
        ("issued", 19),
        ("collected", 18),
        ("valid", 17),
    ],
)
def test_each_kind_of_base_has_its_number(kind, base):
    people = Roll(summoned=22, present=20, excused=1)
    assert tally.base_of(kind, people, issued=19, collected=18, valid=17) == base


@pytest.mark.parametrize(
    ("counts", "base", "threshold", "level"),
    [
        ({"HTT": 8}, 8, {}, "HTT"),
        ({"HTXS": 4, "HTT": 4}, 8, {}, None),
        ({"HTXS": 5, "HTT": 3}, 8, {}, "HTXS"),
        ({"HTXS": 5, "HTT": 3}, 8, {"HTXS": ">=2/3"}, None),
        ({"HTXS": 6, "HTT": 2}, 9, {"HTXS": ">=2/3"}, "HTXS"),
        ({"HTXS": 4, "HTT": 4}, 8, {"*": ">=1/2"}, "HTXS"),
        ({"HTXS": 3, "HTT": 5}, 8, {"HTT": ">=2/3", "HTXS": ">1/3"}, "HTXS"),
        ({"HTXS": 3, "HTT": 3, "HT": 2}, 8, {}, None),
        ({"KHT": 5}, 8, {}, "KHT"),
        ({}, 8, {}, None),
        ({}, 8, {"KHT": ">=0/1"}, "KHT"),
        ({}, 0, {}, None),
    ],
)
def test_the_highest_level_that_reaches_its_own_threshold_is_proposed(
    counts, base, threshold, level
):
    rules = Rules.from_pack(load_pack("2025"), {"threshold": threshold})
    assert tally.proposed(counts, base, rules) == level


@given(st.lists(st.integers(0, 30), min_size=4, max_size=4), st.integers(1, 60))
def test_levels_are_never_added_up(numbers, base):
    counts = dict(zip(LEVELS, numbers, strict=True))
    level = tally.proposed(counts, base, RULES)
    reaching = [code for code in LEVELS if 2 * counts[code] > base]
    assert level == (reaching[0] if reaching else None)


RIGHT = PollCount(
    title="Xếp loại",
    summoned=9,
    present=8,
    base=8,
    issued=8,
    collected=8,
    valid=7,
    invalid=1,
    rows=(Row({"HTXS": 1, "HTT": 5}, 1, "An"), Row({"HTXS": 0, "HTT": 7}, 0, "Bình")),
)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({}, []),
        ({"present": 10, "summoned": 9}, ["có mặt (10)"]),
        ({"issued": 9, "collected": 8}, ["phát ra (9)"]),
        ({"issued": 7}, ["thu về (8)"]),
        ({"invalid": 0}, ["hợp lệ (7)"]),
        ({"invalid": 2}, ["cộng số không hợp lệ (2)"]),
        ({"rows": (Row({"HTT": 6}, 0, "An"), RIGHT.rows[1])}, ["Dòng 1 “An”"]),
        ({"valid": 8, "invalid": 0}, ["Dòng 1", "Dòng 2"]),
        # Everybody was summoned, came and voted; of one row a half is blank.
        ({"summoned": 8, "rows": (Row({"HTT": 3, "HT": 1}, 3, "An"), RIGHT.rows[1])}, []),
        ({"rows": (Row({"HTT": 3}, 3, "An"), RIGHT.rows[1])}, ["cộng lại được 6, không bằng 7"]),
        ({"rows": (Row({"HTT": 5}, 5, "An"), RIGHT.rows[1])}, ["cộng lại được 10, không bằng 7"]),
        ({"rows": (Row({"HTT": 7}, 3, "An"), RIGHT.rows[1])}, ["cộng lại được 10, không bằng 7"]),
        ({"rows": (Row({"HTT": 15}, 8, "An"), RIGHT.rows[1])}, ["cộng lại được 23, không bằng 7"]),
    ],
)
def test_a_sum_that_does_not_hold_is_named(change, named):
    result = tally.problems(replace(RIGHT, **change))
    assert len(result) == len(named)
    assert all(name in line for name, line in zip(named, result, strict=True))
