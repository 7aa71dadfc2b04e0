"""The figures that a scenario implies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots.demo import scenario
from tests.kit.cases import HALL, LEAST, LEVELS, POLL, SEED, load, meeting_of, people


def test_the_seed_case_implies_the_figures_of_the_article():
    figures = scenario.expected(load(SEED))
    cell, members = figures["polls"]
    assert cell["rows"][0]["percent"]["HTT"] == "100%"
    assert [row["proposed"] for row in members["rows"]] == ["HTT"] * 3 + ["HTXS"] + ["HTT"] * 4
    assert figures["distribution"]["HTT"] == {"count": 7, "percent": "87,5%"}
    assert figures["distribution"]["HTXS"] == {"count": 1, "percent": "12,5%"}
    assert figures["cap"]["warning"] is False
    assert "sealed_sha256" not in figures


def test_the_case_of_the_hall_counts_excused_slips_and_an_invalid_ballot():
    figures = scenario.expected(load(HALL))
    cell, members = figures["polls"]
    numbers = ("summoned", "present", "base", "issued", "collected", "valid", "invalid")
    assert [cell[name] for name in numbers] == [22, 20, 21, 20, 19, 18, 1]
    assert [members[name] for name in numbers] == [22, 20, 21, 20, 19, 19, 0]
    rows = {row["subject"]: row for row in members["rows"]}
    assert rows["Nguyễn Văn An (1950)"]["percent"]["HTXS"] == "66,67%"
    assert rows["Nguyễn Văn An (1988)"]["proposed"] == "HTT"
    assert rows["Mai Văn Khánh"]["blank"] == 2
    assert rows["Ngô Văn Đức"]["proposed"] == "HTT"
    assert figures["distribution"]["of"] == 23
    assert figures["distribution"]["unrated"] == 2


def test_an_exempt_member_who_came_votes():
    members = [
        *people(3),
        {"name": "Miễn", "status": "exempt", "attendance": "present", "rated": False},
    ]
    ballots = [{"count": 4, "marks": {"*": "HTT"}}]
    scenario_read = load(meeting_of(members, ["Đảng viên 3"], [{**POLL, "ballots": ballots}]))
    assert scenario_read.voters == ("Đảng viên 1", "Đảng viên 2", "Đảng viên 3", "Miễn")
    assert scenario.expected(scenario_read)["polls"][0]["issued"] == 4


@pytest.mark.parametrize(
    ("base", "number"),
    [("summoned", 5), ("full", 6), ("present", 4), ("issued", 4), ("collected", 3), ("valid", 2)],
)
def test_every_base_can_be_chosen(base, number):
    members = people(6)
    members[4]["attendance"], members[5]["attendance"] = "excused", "absent"
    ballots = [{"count": 2, "marks": {"*": "HTT"}}, {"count": 1}]
    case = meeting_of(members, ["Đảng viên 3"], [{**POLL, "ballots": ballots}])
    case["campaign"] = {**case["campaign"], "settings": {"base": base}}
    assert scenario.expected(load(case))["polls"][0]["base"] == number


def test_two_rounds_choose_the_excellent_among_the_good():
    first = {"title": "1", "subjects": "members", "levels": ["HTT", "HT", "KHT"]}
    second = {"title": "2", "subjects": ["Đảng viên 1", "Đảng viên 2"], "levels": ["HTXS"]}
    first["ballots"] = [{"count": 6, "marks": {"*": "HTT"}}]
    second["ballots"] = [{"count": 4, "marks": {"Đảng viên 1": "HTXS"}}, {"count": 2}]
    scenario_read = load(meeting_of(people(6), ["Đảng viên 3"], [first, second]))
    figures = scenario.expected(scenario_read)
    assert (figures["polls"][1]["valid"], figures["polls"][1]["rows"][0]["blank"]) == (6, 2)
    assert figures["distribution"]["HTXS"]["count"] == 1
    assert figures["distribution"]["HTT"]["count"] == 5


def test_the_chairs_conclusion_closes_what_the_vote_left_open():
    ballots = [
        {"count": 1, "marks": {"*": "HTT"}},
        {"count": 1, "marks": {"*": "HT"}},
        {"count": 1},
    ]
    case = {**LEAST, "polls": [{**POLL, "ballots": ballots}]}
    assert scenario.expected(load(case))["distribution"]["undecided"] == 3
    case["conclusions"] = {
        "An": {"level": "HT", "reason": "Ý kiến chung."},
        "cell": {"level": "HTT"},
    }
    scenario_read = scenario.expected(load(case))["distribution"]
    assert (
        scenario_read["undecided"],
        scenario_read["HT"]["count"],
        scenario_read["HTT"]["count"],
    ) == (2, 1, 0)


MARK = st.sampled_from([*LEVELS, None])


@given(st.lists(st.tuples(st.integers(0, 4), st.lists(MARK, min_size=3, max_size=3)), max_size=3))
def test_the_figures_agree_with_counting_by_hand(groups):
    groups = [(count, marks) for count, marks in groups if count]
    names = [f"Đảng viên {n}" for n in (1, 2, 3)]
    ballots = [{"count": c, "marks": dict(zip(names, m, strict=True))} for c, m in groups]
    poll = {**POLL, "subjects": names, "ballots": ballots}
    figures = scenario.expected(load(meeting_of(people(12), ["Đảng viên 3"], [poll])))["polls"][0]
    piles = [marks for count, marks in groups for _ in range(count)]
    valid = [marks for marks in piles if any(marks)]
    assert (figures["collected"], figures["valid"]) == (len(piles), len(valid))
    for place, row in enumerate(figures["rows"]):
        column = [marks[place] for marks in valid]
        assert row["counts"] == {level: column.count(level) for level in LEVELS}
        assert row["blank"] == column.count(None)
        won = [level for level in LEVELS if column.count(level) >= 7]
        assert row["proposed"] == (won[0] if won else None)
