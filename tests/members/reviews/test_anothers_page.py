"""A page that was drawn while the phone was another member's: its words become nobody else's."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from ballots.models import Petition
from ballots.results.decisions import cases_of
from members.devices import links
from members.devices.cookies import OTHERS_PAGE, SENT_FROM_OTHERS_PAGE
from members.models import Device, Member, SelfReview
from tests.kit import factories, sendings, verbs
from tests.kit.clients import words_of
from tests.kit.verbs import Act, LevelDecision

pytestmark = pytest.mark.django_db(transaction=True)
JSON = {"Accept": "application/json"}
WORDS = "Lời của người trước"


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields of the page's last form, and its first place for a text."""
    hidden = dict(
        re.findall(r'type="hidden" name="(version|member|criteria)" value="([^"]*)"', page)
    )
    return hidden | {re.search(r'<textarea[^>]* name="(text[^"]*)"', page)[1]: WORDS}


def handed_on(client: Client, member: Member) -> None:
    """Open this member's own link in another tab, and press "Dùng máy này"."""
    member.refresh_from_db()
    client.post(links.personal_link(member, "http://localhost").removeprefix("http://localhost"))
    assert Device.objects.filter(member=member, state=Device.State.ADMITTED).exists()


@pytest.mark.parametrize("headers", [JSON, {}], ids=["script", "form"])
def test_a_self_review_is_not_stored_as_that_of_the_phones_next_owner(headers):
    one, other = factories.members_of(factories.make_meeting(3))[1:3]
    client = Client(SERVER_NAME="localhost")
    handed_on(client, one)
    page = client.get("/hop/ban-kiem-diem/", follow=True)
    sent = fields_of(page.content.decode())
    handed_on(client, other)
    answer = client.post("/hop/ban-kiem-diem/", sent, headers=headers)
    assert answer.status_code == (403 if headers else 409)
    said = answer.json()["error"] if headers else words_of(answer)
    # What a script shows stands on the former owner's page; the answer to a form is the new owner's own.
    assert (OTHERS_PAGE if headers else SENT_FROM_OTHERS_PAGE) in said
    assert WORDS not in answer.content.decode()
    assert not SelfReview.objects.filter(member=other).exclude(texts={}).exists()
    handed_on(client, one)
    answer = client.post("/hop/ban-kiem-diem/", sent, headers=JSON)
    assert answer.json().get("version") == 1, answer.json()


def test_a_petition_is_not_sent_as_that_of_the_phones_next_owner():
    meeting = sendings.make_sent()
    officer = factories.make_user(committee=meeting.cell.committee)
    verdicts = {case.key: LevelDecision(case.proposed) for case in cases_of(meeting)}
    act = Act(1, "125-QĐ/ĐU", timezone.localdate(), 1)
    decision = verbs.decide(officer, meeting, act, verdicts)
    one, other = factories.members_of(meeting)[1:3]
    client = Client(SERVER_NAME="localhost")
    handed_on(client, one)
    sent = fields_of(client.get("/hop/cac-nam/").content.decode())
    handed_on(client, other)
    answer = client.post(f"/hop/cac-nam/kien-nghi/{decision.pk}/", sent)
    assert SENT_FROM_OTHERS_PAGE in words_of(answer)
    assert WORDS not in answer.content.decode()
    assert not Petition.objects.exists()
