"""The calm page of a member's phone: who counts is told so, and nobody else sees the tellers' door."""

import pytest
from django.urls import reverse

from members.devices import cookies
from tests.kit import polls
from tests.kit.clients import phone

pytestmark = pytest.mark.django_db


def page(member) -> str:
    answer = phone(member).get(reverse("ballots:phone"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_calm_page_is_where_a_phone_that_was_let_in_is_led():
    assert reverse("ballots:phone") == cookies.HOME


def test_a_teller_is_told_what_to_do_and_when(teller):
    assert "Đồng chí ở tổ kiểm phiếu" in page(teller)


def test_a_teller_is_asked_to_count_again_once_the_box_is_sealed(meeting, teller):
    poll, client = polls.poll_of(meeting), phone(teller)
    assert "để đóng hòm" in client.get(reverse("ballots:phone")).content.decode()
    polls.cast(poll, polls.issue(poll), [[2]] * 5)
    polls.seal(poll)
    shown = client.get(reverse("ballots:phone")).content.decode()
    assert "mở trang này để máy của đồng chí cùng đếm lại" in shown
    assert "để đóng hòm" not in shown


def test_who_does_not_count_sees_no_way_to_the_tellers_page(member):
    assert reverse("ballots:count") not in page(member)


def test_a_teller_who_opens_the_tellers_page_while_ballots_are_handed_out_is_led_to_the_own_ballot(
    meeting, teller
):
    client = phone(teller)
    assert "bỏ phiếu của mình trước" in client.get(reverse("ballots:count")).content.decode()
    polls.issue(polls.poll_of(meeting))
    shown = client.get(reverse("ballots:count")).content.decode()
    assert f"/phieu/#{meeting.door_key}" in shown
    assert "Mở phiếu của tôi" in shown
