"""The second versions of the packs beside the first: the same figures, mended cases, an order of voting."""

import pytest

from cells.law.guidance import Layer, load_pack, pack_names, version_of, versions
from cells.law.review_forms import COLLECTIVE, LEADER, MEMBER, OUTSIDE
from cells.law.rules import Rules


def rules_of(pack: str, **values) -> Rules:
    """The rules of a pack under what a committee has set."""
    return Rules.from_pack(load_pack(pack), {}, [Layer("Đảng ủy", values, {})])


@pytest.mark.parametrize("name", pack_names())
def test_what_decides_figures_is_the_same_in_every_version(name):
    decides = (
        "base",
        "threshold",
        "thresholds",
        "cap",
        "quorum",
        "levels",
        "bands",
        "min_tellers",
    )
    known = [Rules.from_pack(load_pack(version), {}) for version in versions(name)]
    assert len(known) > 1
    for rule in decides:
        assert len({str(getattr(rules, rule)) for rules in known}) == 1, rule


# Of whom each case may be confirmed: L leader, M member, O outside, C collective; and the highest level left.
CASES = {
    "2023.1": {},
    "2023.2": {"criterion-poor": "LMOC KHT"},
    "2025.1": {
        "decline": "LMO KHT",
        "forbidden": "LMO KHT",
        "disciplined": "LMO KHT",
        "unit-corruption": "L KHT",
        "most-undone": "LMO KHT",
        "collective-under-70-head": "L KHT",
        "collective-under-70": "L HTT",
        "quarter-unfulfilled": "L HTT",
    },
    "2025.2": {
        "decline": "LMO KHT",
        "forbidden": "MO KHT",
        "disciplined": "MO KHT",
        "disciplined-duty": "L KHT",
        "low-confidence": "L KHT",
        "unit-corruption": "L KHT",
        "most-undone": "MO KHT",
        "collective-under-70-head": "L KHT",
        "collective-under-70": "L HTT",
        "quarter-unfulfilled": "L HTT",
        "collective-cadre-work": "C KHT",
        "collective-disciplined": "C KHT",
        "collective-decline": "C KHT",
        "collective-undone": "C KHT",
    },
    "quy.1": {
        "quarter-undone": "L KHT",
        "collective-under-70-head": "L KHT",
        "collective-under-70": "L HTT",
    },
    "quy.2": {
        "quarter-undone": "L KHT",
        "disciplined-duty": "L KHT",
        "low-confidence": "L KHT",
        "unit-corruption": "L KHT",
        "collective-under-70-head": "L KHT",
        "collective-under-70": "L HTT",
        "collective-undone": "C KHT",
    },
}
# These add what is kept of ballots, and nothing of levels.
CASES |= {"2025.3": CASES["2025.2"], "quy.3": CASES["quy.2"]}
KINDS = {"L": LEADER, "M": MEMBER, "O": OUTSIDE, "C": COLLECTIVE}


@pytest.mark.parametrize("version", [v for name in pack_names() for v in versions(name)])
@pytest.mark.parametrize("letter", KINDS)
def test_every_case_may_be_confirmed_of_its_kinds_of_subject_and_of_no_other(version, letter):
    expected = {
        key: words.split()[1]
        for key, words in CASES[version].items()
        if letter in words.split()[0]
    }
    flags = rules_of(version).flags_for(KINDS[letter])
    assert {flag.key: flag.limit for flag in flags} == expected


@pytest.mark.parametrize(
    ("key", "unless"),
    [
        ("most-undone", "bất khả kháng"),
        ("collective-under-70-head", "bất khả kháng"),
        ("collective-undone", "bất khả kháng"),
        ("unit-corruption", "Tự phát hiện"),
        ("collective-disciplined", "Tự phát hiện"),
        ("decline", ""),
    ],
)
def test_a_case_says_when_it_is_not_confirmed(key, unless):
    (flag,) = (flag for flag in rules_of("2025.2").flags if flag.key == key)
    assert unless in flag.unless
    assert bool(flag.unless) == bool(unless)


@pytest.mark.parametrize("name", ["2023", "2025"])
def test_members_are_voted_on_before_the_cell_unless_a_committee_orders_otherwise(name):
    assert rules_of(f"{name}.1").polls == ("cell", "members")
    assert rules_of(f"{name}.2").polls == ("leadership", "members", "cell")
    other = rules_of(f"{name}.2", polls="cell,members,leadership")
    assert other.polls == ("cell", "members", "leadership")
    assert (other.words("polls"), other.origin("polls").set_by) == (
        "chi bộ, rồi đảng viên, rồi tập thể lãnh đạo",
        "Đảng ủy",
    )


def test_an_order_keeps_to_the_polls_of_the_pack():
    assert rules_of("quy.2", polls="cell,members").polls == ("members",)
    assert rules_of("2025.2", polls="cell").polls == ("leadership", "members", "cell")
    for wrong, sentence in (("cell,guests", "chỉ gồm"), (7, "chỉ gồm")):
        with pytest.raises(ValueError, match=sentence):
            rules_of("2025.2", polls=wrong)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("finish", "special"),
        ("draft_days", 5),
        ("polls", "cell,members"),
        ("subjects", "đảng viên"),
        ("collectives", "none"),
        ("collective_least", 5),
    ],
)
def test_a_setting_that_an_older_version_does_not_know_is_left_aside(key, value):
    older, newer = rules_of("2025.1", **{key: value}), rules_of("2025.2", **{key: value})
    assert older.texts == rules_of("2025.1").texts
    assert older.polls == rules_of("2025.1").polls
    assert (older.collectives, older.collective_least) == ("cell", 3)
    assert key not in older.keys
    assert newer.origin(key).set_by == "Đảng ủy"
    assert Rules.from_pack(load_pack("2025.1"), {key: value}).version == "2025.1"


def test_what_is_reviewed_is_named_by_the_law_or_by_the_committee():
    whole = "tổ chức đảng, đảng viên và tập thể, cá nhân cán bộ lãnh đạo, quản lý"
    assert rules_of("2023.2").texts["subjects"] == whole
    assert rules_of("2025.2").texts["subjects"] == "tổ chức đảng, đảng viên"
    assert rules_of("2025.2", subjects=whole).texts["subjects"] == whole


def test_what_a_year_sets_of_its_days_its_order_and_its_subjects_is_not_that_of_a_quarter():
    of_year = {"finish": "special", "draft_days": 5, "subjects": "tổ chức đảng"}
    of_year |= {"collectives": "none", "collective_least": 5}
    quarter = rules_of("quy.2", **of_year)
    assert (quarter.finish, quarter.draft_days) == (None, 0)
    assert quarter.texts["subjects"] == "cán bộ lãnh đạo, quản lý"
    assert (quarter.collectives, quarter.collective_least) == ("cell", 3)


def test_a_plain_name_means_the_newest_version():
    assert version_of("2025") == versions("2025")[-1]
