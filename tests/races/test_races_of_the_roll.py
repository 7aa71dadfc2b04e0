"""The roll while it is confirmed: who comes, goes or knocks at the same moment is in it, or waits for another one."""

from collections import Counter
from functools import partial

import pytest

from ballots.models import Issue, RollCheck
from ballots.voting import polling
from ballots.voting.roll import roll_of
from cells.models import Meeting
from members.devices import cookies
from members.models import Attendance, Device
from tests.kit import factories, polls, verbs
from tests.kit.threads import meanwhile, press

pytestmark = pytest.mark.django_db(transaction=True)

State = Attendance.State


def mark(meeting: Meeting, state: str) -> None:
    """The secretary marks the last member of the list."""
    row = Attendance.objects.of(meeting).select_related("meeting").last()
    verbs.mark(factories.secretary_of(meeting), row, state)


def open_poll(meeting: Meeting) -> None:
    polling.open_issuing(factories.secretary_of(meeting), polls.poll_of(meeting))


def confirm(meeting: Meeting) -> None:
    verbs.confirm_roll(polls.teller_of(meeting), meeting, roll_of(meeting).digest)


def test_who_is_marked_present_while_a_poll_opens_is_not_on_its_roll():
    meeting = factories.make_open_meeting(5)
    mark(meeting, State.ABSENT)
    confirm(meeting)
    meanwhile(
        lambda: open_poll(meeting),
        "ballots.voting.polling.must_be_confirmed",
        lambda: mark(meeting, State.PRESENT),
    )
    assert Issue.objects.of(polls.poll_of(meeting)).count() == 4
    assert polls.poll_of(meeting).present == RollCheck.objects.get().voters == 4


def test_who_leaves_while_a_teller_confirms_is_missed_when_the_poll_opens():
    meeting = factories.make_open_meeting(5)
    meanwhile(
        lambda: confirm(meeting),
        "ballots.voting.roll.roll_of",
        lambda: mark(meeting, State.ABSENT),
    )
    with pytest.raises(verbs.Refused, match="đã thay đổi"):
        open_poll(meeting)


def test_tellers_who_confirm_at_once_have_confirmed_one_roll():
    meeting = factories.make_open_meeting(5)
    RollCheck.objects.all().delete()
    assert press(*[lambda: confirm(meeting)] * 4) == Counter(done=4)
    assert RollCheck.objects.get().voters == 5


def test_a_name_tapped_four_times_at_once_is_one_knock():
    meeting = factories.make_meeting(3)
    member = factories.members_of(meeting)[2]
    press(*[partial(cookies.knock, meeting, member, None, "one browser")] * 4)
    assert Device.objects.knocking(meeting).count() == 1
