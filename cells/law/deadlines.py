"""Days of a review: until when it is to be over, and until when a draft has to be sent. Pure.

Which days and how many stands in the packs; here is only how they are counted.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

NONE = "none"  # nobody says until when

# Steps of a cell's review that a committee may set a day for, in their order.
STEPS = {
    "list": "Rà danh sách kiểm điểm",
    "reviews": "Nộp bản kiểm điểm cá nhân",
    "meeting": "Họp kiểm điểm",
    "sending": "Gửi hồ sơ lên cấp trên",
}

SATURDAY = 5
# Bộ luật Lao động, điều 112: those with a fixed day; those by the moon are not known ahead, and are not counted off.
HOLIDAYS = {(1, 1), (30, 4), (1, 5), (2, 9)}


@dataclass(frozen=True)
class FinishDay:
    """The last day of a review, `years` after the year it is of; `key` is how a pack names it."""

    key: str
    words: str
    month: int
    day: int
    years: int

    def of(self, year: int) -> date:
        """That day in the review of this year."""
        return date(year + self.years, self.month, self.day)


def is_working_day(day: date) -> bool:
    """Whether it is neither of a weekend nor a holiday that has the same day each year."""
    return day.weekday() < SATURDAY and (day.day, day.month) not in HOLIDAYS


def working_days_before(day: date, count: int) -> date:
    """The day that lies `count` working days before this one."""
    while count:
        day -= timedelta(days=1)
        count -= is_working_day(day)
    return day


def moved(day: date, months: int) -> date:
    """The same day so many months later, or the last working day before it: it never gives more time."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    later = date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    return later if is_working_day(later) else working_days_before(later, 1)


def out_of_order(days: Mapping[str, date], first: date, last: date | None) -> dict[str, str]:
    """What is wrong with the days, a sentence by the step: before the period, after its end, out of order."""
    wrong = {}
    before, latest = "", first
    for step, words in STEPS.items():
        day = days.get(step)
        if day is None:
            continue
        if day < first:
            wrong[step] = f"Hạn này trước ngày {first:%d/%m/%Y}, khi kỳ kiểm điểm bắt đầu."
        elif last is not None and day > last:
            wrong[step] = f"Hạn này sau hạn chung {last:%d/%m/%Y}. Xin ghi ngày sớm hơn."
        elif before and day < latest:
            wrong[step] = f"Hạn này trước hạn “{before}” ({latest:%d/%m/%Y}). Xin xếp lại thứ tự."
        before, latest = words, day
    return wrong


def finish_of(pack: Mapping[str, Any], key: object) -> FinishDay | None:
    """The day of the pack by this key; None for NONE, ValueError for a key that it does not have."""
    days = pack.get("finish_days", {})
    if key != NONE and key not in days:
        raise ValueError(f"“finish” chỉ nhận: {', '.join([*days, NONE])}.")
    return None if key == NONE else FinishDay(key=str(key), **days[key])


def deadlines_of(table: Mapping[str, Any]) -> Mapping[str, date]:
    """The days that are set, by step; ValueError for what is no day."""
    try:
        days = {key: date.fromisoformat(text) for key, text in table.items() if text}
    except (TypeError, ValueError) as error:
        raise ValueError("Hạn phải là một ngày, hoặc để trống.") from error
    return MappingProxyType(days)
