"""What asks for a reason, rule by rule and pack by pack; points are exact and never lower a band by being more."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots.appraisal.rules import (
    EXECUTIVE,
    FAILS,
    HOLDS,
    OPEN,
    SELF,
    Appraisal,
    KnownFacts,
    appraise,
)
from cells.law.guidance import CERTAINTIES, Layer, load_pack, pack_names
from cells.law.review_forms import COLLECTIVE, PERSONAL, ReviewForm
from cells.law.rules import Rules

KINDS = (*PERSONAL, COLLECTIVE)


def appraised(kind: str = "leader", pack: str = "2025", rules=None, **values) -> Appraisal:
    """The appraisal of these values under this pack, with what a committee has set over it."""
    loaded = load_pack(pack)
    own = Rules.from_pack(
        loaded, {}, [Layer("Đảng ủy", rules or {}, dict.fromkeys(rules or {}, "HD 3"))]
    )
    form = ReviewForm.from_pack(loaded, kind, own)
    return appraise(form, own.flags_for(kind), KnownFacts(**values), own)


def keys(expected: Appraisal) -> list[str]:
    return [doubt.key for doubt in expected.doubts]


def score(points: str) -> Decimal:
    return Decimal(points)


ALL = {f"leader-{level}-{n}": True for level in ("HTXS", "HTT", "HT") for n in (1, 2, 3)}
LEVELS_OF_FLAGS = [
    ("decline", "KHT"),
    ("disciplined-duty", "KHT"),
    ("low-confidence", "KHT"),
    ("unit-corruption", "KHT"),
    ("collective-under-70-head", "KHT"),
    ("collective-under-70", "HTT"),
    ("quarter-unfulfilled", "HTT"),
]

# The rule, the pack, what is given, and the doubts it raises.
RULES = [
    ("no level yet, nothing to doubt", "2025", {"self_score": score("40")}, []),
    ("90 points are enough", "2025", {"level": "HTXS", "self_score": score("90")}, []),
    (
        "89,99 are not",
        "2025",
        {"level": "HTXS", "self_score": score("89.99")},
        ["band-HTT-HTXS"],
    ),
    (
        "below 50 is KHT",
        "2025",
        {"level": "HT", "self_score": score("49.5")},
        ["band-KHT-HT"],
    ),
    ("a level below the band is no doubt", "2025", {"level": "HT", "self_score": score("95")}, []),
    (
        "chi ủy's points come before one's own",
        "2025",
        {"level": "HTXS", "self_score": score("92"), "executive_score": score("88")},
        ["band-HTT-HTXS"],
    ),
    (
        "an unmet condition of the level",
        "2025",
        {"level": "HTXS", "answers": {**ALL, "leader-HTXS-2": False}},
        ["condition-leader-HTXS-2-b9192e-HTXS"],
    ),
    (
        "an unmet condition of a lower level",
        "2025",
        {"level": "HTXS", "answers": {**ALL, "leader-HT-1": False}},
        ["condition-leader-HT-1-5c21f9-HTXS"],
    ),
    (
        "an unmet condition of a higher level",
        "2025",
        {"level": "HTT", "answers": {**ALL, "leader-HTXS-2": False}},
        [],
    ),
    ("an unanswered condition is no doubt", "2025", {"level": "HTXS", "answers": {}}, []),
    *(
        (f"{key} confirmed", "2025", {"level": "HTXS", "confirmed": [key]}, [f"flag-{key}-HTXS"])
        for key, _ in LEVELS_OF_FLAGS
    ),
    *(
        (f"{key} obeyed", "2025", {"level": limit, "confirmed": [key]}, [])
        for key, limit in LEVELS_OF_FLAGS
    ),
    ("a flag nobody confirmed", "2025", {"level": "HTXS", "confirmed": []}, []),
    (
        "the head above the collective",
        "2025",
        {"level": "HTXS", "collective": "HTT", "is_head": True},
        ["head-HTXS-HTT"],
    ),
    (
        "the head as the collective",
        "2025",
        {"level": "HTT", "collective": "HTT", "is_head": True},
        [],
    ),
    ("the collective without a level", "2025", {"level": "HTXS", "is_head": True}, []),
    ("another member above it", "2025", {"level": "HTXS", "collective": "HTT"}, []),
    (
        "one's own level and chi ủy's",
        "2025",
        {"self_level": "HTXS", "executive_level": "HTT"},
        ["levels-HTXS-HTT"],
    ),
    ("chi ủy has not proposed", "2025", {"self_level": "HTXS"}, []),
    (
        "5 points apart",
        "2025",
        {"self_score": score("85"), "executive_score": score("80.0")},
        ["scores-85-80"],
    ),
    ("4,99 apart", "2025", {"self_score": score("85"), "executive_score": score("80.01")}, []),
    (
        "below is as far as above",
        "2025",
        {"self_score": score("80"), "executive_score": score("85.5")},
        ["scores-80-85.5"],
    ),
    (
        "one's own points and level",
        "2025",
        {"self_score": score("85"), "self_level": "HTXS"},
        ["points-HTT-HTXS"],
    ),
    ("2023 has no bands", "2023", {"level": "HTXS", "self_score": score("40")}, []),
    (
        "2023 says nothing of the head",
        "2023",
        {"level": "HTXS", "collective": "HT", "is_head": True},
        [],
    ),
    ("2023.1 has no flags yet", "2023.1", {"level": "HTXS", "confirmed": ["disciplined"]}, []),
    (
        "levels may be apart in 2023",
        "2023",
        {"self_level": "HTT", "executive_level": "HT"},
        ["levels-HTT-HT"],
    ),
]


@pytest.mark.parametrize(
    ("pack", "values", "doubts"), [r[1:] for r in RULES], ids=[r[0] for r in RULES]
)
def test_each_rule_asks_for_what_disagrees_and_for_nothing_else(pack, values, doubts):
    assert keys(appraised(pack=pack, **values)) == doubts


def test_every_doubt_is_one_sentence_with_its_source_and_two_levels_as_given():
    appraisal = appraised(
        level="HTXS",
        self_level="HTXS",
        executive_level="HTT",
        self_score=score("82.50"),
        executive_score=score("75"),
        collective="HTT",
        is_head=True,
        answers={"leader-HTXS-2": False},
        confirmed=["disciplined-duty"],
    )
    assert len(appraisal.doubts) == 7
    for doubt in appraisal.doubts:
        assert doubt.words.endswith(".")
        assert any(doubt.basis.endswith(f"({words})") for words in CERTAINTIES.values())
    text = " ".join(doubt.words for doubt in appraisal.doubts)
    assert "75 điểm thuộc khung HTT" in text
    assert "Tự chấm 82,5 điểm, chi ủy thẩm định 75 điểm: chênh 7,5 điểm." in text
    assert appraisal.limit == "KHT"  # shown, and the level stays what it is


def test_a_committee_sets_the_gap_and_whether_the_head_is_held_against_the_collective():
    apart = {"self_score": score("85"), "executive_score": score("78")}
    assert keys(appraised(rules={"score_gap": 10}, **apart)) == []
    (doubt,) = appraised(rules={"score_gap": 7}, **apart).doubts
    assert doubt.basis == "Đảng ủy quy định: HD 3"
    head = {"level": "HTXS", "collective": "HTT", "is_head": True}
    assert keys(appraised(rules={"head_limit": "none"}, **head)) == []
    assert keys(appraised(pack="2023", rules={"head_limit": "collective"}, **head)) != []
    assert (
        keys(
            appraised(rules={"score_gap": 0}, self_score=score("80"), executive_score=score("80"))
        )
        == []
    )


def test_levels_that_differ_name_the_guidance_that_asks_why_and_none_where_none_does():
    apart = {"self_level": "HTXS", "executive_level": "HTT"}
    for pack in ("2025", "quy"):
        (doubt,) = appraised(pack=pack, rules={"score_gap": 7}, **apart).doubts
        assert "hoặc khác mức" in doubt.basis
    (doubt,) = appraised(pack="2023", **apart).doubts
    assert (doubt.words, doubt.basis) == ("Tự nhận mức HTXS, chi ủy đề xuất mức HTT.", "")


@pytest.mark.parametrize("value", ["head", ""])
def test_an_unknown_limit_of_the_head_is_refused(value):
    with pytest.raises(ValueError, match="head_limit"):
        appraised(rules={"head_limit": value})


def test_a_reason_answers_the_doubt_it_was_written_for_and_no_later_one():
    values = {"self_score": score("65"), "reasons": ["band-HT-HTT"]}
    assert [d.is_explained for d in appraised(level="HTT", **values).doubts] == [True]
    later = appraised(level="HTXS", **values)
    assert [d.key for d in later.unexplained] == ["band-HT-HTXS"]


def test_a_reason_for_an_unmet_condition_explains_no_other_wording_of_it():
    unmet = {"level": "HTT", "answers": {"leader-HTT-1": False}}
    appraisal = keys(appraised(**unmet))
    assert appraised(reasons=appraisal, **unmet).unexplained == ()
    own = {"conditions.leader.HTT": {"items": ["Viết lại"]}}
    (doubt,) = appraised(rules=own, reasons=appraisal, **unmet).unexplained
    assert "“Viết lại”" in doubt.words
    assert doubt.basis == "Đảng ủy quy định: HD 3"


# Points, answers, and: how HTXS, HTT, HT stand, the highest that holds, the highest still possible.
STANDINGS = [
    (None, {}, (OPEN, OPEN, OPEN), "", "HTXS"),
    ("95", {}, (OPEN, OPEN, OPEN), "", "HTXS"),
    ("95", ALL, (HOLDS, HOLDS, HOLDS), "HTXS", "HTXS"),
    (None, ALL, (OPEN, OPEN, OPEN), "", "HTXS"),
    ("75", ALL, (FAILS, HOLDS, HOLDS), "HTT", "HTT"),
    ("95", {**ALL, "leader-HTXS-2": False}, (FAILS, HOLDS, HOLDS), "HTT", "HTT"),
    ("75", {"leader-HT-1": True}, (FAILS, OPEN, HOLDS), "HT", "HTT"),
    ("75", {"leader-HTT-1": False}, (FAILS, FAILS, OPEN), "", "HT"),
    ("49", {}, (FAILS, FAILS, FAILS), "KHT", "KHT"),
]


@pytest.mark.parametrize(("points", "answers", "stands", "highest", "possible"), STANDINGS)
def test_points_are_needed_and_not_enough_and_nothing_unanswered_is_assumed(
    points, answers, stands, highest, possible
):
    appraisal = appraised(self_score=points and score(points), answers=answers)
    assert tuple(appraisal.standing.values()) == stands
    assert (appraisal.highest, appraisal.possible) == (highest, possible)


def test_where_the_pack_knows_neither_points_nor_conditions_no_level_is_called_reached():
    appraisal = appraised(pack="2023.1", self_score=score("95"))
    assert (set(appraisal.standing.values()), appraisal.highest, appraisal.band) == (
        {OPEN},
        "",
        "",
    )
    assert appraisal.conditions == ()


def test_whose_points_they_are_is_told():
    assert appraised(self_score=score("80")).scored_by == SELF
    assert appraised(self_score=score("80"), executive_score=score("0")).scored_by == EXECUTIVE
    assert appraised().scored_by == ""


def test_an_answer_to_another_form_is_no_answer():
    assert appraised("member", answers=ALL).unanswered == len(appraised("member").conditions) == 4


@pytest.mark.parametrize("pack", pack_names())
@pytest.mark.parametrize("kind", KINDS)
def test_every_flag_has_its_title_its_limit_and_its_source(pack, kind):
    loaded = load_pack(pack)
    flags = Rules.from_pack(loaded, {}).flags_for(kind)
    assert len({flag.key for flag in flags}) == len(flags)
    for flag in flags:
        assert flag.title
        assert flag.limit in loaded["levels"]
        assert any(flag.basis.endswith(f"({words})") for words in CERTAINTIES.values())
    assert {each["certainty"] for each in loaded["review"]["flags"]} <= set(CERTAINTIES)


def test_which_cases_force_or_cap_a_leaders_level():
    rules = Rules.from_pack(load_pack("2025"), {})
    flags = rules.flags_for("leader")
    assert [(flag.key, flag.limit) for flag in flags] == LEVELS_OF_FLAGS
    assert [flag.effect for flag in flags][-2:] == ["không quá HTT", "không quá HTT"]
    assert flags[0].effect == "phải xếp KHT"
    assert [f.key for f in rules.flags_for("member")] == [
        "decline", "forbidden", "disciplined", "most-undone"
    ]  # fmt: skip


POINTS = st.decimals(min_value=0, max_value=100, places=2)
LEVELS = ("KHT", "HT", "HTT", "HTXS")


@given(st.sampled_from(KINDS), POINTS, POINTS)
def test_more_points_never_lower_the_band_nor_the_highest_level(kind, one, other):
    less, more = sorted((one, other))
    loaded = load_pack("2025")
    form = ReviewForm.from_pack(loaded, kind, Rules.from_pack(loaded, {}))
    assert LEVELS.index(form.band(less)) <= LEVELS.index(form.band(more))
    answers = {c.key: True for c in appraised(kind).conditions}
    lower, higher = (appraised(kind, self_score=p, answers=answers).highest for p in (less, more))
    assert LEVELS.index(lower) <= LEVELS.index(higher)


@given(st.lists(st.decimals(min_value=0, max_value=70, places=2), min_size=6, max_size=6))
def test_points_add_up_exactly(points):
    loaded = load_pack("2025")
    form = ReviewForm.from_pack(loaded, "leader", Rules.from_pack(loaded, {}))
    keyed = dict(zip((c.key for c in form.criteria), points, strict=True))
    hundredths = sum(int(p * 100) for p in points)
    assert form.total(keyed) == Decimal(hundredths) / 100
    assert form.total(keyed, "common") + form.total(keyed, "result") == form.total(keyed)


@given(POINTS, POINTS)
def test_the_gap_is_measured_exactly_and_both_ways(own, appraised_score):
    values = {"self_score": own, "executive_score": appraised_score}
    swapped = {"self_score": appraised_score, "executive_score": own}
    first = abs(own - appraised_score) >= 5
    assert bool(appraised(**values).doubts) is bool(appraised(**swapped).doubts) is first
