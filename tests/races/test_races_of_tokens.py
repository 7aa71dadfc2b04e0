"""Tokens made, used and revoked by many at once."""

import pytest
from django.test import Client

from ballots.committee.api import verbs
from ballots.core.verbs import Refused
from ballots.models import ApiToken
from ballots.models.tokens import MOST
from members.models import AuditEntry
from tests.kit import factories
from tests.kit.threads import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer():
    return factories.make_user(committee=factories.make_committee())


def test_of_many_made_at_once_no_more_than_are_borne_are_in_force(officer):
    names = [f"Mã {number}" for number in range(MOST + 2)]
    answers = together(
        *[lambda name=name: verbs.make(officer, officer.committee, name, 30) for name in names]
    )
    assert sum(isinstance(answer, Refused) for answer in answers) == 2
    assert ApiToken.objects.count() == MOST


def test_of_four_who_revoke_a_token_one_does(officer):
    verbs.make(officer, officer.committee, "Mã", 30)
    token = ApiToken.objects.get()
    answers = together(*[lambda: verbs.revoke(officer, token)] * 4)
    assert sum(isinstance(answer, Refused) for answer in answers) == 3
    assert AuditEntry.objects.filter(verb="token.revoked").count() == 1


def test_a_token_used_while_it_is_revoked_stays_revoked(officer):
    shown = verbs.make(officer, officer.committee, "Mã", 30)
    token = ApiToken.objects.get()

    def use():
        headers = {"Authorization": f"Bearer {shown}"}
        return Client(SERVER_NAME="localhost").get("/api/v1/", headers=headers).status_code

    *used, revoked = together(use, use, lambda: verbs.revoke(officer, token))
    assert revoked is None
    assert set(used) <= {200, 401}
    assert ApiToken.objects.get().revoked_on is not None
    assert use() == 401
