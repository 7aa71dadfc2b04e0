"""A sheet of 5,000 members: written out, read, looked at and applied to another cell."""

import time
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any
from unittest import mock

from ballots.committee.rollups import workbook
from ballots.results import totals
from cells.law.periods import Period
from cells.models import Cell, Committee
from members.imports import applying, bodies, waiting
from members.imports.spreadsheets import CELL, writing
from members.models import Member
from tests.bench.report import Result
from tests.kit import factories

SIZE = 5000
ROUNDS = 3
SECRETARY = "Hà Xuân Quang"
PERSON = {
    CELL: "Chi bộ khu phố 1",
    "born_on": date(1970, 1, 2),
    "gender": "female",
    "phone": "0912345678",
    "card_number": "00001234",
    "citizen_id": "064000001234",
    "home_town": "Ia Grai, Gia Lai",
    "post": "Đảng viên",
    "workplace": "Trường Tiểu học số 1",
}


def measure() -> dict[str, Result]:
    """Seconds of the whole round trip through the database, nothing lost on the way."""
    there, here = factories.make_cell(), factories.make_cell()  # in different trees
    Member.objects.bulk_create(_member(there, number) for number in range(SIZE))
    user = factories.make_user(factories.make_member(here, SECRETARY, office="secretary"))
    since = time.perf_counter()
    upload = waiting.keep(user, here, "members.xlsx", applying.workbook(there))
    applying.apply(user, upload, applying.effect_of(upload, waiting.planned(upload)))
    seconds = time.perf_counter() - since
    if _told(there) != [values for values in _told(here) if values["name"] != SECRETARY]:
        raise AssertionError("the round trip lost something")
    return {"sheet_of_5000_members": Result("s", seconds, 15), **_of_a_province()}


def _of_a_province() -> dict[str, Result]:
    """The summary of 3,000 cells beside that of 300; and the sheet of 60,000 members."""
    few, many = (min(_spent(partial(_summary, n)) for _ in range(ROUNDS)) for n in (300, 3000))
    people = ({"name": f"Người thứ {n}", **PERSON} for n in range(60_000))
    sheet = _spent(lambda: writing.members_workbook("Đảng bộ tỉnh", people, with_cell=True))
    return {
        "summary_of_3000_cells": Result("cpu s", many, few, least=11),
        "sheet_of_60000_members": Result("cpu s", sheet, 15),
    }


def _spent(work: Callable[[], object]) -> float:
    since = time.process_time()
    work()
    return time.process_time() - since


def _summary(number: int) -> None:
    counts = {"HTXS": 3, "HTT": 14, "HT": 2, "KHT": 0}
    result = totals.Result("HTT", counts, 20, 1, (("Chi ủy", "HTT"),))
    row = totals.CellRow(Cell(committee=Committee(name="Phường")), "Đã bế mạc", result)
    with mock.patch.object(workbook, "rows", return_value=[row] * number):
        workbook.workbook(Committee(name="Tỉnh"), Period(2026))


def _told(cell: Cell) -> list[Mapping[str, Any]]:
    """All that is known of the members of a cell."""
    return sorted((p.values for p in bodies.people(cell)), key=lambda v: v["card_number"])


def _member(cell: Cell, number: int) -> Member:
    """A member with every column filled; no name and year of birth come twice."""
    middle, values = factories.GIVEN[number // 14 % 14], factories.GIVEN[number % 14]
    return Member(
        cell=cell,
        name=f"{factories.FAMILIES[number // 196 % 15]} Thị {middle} {values}",
        born_on=date(1950 + number % 50, 1 + number % 12, 1 + number % 28),
        born_year=1950 + number % 50,
        admitted_on=date(1990 + number % 30, 2, 3),
        official_on=date(1991 + number % 30, 2, 3),
        card_number=f"{number:08d}",
        citizen_id=f"064{number:09d}",
        phone=f"09{number:08d}",
        gender="female",
        post="Đảng viên",
        home_town="Ia Grai, Gia Lai",
        education="12/12",
        theory="Trung cấp",
        profession="Cử nhân sư phạm",
        badge="30 năm tuổi Đảng",
        workplace="Trường Tiểu học số 1",
        note=f"Dòng {number}",
    )
