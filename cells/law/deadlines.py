"""Days of a review: until when it is to be over, and until when a draft has to be sent. Pure.

Which days and how many stands in the packs; here is only how they are counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

NONE = "none"  # nobody says until when

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
