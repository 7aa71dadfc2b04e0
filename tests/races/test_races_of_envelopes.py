"""The sealed envelope pressed at once: one key is the last, one witness stands there, one opening counts."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from ballots.models import Envelope, EnvelopeOpening, Poll
from ballots.voting import envelope_opening, envelopes
from members.models import AuditEntry
from tests.kit import envelopes as kit
from tests.kit import polls, verbs
from tests.kit.factories import secretary_of
from tests.kit.threads import press

pytestmark = pytest.mark.django_db(transaction=True)
MIXED = [[2], [1], [0], [2], [3]]


@pytest.fixture
def poll() -> Poll:
    return kit.count(polls.poll_of(kit.make_keeping()), MIXED)


def test_of_two_printings_at_once_the_last_key_alone_is_read_back(poll):
    keys: list[str] = []
    presses = [lambda: keys.append(kit.print_key(poll))] * 3
    assert press(*presses) == Counter(done=3)
    read = press(*[partial(kit.read_back, poll, key) for key in keys])
    assert read == Counter(done=1, refused=2)


def test_a_key_printed_during_the_confirmation_opens_nothing_or_comes_first(poll):
    former = kit.print_key(poll)
    kit.read_back(poll, former)
    teller = polls.teller_of(poll.meeting)
    done = press(
        partial(verbs.confirm, teller, Poll.objects.get(pk=poll.pk)),
        partial(kit.print_key, Poll.objects.get(pk=poll.pk)),
    )
    assert done == Counter(done=1, refused=1)
    row = kit.envelope_of(poll)
    assert row.is_sealed == Poll.objects.get(pk=poll.pk).confirmed
    assert row.is_sealed or not row.checked


def test_a_confirmation_with_and_one_without_an_envelope_leave_one_of_both(poll):
    kit.read_back(poll, kit.print_key(poll))
    teller = polls.teller_of(poll.meeting)
    press(
        partial(verbs.confirm, teller, Poll.objects.get(pk=poll.pk)),
        partial(verbs.confirm, teller, Poll.objects.get(pk=poll.pk), "Máy in hỏng"),
    )
    row = kit.envelope_of(poll)
    assert row.is_sealed != bool(row.left_out)


def test_of_many_witnesses_and_openings_at_once_one_stands(poll):
    key = kit.print_key(poll)
    kit.read_back(poll, key)
    polls.confirm(poll)
    opening = envelope_opening.ask(kit.officer_above(poll), poll, kit.REASON, kit.BASIS)
    witnesses = [kit.officer_above(poll), kit.officer_above(poll), secretary_of(poll.meeting)]
    asked = [partial(envelope_opening.witness, user, opening) for user in witnesses]
    assert press(*asked) == Counter(done=1, refused=2)
    opening.refresh_from_db()
    again = EnvelopeOpening.objects.select_related("opener", "envelope__poll__meeting__campaign")
    opened = [
        partial(envelope_opening.open_with, opening.opener, again.get(), key) for _ in range(3)
    ]
    assert press(*opened) == Counter(done=1, refused=2)
    assert AuditEntry.objects.filter(verb="poll.envelope_opened").count() == 1


def test_an_envelope_is_destroyed_once(poll):
    kit.read_back(poll, kit.print_key(poll))
    polls.confirm(poll)
    day = kit.envelope_of(poll).kept_until + timedelta(days=1)
    gone: list[int] = []
    press(*[lambda: gone.append(envelopes.destroy_due(day))] * 4)
    assert sorted(gone) == [0, 0, 0, 1]
    assert Envelope.objects.get().destroyed_on == day
    assert timezone.localdate() < day
