"""Campaigns and the cells they reach."""

import pytest

from cells.models import Campaign
from tests.kit import factories

pytestmark = pytest.mark.django_db


def test_a_campaign_reaches_the_cells_below_its_committee_and_the_newest_comes_first():
    above = factories.make_committee()
    below = factories.make_committee(parent=above)
    beside = factories.make_committee()
    old = factories.make_campaign(below, year=2025)
    new = factories.make_campaign(above, year=2026)
    factories.make_campaign(beside, year=2027)
    assert list(Campaign.objects.reaching(below)) == [new, old]
    assert list(Campaign.objects.reaching(above)) == [new]
