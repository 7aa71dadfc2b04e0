"""Proposed levels, their distribution, the cap, and the frozen figures."""

from dataclasses import FrozenInstanceError
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots.results import classification
from ballots.results.tally import PollCount, Row
from cells.law.guidance import load_pack
from cells.law.rules import Rules

LEVELS = ("HTXS", "HTT", "HT", "KHT")
SAME = Rules.from_pack(load_pack("2025"), {})


def rules(**settings):
    return Rules.from_pack(load_pack("2025"), settings)


@pytest.mark.parametrize(
    ("counts", "base", "threshold", "level", "reason"),
    [
        ({"HTXS": 7, "HTT": 1}, 8, {}, "HTXS", "Đạt 07/08 (87,5%); cần trên 1/2."),
        ({"HTXS": 6}, 8, {"HTXS": ">=2/3"}, "HTXS", "Đạt 06/08 (75%); cần từ 2/3 trở lên."),
        ({"HTT": 4}, 8, {}, None, "Chưa mức nào đạt tỷ lệ cần thiết (trên 1/2)."),
        (
            {"HTXS": 5},
            8,
            {"HTXS": ">=2/3"},
            None,
            "Chưa mức nào đạt tỷ lệ cần thiết "
            "(HTXS từ 2/3 trở lên, HTT trên 1/2, HT trên 1/2, KHT trên 1/2).",
        ),
        ({}, 8, {"KHT": ">=0/1"}, "KHT", "Đạt 00/08 (0%); cần từ 0/1 trở lên."),
        ({}, 0, {}, None, "Không tính được tỷ lệ: số để tính trên bằng 0."),
        ({"HTT": 1}, -1, {}, None, "Không tính được tỷ lệ: số để tính trên bằng 0."),
    ],
)
def test_a_proposal_says_why(counts, base, threshold, level, reason):
    proposal = classification.propose(counts, base, rules(threshold=threshold))
    assert (proposal.level, proposal.reason) == (level, reason)


def test_the_last_poll_that_proposed_counts_and_the_chairs_conclusion_before_all():
    polls = [
        {"cell": "HTT", "An": "HTT", "Bình": "HT", "Chi": None, "Dũng": "HTT"},
        {"An": "HTXS", "Bình": None, "Khách": "HTT"},
    ]
    levels = classification.conclude(
        ["An", "Bình", "Chi", "Dũng"], polls, {"Dũng": "HT", "cell": "HTXS", "Khách": "HT"}
    )
    assert levels == {"An": "HTXS", "Bình": "HT", "Chi": None, "Dũng": "HT"}


@given(st.lists(st.sampled_from([*LEVELS, None]), max_size=60), st.integers(0, 9))
def test_the_distribution_adds_up_to_the_rated(levels, unrated):
    result = classification.distribute(levels, unrated, SAME)
    assert sum(result.counts.values()) + result.undecided == result.of == len(levels)
    assert result.unrated == unrated


# rules.md A.3: of N rated members, all others at HTT, so many may be excellent.
EXCLUSIVE = {3: 0, 4: 0, 5: 0, 6: 1, 9: 1, 10: 1, 11: 1, 12: 2, 15: 2, 18: 3, 20: 3, 24: 4, 25: 4}
INCLUSIVE = {3: 0, 4: 0, 5: 1, 6: 1, 9: 1, 10: 2, 11: 2, 12: 2, 15: 3, 18: 3, 20: 4, 24: 4, 25: 5}


@pytest.mark.parametrize(
    ("reading", "table"), [("good", EXCLUSIVE), ("good_or_better", INCLUSIVE)]
)
def test_both_readings_give_the_known_table(reading, table):
    own = rules(cap={"reading": reading})
    for rated, most in table.items():
        fitting = [
            excellent
            for excellent in range(rated + 1)
            if not classification.check_cap(
                {"HTXS": excellent, "HTT": rated - excellent}, own
            ).warning
        ]
        assert max(fitting) == most


def test_the_warning_follows_the_configured_reading_and_shows_both():
    counts = {"HTXS": 2, "HTT": 8, "HT": 0, "KHT": 0}
    literal = classification.check_cap(counts, SAME)
    inclusive_rules = rules(cap={"reading": "good_or_better"})
    inclusive = classification.check_cap(counts, inclusive_rules)
    assert literal.readings == inclusive.readings
    assert literal.warning
    assert not inclusive.warning
    assert classification.cap_sentence(inclusive, inclusive_rules.cap) == ""
    assert classification.cap_sentence(literal, SAME.cap) == (
        "Số đề nghị hoàn thành xuất sắc (02) vượt mức trần 20%: tính trên số hoàn thành tốt nhiệm vụ được 01; "
        "tính trên số từ hoàn thành tốt nhiệm vụ trở lên được 02. Cấp có thẩm quyền quyết định."
    )


@pytest.mark.parametrize(
    ("reading", "excellent", "sentence"),
    [
        ("good", 1, "20% số hoàn thành tốt nhiệm vụ, được 01 đồng chí; đề nghị 01 đồng chí."),
        (
            "good",
            2,
            "20% số hoàn thành tốt nhiệm vụ, được 01 đồng chí; đề nghị 02 đồng chí, vượt mức trần.",
        ),
        (
            "good_or_better",
            2,
            "20% số từ hoàn thành tốt nhiệm vụ trở lên, được 02 đồng chí; đề nghị 02 đồng chí.",
        ),
    ],
)
def test_the_minutes_say_what_the_cap_allows_and_whether_it_is_exceeded(
    reading, excellent, sentence
):
    own = rules(cap={"reading": reading})
    check = classification.check_cap({"HTXS": excellent, "HTT": 8}, own)
    said = classification.cap_statement(check, own.cap)
    assert said == f"Mức trần hoàn thành xuất sắc nhiệm vụ: {sentence}"


def test_what_was_concluded_from_a_count_is_changed_by_nobody():
    check = classification.check_cap({"HTXS": 1, "HTT": 8}, SAME)
    for value, name in (
        (classification.propose({"HTT": 8}, 8, SAME), "level"),
        (classification.distribute(["HTT"], 0, SAME), "of"),
        (check, "warning"),
        (check.readings["good"], "used"),
    ):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, 0)


def test_rounding_up_from_a_half_allows_one_more():
    counts = {"HTXS": 2, "HTT": 8}
    assert not classification.check_cap(counts, rules(cap={"rounding": "half_up"})).warning


def poll(rows, base=8, valid=8):
    return PollCount("Lượt", 8, 8, base, 8, valid, valid, 0, tuple(rows))


POLL_TABLE = {
    "title": "Lượt",
    "summoned": 8,
    "present": 8,
    "base": 8,
    "issued": 8,
    "collected": 8,
    "valid": 8,
    "invalid": 0,
    "rows": [
        {
            "subject": "cell",
            "counts": {"HTXS": 0, "HTT": 8, "HT": 0, "KHT": 0},
            "blank": 0,
            "percent": {"HTXS": "0%", "HTT": "100%", "HT": "0%", "KHT": "0%"},
            "proposed": "HTT",
        }
    ],
}


def test_the_figures_have_exactly_the_published_shape():
    result = classification.figures(
        [
            poll([Row({"HTT": 8}, 0, "cell")]),
            poll([Row({"HTXS": 7, "HTT": 1}, 0, "An"), Row({"HTT": 4}, 4, "Bình")]),
        ],
        rated=["An", "Bình"],
        unrated=1,
        conclusions={"cell": "HTXS"},
        rules=SAME,
        sealed=["ab" * 32, "cd" * 32],
    )
    none = {"count": 0, "percent": "0%"}
    reading = {"allowed": 0, "used": 1}
    assert result["polls"][0] == POLL_TABLE
    assert [row["proposed"] for row in result["polls"][1]["rows"]] == ["HTXS", None]
    assert result["distribution"] == {
        "of": 2,
        "HTXS": {"count": 1, "percent": "50%"},
        "HTT": none,
        "HT": none,
        "KHT": none,
        "undecided": 1,
        "unrated": 1,
    }
    assert result["cap"] == {
        "percent": 20,
        "readings": {"good": reading, "good_or_better": reading},
        "warning": True,
    }
    assert result["sealed_sha256"] == ["ab" * 32, "cd" * 32]
    assert list(result) == ["polls", "distribution", "cap", "sealed_sha256"]


def test_without_a_base_there_are_counts_but_no_percentages():
    result = classification.figures(
        [poll([Row({"HTT": 0}, 0, "An")], base=0, valid=0)],
        rated=[],
        unrated=2,
        conclusions={},
        rules=SAME,
        sealed=[""],
    )
    row = result["polls"][0]["rows"][0]
    assert row["percent"] == dict.fromkeys(LEVELS)
    assert row["proposed"] is None
    assert result["distribution"]["HTT"] == {"count": 0, "percent": None}


@given(st.lists(st.integers(0, 20), min_size=4, max_size=4), st.integers(1, 80))
def test_a_proposal_never_rests_on_a_rounded_number(numbers, base):
    counts = dict(zip(LEVELS, numbers, strict=True))
    level = classification.propose(counts, base, SAME).level
    for code in LEVELS[: LEVELS.index(level)] if level else LEVELS:
        assert Fraction(counts[code], base) <= Fraction(1, 2)
