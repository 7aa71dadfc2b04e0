"""The guidance packs and how a campaign's settings change them."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cells.law.guidance import load_pack, pack_names
from cells.law.rules import Cap, Rules
from cells.law.thresholds import Threshold
from cells.models import AgendaItem, Level

PACK = load_pack("2025")


def rules(**settings):
    return Rules.from_pack(PACK, settings)


@pytest.mark.parametrize("name", pack_names())
def test_every_pack_is_complete_and_speaks_the_codes_of_the_models(name):
    own = Rules.from_pack(load_pack(name), {})
    assert list(own.levels) == Level.values
    assert {kind for _, kind in own.agenda} <= set(AgendaItem.Kind.values)
    assert own.pack == name
    assert own.version.startswith(name)
    assert own.base_label
    assert own.basis
    assert set(own.texts) == {"invalid", "invalid_one_level", "persons", "proposal", "subjects"}
    assert set(own.bands) in (set(), set(own.levels))


def test_score_bands_exist_only_from_2025_on():
    assert Rules.from_pack(load_pack("2023"), {}).bands == {}
    assert rules().bands == {"HTXS": 90, "HTT": 70, "HT": 50, "KHT": 0}


@pytest.mark.parametrize("name", ["2024", "", "../packs/2023", "2023.toml"])
def test_a_pack_that_does_not_exist_is_refused(name):
    with pytest.raises(ValueError, match="Không có bộ hướng dẫn"):
        load_pack(name)


def test_defaults_are_those_of_the_house():
    own = rules()
    assert own.base == "summoned"
    assert own.cap == Cap(20, "good", "floor")
    assert set(own.thresholds.values()) == {Threshold(Fraction(1, 2), strict=True)}
    assert (own.min_voters, own.min_tellers, own.min_tellers_paper) == (5, 1, 2)
    assert (own.min_paper_ballots, own.clerk_may_count_below) == (3, 9)
    assert (own.score_gap, own.head_limit, own.likeness) == (5, "collective", 60)


def test_settings_are_merged_key_by_key_also_inside_cap_and_threshold():
    own = rules(base="present", cap={"reading": "good_or_better"}, threshold={"HTXS": ">=2/3"})
    assert own.base == "present"
    assert own.base_label == "số đảng viên chính thức có mặt"
    assert own.cap == Cap(20, "good_or_better", "floor")
    assert str(own.thresholds["HTXS"]) == "từ 2/3 trở lên"
    assert str(own.thresholds["HTT"]) == "trên 1/2"


def test_settings_never_change_the_pack():
    rules(cap={"percent": 25}, threshold={"*": ">=2/3"})
    assert rules().cap.percent == 20


@pytest.mark.parametrize(
    "own",
    [
        {"bases": "present"},
        {"levels": ["HTXS"]},
        {"base": "voters"},
        {"base": None},
        {"base": []},
        {"threshold": {"GIOI": ">1/2"}},
        {"threshold": ">1/2"},
        {"threshold": {"*": "1/2"}},
        {"threshold": {"*": "> 1/2"}},
        {"threshold": {"*": ">1/0"}},
        {"threshold": {"*": ">3/2"}},
        {"threshold": {"*": ">-1/2"}},
        {"threshold": {"*": ">50%"}},
        {"threshold": {"*": ">0.5"}},
        {"threshold": {"*": ">\u0661/\u0662"}},
        {"threshold": {"*": 0.5}},
        {"threshold": None},
        {"cap": {"per_cent": 20}},
        {"cap": {"percent": 20.5}},
        {"cap": {"percent": "20"}},
        {"cap": {"percent": True}},
        {"cap": {"percent": -1}},
        {"cap": {"percent": 101}},
        {"cap": {"reading": "all"}},
        {"cap": {"rounding": "ceiling"}},
        {"cap": 20},
        {"min_voters": "5"},
        {"quorum": "half"},
    ],
)
def test_a_wrong_setting_is_refused_with_one_sentence(own):
    with pytest.raises(ValueError, match=r"^\S[^\n]*\.$"):
        Rules.from_pack(PACK, own)


@pytest.mark.parametrize(
    ("text", "count", "base", "reached"),
    [
        (">1/2", 4, 8, False),
        (">1/2", 5, 8, True),
        (">=1/2", 4, 8, True),
        (">=2/3", 14, 21, True),
        (">=2/3", 13, 20, False),
        (">2/3", 14, 21, False),
        (">=1/1", 8, 8, True),
        (">1/1", 8, 8, False),
        (">0/1", 0, 8, False),
        (">=0/1", 0, 8, True),
        (">=0/1", 0, 0, False),
        (">1/2", 0, 0, False),
    ],
)
def test_thresholds_are_exact(text, count, base, reached):
    assert Threshold.parse(text).is_reached(count, base) is reached


@given(st.integers(0, 999), st.integers(1, 999), st.booleans(), st.integers(1, 500))
def test_the_least_count_reaches_a_threshold_and_one_less_does_not(a, b, strict, base):
    threshold = Threshold.parse(f"{'>' if strict else '>='}{min(a, b)}/{b}")
    least = threshold.least(base)
    assert threshold.is_reached(least, base)
    assert not threshold.is_reached(least - 1, base)


@given(st.integers(0, 999), st.integers(1, 999), st.integers(0, 500), st.integers(1, 500))
def test_a_strict_threshold_is_reached_only_where_the_other_is(a, b, count, base):
    a = min(a, b)
    strict, at_least = Threshold.parse(f">{a}/{b}"), Threshold.parse(f">={a}/{b}")
    assert strict.is_reached(count, base) == (count * b > a * base)
    assert at_least.is_reached(count, base) == (count * b >= a * base)


@pytest.mark.parametrize(
    ("number", "floor", "half_up"),
    [(0, 0, 0), (2, 0, 0), (3, 0, 1), (7, 1, 1), (8, 1, 2), (10, 2, 2), (12, 2, 2), (13, 2, 3)],
)
def test_the_cap_is_rounded_as_the_rules_say(number, floor, half_up):
    assert Cap(20, "good", "floor").allowed(number) == floor
    assert Cap(20, "good", "half_up").allowed(number) == half_up


@pytest.mark.parametrize(
    ("present", "summoned", "may_open", "is_short"),
    [
        (8, 8, True, False),
        (6, 9, True, False),
        (5, 9, True, True),
        (5, 8, True, True),
        (4, 8, False, True),
        (4, 9, False, True),
        (2, 3, True, False),
        (0, 0, False, True),
    ],
)
def test_half_or_fewer_refuses_and_below_two_thirds_warns(present, summoned, may_open, is_short):
    assert rules().may_open(present, summoned) is may_open
    assert rules().is_short(present, summoned) is is_short


def test_small_numbers_have_their_own_rules():
    own = rules()
    assert own.has_few_voters(4)
    assert not own.has_few_voters(5)
    assert own.clerk_may_count(8)
    assert not own.clerk_may_count(9)
    assert own.tellers_needed(0) == 1
    assert own.tellers_needed(3) == 2


@pytest.mark.parametrize(
    ("day", "family"),
    [
        (date(2010, 1, 1), "hd-36: Hướng dẫn 36-HD/VPTW, ngày 03/4/2018"),
        (date(2025, 12, 18), "hd-36: Hướng dẫn 36-HD/VPTW, ngày 03/4/2018"),
        (date(2026, 5, 26), "hd-36: Hướng dẫn 36-HD/VPTW, ngày 03/4/2018"),
        (date(2026, 5, 27), "hd-05: Hướng dẫn 05-HD/VPTW, ngày 27/5/2026"),
        (date(2026, 12, 4), "hd-05: Hướng dẫn 05-HD/VPTW, ngày 27/5/2026"),
    ],
)
def test_the_layout_follows_the_date_of_the_paper(day, family):
    assert rules().layout_on(day) == family


def test_a_deadline_is_a_day_that_somebody_has_set():
    assert rules().deadlines == {}
    own = rules(deadline={"meeting": "2026-12-20"})
    assert own.deadlines == {"meeting": date(2026, 12, 20)}
    assert own.words("deadline.meeting") == "20/12/2026"
    assert own.words("deadline.list") == "chưa đặt"
    with pytest.raises(ValueError, match="Hạn phải là một ngày"):
        rules(deadline={"meeting": "cuối năm"})
