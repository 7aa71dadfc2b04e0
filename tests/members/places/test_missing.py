"""The check list says what is still missing before December, and leads to it."""

import pytest

from tests.kit import factories
from tests.kit.clients import browser, words_of

pytestmark = pytest.mark.django_db


def left(client, committee) -> set[str]:
    gaps = client.get(f"/hop/dang-bo/{committee.pk}/con-thieu/").context["gaps"]
    return {gap.title for gap in gaps if gap.rows}


def test_each_thing_goes_off_the_list_when_it_is_done(time_machine):
    time_machine.move_to("2026-11-20T09:00:00+07:00", tick=False)
    ward = factories.make_committee()
    client = browser(factories.make_user(committee=ward))
    year = "Đợt kiểm điểm năm 2026"
    assert left(client, ward) == {year, "Chi bộ"}
    factories.make_campaign(ward)
    cell = factories.make_cell(ward)
    people = {"Chi bộ chưa có danh sách đảng viên"}
    assert left(client, ward) == {"Chi bộ chưa có bí thư", *people}
    secretary = factories.make_member(cell, office="secretary")
    assert left(client, ward) == {"Bí thư chưa đăng nhập lần nào", *people}
    browser(factories.make_user(secretary))
    for _ in range(2):
        factories.make_member(cell)
    below = factories.make_committee(parent=ward)
    assert left(client, ward) == {"Đảng bộ trực thuộc chưa có cán bộ"}
    factories.make_user(committee=below)
    assert left(client, ward) == set()
    assert "Không còn thiếu gì" in words_of(client.get(f"/hop/dang-bo/{ward.pk}/con-thieu/"))
