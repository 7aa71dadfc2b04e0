"""Kết thúc đợt: what is open is listed, nothing new begins, what came back is mended, and it may be reopened."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from ballots.committee.closing.left_open import left_open
from ballots.committee.closing.verbs import close_campaign, reopen_campaign
from ballots.core.verbs import NO_FIRST_FILE, NO_NEW_MEETING
from ballots.models import Submission
from cells.models import Campaign, Closing, Meeting
from members.models import AuditEntry
from tests.kit import factories, sendings, verbs
from tests.kit.clients import browser, words_of
from tests.kit.verbs import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("undrawn")]
WHY = "Hết thời hạn báo cáo cấp trên"


def officer_of(campaign: Campaign):
    return factories.make_user(committee=campaign.committee)


def numbers(campaign: Campaign) -> dict[str, int]:
    return {line.standing: line.number for line in left_open(campaign)}


def plan(cell, campaign: Campaign) -> Meeting:
    secretary, clerk = factories.make_members(cell, 2)
    when = {"starts_at": timezone.now(), "venue": "Hội trường"}
    user = factories.make_user(secretary)
    return verbs.plan_meeting(user, cell, campaign, chair=secretary, clerk=clerk, **when)


def page_of(user, campaign: Campaign, name: str = "closing"):
    return browser(user).get(reverse(f"ballots:{name}", args=[campaign.committee_id, "2026"]))


def test_a_campaign_is_closed_by_its_officer_alone_and_once():
    campaign = factories.make_campaign()
    below = factories.make_committee(parent=campaign.committee)
    factories.make_cell(campaign.committee)
    for stranger in (
        factories.make_user(committee=below),
        factories.make_user(is_superuser=True),
        factories.make_user(committee=factories.make_committee()),
    ):
        with pytest.raises(PermissionDenied):
            close_campaign(stranger, campaign, WHY)
        with pytest.raises(PermissionDenied):
            reopen_campaign(stranger, campaign, WHY)
    officer = officer_of(campaign)
    close_campaign(officer, campaign, WHY)
    with pytest.raises(Refused, match="đã kết thúc từ trước"):
        close_campaign(officer, campaign, WHY)
    assert AuditEntry.objects.filter(verb="campaign.closed").count() == 1
    assert Closing.objects.get().left_open == [["chi bộ chưa bắt đầu", 1]]


def test_what_is_left_open_needs_a_reason_and_nothing_needs_none():
    campaign = factories.make_campaign()
    officer = officer_of(campaign)
    cell = factories.make_cell(campaign.committee)
    with pytest.raises(ValidationError, match="xin ghi lý do"):
        close_campaign(officer, campaign, "  ")
    campaign.refresh_from_db()
    assert not campaign.is_closed
    cell.delete()
    close_campaign(officer, campaign)
    campaign.refresh_from_db()
    assert campaign.is_closed
    assert Closing.objects.get().number == 0


def test_each_kind_of_open_work_is_counted_once():
    sent = sendings.make_sent()
    campaign = sent.campaign
    nearer = factories.make_committee(parent=campaign.committee)
    factories.make_campaign(nearer)
    factories.make_cell(nearer)  # reached by a nearer campaign
    assert numbers(campaign) == {"sent": 1}
    factories.make_cell(campaign.committee)
    factories.make_cell(factories.make_committee(parent=campaign.committee))
    plan(factories.make_cell(campaign.committee), campaign)
    assert numbers(campaign) == {"none": 2, "doing": 1, "sent": 1}
    officer = officer_of(campaign)
    verbs.return_file(officer, sent, 1, sendings.asked_of(sent))
    assert numbers(campaign)["returned"] == 1
    factories.make_petition(sent, factories.members_of(sent)[1], officer)
    assert numbers(campaign)["petitions"] == 1


def test_a_closed_campaign_takes_no_new_meeting_until_it_is_reopened():
    campaign = factories.make_campaign()
    officer, cell = officer_of(campaign), factories.make_cell(campaign.committee)
    close_campaign(officer, campaign, WHY)
    with pytest.raises(Refused) as refusal:
        plan(cell, campaign)
    assert str(refusal.value) == NO_NEW_MEETING
    reopen_campaign(officer, campaign, "Một chi bộ họp muộn vì lũ")
    assert plan(factories.make_cell(campaign.committee), campaign).campaign == campaign
    row = Closing.objects.get()
    assert (row.reason, row.reopening_reason) == (WHY, "Một chi bộ họp muộn vì lũ")
    assert AuditEntry.objects.filter(verb="campaign.reopened").exists()
    with pytest.raises(Refused, match="đang mở"):
        reopen_campaign(officer, campaign, WHY)
    close_campaign(officer, campaign, WHY)
    assert Closing.objects.filter(reopened_at=None).count() == 1


def test_it_takes_no_first_file_but_what_was_returned_is_mended_and_sent_again():
    meeting = sendings.make_ready()
    officer, secretary = officer_of(meeting.campaign), factories.secretary_of(meeting)
    close_campaign(officer, meeting.campaign, WHY)
    meeting.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        verbs.send_up(secretary, meeting)
    assert str(refusal.value) == NO_FIRST_FILE
    reopen_campaign(officer, meeting.campaign, "Chi bộ xin gửi")
    meeting.refresh_from_db()
    verbs.send_up(secretary, meeting)
    close_campaign(officer, meeting.campaign, WHY)
    meeting.refresh_from_db()
    verbs.return_file(officer, meeting, 1, sendings.asked_of(meeting))
    verbs.send_up(secretary, meeting, "Đã sửa")
    assert Submission.objects.last_of(meeting).number == 2
    verbs.approve(officer, meeting, 2)


def test_a_petition_is_answered_under_a_closed_campaign():
    meeting = factories.make_open_meeting(4)
    officer = officer_of(meeting.campaign)
    petition = factories.make_petition(meeting, factories.members_of(meeting)[1], officer)
    close_campaign(officer, meeting.campaign, WHY)
    verbs.answer_petition(officer, petition, "Giữ nguyên")
    assert numbers(meeting.campaign) == {"doing": 1}


def test_cells_read_at_their_next_step_that_it_is_closed():
    campaign = factories.make_campaign()
    cell = factories.make_cell(campaign.committee)
    secretary = factories.make_user(factories.make_member(cell, office="secretary"))
    held = factories.make_meeting(4, cell=factories.make_cell(campaign.committee))
    close_campaign(officer_of(campaign), campaign, WHY)
    page = words_of(browser(secretary).get("/hop/"))
    assert NO_NEW_MEETING in page
    assert "Chi bộ đã xong việc" not in page
    assert "btn-next" not in browser(secretary).get("/hop/").content.decode()
    planning = reverse("ballots:meeting_plan", args=[cell.pk])
    assert "đã kết thúc đợt" in words_of(browser(secretary).get(planning))
    assert NO_FIRST_FILE in words_of(browser(factories.secretary_of(held)).get("/hop/"))


def test_a_held_cell_reads_on_the_page_that_sends_why_it_may_not():
    meeting = sendings.make_ready()
    close_campaign(officer_of(meeting.campaign), meeting.campaign, WHY)
    page = browser(factories.secretary_of(meeting)).get(
        reverse("ballots:sending", args=[meeting.pk])
    )
    assert NO_FIRST_FILE in words_of(page)
    assert 'data-do="send_up"' not in page.content.decode()


def test_the_page_lists_closes_and_opens_again():
    campaign = factories.make_campaign()
    factories.make_cell(campaign.committee)
    officer = officer_of(campaign)
    page = words_of(page_of(officer, campaign))
    assert "01 chi bộ chưa bắt đầu" in page
    address = reverse("ballots:closing", args=[campaign.committee_id, "2026"])
    refused = browser(officer).post(address, {"reason": ""})
    assert refused.status_code == 422
    assert "xin ghi lý do kết thúc" in words_of(refused)
    assert browser(officer).post(address, {"reason": WHY}).status_code == 302
    page = words_of(page_of(officer, campaign))
    assert WHY in page
    late = browser(officer).post(address, {"reason": WHY})
    assert "đã kết thúc từ trước" in words_of(late)
    again = reverse("ballots:closing_undone", args=[campaign.committee_id, "2026"])
    assert browser(officer).post(again, {"reason": " "}).status_code == 422
    assert browser(officer).post(again, {"reason": "Còn hai chi bộ"}).status_code == 302
    assert "Còn hai chi bộ" in words_of(page_of(officer, campaign))


def test_closing_costs_the_same_queries_for_three_cells_and_thirty(django_assert_num_queries):
    campaign = factories.make_campaign()
    for size in (3, 30):
        for _ in range(size):
            factories.make_cell(campaign.committee)
        fresh = factories.loaded_campaign(campaign)
        with django_assert_num_queries(5):
            left_open(fresh)


def test_the_database_holds_reasons_and_one_standing_closing():
    campaign = factories.make_campaign()
    now = timezone.now()
    Closing.objects.create(campaign=campaign, at=now)
    for wrong in (
        {"at": now},
        {"at": now, "number": 1, "reopened_at": now, "reopening_reason": "Vì"},
        {"at": now, "reopened_at": now},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Closing.objects.create(campaign=campaign, **wrong)
