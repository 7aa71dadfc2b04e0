"""Who sits on a committee is kept over dates: a post is given, handed over and ended, and nothing is forgotten."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.test import Client

from cells.models import Cell, Committee
from members.models import AuditEntry, Seat
from tests.kit import factories
from tests.kit.clients import browser, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee() -> Committee:
    return factories.make_committee("Đảng bộ phường An Phú")


@pytest.fixture
def cell(committee) -> Cell:
    return factories.make_cell(committee, "Chi bộ Khu phố 4")


@pytest.fixture
def client(committee, time_machine) -> Client:
    time_machine.move_to("2026-11-20T09:00:00+07:00", tick=False)
    return browser(factories.make_user(committee=committee))


def give(
    client: Client, committee: Committee, member: Model, post: str, since: str = "15/11/2026"
):
    address = f"/hop/dang-bo/{committee.pk}/cap-uy-vien/ghi/?q={member.name.split()[-1]}"
    return client.post(address, {"member": member.pk, "post": post, "since": since}, follow=True)


def held(committee: Committee, day: date) -> list[tuple[str, str]]:
    rows = Seat.objects.of(committee).on(day).ranked()
    return [(row.member.name, row.post) for row in rows]


def test_a_member_is_found_without_accents_and_given_a_post(client, committee, cell):
    member = factories.make_member(cell, "Đặng Thị Đức")
    page = words_of(client.get(f"/hop/dang-bo/{committee.pk}/cap-uy-vien/ghi/?q=dang thi duc"))
    assert "Đặng Thị Đức · Chi bộ Khu phố 4" in page
    answer = give(client, committee, member, "standing")
    assert "Đồng chí Đặng Thị Đức là Ủy viên Ban Thường vụ từ ngày 15/11/2026." in words_of(answer)
    assert held(committee, date(2026, 11, 15)) == [("Đặng Thị Đức", "standing")]
    assert held(committee, date(2026, 11, 14)) == []
    assert AuditEntry.objects.filter(verb="seat.given").count() == 1


def test_the_secretarys_post_handed_over_ends_the_former_seat_and_the_new_ones_own(
    client, committee, cell
):
    former, deputy = (factories.make_member(cell, name) for name in ("Lê Văn An", "Trần Bình"))
    factories.make_seat(committee, former, "secretary")
    factories.make_seat(committee, deputy, "deputy")
    give(client, committee, deputy, "secretary")
    assert held(committee, date(2026, 11, 20)) == [("Trần Bình", "secretary")]
    assert held(committee, date(2026, 11, 14)) == [
        ("Lê Văn An", "secretary"),
        ("Trần Bình", "deputy"),
    ]
    page = words_of(client.get(f"/hop/dang-bo/{committee.pk}/cap-uy-vien/"))
    assert "Phó Bí thư · 01/05/2025 đến 14/11/2026" in page


def test_a_seat_ends_and_only_once(client, committee, cell):
    seat = factories.make_seat(committee, factories.make_member(cell, "Lê Văn An"))
    address = f"/hop/dang-bo/{committee.pk}/cap-uy-vien/{seat.pk}/thoi/"
    answer = client.post(address, {"until": "01/04/2025"})
    assert "là Cấp ủy viên từ ngày 01/05/2025" in words_of(answer)
    answer = client.post(address, {"until": "31/10/2026"}, follow=True)
    assert "Đồng chí Lê Văn An thôi tham gia cấp ủy sau ngày 31/10/2026." in words_of(answer)
    assert client.post(address, {"until": "31/10/2026"}).status_code == 404
    assert held(committee, date(2026, 10, 31)) == [("Lê Văn An", "member")]
    assert held(committee, date(2026, 11, 1)) == []


REFUSED = {
    "the same post": ("deputy", "15/11/2026", "Đồng chí Trần Bình đang là Phó Bí thư rồi"),
    "before the own seat": ("member", "01/05/2025", "là Phó Bí thư từ ngày 01/05/2025"),
    "before the secretary": ("secretary", "01/01/2025", "là Bí thư từ ngày 01/05/2025"),
    "to come": ("member", "01/12/2026", "Ngày này chưa đến"),
    "without a day": ("member", "", "Xin ghi từ ngày nào"),
    "of a stranger": ("chairman", "15/11/2026", "chairman"),
}


@pytest.mark.parametrize(("post", "since", "said"), REFUSED.values(), ids=REFUSED)
def test_a_post_is_refused_with_its_cause_and_nothing_changes(
    client, committee, cell, post, since, said
):
    factories.make_seat(committee, factories.make_member(cell, "Lê Văn An"), "secretary")
    deputy = factories.make_member(cell, "Trần Bình")
    factories.make_seat(committee, deputy, "deputy")
    answer = give(client, committee, deputy, post, since)
    assert answer.status_code == 422
    assert said in words_of(answer)
    assert list(Seat.objects.values_list("until", flat=True)) == [None, None]


def test_nobody_is_secretary_on_a_day_that_another_one_was(client, committee, cell):
    former, later = (factories.make_member(cell, name) for name in ("Lê Văn An", "Trần Bình"))
    factories.make_seat(committee, former, "secretary", until=date(2026, 10, 31))
    answer = give(client, committee, later, "secretary", "31/10/2026")
    assert "Đến hết ngày 31/10/2026 đồng chí Lê Văn An còn là Bí thư" in words_of(answer)
    give(client, committee, later, "secretary", "01/11/2026")
    assert held(committee, date(2026, 11, 1)) == [("Trần Bình", "secretary")]


def test_only_members_of_cells_under_it_sit_on_a_committee(client, committee):
    stranger = factories.make_member(name="Vũ Thị Tâm")
    answer = give(client, committee, stranger, "member")
    assert (answer.status_code, Seat.objects.count()) == (422, 0)
    assert "Không tìm thấy “Tâm”" in words_of(answer)


def test_a_committee_that_has_ended_gets_no_new_members(client, committee, cell):
    member = factories.make_member(cell, "Lê Văn An")
    Committee.objects.filter(pk=committee.pk).update(ended_on=date(2026, 7, 1))
    assert "đã thôi hoạt động" in words_of(give(client, committee, member, "member"))


def test_the_database_allows_one_secretary_and_one_seat_of_a_member(committee, cell):
    first, second = (factories.make_member(cell) for _ in range(2))
    factories.make_seat(committee, first, "secretary")
    for member, post in ((second, "secretary"), (first, "member")):
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.make_seat(committee, member, post)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_seat(committee, second, until=date(2025, 4, 30))


def test_namesakes_on_a_committee_are_told_apart(client, committee, cell):
    for year in (1960, 1975):
        member = factories.make_member(cell, "Nguyễn Văn An", born_year=year)
        factories.make_seat(committee, member)
    page = words_of(client.get(f"/hop/dang-bo/{committee.pk}/cap-uy-vien/"))
    assert "Nguyễn Văn An (1960)" in page
    assert "Nguyễn Văn An (1975)" in page


def test_the_list_costs_the_same_for_three_and_thirty(
    client, committee, cell, django_assert_max_num_queries
):
    address = f"/hop/dang-bo/{committee.pk}/cap-uy-vien/"
    client.get(address)  # the visit is noted once a day
    counts = []
    for size in (3, 27):
        for _ in range(size):
            factories.make_seat(committee, factories.make_member(cell))
        with django_assert_max_num_queries(20) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]
