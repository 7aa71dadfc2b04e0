"""Shared by the pages of a poll."""

import pytest

from ballots.models import Poll
from tests.kit import polls
from tests.kit.factories import secretary_of


@pytest.fixture
def poll(client, meeting) -> Poll:
    """The planned poll on the cell; the secretary is signed in."""
    client.force_login(secretary_of(meeting))
    return polls.poll_of(meeting)
