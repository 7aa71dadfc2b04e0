"""A phone dies after every state of its ballot; every delay, twenty times: `make kill-phones`."""

import pytest

from tests.kills.phone import Evening, MortalPhone
from tests.kills.worker import STATES
from tests.kit.polls import poll_of
from tests.kit.room import Room

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_phone_killed_after_every_state_takes_up_where_it_was(browser, site, tmp_path):
    room = Room(3)
    room.poll = poll_of(room.meeting, 2)
    phone = MortalPhone(browser.browser_type, tmp_path, site, room)
    evening = Evening(phone, room)
    evening.live(set(STATES), 0)
    phone.close()
