"""Accounts made at once: of who holds an office, and of officers of committees."""

import pytest

from members.models import AuditEntry, User
from members.offices import accounts
from members.places.verbs import Refused
from tests.kit import factories
from tests.kit.threads import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_namesakes_who_are_given_offices_at_once_have_an_account_each_and_one_of_them_one():
    cells = [factories.make_cell() for _ in range(4)]
    members = [factories.make_member(cell, "Lê Văn An") for cell in cells]
    together(*[lambda m=m: accounts.account_of(m) for m in [*members, *members[:2]]])
    names = User.objects.filter(member__in=members).values_list("username", flat=True)
    assert sorted(names) == ["levanan", "levanan2", "levanan3", "levanan4"]


def test_of_two_officers_of_one_name_to_sign_in_with_the_second_is_told():
    committee = factories.make_committee()
    user = factories.make_user(committee=committee)
    asked = user, committee, "Hồ Văn Nam", "nam.dangbo"
    answers = together(*[lambda: accounts.add_officer(*asked)] * 4)
    assert (
        sorted(str(each) for each in answers if isinstance(each, Refused)) == [accounts.NAMED] * 3
    )
    assert User.objects.filter(username="nam.dangbo").count() == 1
    assert AuditEntry.objects.filter(verb="account.made").count() == 1
