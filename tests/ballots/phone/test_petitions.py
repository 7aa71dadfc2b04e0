"""Kiến nghị: what a member petitions stays read and answered, whatever is decided, typed or pressed meanwhile."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ballots.models import Decision, Petition
from ballots.results.decisions import Case, cases_of
from cells.models import Cell, Committee, Meeting
from cells.stale import STALE
from members.models import Member, User
from tests.kit import factories, sendings, verbs
from tests.kit.clients import browser, phone, words_of
from tests.kit.verbs import Act, LevelDecision

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("undrawn")]

WHY = "Có thành tích đột xuất"


@pytest.fixture
def sent() -> Meeting:
    return sendings.make_sent()


@pytest.fixture
def officer(sent) -> User:
    return factories.make_user(committee=sent.cell.committee)


@pytest.fixture
def petitioned(sent, officer) -> tuple[Client, Decision]:
    """The first member's phone, and the decision the member petitions against."""
    verdicts = {case.key: LevelDecision(case.proposed) for case in cases_of(sent)}
    decision = verbs.decide(officer, sent, act(1), verdicts)
    return phone(case_of(sent, 1).member), decision


def act(number: int, note: str = "", symbol: str = "125-QĐ/ĐU") -> Act:
    return Act(number, symbol, timezone.localdate(), 1, note)


def case_of(meeting: Meeting, place: int) -> Case:
    return cases_of(meeting)[place]


def ask(client: Client, decision: Decision, text: str):
    return client.post(reverse("ballots:petition", args=[decision.pk]), {"text": text})


def test_a_petition_and_its_answer_stay_when_the_level_is_decided_again(sent, officer, petitioned):
    member_phone, first = petitioned
    ask(member_phone, first, "Xin xem lại điều 3.")
    again = {case_of(sent, 1).key: LevelDecision("HTXS", WHY)}
    second = verbs.decide(officer, sent, act(2, "Theo kiến nghị", "130-QĐ/ĐU"), again)
    page = member_phone.get(reverse("ballots:my_years")).content.decode()
    assert "Quyết định số 130-QĐ/ĐU" in page
    assert "Xin xem lại điều 3." in page
    assert "Gửi kiến nghị về mức này" not in page
    refused = ask(member_phone, second, "Thêm điều 4")
    assert refused.status_code == 422
    assert "Kiến nghị trước của đồng chí đang được xem xét" in refused.content.decode()
    verbs.answer_petition(officer, Petition.objects.get(), "Đã quyết định lại.")
    page = member_phone.get(reverse("ballots:my_years")).content.decode()
    assert "Đã quyết định lại." in page
    assert "Gửi kiến nghị về mức này" in page


def test_a_petition_typed_while_the_level_is_decided_again_keeps_its_words(
    sent, officer, petitioned
):
    member_phone, first = petitioned
    again = {case_of(sent, 1).key: LevelDecision("HT", WHY)}
    verbs.decide(officer, sent, act(2, "Sửa", "130-QĐ/ĐU"), again)
    page = ask(member_phone, first, "Xin xem lại")
    assert page.status_code == 422
    assert STALE in page.content.decode()
    assert "Xin xem lại</textarea>" in page.content.decode()


def test_the_members_page_asks_as_much_of_the_database_however_many_petitions(officer, petitioned):
    member_phone, decision = petitioned
    collected = []
    for number in (1, 4):
        for _ in range(number):
            ask(member_phone, decision, "Xin xem lại")
            verbs.answer_petition(officer, Petition.objects.last(), "Giữ nguyên")
        with CaptureQueriesContext(connection) as queries:
            member_phone.get(reverse("ballots:my_years"))
        collected.append(len(queries))
    assert collected[0] == collected[1]


def test_a_refused_answer_leaves_the_form_of_the_decision_at_its_own_address(officer, petitioned):
    member_phone, decision = petitioned
    ask(member_phone, decision, "Xin xem lại")
    answer = reverse("ballots:petition_answer", args=[Petition.objects.get().pk])
    page = browser(officer).post(answer, {"answer": ""}).content.decode()
    address = reverse("ballots:decision", args=[decision.meeting_id])
    assert f'action="{address}" data-do="decide"' in page


def test_a_petition_names_who_of_two_with_one_name(sent, officer, petitioned):
    member_phone, decision = petitioned
    for place, born in ((1, 1970), (2, 1980)):
        member = Member.objects.filter(pk=case_of(sent, place).member.pk)
        member.update(name="Lê Văn An", born_year=born)
    ask(member_phone, decision, "Xin xem lại")
    page = browser(officer).get(reverse("ballots:decision", args=[sent.pk])).content.decode()
    assert "Trả lời đồng chí" in page
    assert f'Trả lời, nêu rõ lý do<span class="visually-hidden">: {case_of(sent, 1).name}' in page


def test_a_petition_that_waits_is_named_on_the_board_of_a_later_period(sent, officer, petitioned):
    member_phone, decision = petitioned
    ask(member_phone, decision, "Xin xem lại")
    factories.make_campaign(sent.cell.committee, year=2027, kind="q1")
    client, address = (
        browser(officer),
        reverse("ballots:committee", args=[sent.cell.committee_id]),
    )
    board = words_of(client.get(address, {"nam": "2027-q1"}))
    assert "01 kiến nghị chờ trả lời (năm 2026)" in board
    led = client.get(address, {"nam": "2026", "trang_thai": "petitions"}).content.decode()
    assert f'01 kiến nghị chờ trả lời<span class="visually-hidden"> của {sent.cell}' in led
    assert "(năm 2026)" not in led


def test_a_second_tap_sends_nothing_more_and_asks_nothing(petitioned):
    member_phone, decision = petitioned
    for _ in range(2):
        assert ask(member_phone, decision, "Xin xem lại").status_code == 302
    assert Petition.objects.count() == 1


def test_the_member_reads_why_the_level_departs_and_whom_to_petition(sent, officer, petitioned):
    client, _ = petitioned
    above = Committee.objects.get(pk=sent.cell.committee_id)
    ward = factories.make_committee(parent=above)
    Cell.objects.filter(pk=sent.cell_id).update(committee=ward)
    sent = Meeting.objects.get(pk=sent.pk)
    province = factories.make_user(committee=above)
    case = case_of(sent, 1)
    again = {case.key: LevelDecision("HTXS", WHY)}
    verbs.decide(province, sent, act(2, "Xem xét lại toàn đảng bộ", "130-QĐ/TU"), again)
    page = client.get(reverse("ballots:my_years")).content.decode()
    assert f">Lý do: {WHY}<" in page  # as written: a full stop of the officer's own is not doubled
    assert f"Gửi {above.executive_name}; cấp ủy cấp trên đọc" in page
    assert "Xem xét lại toàn đảng bộ" not in page


def test_no_petition_is_kept_that_no_page_would_show_its_writer(sent, officer, petitioned):
    client, _ = petitioned
    quarter = factories.make_campaign(sent.cell.committee, year=2027, kind="q1")
    other_meeting = Meeting.objects.create(
        cell=sent.cell, campaign=quarter, starts_at=sent.starts_at
    )
    decision = factories.make_decision(other_meeting, officer, case_of(sent, 1).member)
    response = client.post(
        reverse("ballots:petition", args=[decision.pk]), {"text": "Xin xem lại"}
    )
    assert response.status_code == 404
    assert not Petition.objects.exists()


def test_going_back_to_a_petition_leads_to_the_years(petitioned):
    client, decision = petitioned
    back = client.get(reverse("ballots:petition", args=[decision.pk]))
    assert (back.status_code, back.url) == (302, reverse("ballots:my_years"))
