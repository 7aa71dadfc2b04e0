"""Lines written at once: each has its own place in the chain of its body, and the chains stand."""

import pytest

from members.models import AuditChain
from members.offices import chains
from tests.kit import factories
from tests.kit.threads import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_lines_written_at_once_each_has_its_place_from_the_first_of_a_chain_on():
    committee = factories.make_committee()
    users = [factories.make_user(committee=committee) for _ in range(3)]
    members = factories.make_members(factories.make_cell(committee), 3)

    def write(actor):
        return lambda: [actor.record("member.edited") for _ in range(4)]

    together(*map(write, [*users, *members]))
    assert sorted(AuditChain.objects.values_list("number", flat=True)) == [12, 12]
    assert list(chains.faults()) == []
