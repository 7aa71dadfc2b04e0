"""An officer with a password, on an evening whose seconds a test moves."""

import pytest
import time_machine

from members.models import User
from tests.kit import factories
from tests.kit.authenticators import PASSWORD


@pytest.fixture
def clock():
    """An evening whose seconds a test moves."""
    with time_machine.travel("2026-12-05T19:30:00+07:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def officer(clock) -> User:
    """An officer of a committee who has a password."""
    return factories.make_user(committee=factories.make_committee(), password=PASSWORD)
