"""Numbered cells stand in the order of their numbers in what a committee takes away too, as on its pages."""

import io
import zipfile

import pytest
from openpyxl import load_workbook

from ballots.committee.downloads import archive
from ballots.committee.rollups import workbook
from cells.law.periods import Period
from members.imports import applying
from tests.kit import factories

pytestmark = pytest.mark.django_db
YEAR = Period(2026)


@pytest.fixture
def committee():
    committee = factories.make_committee("Đảng bộ phường")
    for number in (10, 2):
        cell = factories.make_cell(committee, f"Chi bộ {number}")
        factories.make_paper(factories.make_meeting(2, cell=cell), "minutes")
    return committee


def test_the_second_cell_comes_before_the_tenth_in_the_archive(committee):
    file = io.BytesIO()
    archive.write(committee, YEAR, file)
    names = zipfile.ZipFile(file).namelist()
    folders = sorted({name.rpartition("/")[0] for name in names} - {""})
    assert folders == [f"01 Dang bo phuong/{name}" for name in ("001 Chi bo 2", "002 Chi bo 10")]


@pytest.mark.parametrize(
    "sheet",
    [lambda committee: workbook.workbook(committee, YEAR), applying.workbook],
    ids=["summary", "members"],
)
def test_the_second_cell_comes_before_the_tenth_in_excel(committee, sheet):
    rows = load_workbook(io.BytesIO(sheet(committee))).active.iter_rows(values_only=True)
    words = [value for row in rows for value in row if value in ("Chi bộ 2", "Chi bộ 10")]
    assert list(dict.fromkeys(words)) == ["Chi bộ 2", "Chi bộ 10"]
