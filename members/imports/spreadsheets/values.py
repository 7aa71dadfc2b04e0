"""What stands in a cell, whatever Excel made of it: text as text, numbers that are text, days, words of a list."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal

from cells.wording import one_line, short_date, unaccented
from members.rules import fields

FIRST_SERIAL = 2200  # smaller numbers are years, not days counted from 1900
LAST_SERIAL = 80_000
AS_TEXT = "Xin định dạng ô là Text rồi gõ lại đủ số."
LOST_DIGITS = f"Excel đã đổi số này thành dạng rút gọn và mất chữ số. {AS_TEXT}"
LOST_ZERO = f"Có vẻ số này mất chữ số 0 ở đầu. {AS_TEXT}"
# How many digits a number must have that Excel took for a number, by how many are left of it.
CARD_DIGITS = {7: 8, 8: 8}
CITIZEN_DIGITS = {8: 9, 9: 9, 10: 12, 11: 12, 12: 12}

# Where only the year is known: "1950", "1950.0", "năm 1950", "SN 1950", "00/00/1950", "//1950".
YEAR = re.compile(
    r"(?i)(?:năm|nam|sn|sinh năm)?[\s:]*(?:(?:00?)?[/.-](?:00?)?[/.-])?([0-9]{4})(?:\.0+)?"
)
MONTH = re.compile(r"[0-9]{1,2}[/.-][0-9]{4}")
ONLY_MONTH = "Ở đây chỉ có tháng và năm. Xin ghi đủ ngày/tháng/năm, hoặc chỉ ghi năm sinh."
GENDERS = {"nam": "male", "trai": "male", "nu": "female", "gai": "female"}
# By the words that are left without NO_STATUS.
STATUSES: Mapping[str, str] = {
    "chinh thuc": "full",
    "dvct": "full",
    "ct": "full",
    "du bi": "probationary",
    "dvdb": "probationary",
    "db": "probationary",
    "mien": "exempt",
    "mien cong tac": "exempt",
    "mien sinh hoat": "exempt",
    "mien ct sh": "exempt",
    "mien cong tac sinh hoat": "exempt",
    "dinh chi": "suspended",
    "dinh chi sinh hoat": "suspended",
}
NO_STATUS = frozenset({"dang", "vien", "dv", "duoc", "va"})
STATUS_LABELS = {
    "full": "Chính thức",
    "probationary": "Dự bị",
    "exempt": "Miễn công tác và sinh hoạt đảng",
    "suspended": "Đình chỉ sinh hoạt đảng",
}
GENDER_LABELS = {"male": "Nam", "female": "Nữ"}


def plain(text: str) -> str:
    """The words of a text without accents, case and punctuation, by which meanings are recognised."""
    return " ".join(re.findall(r"[a-z0-9]+", unaccented(text).lower()))


def shown(value: object) -> str:
    """The cell as people see it, on one line; a hidden character stays, so that it can be complained of."""
    if isinstance(value, str):
        return " ".join(value.split())
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, date) and not isinstance(value, datetime):
        return short_date(value)
    if isinstance(value, float):
        return _number(value)
    return str(value)


def _number(value: float) -> str:
    """Without the ".0" that a whole number gets, and without an exponent."""
    return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")


def text(value: object) -> str:
    """One line in NFC; ValueError on hidden characters."""
    return one_line(shown(value))


def person(value: object) -> str:
    """A name, as `text`; one that is all in capitals gets its usual letters."""
    name = text(value)
    return (
        re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), name) if name.isupper() else name
    )


def card_number(value: object) -> str:
    """Số thẻ đảng viên as text; a zero that Excel ate is put back where only one number is possible."""
    return fields.card_number(_digits(value, CARD_DIGITS))


def citizen_id(value: object) -> str:
    """Số CCCD as text, as card_number."""
    return fields.citizen_id(_digits(value, CITIZEN_DIGITS))


def phone(value: object) -> str:
    """Số điện thoại as text; the 0 in front is put back."""
    number = _eaten(value)
    if number is None:
        return fields.phone(text(value))
    if re.fullmatch(r"84[1-9][0-9]{8,9}", number):
        number = number[2:]
    if not re.fullmatch(r"[35789][0-9]{8}|[12][0-9]{9}", number):
        raise ValueError(LOST_ZERO)
    return f"0{number}"


def _digits(value: object, lengths: Mapping[int, int]) -> str:
    number = _eaten(value)
    if number is None:
        return text(value)
    if len(number) not in lengths:
        raise ValueError(LOST_ZERO)
    return number.zfill(lengths[len(number)])


def _eaten(value: object) -> str | None:
    """The digits of a number that Excel took for a number, also where it came back as "912345678.0"; else None."""
    if isinstance(value, str):
        if re.fullmatch(r"\s*[0-9][.,][0-9]+E\+?[0-9]+\s*", value):
            raise ValueError(LOST_DIGITS)
        match = re.fullmatch(r"\s*([0-9]+)\.0+\s*", value)
        return match[1] if match and len(match[1]) > 4 else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not value.is_integer():
        raise ValueError(LOST_DIGITS)
    return str(int(value))


def day(value: object, today: date, epoch: datetime, oldest: int = fields.OLDEST) -> date:
    """A day from a date cell, a serial number or text; ValueError says how to write it."""
    stored_day = _stored_day(value, epoch)
    if stored_day is None:
        stored_day = fields.day(text(value), today, oldest)
    if stored_day.year < oldest:
        raise ValueError(f"Năm {stored_day.year} không đúng. {fields.FULL_YEAR}")
    return stored_day


def birth(value: object, today: date, epoch: datetime) -> tuple[date | None, int]:
    """Day and year of birth; the day is None where only the year is known."""
    written = YEAR.fullmatch(shown(value))
    if written and not isinstance(value, date):
        return None, fields.born_year(int(written[1]), today)
    if MONTH.fullmatch(shown(value)):
        raise ValueError(ONLY_MONTH)
    born_on = day(value, today, epoch)
    return born_on, fields.born_year(born_on.year, today)


def _stored_day(value: object, epoch: datetime) -> date | None:
    """The day that Excel itself stored, as a date or as its serial number."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    number = re.fullmatch(r"\s*([0-9]{4,5})(?:\.0+)?\s*", shown(value))
    if number is None or not FIRST_SERIAL < int(number[1]) < LAST_SERIAL:
        return None
    from openpyxl.utils.datetime import from_excel  # on first use: tests/test_start.py

    stored = from_excel(int(number[1]), epoch)
    return stored.date() if isinstance(stored, datetime) else None


def gender(value: object) -> str:
    """Nam or nữ."""
    code = GENDERS.get(plain(shown(value)))
    if code is None:
        raise ValueError("Giới tính chưa rõ. Xin ghi “Nam” hoặc “Nữ”.")
    return code


def status(value: object) -> str:
    """Diện of the member."""
    words = [word for word in plain(shown(value)).split() if word not in NO_STATUS]
    code = STATUSES.get(" ".join(words))
    if code is None:
        raise ValueError(
            "Diện đảng viên chưa rõ. Xin ghi “Chính thức”, “Dự bị”, “Miễn” hoặc “Đình chỉ”."
        )
    return code


def position(value: object) -> int:
    """The place in the cell's own list."""
    written = re.fullmatch(r"[0-9]{1,4}", shown(value))
    if written is None:
        raise ValueError("Thứ tự trong danh sách phải là một số.")
    return int(written[0])
