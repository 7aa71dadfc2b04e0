"""Lists read in at once: nobody is added twice, nobody is written over another person, and who was late is told."""

import json

import pytest

from cells.models import Cell
from cells.stale import Stale
from members.imports import applying, waiting
from members.imports.spreadsheets.keeping import as_json
from members.models import Member, MemberImport, User
from tests.kit import factories
from tests.kit.clients import browser
from tests.kit.sheets import TODAY, table
from tests.kit.threads import together

pytestmark = pytest.mark.django_db(transaction=True)

HEADING = ["Họ và tên", "Ngày sinh", "Số thẻ đảng viên"]
FIRST = ["Nguyễn Văn Hùng", "12/03/1975", "24000001"]
SECOND = ["Nguyễn Văn Hùng", "27/09/1975", "24000002"]


def officers(cell: Cell, count: int) -> list[User]:
    members = [
        factories.make_member(cell, f"Trần Văn {'ABCDEFGH'[at]}", office="deputy", born_year=1960)
        for at in range(count)
    ]
    return [factories.make_user(member) for member in members]


def read(user: User, cell: Cell, *rows: list) -> tuple[MemberImport, str]:
    """The file of this officer, read, and what its preview promises."""
    lists = json.loads(as_json(table(HEADING, *rows), TODAY.isoformat(), None))
    upload = MemberImport.objects.create(
        user=user, cell=cell, file_name="a.xlsx", sha256="", sheet={"lists": lists, "chosen": True}
    )
    return upload, applying.effect_of(upload, waiting.planned(upload))


def test_one_list_applied_by_four_officers_at_once_adds_everybody_once():
    cell = factories.make_cell()
    uploads = [(user, *read(user, cell, FIRST, SECOND)) for user in officers(cell, 4)]
    calls = [lambda each=each: applying.apply(*each) for each in uploads]
    results = together(*calls)
    assert sum(isinstance(result, Stale) for result in results) == 3
    assert Member.objects.filter(name="Nguyễn Văn Hùng").count() == 2


def test_two_namesakes_in_two_lists_at_once_are_two_people_or_the_later_list_is_looked_at_again():
    cell = factories.make_cell()
    one, other = officers(cell, 2)
    first, second = (one, *read(one, cell, FIRST)), (other, *read(other, cell, SECOND))
    together(lambda: applying.apply(*first), lambda: applying.apply(*second))
    for user, upload, _ in (first, second):
        if MemberImport.objects.filter(pk=upload.pk).exists():
            plan = waiting.planned(upload)
            applying.apply(user, upload, applying.effect_of(upload, plan))
    cards = Member.objects.filter(name="Nguyễn Văn Hùng").values_list(
        "card_number", "born_on__month"
    )
    assert sorted(cards) == [("24000001", 3), ("24000002", 9)]


def test_a_form_and_a_list_at_once_make_one_member_of_one_person():
    cell = factories.make_cell()
    user, clerk = officers(cell, 2)
    upload = (user, *read(user, cell, FIRST))
    client = browser(clerk)
    data = {"name": FIRST[0], "born_on": FIRST[1], "card_number": FIRST[2], "status": "full"}
    address = f"/hop/chi-bo/{cell.pk}/dang-vien/them/"
    together(lambda: applying.apply(*upload), lambda: client.post(address, data))
    assert Member.objects.filter(name="Nguyễn Văn Hùng").count() == 1
