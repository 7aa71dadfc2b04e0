"""A cell whose secretary reads a sheet in."""

import pytest
from django.test import Client

from cells.models import Cell
from members.models import Member, Office
from tests.kit import factories
from tests.kit.importing import PHONE


@pytest.fixture
def cell() -> Cell:
    """A cell of two: Hà Xuân Quang, its secretary, and Trần Thị Hạnh."""
    cell = factories.make_cell(name="Chi bộ 4")
    factories.make_member(cell, "Hà Xuân Quang", office=Office.Kind.SECRETARY, born_year=1960)
    factories.make_member(cell, "Trần Thị Hạnh", born_year=1950, phone=PHONE)
    return cell


@pytest.fixture
def secretary(cell, client) -> Client:
    """The secretary's browser."""
    client.force_login(factories.make_user(Member.objects.get(cell=cell, name="Hà Xuân Quang")))
    return client
