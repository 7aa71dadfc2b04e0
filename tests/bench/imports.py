"""The sheet of 60,000 members of a committee of 3,000 cells: read, looked at and applied by jobs."""

import time
from collections.abc import Iterator
from datetime import date
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client

from ballots.models import Job
from cells.models import Cell, Committee
from members.imports.large import keeping
from members.imports.spreadsheets import CELL, writing
from members.models import Member, SheetRow, User
from tests.bench.jobs import worked
from tests.bench.report import Result
from tests.kit import factories
from tests.kit.clients import browser

CELLS, OF_A_CELL, WARD = 3000, 20, 30
NEW = 3  # of the twenty of a cell: the others are known already
ROUNDS = 5
MIDDLES = ("Văn", "Thị", "Minh", "Xuân", "Thanh", "Hữu", "Đức")


def measure() -> dict[str, Result]:
    """Seconds and the most memory of each job, the process that opens the file included; then the page."""
    top, user = _seeded()
    data = writing.members_workbook("Đảng bộ tỉnh", _people(), with_cell=True)
    sheet = keeping.send(user, top, "danh-sach.xlsx", data)
    asked = {"sheet": sheet.pk, "committee": top.pk}
    read, memory = worked(user, Job.Kind.SHEET, asked | {"effect": sheet.effect})
    page = _page(user, top)
    sheet.refresh_from_db()
    applied, more = worked(user, Job.Kind.IMPORT, asked | {"effect": sheet.effect})
    under = Member.objects.filter(cell__committee__path__startswith=top.path)
    if under.count() != CELLS * OF_A_CELL or SheetRow.objects.exists():
        raise AssertionError("the import lost somebody")
    return {
        "import_of_60000_members": Result("s", read + applied, 180),
        "import_memory": Result("MB", max(memory, more), 300),
        "import_preview_of_60000": Result("ms", page * 1000, 500),
    }


def _seeded() -> tuple[Committee, User]:
    top: Committee = Committee.objects.add_root({"name": "Đảng bộ tỉnh", "place": "Gia Lai"})
    cells = []
    for ward in range(CELLS // WARD):
        under = Committee.objects.add_child(top, {"name": f"Đảng bộ phường {ward + 1}"})
        cells += [Cell(committee=under, name=_name(ward, place)) for place in range(WARD)]
    Cell.objects.bulk_create(cells)
    known = (
        Member(cell=cell, **_person(at * OF_A_CELL + n))
        for at, cell in enumerate(cells)
        for n in range(OF_A_CELL - NEW)
    )
    Member.objects.bulk_create(known, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return top, factories.make_user(committee=top)


def _name(ward: int, place: int) -> str:
    return f"Chi bộ Tổ dân phố {ward + 1}.{place + 1}"


def _people() -> Iterator[dict[str, Any]]:
    """Twenty of each cell: every fourth of the known ones with another workplace."""
    for number in range(CELLS * OF_A_CELL):
        cell, n = divmod(number, OF_A_CELL)
        changed = {"workplace": "Trường Tiểu học số 2"} if n % 4 == 0 else {}
        yield _person(number) | changed | {CELL: _name(*divmod(cell, WARD))}


def _person(number: int) -> dict[str, Any]:
    """A member with most columns filled; a name is that of some forty people, as in a province."""
    given, family = factories.GIVEN[number % 14], factories.FAMILIES[number // 14 % 15]
    middle = MIDDLES[number // 210 % 7]
    return {
        "name": f"{family} {middle} {given}",
        "born_on": date(1950 + number % 50, 1 + number // 50 % 12, 1 + number // 600 % 28),
        "born_year": 1950 + number % 50,
        "admitted_on": date(1990 + number % 30, 2, 3),
        "official_on": date(1991 + number % 30, 2, 3),
        "card_number": f"{number:08d}",
        "citizen_id": f"064{number:09d}",
        "phone": f"09{number:08d}",
        "gender": "female",
        "status": "full",
        "post": "Đảng viên",
        "home_town": "Ia Grai, Gia Lai",
        "profession": "Cử nhân sư phạm",
        "workplace": "Trường Tiểu học số 1",
    }


def _page(user: User, top: Committee) -> float:
    client: Client = browser(user)
    client.defaults["SERVER_NAME"] = "127.0.0.1"
    times = []
    for _ in range(ROUNDS):
        since = time.perf_counter()
        if client.get(f"/hop/dang-bo/{top.pk}/dang-vien/tep/").status_code != 200:
            raise AssertionError("no preview")
        times.append(time.perf_counter() - since)
    return median(times)
