"""One person's data as people write them: cleaned, or refused in one sentence that says what to do. Pure."""

import re
from datetime import date
from decimal import Decimal

from cells.law.review_forms import SCALE
from cells.wording import score as written

ADULT = 18  # Điều lệ Đảng, điều 1
OLDEST = 1900  # no year of birth before it; for days in the Party see FOUNDED
FOUNDED = 1930
CENTURIES = (1900, 2000)
LINE = 200  # longest line of free text

NO_NAME = "Xin ghi họ và tên của đảng viên."
BIRTH_DISAGREES = "Ngày sinh và năm sinh không khớp nhau."
OFFICIAL_FIRST = "Ngày chính thức không thể trước ngày vào Đảng."
NAMESAKE_WITHOUT_YEAR = "Chi bộ có đồng chí cùng họ tên. Xin ghi năm sinh để phân biệt."
NAMESAKE = (
    "Chi bộ đã có đồng chí cùng họ tên và năm sinh này. Xin xem bảng so sánh ở đầu trang: nếu là người khác thì bấm "
    "“Là người khác, vẫn lưu”."
)
NUMBER_TAKEN = "Số này đang là của đồng chí {}. Xin xem lại số."
NUMBER_ELSEWHERE = (
    "Số này đang là của một đảng viên thuộc chi bộ khác trong đảng bộ. Xin xem lại số; nếu đồng chí chuyển đến thì "
    "dùng “Nhận đồng chí chuyển đến” ở trang danh sách."
)
DAY_FORMAT = "Xin ghi theo thứ tự ngày/tháng/năm, ví dụ 05/07/1975."
FULL_YEAR = "Xin ghi đủ bốn chữ số của năm, ví dụ 05/07/1975."


def phone(text: str) -> str:
    """A telephone number without the spaces and dots between its digits; ValueError on anything else."""
    number = re.sub(r"[\s.\-()]", "", text)
    if number and not re.fullmatch(r"\+?[0-9]{8,15}", number):
        raise ValueError("Số điện thoại không đúng. Xin ghi một số, ví dụ 0912345678.")
    return number


def card_number(text: str) -> str:
    """The number of a party card without the spaces and dots between its digits; never raises."""
    return re.sub(r"[\s.]", "", text)


def citizen_id(text: str) -> str:
    """Số CCCD, 12 digits, or an old identity card's 9; ValueError on anything else."""
    number = re.sub(r"[\s.\-]", "", text)
    if number and not re.fullmatch(r"[0-9]{12}|[0-9]{9}", number):
        raise ValueError("Số CCCD phải có 12 chữ số (CMND cũ: 9 chữ số).")
    return number


def born_year(year: int, today: date) -> int:
    """A year of birth; ValueError where nobody was born in it who now is a member."""
    last = today.year - ADULT
    if not OLDEST <= year <= last:
        raise ValueError(
            f"Năm sinh phải từ {OLDEST} đến {last}: đảng viên đủ {ADULT} tuổi. Xin xem lại."
        )
    return year


def score(text: str) -> Decimal | None:
    """A total as people write it ("86,5"), from 0 to the whole scale; None for nothing; else ValueError."""
    plain = text.strip()
    if not plain:
        return None
    number = re.fullmatch(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?", plain)
    value = Decimal(f"{number[1]}.{number[2] or 0}") if number else None
    if value is None or value > SCALE:
        raise ValueError(
            f"Xin ghi số điểm từ 0 đến {written(SCALE)}, nhiều nhất hai chữ số sau dấu phẩy, ví dụ 86,5."
        )
    return value


def day(text: str, today: date, oldest: int = OLDEST) -> date:
    """A day as people write it: 05/7/1975, 5-7-1975, 5.7.75, 1975-07-05 or "ngày 5 tháng 7 năm 1975".

    A year of two digits is completed only where one century is possible, from `oldest` until today.
    Raises ValueError where it is no day, or where the century is open.
    """
    match = re.fullmatch(
        r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]00:00(?::00)?)?", text.strip()
    )
    if match:
        return _date(int(match[1]), int(match[2]), int(match[3]), oldest)
    plain = re.sub(r"(?i)ngày|tháng|năm", "/", re.sub(r"\s0?0:00(:00)?$", "", text.strip()))
    parts = re.sub(r"[\s.,\-/]+", "/", plain).strip("/").split("/")
    if len(parts) != 3 or not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts):
        raise ValueError(DAY_FORMAT)
    in_month, month, year = map(int, parts)
    if len(parts[2]) == 4:
        return _date(year, month, in_month, oldest)
    if len(parts[2]) != 2:
        raise ValueError(FULL_YEAR)
    return _completed(year, month, in_month, today, oldest)


def _completed(year: int, month: int, in_month: int, today: date, oldest: int) -> date:
    years = [century + year for century in CENTURIES if oldest <= century + year <= today.year]
    if len(years) != 1:
        raise ValueError(FULL_YEAR)
    return _date(years[0], month, in_month, oldest)


def _date(year: int, month: int, in_month: int, oldest: int) -> date:
    if year < oldest:
        raise ValueError(f"Năm {year} không đúng. {FULL_YEAR}")
    if not 1 <= month <= 12:
        raise ValueError(f"Không có tháng {month}. {DAY_FORMAT}")
    try:
        return date(year, month, in_month)
    except ValueError as error:
        raise ValueError(f"Tháng {month} năm {year} không có ngày {in_month}.") from error


def contradiction(
    born_on: date | None, born: int | None, admitted_on: date | None, official_on: date | None
) -> str:
    """What cannot all be true of one person, as a sentence; empty where nothing is wrong."""
    if born_on is not None and born is not None and born_on.year != born:
        return BIRTH_DISAGREES
    if admitted_on is not None and official_on is not None and official_on < admitted_on:
        return OFFICIAL_FIRST
    return ""
