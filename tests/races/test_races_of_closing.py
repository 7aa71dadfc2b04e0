"""Closing a campaign while a cell plans its meeting or sends its first file: who was first is counted, or refused."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from ballots.committee.closing.verbs import close_campaign, reopen_campaign
from ballots.models import Submission
from cells.models import Closing, Meeting
from tests.kit import factories, sendings, verbs
from tests.kit.threads import meanwhile, press
from tests.kit.verbs import Refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
WHY = "Hết hạn"


def cell_and_call(campaign):
    cell = factories.make_cell(campaign.committee)
    chair, clerk = factories.make_members(cell, 2)
    about = {"starts_at": timezone.now() + timedelta(days=3), "venue": "Hội trường"}
    user = factories.make_user(chair)
    return partial(verbs.plan_meeting, user, cell, campaign, chair=chair, clerk=clerk, **about)


def test_a_campaign_closed_many_times_at_once_is_closed_once_and_reopened_once():
    campaign = factories.make_campaign()
    factories.make_cell(campaign.committee)
    officer = factories.make_user(committee=campaign.committee)
    close = partial(close_campaign, officer, campaign, WHY)
    assert press(close, close, close) == Counter(done=1, refused=2)
    again = partial(reopen_campaign, officer, campaign, WHY)
    assert press(again, again, again) == Counter(done=1, refused=2)
    assert Closing.objects.count() == 1


def test_a_meeting_planned_while_the_campaign_closes_is_counted_as_left_open():
    campaign = factories.make_campaign()
    plan = cell_and_call(campaign)
    officer = factories.make_user(committee=campaign.committee)
    close = partial(close_campaign, officer, campaign, WHY)
    meanwhile(plan, "ballots.meeting.planning.must_be_running", close)
    assert Meeting.objects.count() == 1
    words = [line for line, _ in Closing.objects.get().left_open]
    assert words == ["chi bộ đang làm, chưa họp xong"]


def test_a_campaign_that_closes_first_takes_no_meeting():
    campaign = factories.make_campaign()
    plan = cell_and_call(campaign)
    officer = factories.make_user(committee=campaign.committee)
    close = partial(close_campaign, officer, campaign, WHY)
    with pytest.raises(Refused, match="không lập hội nghị mới"):
        meanwhile(close, "ballots.committee.closing.verbs.left_open", plan)
    assert not Meeting.objects.exists()
    assert Closing.objects.get().left_open == [["chi bộ chưa bắt đầu", 1]]


def test_a_first_file_and_a_closing_at_once_agree_on_which_came_first(undrawn):
    meeting = sendings.make_ready()
    officer = factories.make_user(committee=meeting.cell.committee)
    send = partial(verbs.send_up, factories.secretary_of(meeting), meeting)
    close = partial(close_campaign, officer, meeting.campaign, WHY)
    press(send, close)
    words = [line for line, _ in Closing.objects.get().left_open]
    was_sent = Submission.objects.exists()
    assert words == (["hồ sơ chờ duyệt"] if was_sent else ["chi bộ đã họp, chưa gửi hồ sơ"])
