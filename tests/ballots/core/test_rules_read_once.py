"""However often a page asks what its meeting is held by, the rules are put together once."""

from unittest import mock

import pytest
from django.urls import reverse

from ballots import urls
from cells.law.rules import Rules
from tests.kit import factories, sendings
from tests.kit.clients import browser


def pages_of(meeting) -> list[str]:
    """The addresses of every page that takes a meeting and nothing else."""
    patterns = {p.name: str(p.pattern) for p in urls.urlpatterns}
    alone = [n for n, p in patterns.items() if p.startswith("hoi-nghi/<int:pk>/")]
    return [
        reverse(f"ballots:{name}", args=[meeting.pk])
        for name in alone
        if patterns[name].count("<") == 1
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", ["planned", "open", "closed"])
def test_a_page_puts_the_rules_of_its_meeting_together_once(state):
    make = {"planned": factories.make_meeting, "open": factories.make_open_meeting}
    meeting = make.get(state, lambda size: sendings.make_ready(size, voted=True))(4)
    secretary = browser()
    secretary.force_login(factories.secretary_of(meeting))
    counts = {}
    for address in pages_of(meeting):
        with mock.patch.object(Rules, "from_pack", side_effect=Rules.from_pack) as made:
            if secretary.get(address).status_code == 200:
                counts[address] = made.call_count
    assert max(counts.values()) == 1
    assert sum(counts.values()) > 8, counts
