"""Shared by the pages of a meeting."""

import pytest

from cells.models import Meeting
from tests.kit import factories


@pytest.fixture
def running(client) -> Meeting:
    """An open meeting of five on 5 December 2026, nothing voted yet; its secretary is signed in."""
    meeting = factories.make_open_meeting(5)
    client.force_login(factories.secretary_of(meeting))
    return meeting


@pytest.fixture
def planned(client) -> Meeting:
    """A meeting of five that is not yet open; its secretary is signed in."""
    meeting = factories.make_meeting(5)
    client.force_login(factories.secretary_of(meeting))
    return meeting
