"""Papers of real meetings: what the rows say stands in the data, in a fixed number of queries."""

from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ballots.models import Issue, Poll
from ballots.papers import heads
from ballots.papers.ballots.gather import gather_ballot_sheets, gather_slips
from ballots.papers.minutes.gather import gather_count, gather_minutes
from ballots.papers.press import render
from cells.models import Meeting
from members.models import Attendance, Door, Member
from tests.kit import polls, verbs
from tests.kit.factories import (
    arrive,
    loaded,
    make_cell,
    make_meeting,
    make_member,
    make_open_meeting,
    members_of,
    secretary_of,
)
from tests.kit.made_once import made_once

pytestmark = pytest.mark.django_db

EXCELLENT, GOOD = 1, 2


@pytest.fixture
def counted() -> Meeting:
    """Eight members, the cell at HTT, the fourth at HTXS by seven of eight; comments, a guest, an absent one."""
    return loaded(make_counted())


@made_once
def make_counted() -> Meeting:
    cell = make_cell(name="Chi bộ 4")
    make_member(cell, "Quách Văn Ý", status=Member.Status.PROBATIONARY)
    meeting = make_open_meeting(8, cell=cell)
    secretary, listed = secretary_of(meeting), members_of(meeting)
    verbs.comment(secretary, meeting, listed[1], None, "Nhất trí.")
    verbs.comment(secretary, meeting, listed[2], listed[3], "Cần phát huy.")
    verbs.comment(secretary, meeting, listed[4], listed[3], "Xin bảo lưu.", reserved=True)
    verbs.add_guest(secretary, meeting, "Trần Văn B", "Đảng ủy phường")
    polls.play(polls.poll_of(meeting, 1), *[[GOOD]] * 8)
    fourth = [EXCELLENT if row == 3 else GOOD for row in range(9)]
    polls.play(polls.poll_of(meeting, 2), *[fourth] * 7, [GOOD] * 9)
    return meeting


def test_the_minutes_hold_both_percentages_apart(counted):
    minutes = gather_minutes(counted)
    cell, members = minutes.sitting.polls
    assert (cell.on_cell, members.on_cell) == (True, False)
    assert cell.rows[0].shares["HTT"] == 1
    assert members.rows[3].shares == {
        "HTXS": Fraction(7, 8),
        "HTT": Fraction(1, 8),
        "HT": 0,
        "KHT": 0,
    }
    assert minutes.distribution.shares["HTXS"] == Fraction(1, 9)
    assert [subject.level for subject in minutes.members].count("HTT") == 8


def test_the_roll_of_the_minutes_adds_up(counted):
    roll = gather_minutes(counted).sitting.roll
    assert (roll.summoned, roll.present) == (8, 8)
    assert [(s.label, s.listed, s.present) for s in roll.standings[:2]] == [
        ("chính thức", 8, 8),
        ("dự bị", 1, 1),
    ]


def test_comments_guests_duties_and_tellers_are_those_of_the_meeting(counted):
    minutes, listed = gather_minutes(counted), members_of(counted)
    assert [(o.by, o.on, o.text) for o in minutes.opinions] == [
        (listed[1].name, "", "Nhất trí."),
        (listed[2].name, listed[3].name, "Cần phát huy."),
    ]
    assert [(o.by, o.on) for o in minutes.reserved] == [(listed[4].name, listed[3].name)]
    assert [guest.name for guest in minutes.sitting.guests] == ["Trần Văn B"]
    assert minutes.sitting.chair.name == listed[0].name
    assert minutes.sitting.clerk.name == listed[1].name
    assert [p.name for p in minutes.sitting.tellers.people] == [listed[2].name, listed[3].name]


def test_the_count_names_the_list_and_the_sheet_of_each_poll(counted):
    minutes = gather_count(counted)
    assert [poll.list_sha256 for poll in minutes.sitting.polls] == [
        polls.poll_of(counted, number).sealed_sha256 for number in (1, 2)
    ]
    assert [poll.p for poll in minutes.sitting.polls] == [
        polls.poll_of(counted, n).p for n in (1, 2)
    ]


def test_twins_are_told_apart_by_birth_but_sign_without_it():
    cell = make_cell()
    make_member(cell, "Trần Thị Ánh", born_year=1988)
    meeting = make_open_meeting(5, cell=cell)
    Member.objects.filter(cell=cell, post="Bí thư").update(born_year=1950)
    chair = gather_minutes(loaded(meeting)).sitting.chair
    assert (chair.name, chair.signs) == ("Trần Thị Ánh (1950)", "Trần Thị Ánh")


def test_who_took_no_ballot_is_named_with_the_reason_and_no_door_is_counted():
    meeting = make_open_meeting(6)
    secretary, poll = secretary_of(meeting), polls.poll_of(meeting, 1)
    phones = polls.issue(poll)
    late = members_of(meeting)[5]
    Issue.objects.filter(poll=poll, member=late).update(stamped=False, received=False)
    verbs.decline(secretary, Issue.objects.get(poll=poll, member=late), "về sớm")
    polls.cast(poll, phones[:5], [[GOOD]] * 5)
    polls.seal(poll)
    polls.count(poll)
    sitting = gather_count(loaded(meeting)).sitting
    assert [(e.name, e.reason) for e in sitting.polls[0].declined] == [(late.name, "về sớm")]
    assert sitting.doors == ("phone",)


def test_a_void_poll_and_an_absence_are_told_with_their_reasons():
    meeting = make_open_meeting(6)
    secretary = secretary_of(meeting)
    gone = Attendance.objects.of(meeting).last()
    verbs.mark(secretary, gone, Attendance.State.EXCUSED, "Đi công tác")
    polls.issue(polls.poll_of(meeting, 1))
    verbs.void(secretary, polls.poll_of(meeting, 1), "mất điện")
    sitting = gather_minutes(loaded(meeting)).sitting
    assert [(void.title, void.reason) for void in sitting.voids] == [
        (polls.poll_of(meeting, 1).title, "mất điện")
    ]
    assert [(a.name, a.reason) for a in sitting.roll.absences] == [
        (gone.member.name, "Đi công tác")
    ]
    assert (sitting.roll.summoned, sitting.roll.present) == (6, 5)


def test_an_excuse_written_after_the_count_does_not_contradict_the_base():
    meeting = make_meeting(6)
    listed = members_of(meeting)
    arrive(meeting, *listed[:4])
    secretary = secretary_of(meeting)
    verbs.open_meeting(secretary, meeting)
    verbs.name_tellers(secretary, meeting, [listed[2], listed[3]], yes=4, of=4)
    polls.play(polls.poll_of(meeting, 1), *[[GOOD]] * 4)
    assert gather_minutes(loaded(meeting)).sitting.polls[0].late_excuses == 0
    gone = Attendance.objects.of(meeting).get(member=listed[5])
    verbs.mark(secretary, gone, Attendance.State.EXCUSED, "Đi công tác")
    data = gather_minutes(loaded(meeting))
    assert (data.sitting.polls[0].base, data.sitting.polls[0].late_excuses) == (6, 1)
    text = render.html(data).replace("\u00a0", " ").replace("\u2060", "")
    assert "01 đồng chí được ghi vắng có lý do sau khi mở lượt bỏ phiếu nên vẫn" in text


def test_a_draft_is_marked_and_a_rehearsal_more_so(counted):
    assert gather_minutes(counted).sitting.head.mark == heads.DRAFT
    copy = verbs.start_rehearsal(secretary_of(counted), counted)
    assert gather_minutes(loaded(copy)).sitting.head.mark == heads.REHEARSAL


def test_the_ballot_sheet_shows_what_each_member_claims(counted):
    Attendance.objects.filter(meeting=counted).update(self_level="HTT")
    sheet = gather_ballot_sheets(polls.poll_of(counted, 2), 3)
    names = [member.name for member in members_of(counted)]
    assert [row.subject.name for row in sheet.rows] == names
    assert {row.subject.self_level for row in sheet.rows} == {"HTT"}
    assert (sheet.copies, [level.code for level in sheet.levels]) == (
        3,
        ["HTXS", "HTT", "HT", "KHT"],
    )


def test_slips_lead_to_the_voting_page_with_their_code(counted):
    poll = polls.poll_of(counted, 1)
    made = gather_slips(poll, ["abcdefghijklmnop"], "https://kiemdiem.example")
    (slip,) = made.slips
    assert slip.url == f"https://kiemdiem.example/phieu/#{counted.door_key}.abcdefghijklmnop"
    assert slip.shown == "abcd efgh ijkl mnop"


@pytest.mark.parametrize("levels", [["HTXS"], ["HTXS", "HTT"]])
def test_the_rule_for_invalid_ballots_is_that_of_the_poll(counted, levels):
    secretary = secretary_of(counted)
    poll = verbs.plan_poll(secretary, counted, "Lượt hai", members_of(counted)[:2], levels)
    texts = counted.rules.texts
    expected = texts["invalid_one_level"] if len(levels) == 1 else texts["invalid"]
    assert gather_ballot_sheets(poll, 1).rule == expected


@pytest.mark.parametrize("gather_paper", [gather_minutes, gather_count])
def test_a_paper_costs_the_same_queries_for_3_members_and_for_30(gather_paper):
    costs = []
    for size in (3, 30):
        meeting = make_open_meeting(size)
        polls.play(polls.poll_of(meeting, 1), *[[GOOD]] * size)
        polls.play(polls.poll_of(meeting, 2), *[[GOOD] * size] * size)
        fresh = loaded(meeting)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            gather_paper(fresh)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_paper_and_slip_voters_make_the_paper_say_so(counted):
    poll = polls.poll_of(counted, 1)
    roll = list(Issue.objects.of(poll))
    Issue.objects.filter(pk=roll[0].pk).update(door=Door.SLIP, stamped=False, received=False)
    assert gather_minutes(counted).sitting.doors == ("phone", "slip")
    assert Poll.objects.counted().count() == 2
