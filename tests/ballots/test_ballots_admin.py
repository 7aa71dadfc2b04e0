"""What the operator's pages show of votes: results to read, never a ballot, the roll or the box."""

import pytest
from django.contrib import admin
from django.urls import reverse

from ballots.models import Box, Issue, Poll, RowTally, Sealed, Slip

pytestmark = pytest.mark.django_db


def test_no_ballot_no_roll_and_no_box_is_registered():
    assert not {Box, Sealed, Issue, Slip, RowTally} & set(admin.site._registry)


@pytest.mark.parametrize("name", ["poll", "classification", "paper"])
def test_results_are_read_and_nothing_is_added(client, superuser, meeting, name):
    client.force_login(superuser)
    assert client.get(reverse(f"admin:ballots_{name}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:ballots_{name}_add")).status_code == 403


def test_a_poll_is_shown_without_numbers_or_sheet_and_cannot_be_changed(
    client, superuser, meeting
):
    client.force_login(superuser)
    address = reverse("admin:ballots_poll_change", args=[Poll.objects.first().pk])
    page = client.get(address).content.decode()
    assert "phát ra" not in page
    assert client.post(address, {"state": "counted"}).status_code == 403
