"""Where officers begin: the own cell's year with its next step, or straight to the board of a committee."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from ballots.year.steps import MeetingFact, YearFacts, YearStep, next_of, steps_of
from cells.law.periods import Period
from cells.models import Setting
from cells.wording import time_left
from members.models import Office
from tests.kit import factories
from tests.kit.clients import browser

pytestmark = pytest.mark.django_db


def test_the_secretary_finds_one_card_with_the_next_step(client, meeting, secretary):
    page = browser(secretary).get("/hop/").content.decode()
    assert "Vào hội nghị đang họp" in page
    assert "Lập hội nghị kiểm điểm" not in page


def test_whatever_belongs_to_the_review_is_one_press_from_the_first_page(
    client, meeting, secretary
):
    page = browser(secretary).get("/hop/").content.decode()
    cell, span = meeting.cell_id, meeting.campaign.span
    places = {
        "ballots:review_list": [cell, span],
        "ballots:reviews": [cell, span],
        "members:executive_remarks": [cell, span],
        "members:attachments": [cell, span],
        "members:member_list": [cell],
        "ballots:cell_years": [cell],
        "ballots:meeting": [meeting.pk],
    }
    assert [name for name, args in places.items() if reverse(name, args=args) not in page] == []


def test_before_the_meeting_is_planned_the_card_says_so(client):
    cell = factories.make_cell()
    factories.make_campaign(cell.committee)
    secretary = factories.make_user(factories.make_member(cell, office=Office.Kind.SECRETARY))
    assert "Lập hội nghị kiểm điểm" in browser(secretary).get("/hop/").content.decode()


def test_a_former_secretary_finds_nothing(client, secretary):
    Office.objects.update(until="2026-01-01")
    page = browser(secretary).get("/hop/").content.decode()
    assert "Chưa có việc nào cho tài khoản này" in page


def test_a_cell_without_a_review_is_told_who_opens_one(client):
    cell = factories.make_cell()
    secretary = factories.make_user(factories.make_member(cell, office=Office.Kind.SECRETARY))
    page = browser(secretary).get("/hop/").content.decode()
    assert "Chưa có đợt kiểm điểm nào" in page
    assert f"{cell.committee} mở đợt" in page


def test_a_meeting_that_is_held_stands_before_the_other_review(client):
    meeting = factories.make_open_meeting(3, kind="q3", pack="quy")
    factories.make_campaign(meeting.cell.committee)
    page = browser(factories.secretary_of(meeting)).get("/hop/").content.decode()
    assert page.index("Kiểm điểm quý III") < page.index("Kiểm điểm năm 2026")


def test_an_officer_of_a_committee_goes_straight_to_its_board(client, meeting, officer):
    address = f"/hop/dang-bo/{meeting.cell.committee_id}/"
    assert browser(officer).get("/hop/").url == address


HELD = datetime(2026, 12, 5, 19, 30, tzinfo=UTC)


def facts(state: str = "", **values) -> YearFacts:
    meeting = MeetingFact(7, state, HELD) if state else None
    return YearFacts(1, Period(2026), members=25, writers=25, meeting=meeting, **values)


@pytest.mark.parametrize(
    ("known", "label"),
    [
        (facts(), "Rà danh sách kiểm điểm"),
        (facts(listed=25, rated=24), "Bản kiểm điểm cá nhân"),
        (facts(listed=25, handed_in=25), "Lập hội nghị kiểm điểm"),
        (facts("planned", listed=25, handed_in=3), "Chuẩn bị hội nghị"),
        (facts("open", listed=25), "Vào hội nghị đang họp"),
        (facts("closed", listed=25), "Gửi cấp trên"),
    ],
)
def test_the_year_has_one_next_step(known, label):
    following = next_of(steps_of(known))
    assert following is not None
    assert following.label == label


def test_once_the_file_is_sent_the_cell_waits_for_the_decision_and_then_reads_it():
    sent = steps_of(facts("closed", listed=25, sent=True))
    assert next_of(sent) is None
    assert (sent[-1].label, sent[-1].url, sent[-1].done) == ("Quyết định xếp loại", "", False)
    decided = steps_of(facts("closed", listed=25, sent=True, decided=True))[-1]
    assert (decided.label, decided.done) == ("Xem quyết định", True)


def test_what_is_to_come_is_told_from_the_first_day_and_leads_nowhere_yet():
    steps = steps_of(facts("planned", listed=25))
    assert [(step.label, step.url) for step in steps[-2:]] == [
        ("Gửi cấp trên", ""),
        ("Quyết định xếp loại", ""),
    ]


@pytest.mark.parametrize(("today", "press"), [(26, ""), (27, "near"), (30, "near"), (31, "late")])
def test_a_day_presses_when_it_is_near_and_when_it_is_over(time_machine, today, press):
    time_machine.move_to(datetime(2026, 12, today, 9, tzinfo=UTC), tick=False)
    assert YearStep("Họp", "", due=date(2026, 12, 30)).press == press


def test_a_deadline_stands_by_its_step_until_that_is_done_and_for_its_own_year():
    due = {"reviews": date(2026, 12, 1), "list": date(2025, 11, 1), "sending": date(2026, 12, 31)}
    steps = steps_of(facts(listed=0, deadlines=due))
    assert [step.due for step in steps] == [None, due["reviews"], None, due["sending"], None]
    assert steps_of(facts(handed_in=25, deadlines=due))[1].due is None


DRAFT = {"draft_days": 3, "draft_due": date(2026, 12, 2)}


@pytest.mark.parametrize(
    ("known", "due"),
    [
        (facts(**DRAFT), []),
        (facts("planned", **DRAFT), [date(2026, 12, 2)]),
        (facts("planned", has_draft=True, **DRAFT), [None]),
        (facts("planned"), []),
        (facts("open", **DRAFT), []),
    ],
)
def test_until_the_meeting_a_step_says_when_the_draft_has_to_be_sent(known, due):
    drafts = [step for step in steps_of(known) if step.label == "Dự thảo báo cáo"]
    assert [step.due for step in drafts] == due
    assert all("ít nhất 03 ngày làm việc" in step.note for step in drafts)


@pytest.mark.parametrize(
    ("own", "due"),
    [("", "30/12/2026"), ("2026-12-20", "20/12/2026"), ("2027-01-05", "30/12/2026")],
)
def test_the_meeting_is_held_before_the_year_ends_whatever_else_is_set(own, due):
    cell = factories.make_cell()
    factories.make_campaign(cell.committee)
    if own:
        about = {"key": "deadline.meeting", "value": own, "basis": "KH 5"}
        Setting.objects.create(committee=cell.committee, **about)
    secretary = factories.make_user(factories.make_member(cell, office=Office.Kind.SECRETARY))
    assert f"Hạn {due}" in browser(secretary).get("/hop/").content.decode()


@pytest.mark.parametrize(
    ("known", "short"),
    [
        (facts("planned", handed_in=24), False),
        (facts("open", handed_in=24), True),
        (facts("closed", handed_in=24), True),
        (facts("closed", handed_in=25), False),
    ],
)
def test_reviews_that_nobody_waits_for_any_more_are_not_ticked_off(known, short):
    assert steps_of(known)[1].is_short is short


@pytest.mark.parametrize(
    ("today", "words"),
    [(19, "còn 12 ngày"), (31, "hạn hôm nay")],
)
def test_the_days_left_are_said(today, words):
    assert time_left(date(2026, 12, 31), date(2026, 12, today)) == words
    assert time_left(date(2026, 12, 31), date(2027, 1, 3)) == "quá hạn 3 ngày"


def test_the_card_says_how_long_there_is_time(client, time_machine):
    time_machine.move_to(datetime(2026, 11, 20, 9, tzinfo=UTC), tick=False)
    cell = factories.make_cell()
    factories.make_campaign(cell.committee)
    Setting.objects.create(
        committee=cell.committee, key="deadline.list", value="2026-12-02", basis="KH 5"
    )
    secretary = factories.make_user(factories.make_member(cell, office=Office.Kind.SECRETARY))
    page = browser(secretary).get("/hop/").content.decode()
    assert "còn 12 ngày" in page
    assert "01 đồng chí: ai kiểm điểm, ai không, vì sao." in page
    assert "Rà danh sách kiểm điểm" in page
