"""Columns of days in which some were written month first, as American programs do: then none is taken unasked."""

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from cells.wording import short_date
from members.imports.spreadsheets import columns as c
from members.imports.spreadsheets.problems import Doubt, Way

DAYS = frozenset({c.BIRTH, "admitted_on", "official_on", c.BIRTH_MALE, c.BIRTH_FEMALE})
WRITTEN = re.compile(
    r"\s*([0-9]{1,2})\s*[/.-]\s*([0-9]{1,2})\s*[/.-]\s*([0-9]{4}|[0-9]{2})\b.*", re.DOTALL
)
MONTHS = 12
# The kinds of reading: the whole column may be told to be of one.
DAY_FIRST, MONTH_FIRST, AS_STORED, SWAPPED = "day-first", "month-first", "as-stored", "swapped"
WRITE = "Xin chọn, hoặc ghi lại theo thứ tự ngày/tháng/năm."
EITHER_WAY = f"Cột này có ngày ghi tháng trước (“{{}}” ở ô {{}}), nên chưa rõ ô này là {{}} hay {{}}. {WRITE}"
ONLY_MONTH_FIRST = f"Ngày này chỉ đọc được theo thứ tự tháng/ngày/năm: {{}}. {WRITE}"
STORED = (
    "Cột này có ngày mà Excel không đổi thành ngày được (“{}” ở ô {}), nên ở ô này Excel có thể đã đổi chỗ ngày và "
    "tháng: chưa rõ là {} hay {}. " + WRITE
)


class Written(NamedTuple):
    """A day as it stands in a cell: two numbers, the year, and whether the program itself stored it as a day."""

    first: int
    second: int
    year: str
    stored: bool
    text: str

    @property
    def day_first(self) -> str:
        """Its cell, read as it is written here."""
        return f"{self.first}/{self.second}/{self.year}"

    @property
    def month_first(self) -> str:
        """Its cell, read as it is written there."""
        return f"{self.second}/{self.first}/{self.year}"

    @property
    def is_open(self) -> bool:
        """Whether it is a day of the year in both orders, and not the same one."""
        return self.first != self.second and max(self.first, self.second) <= MONTHS


def either_way(letter: str, days: Mapping[int, object]) -> dict[int, Doubt]:
    """What is open in a column, by row; `days` are its cells, by row, `letter` its letter.

    A day that the program stored is open too where none of them is past the twelfth, while others beside them, past
    it, stayed text: the program took them in another order than whoever typed them.
    """
    written = {n: day for n, value in days.items() if (day := _written(value)) is not None}
    texts = {n: day for n, day in written.items() if not day.stored}
    stored = [day for day in written.values() if day.stored]
    turned = next((n for n, day in texts.items() if day.first <= MONTHS < day.second), None)
    unread = next((n for n, day in texts.items() if max(day.first, day.second) > MONTHS), None)
    doubts: dict[int, Doubt] = {}
    if turned is not None:
        at = (texts[turned].text, f"{letter}{turned}")
        doubts |= {n: _of_text(day, *at) for n, day in texts.items() if _is_in_doubt(day)}
    if unread is not None and all(day.first <= MONTHS for day in stored):
        at = (texts[unread].text, f"{letter}{unread}")
        doubts |= {n: _of_stored(d, *at) for n, d in written.items() if d.stored and d.is_open}
    return doubts


def _written(value: object) -> Written | None:
    if isinstance(value, date):
        return Written(value.day, value.month, f"{value.year}", True, short_date(value))
    match = WRITTEN.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    return Written(int(match[1]), int(match[2]), match[3], False, match[0].strip())


def _is_in_doubt(day: Written) -> bool:
    return day.is_open or day.first <= MONTHS < day.second


def _of_text(day: Written, example: str, place: str) -> Doubt:
    if not day.is_open:
        way = Way(MONTH_FIRST, _words(day.month_first), day.month_first)
        return Doubt(ONLY_MONTH_FIRST.format(way.words), (way,))
    ways = (
        Way(DAY_FIRST, _words(day.day_first), day.day_first),
        Way(MONTH_FIRST, _words(day.month_first), day.month_first),
    )
    return Doubt(EITHER_WAY.format(example, place, *(way.words for way in ways)), ways)


def _of_stored(day: Written, example: str, place: str) -> Doubt:
    ways = (
        Way(AS_STORED, _words(day.day_first), day.day_first),
        Way(SWAPPED, _words(day.month_first), day.month_first),
    )
    return Doubt(STORED.format(example, place, *(way.words for way in ways)), ways)


def _words(day: str) -> str:
    in_month, month, year = day.split("/")
    return f"ngày {in_month} tháng {month} năm {year}"
