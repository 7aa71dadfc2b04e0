"""Columns of days in which some were written month first, as American programs do: then none is taken unasked."""

import re
from collections.abc import Mapping

from members.imports.spreadsheets import columns as c

DAYS = frozenset({c.BIRTH, "admitted_on", "official_on", c.BIRTH_MALE, c.BIRTH_FEMALE})
WRITTEN = re.compile(r"\s*([0-9]{1,2})\s*[/.-]\s*([0-9]{1,2})\s*[/.-]\s*[0-9]{2,4}\b.*", re.DOTALL)
MONTHS = 12
EITHER_WAY = (
    "Cột này có ngày ghi tháng trước (“{}” ở ô {}), nên chưa rõ ô này là ngày {} tháng {} hay ngày {} tháng {}. "
    "Xin ghi lại theo thứ tự ngày/tháng/năm."
)


def either_way(letter: str, days: Mapping[int, object]) -> dict[int, str]:
    """What is open in a column, as sentences by row; `days` are its cells, by row, `letter` its letter.

    Only text is judged: a day that the program itself stored has no order.
    """
    written = {
        number: (int(match[1]), int(match[2]))
        for number, value in days.items()
        if isinstance(value, str) and (match := WRITTEN.fullmatch(value))
    }
    sure = next((n for n, (first, second) in written.items() if first <= MONTHS < second), None)
    if sure is None:
        return {}
    example, place = str(days[sure]).strip(), f"{letter}{sure}"
    return {
        number: EITHER_WAY.format(example, place, first, second, second, first)
        for number, (first, second) in written.items()
        if first != second and max(first, second) <= MONTHS
    }
