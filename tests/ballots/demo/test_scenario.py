"""Scenario files: what may be left out, and what is no scenario at all."""

import json
import unicodedata
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots.demo import scenario
from ballots.demo.scenario import Malformed, Person, Problem
from ballots.demo.scenario.checks import MOST_REASONS
from ballots.demo.scenario.model import OFFICES, Code
from ballots.voting.forms import InvalidForm
from cells.law.guidance import pack_names, versions
from members.models import Office
from members.models.people import IN_CELL
from tests.kit.cases import HALL, LEAST, LEVELS, POLL, SEED, changed, load, places, without


def test_the_format_speaks_the_codes_of_the_models():
    assert list(Code.__args__) == LEVELS
    assert {kind for kind, _ in OFFICES} == set(IN_CELL)
    assert InvalidForm.ROWS == MOST_REASONS
    assert set(scenario.Post.__annotations__["kind"].__args__) == set(Office.OUTSIDE)
    packs = [pack for name in pack_names("year") for pack in (name, *versions(name))]
    assert list(scenario.Campaign.__annotations__["pack"].__args__) == packs


def test_whatever_is_not_required_may_be_missing():
    case = load(LEAST)
    person = case.members[0]
    assert (person.rated, person.born, person.self_level, person.post) == (True, None, None, "")
    assert (case.guests, case.comments, case.polls) == ((), (), ())
    assert (case.cell_self_level, case.cell_self_score, case.conclusions) == (None, None, {})
    assert (case.meeting.venue, case.campaign.basis) == ("", ())
    assert case.meeting.starts == datetime(2026, 12, 4, 19, 30)  # noqa: DTZ001 - local, as printed
    assert scenario.expected(case)["distribution"]["undecided"] == 3


def test_ballots_default_to_phones_without_marks():
    poll = load({**LEAST, "polls": [POLL]}).polls[0]
    assert (poll.ballots[0].via, poll.ballots[0].marks) == ("phone", {})
    figures = scenario.expected(load({**LEAST, "polls": [POLL]}))
    assert (figures["polls"][0]["valid"], figures["polls"][0]["invalid"]) == (0, 3)


def test_reasons_that_the_records_need_and_the_file_leaves_out_are_said_to_be_missing():
    value = changed(LEAST, "members.1.attendance", "excused")
    value["members"] += [
        {"name": "Dũng", "status": "exempt", "attendance": "absent", "rated": False},
        {"name": "Em", "status": "full", "attendance": "present"},
        {"name": "Giang", "status": "full", "attendance": "present"},
    ]
    value["meeting"]["clerk"] = "Em"
    value["conclusions"] = {"An": {"level": "HT"}}
    scenario_read = load(value)
    assert scenario_read.people["Bình"].reason == scenario.UNSAID
    assert scenario_read.people["Dũng"].unrated_reason == scenario.UNSAID
    assert scenario_read.people["Dũng"].reason == ""
    assert scenario_read.conclusions["An"].reason == scenario.UNSAID


def test_a_section_that_is_named_takes_its_text_out_of_the_one_that_had_it():
    told = {"shortcomings": "Chậm.", "causes": "Ít người."}
    assert load({**LEAST, "report": told}).report.sections()["weaknesses"] == "Chậm.\nÍt người."
    report = load({**LEAST, "report": told | {"others": {"causes": "Thiếu người."}}}).report
    texts = report.sections()
    assert (texts["weaknesses"], texts["causes"]) == ("Chậm.", "Thiếu người.")
    assert "Nguyên nhân: Ít người." in report.summary(2026)


def test_a_comment_without_a_word_is_no_comment():
    value = {
        **LEAST,
        "comments": [
            {"by": "An", "on": "cell"},
            {"by": "An", "on": "Chi", "text": "Tốt.\nVà chăm."},
        ],
    }
    assert [comment.text for comment in load(value).comments] == ["Tốt.\nVà chăm."]


REQUIRED = [
    *("committee", "cell", "place", "campaign", "campaign.year", "campaign.pack"),
    *("meeting", "meeting.starts", "meeting.ends", "meeting.chair", "meeting.clerk"),
    *("meeting.tellers", "members", "members.0.name", "members.0.status", "members.0.attendance"),
    *("polls.0.title", "polls.0.subjects", "polls.0.levels", "polls.0.ballots.0.count"),
    *("comments.0.by", "comments.0.on", "guests.0.name"),
]


@pytest.mark.parametrize("path", REQUIRED)
def test_a_missing_key_is_named(path):
    with pytest.raises(Malformed) as caught:
        load(without(HALL, path))
    key = path.rsplit(".", 1)[-1]
    assert any(f"Thiếu khoá “{key}”" in line for line in caught.value.problems)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "campaign",
        "meeting",
        "members.3",
        "guests.0",
        "comments.0",
        "polls.0",
        "polls.0.ballots.1",
    ],
)
def test_an_unknown_key_is_refused_everywhere(path):
    with pytest.raises(Malformed, match="Khoá “la” không có trong mẫu"):
        load(changed(HALL, f"{path}.la".lstrip("."), 1))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("committee", 5),
        ("place", None),
        ("campaign", []),
        ("campaign.year", "2023"),
        ("campaign.year", 2023.0),
        ("campaign.year", True),
        ("campaign.year", 23),
        ("campaign.pack", "2024"),
        ("campaign.pack", 2023),
        ("campaign.basis", "Hướng dẫn"),
        ("campaign.basis", [1]),
        ("campaign.settings", []),
        ("campaign.settings", {"base": "voters"}),
        ("campaign.settings", {"bases": "present"}),
        ("campaign.settings", {"threshold": {"*": "1/2"}}),
        ("campaign.settings", {"threshold": {"HTX": ">1/2"}}),
        ("campaign.settings", {"cap": {"percent": 20.5}}),
        ("campaign.settings", {"cap": {"reading": "best"}}),
        ("meeting.starts", "20/12/2023 14:00"),
        ("meeting.starts", "2023-13-20T14:00"),
        ("meeting.starts", "2023-12-20T14:00+07:00"),
        ("meeting.starts", 2023),
        ("meeting.tellers", "Đảng viên Hai"),
        ("meeting.tellers", [None]),
        ("members", {}),
        ("members.0", "Hà Xuân Quang"),
        ("members.0.born", "1975"),
        ("members.0.born", -1),
        ("members.0.rated", "true"),
        ("members.0.rated", 1),
        ("members.0.status", "active"),
        ("members.0.status", ["full"]),
        ("members.0.attendance", "expected"),
        ("members.0.self_level", "Tốt"),
        ("members.0.self_level", ""),
        ("members.0.post", None),
        ("guests", None),
        ("cell_self_level", "A"),
        ("cell_self_score", "86"),
        ("cell_self_score", True),
        ("cell_self_score", 100.5),
        ("cell_self_score", -1),
        ("cell_self_score", 86.125),
        ("polls.0.subjects", "everybody"),
        ("polls.0.subjects", {"cell": 1}),
        ("polls.0.subjects", [1]),
        ("polls.0.levels", ["HTXS", "TB"]),
        ("polls.0.levels", "HTT"),
        ("polls.0.ballots", {}),
        ("polls.0.ballots.0.count", "8"),
        ("polls.0.ballots.0.count", 8.5),
        ("polls.0.ballots.0.count", -1),
        ("polls.0.ballots.0.via", "zalo"),
        ("polls.0.ballots.0.marks", ["HTT"]),
        ("polls.0.ballots.0.marks", {"cell": "TB"}),
        ("polls.0.ballots.0.marks", {"cell": 1}),
        ("conclusions", []),
        ("conclusions", {"cell": "HTT"}),
        ("conclusions", {"cell": {"level": None}}),
    ],
)
def test_a_wrong_type_or_value_is_no_scenario(path, value):
    with pytest.raises(Malformed):
        load(changed(SEED, path, value))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe{}",
        b"Chi b\xe1",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"NaN",
        b'{"committee": NaN}',
        b'{"cell": "a", "cell": "b"}',
        b"[" * 100_000,
        b'{"cell_self_score": 1e99999999999999999999}',
        b'{"campaign": {"year": ' + b"9" * 5000 + b"}}",
    ],
)
def test_what_is_not_json_or_no_table_is_no_scenario(data):
    with pytest.raises(Malformed) as caught:
        scenario.load(data)
    assert caught.value.problems


def test_a_broken_character_is_refused_in_a_line_that_can_be_printed():
    for data in (rb'{"\ud800": 1}', json.dumps(changed(LEAST, "cell", "\ud800")).encode()):
        with pytest.raises(Problem) as caught:
            scenario.load(data)
        assert "\n".join(caught.value.problems).encode()


def test_a_line_that_names_a_problem_stays_short():
    with pytest.raises(Malformed) as caught:
        load({**LEAST, "x" * 100_000: 1})
    assert [len(line) for line in caught.value.problems] == [301]


def test_a_byte_order_mark_does_no_harm():
    assert scenario.load(b"\xef\xbb\xbf" + json.dumps(LEAST).encode())


def test_the_file_of_a_mac_means_the_same_names():
    text = unicodedata.normalize("NFD", json.dumps(HALL, ensure_ascii=False))
    assert scenario.load(text.encode()) == load(HALL)


def test_scores_are_exact():
    assert load({**LEAST, "cell_self_score": 84.5}).cell_self_score == Decimal("84.5")
    assert load({**LEAST, "cell_self_score": 100}).cell_self_score == Decimal(100)


@pytest.mark.parametrize(
    ("post", "office"),
    [
        ("Bí thư", "secretary"),
        ("BÍ THƯ chi bộ", "secretary"),
        ("Bí thư Đoàn phường", ""),
        ("Bí thư Đảng ủy phường", ""),
        ("Phó Bí thư", "deputy"),
        ("Chi ủy viên", "executive"),
        ("Chi uỷ viên", "executive"),
        ("Trưởng khu phố", ""),
        ("", ""),
    ],
)
def test_posts_name_offices_of_the_cell(post, office):
    assert Person(name="An", status="full", attendance="present", post=post).office == office


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from(sorted(p for p in places(SEED) if ". " not in p)), JSON)
def test_no_value_anywhere_brings_it_down(path, value):
    try:
        scenario_read = load(changed(SEED, path, value))
    except Problem as problem:
        lines = problem.problems
    else:
        lines = [poll["title"] for poll in scenario.expected(scenario_read)["polls"]]
    assert all(line.isprintable() and line.encode() for line in lines)
    assert len(lines) > 0 or path == "polls"


@given(st.binary(max_size=200))
def test_no_bytes_bring_it_down(data):
    with pytest.raises(Malformed):
        scenario.load(data)
