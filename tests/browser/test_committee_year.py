"""A year of the committee above in Chromium, from the campaign to the report, counting taps (journeys, 4.3)."""

import io

import pytest
from openpyxl import load_workbook

from ballots.models import CommitteeFile, Decision, Petition
from tests.browser.desk import Desk
from tests.browser.hands import leave, signed_in
from tests.browser.ward import NEW, PERIOD, Ward, walk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("undrawn"),
]


def test_an_officer_walks_the_year_of_forty_cells_in_the_taps_of_the_table(
    browser, new_phone, site, tmp_path
):
    ward, laptops = Ward(copied=33), []

    def laptop(user, **options):
        laptops.append(signed_in(browser, site, user, 1366, **options))
        return laptops[-1]

    page = laptop(ward.officer, permissions=["clipboard-write"])
    desk = Desk(page, ward.committee, PERIOD)
    summary = walk(desk, ward, laptop, new_phone, site, tmp_path)
    assert Decision.objects.count() == ward.files
    assert Petition.objects.get().answer
    assert CommitteeFile.objects.count() == 1
    sheet = load_workbook(io.BytesIO(summary)).active
    assert sheet.cell(sheet.max_row - 1, 1).value == ward.files + NEW
    for each in laptops:
        leave(each.context)
