"""Columns of days in two orders: what could be either is asked for, and nothing is swapped unasked."""

from datetime import date

import pytest

from members.imports.spreadsheets import read
from tests.kit.sheets import TODAY, table


def in_column(days: list) -> list[list[str]]:
    """What each cell of a column of days may mean; the day itself where it is not asked for."""
    rows = [[f"Lê Văn {'ABCDE'[at]}", day] for at, day in enumerate(days)]
    read_rows = read(table(["Họ và tên", "Ngày sinh"], *rows), TODAY).rows
    return [
        [meaning.values["born_on"] for problem in row.problems for meaning in problem.meanings]
        or [row.values["born_on"]]
        for row in read_rows
    ]


def test_one_day_that_is_month_first_makes_those_beside_it_a_question():
    days = ["07/25/1975", "07/05/1972", "05/05/1980", "2/3/1985 12:00:00 AM"]
    assert in_column(days) == [
        ["1975-07-25"],
        ["1972-05-07", "1972-07-05"],
        ["1980-05-05"],
        ["1985-03-02", "1985-02-03"],
    ]


@pytest.mark.parametrize("beside", ["25/07/1975", "07/25/1975"])
def test_days_that_the_program_may_have_taken_in_the_wrong_order_are_a_question(beside):
    """Typed in a program of another language: what it could take for a day it turned round, the rest stayed text."""
    assert in_column([beside, date(1981, 3, 2), date(1982, 4, 4)])[1:] == [
        ["1981-03-02", "1981-02-03"],
        ["1982-04-04"],
    ]
    assert in_column([beside, date(1981, 3, 2), date(1981, 3, 20)])[1:] == [
        ["1981-03-02"],
        ["1981-03-20"],
    ]


def test_a_day_that_the_year_of_birth_contradicts_is_no_way_to_read_a_cell():
    heading = ["Họ và tên", "Ngày sinh", "Năm sinh"]
    rows = ["Lê Văn An", "07/25/75", 1975], ["Lê Văn Ba", "07/05/72", 1973]
    first, second = read(table(heading, *rows), TODAY).rows
    assert [len(row.problems[0].meanings) for row in (first, second)] == [1, 0]
