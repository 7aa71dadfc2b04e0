"""Shared by the pages where a committee sets rules of its own."""

import pytest
from django.test import Client

from cells.models import Committee


@pytest.fixture
def ward(meeting) -> Committee:
    """The committee over the meeting's cell."""
    return meeting.cell.committee


@pytest.fixture
def browser(client, officer) -> Client:
    """The browser of an officer of that committee."""
    client.force_login(officer)
    return client
