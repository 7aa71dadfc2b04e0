"""A meeting's figures: from counted polls to percentages, outcomes and the cap, in a fixed number of queries."""

from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ballots.models import Classification, Poll
from ballots.results import figures
from cells.law.rules import BASES
from cells.models import Campaign, Meeting
from members.models import Attendance
from tests.kit import polls, verbs
from tests.kit.factories import (
    arrive,
    loaded,
    make_meeting,
    make_member,
    make_open_meeting,
    members_of,
    secretary_of,
)
from tests.kit.made_once import made_once

pytestmark = pytest.mark.django_db

EXCELLENT, GOOD, FULFILLED = 1, 2, 3


@pytest.fixture
def seed_meeting() -> Meeting:
    """Eight members, all at HTT but the fourth, whom seven of eight propose for HTXS."""
    return loaded(make_counted())


@made_once
def make_counted() -> Meeting:
    meeting = make_open_meeting(8)
    polls.play(polls.poll_of(meeting, 1), *[[GOOD]] * 8)
    fourth = [[EXCELLENT if row == 3 else GOOD for row in range(8)]] * 7
    polls.play(polls.poll_of(meeting, 2), *fourth, [GOOD] * 8)
    return meeting


def test_the_seed_case_gives_87_5_and_12_5_percent(seed_meeting):
    result = figures.load(seed_meeting).as_dict()
    cell, members = result["polls"]
    assert cell["rows"][0]["percent"]["HTT"] == "100%"
    assert members["rows"][3]["percent"] == {
        "HTXS": "87,5%",
        "HTT": "12,5%",
        "HT": "0%",
        "KHT": "0%",
    }
    assert result["distribution"]["HTT"] == {"count": 7, "percent": "87,5%"}
    assert result["distribution"]["HTXS"] == {"count": 1, "percent": "12,5%"}
    assert result["cap"]["warning"] is False
    assert [row["subject"] for row in cell["rows"]] == ["cell"]


def test_shares_are_exact_and_nothing_is_wrong(seed_meeting):
    _, members = figures.load(seed_meeting).polls
    assert members.rows[3].shares["HTXS"] == Fraction(7, 8)
    assert members.problems == ()
    assert members.rows[3].proposal.level == "HTXS"


def test_the_chairs_conclusion_stands_beside_the_vote(seed_meeting):
    fourth = members_of(seed_meeting)[3]
    verbs.conclude(secretary_of(seed_meeting), seed_meeting, fourth, "HTT", "Theo ý kiến.")
    outcome = figures.load(seed_meeting).members[3]
    assert (outcome.voted, outcome.level, outcome.reason) == ("HTXS", "HTT", "Theo ý kiến.")


def test_a_row_without_majority_stays_undecided_and_blocks_nothing():
    meeting = make_open_meeting(4)
    polls.play(polls.poll_of(meeting, 1), [EXCELLENT], [EXCELLENT], [GOOD], [GOOD])
    meeting_figures = figures.load(loaded(meeting))
    assert meeting_figures.polls[0].rows[0].proposal.level is None
    assert meeting_figures.cell.level is None
    assert meeting_figures.distribution.undecided == 4


def test_a_sum_that_does_not_hold_names_its_line(seed_meeting):
    polls.poll_of(seed_meeting, 2).rows.filter(position=3).update(good=7)
    problems = figures.load(seed_meeting).polls[1].problems
    assert len(problems) == 1
    assert f"“{members_of(seed_meeting)[2].name}”" in problems[0]


def test_void_polls_are_named_with_their_reason_and_without_numbers():
    meeting = make_open_meeting(4)
    poll = polls.poll_of(meeting, 1)
    polls.issue(poll)
    verbs.void(secretary_of(meeting), poll, "Mất điện.")
    meeting_figures = figures.load(loaded(meeting))
    assert (meeting_figures.polls, [poll.void_reason for poll in meeting_figures.voids]) == (
        (),
        ["Mất điện."],
    )
    assert meeting_figures.cell is None


def test_twins_are_told_apart_by_their_year_of_birth():
    meeting = make_open_meeting(3)
    listed = members_of(meeting)
    twin = make_member(meeting.cell, listed[1].name, born_year=1975)
    meeting.attendance_set.create(member=twin, standing="full", position=9)
    keys = [outcome.key for outcome in figures.load(loaded(meeting)).members]
    assert f"{twin.name} (1975)" in keys


def test_the_cap_warns_with_both_readings():
    meeting = make_open_meeting(5)
    polls.play(polls.poll_of(meeting, 2), *[[EXCELLENT] * 5] * 5)
    meeting_figures = figures.load(loaded(meeting))
    assert meeting_figures.cap.warning
    assert "vượt mức trần 20%" in meeting_figures.cap_warning


def queries_of_load(size: int) -> int:
    meeting = make_open_meeting(size)
    polls.play(polls.poll_of(meeting, 2), *[[GOOD] * size] * size)
    meeting = loaded(meeting)
    with CaptureQueriesContext(connection) as spent:
        figures.load(meeting)
    return len(spent)


def test_loading_costs_the_same_queries_for_few_and_many():
    assert queries_of_load(3) == queries_of_load(12)


def test_only_counted_polls_are_in_the_figures():
    meeting = make_open_meeting(4)
    poll = polls.poll_of(meeting, 1)
    polls.cast(poll, polls.issue(poll), [[GOOD]] * 4)
    polls.seal(poll)
    assert Poll.objects.get(pk=poll.pk).state == Poll.State.SEALED
    assert figures.load(loaded(meeting)).polls == ()


def held_with_absences() -> Meeting:
    """Six summoned, one of them excused and one absent; four ballots issued, three cast, one of these unmarked."""
    meeting = make_meeting(6)
    listed = members_of(meeting)
    arrive(meeting, *listed[:4])
    Attendance.objects.filter(meeting=meeting, member=listed[4]).update(
        state=Attendance.State.EXCUSED, reason="Ốm."
    )
    Attendance.objects.filter(meeting=meeting, member=listed[5]).update(
        state=Attendance.State.ABSENT
    )
    secretary = secretary_of(meeting)
    verbs.open_meeting(secretary, meeting)
    verbs.name_tellers(secretary, meeting, listed[2:4], yes=4, of=4)
    polls.play(polls.poll_of(meeting), [GOOD], [GOOD], [0])
    return meeting


def test_the_base_is_the_one_the_campaign_names_and_the_share_follows_it():
    meeting = held_with_absences()
    by_name = {}
    for base in BASES:
        Campaign.objects.update(settings={"base": base})
        (poll,) = figures.load(loaded(meeting)).as_dict()["polls"]
        by_name[base] = (
            poll["base"],
            poll["rows"][0]["percent"]["HTT"],
            poll["rows"][0]["proposed"],
        )
    assert by_name == {
        "summoned": (5, "40%", None),
        "full": (6, "33,33%", None),
        "present": (4, "50%", None),
        "issued": (4, "50%", None),
        "collected": (3, "66,67%", "HTT"),
        "valid": (2, "100%", "HTT"),
    }


def test_a_chair_may_conclude_again_and_again_and_every_version_stays(meeting, secretary, member):
    for level in ("HTT", "HT", "HTXS"):
        verbs.conclude(secretary, meeting, member, level, "Hội nghị thống nhất")
    versions = Classification.objects.filter(meeting=meeting, member=member)
    assert [row.level for row in versions.current()] == ["HTXS"]
    by_age = list(versions.order_by("pk"))
    assert [row.supersedes for row in by_age] == [None, *by_age[:-1]]


def test_confirming_takes_as_many_queries_for_four_members_as_for_twelve(
    django_assert_max_num_queries,
):
    rooms = {size: make_open_meeting(size) for size in (4, 12)}
    for size, room in rooms.items():
        polls.play(polls.poll_of(room, 2), *[[GOOD] * size] * size, confirmed=False)
    few, many = (polls.poll_of(room, 2) for room in rooms.values())
    with django_assert_max_num_queries(60) as cost:
        verbs.confirm(polls.teller_of(few.meeting), few)
    with django_assert_max_num_queries(len(cost)):
        verbs.confirm(polls.teller_of(many.meeting), many)
    for size, room in rooms.items():
        assert Classification.objects.proposed().filter(meeting=room).count() == size


def test_ballots_after_a_conclusion_are_stored_and_the_conclusion_stays(meeting, secretary):
    verbs.conclude(secretary, meeting, None, "HT", "Hội nghị thống nhất")
    polls.play(polls.poll_of(meeting, 1), *[[EXCELLENT]] * 5, confirmed=False)
    assert figures.load(loaded(meeting)).cell.voted is None, "not before the tellers confirm"
    verbs.confirm(polls.teller_of(meeting), polls.poll_of(meeting, 1))
    meeting_figures = figures.load(loaded(meeting))
    assert (meeting_figures.cell.voted, meeting_figures.cell.level) == ("HTXS", "HT")
    assert meeting_figures.cell.reason == "Hội nghị thống nhất"
    assert not meeting_figures.disagree
    versions = Classification.objects.filter(meeting=meeting, member=None).order_by("pk")
    assert [row.source for row in versions] == ["chair", "vote", "chair"]
    versions.filter(source="vote").update(level="HTT")
    assert figures.load(loaded(meeting)).disagree
