"""The calm page on a member's phone: who I am, whether I am checked in, what the meeting is doing."""

import pytest

from tests.kit import factories, verbs
from tests.kit.clients import phone
from tests.kit.phones import admit, pick

pytestmark = pytest.mark.django_db


def test_the_calm_page_shows_what_the_meeting_does(meeting, member):
    client = phone(member, meeting=meeting)
    page = client.get("/hop/hop/").content.decode()
    assert meeting.items.get(position=meeting.step).title in page


def test_before_check_in_the_calm_page_waits_and_then_offers_the_way_in(db):
    meeting = factories.make_meeting(3)
    member = factories.members_of(meeting)[2]
    client = phone(member)
    assert "Chưa mở điểm danh" in client.get("/hop/hop/").content.decode()
    verbs.open_checkin(factories.secretary_of(meeting), meeting)
    meeting.refresh_from_db()
    assert f"/hop/vao/{meeting.code}/chon/" in client.get("/hop/hop/").content.decode()
    assert "/phieu/#" not in client.get("/hop/hop/").content.decode()


def test_the_calm_page_without_a_meeting_says_so(db):
    client = phone(factories.make_member())
    assert "chưa có hội nghị nào" in client.get("/hop/hop/").content.decode()


def test_a_phone_that_joined_a_rehearsal_shows_the_rehearsal(db):
    meeting = factories.make_meeting(3)
    secretary = factories.secretary_of(meeting)
    rehearsal = verbs.start_rehearsal(secretary, meeting)
    verbs.open_checkin(secretary, rehearsal)
    rehearsal.refresh_from_db()
    member = factories.members_of(meeting)[2]
    client = phone()
    pick(client, rehearsal, member)
    admit(rehearsal, member)
    assert "họp thử" in client.get("/hop/hop/").content.decode()


def test_after_the_meeting_the_calm_page_says_thanks(meeting, member):
    client = phone(member, meeting=meeting)
    meeting.close()
    assert "đã bế mạc" in client.get("/hop/hop/").content.decode()
