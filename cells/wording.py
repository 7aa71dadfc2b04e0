"""How numbers, dates and names are written in Vietnamese papers and pages. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction

# Characters that nobody sees and that no Unicode category betrays: fillers, joiners, variation selectors.
INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
) | frozenset(map(chr, range(0xFE00, 0xFE10)))
BREAKS = frozenset("\t\n\r")
HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
HARD_SPACE = "\u00a0"
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")  # of a paper's sections
EXECUTIVES = re.compile(r"(?i)đảng bộ (?:(?P<level>tỉnh|thành phố|huyện|quận|thị xã) )?(?=\S)")
# Apostrophes as people type them, one of them a letter to Unicode, with a space beside them or without: all the same
# in K'Brôi.
APOSTROPHES = re.compile(r"\s*['\u2019\u2018\u02bc\u0060\u00b4\u2032]\s*")
LINE = 70  # letters that any line of a paper holds
LONGEST_FILE_NAME = 170  # letters of a file's name without its ending; systems take some 250
LONGEST_KEY = 400  # figures of what a name is sorted by


def one_line(text: str) -> str:
    """The text in NFC, trimmed, every run of white space one space.

    Raises ValueError on control, bidirectional, zero-width and other hidden characters.
    """
    _refuse_hidden(text)
    return " ".join(unicodedata.normalize("NFC", text).split())


def many_lines(text: str) -> str:
    """As one_line, for each line; line breaks stay, blank lines at both ends go."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(map(one_line, lines)).strip("\n")


def _refuse_hidden(text: str) -> None:
    for char in text:
        if char in BREAKS:
            continue
        if char in INVISIBLE or unicodedata.category(char) in HIDDEN_CATEGORIES:
            raise ValueError(
                f"Có ký tự ẩn (U+{ord(char):04X}) không nhìn thấy được. Xin gõ lại, đừng dán."
            )


def visible(text: str) -> str:
    """As many_lines, for a long text of somebody's own: hidden characters are left out instead of refused."""
    seen = (
        char
        for char in text
        if char in BREAKS
        or (char not in INVISIBLE and unicodedata.category(char) not in HIDDEN_CATEGORIES)
    )
    return many_lines("".join(seen))


def capitalized(text: str) -> str:
    """A phrase as it begins a heading: its first letter a capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def uncapitalized(text: str) -> str:
    """A title or label as it goes on a line: its first letter small, unless its first word is written in capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def two_digits(number: int) -> str:
    """A count as papers and pages write it: 7 → "07", 25 → "25", 12345 → "12.345"."""
    return thousands(number).zfill(2)


def fraction(part: int, whole: int) -> str:
    """How many of how many: 7, 8 → "07/08"."""
    return f"{two_digits(part)}/{two_digits(whole)}"


def grouped(code: str) -> str:
    """A code in even groups, as it is read aloud and typed: "S3JN 7RPV MMZ4", or three of six letters."""
    size = 6 if len(code) == 18 else 4
    return " ".join(code[at : at + size] for at in range(0, len(code), size))


def bound(text: str) -> str:
    """A fixed phrase that no end of a line parts: "08 đồng chí" with hard spaces."""
    return text.replace(" ", HARD_SPACE)


def phrased(label: str) -> str:
    """A level's name that a narrow place parts between its phrases: “Hoàn thành xuất sắc / nhiệm vụ”."""
    for phrase in ("oàn thành", "xuất sắc", "nhiệm vụ"):
        label = label.replace(phrase, bound(phrase))
    return label


_CAPITALS = "".join(letter for letter in map(chr, range(0x41, 0x1EFA)) if letter.isupper())
_UNITS = "đồng chí|phiếu|điểm|lượt|bản|giờ|phút|máy|trang|người|tháng|ngày|năm"
_KNIT = (
    (
        re.compile(r"\b(chính|kinh) (trị|tế) - (xã) (hội)\b"),
        HARD_SPACE.join((r"\1", r"\2", "-", r"\3", r"\4")),
    ),
    (re.compile(rf"(?<![\w.,/])(\d[\d.,/]*) (?={_UNITS})"), rf"\1{HARD_SPACE}"),
    (re.compile(r"\b([Đđ]ồng) (chí)\b"), rf"\1{HARD_SPACE}\2"),
    (
        re.compile(r"\b((?:phát ra|thu về|hợp lệ):) (?=\d)|\b([Tt]ỷ lệ) (?=%)"),
        rf"\1\2{HARD_SPACE}",
    ),
    (re.compile(rf"\b([Đđ]ồng{HARD_SPACE}chí) (?=[{_CAPITALS}])"), rf"\1{HARD_SPACE}"),
    (
        re.compile(
            r"\b([Nn]gày|[Tt]háng|[Nn]ăm|[Đđ]iều|[Kk]hoản|[Mm]ục|[Ss]ố|Mẫu|thức|bị) (?=\d)"
        ),
        rf"\1{HARD_SPACE}",
    ),
)


def knit(text: str) -> str:
    """A paragraph in which no line ends between a number and what it counts, or before a name's first word."""
    for parted, bound_ in _KNIT:
        text = parted.sub(bound_, text)
    return text


def end_bound(text: str) -> str:
    """A paragraph whose last line is never a single word: its last two words bound, if it fills a line at all."""
    rest, _, last = text.rpartition(" ")
    alone = len(text) > LINE and HARD_SPACE not in last
    return f"{rest}{HARD_SPACE}{last}" if rest and alone else text


def percent(share: Fraction) -> str:
    """A share as percentage: half up, at most two decimals, no trailing zeros, decimal comma: 7/8 → "87,5%"."""
    return f"{_decimal(Decimal(_hundredths(share)) / 100)}%"


def _hundredths(share: Fraction) -> int:
    """The percentage of a share in hundredths, half up."""
    return int(share * 10_000 + Fraction(1, 2))


def is_rounded_apart(shares: Iterable[Fraction]) -> bool:
    """Whether shares that make up a whole are printed as percentages that do not: three thirds as 99,99%."""
    parts = list(shares)
    return sum(parts) == 1 and sum(map(_hundredths, parts)) != 10_000


def percent_format(share: Fraction) -> str:
    """The number format that lets a sheet show a share with the digits that `percent` writes: 7/8 → "0.0%"."""
    _, _, decimals = percent(share).rstrip("%").partition(",")
    return f"0.{'0' * len(decimals)}%" if decimals else "0%"


def percent_of(part: int, whole: int) -> str | None:
    """The percentage of `part` in `whole`; None where `whole` is 0."""
    return percent(Fraction(part, whole)) if whole else None


def score(points: Decimal) -> str:
    """Points of 100, as many decimals as needed: 86.50 → "86,5"."""
    return _decimal(points)


def thousands(number: int) -> str:
    """A large count with points between thousands: 12345 → "12.345"."""
    return f"{number:,}".replace(",", ".")


def _decimal(number: Decimal) -> str:
    text = format(number, "f").replace(".", ",")
    return text.rstrip("0").rstrip(",") if "," in text else text


def executive_of(committee: str) -> str:
    """What a committee's executive is called: "Đảng bộ phường An Phú" → "Đảng ủy phường An Phú".

    Those above the basic level name themselves after it: "Đảng bộ tỉnh Gia Lai" → "Tỉnh ủy Gia Lai". Another name
    stays as it is.
    """
    match = EXECUTIVES.match(committee)
    if not match:
        return committee
    level, rest = (match["level"] or "đảng").lower(), committee[match.end() :]
    return f"{capitalized(level.removesuffix(' phố').removesuffix(' xã'))} ủy {rest}"


STANDING = "Ban Thường vụ"


def body_of(executive: str) -> str:
    """For which body papers of an executive are signed: "Đảng ủy phường An Phú" → "Đảng ủy"; else its whole name.

    Of its standing committee: "Ban Thường vụ Đảng ủy phường An Phú" → "Ban Thường vụ".
    """
    if executive.startswith(STANDING):
        return STANDING
    words = executive.split()
    return " ".join(words[:2]) if words[1:2] and words[1].lower() in ("ủy", "uỷ") else executive


def sign_of(executive: str) -> str:
    """How numbers of its papers are signed: "Đảng ủy phường An Phú" → "ĐU"; a name of another kind leaves room."""
    kind = body_of(executive).split()
    return f"{kind[0][:1].upper()}U" if len(kind) == 2 else "…"


def long_date(day: date) -> str:
    """A date as papers spell it: "ngày 05 tháng 3 năm 2026"; 0 before days below 10, and before months 1 and 2."""
    month = two_digits(day.month) if day.month <= 2 else str(day.month)
    return f"ngày {two_digits(day.day)} tháng {month} năm {day.year}"


def place_and_date(place: str, day: date) -> str:
    """The line at the top right of a paper: "Gia Lai, ngày 20 tháng 12 năm 2023"."""
    return f"{place}, {long_date(day)}" if place else long_date(day)


def short_date(day: date) -> str:
    """A date in figures: "05/07/2026"."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def clock(moment: time | datetime) -> str:
    """A time as papers spell it: "19 giờ 30 phút". The caller has put it into local time."""
    return f"{two_digits(moment.hour)} giờ {two_digits(moment.minute)} phút"


def duration(seconds: int) -> str:
    """How long there is to wait, never told too short: "45 giây", "5 phút"."""
    return f"{seconds} giây" if seconds < 60 else f"{-(-seconds // 60)} phút"


# Letters with a stroke, which Unicode does not take apart; those of the Central Highlands among them.
_STROKES = str.maketrans("đĐƀɃ", "dDbB")


def unaccented(text: str) -> str:
    """The text without any accent or stroke, case kept: "Đặng Thị Đức" → "Dang Thi Duc"."""
    plain = "".join(
        char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char)
    )
    return unicodedata.normalize("NFC", plain.translate(_STROKES))


def search_key(name: str) -> str:
    """What a name is searched by: lower case, no accents and apostrophes, đ as d, single spaces; never raises."""
    return " ".join(unaccented(APOSTROPHES.sub("", name)).lower().split())


def natural_key(name: str) -> str:
    """What bodies with numbers in their names are sorted by: "Khu phố 7" stands before "Khu phố 11".

    Written in hexadecimal figures: so it compares alike as bytes and under every collation of a database.
    """
    plain = re.sub(r"\d+", lambda digits: digits[0].zfill(6), unaccented(name).lower())
    return plain.encode().hex()[:LONGEST_KEY]


def shortened(text: str, longest: int) -> str:
    """The text as it stands, or as many of its first words as `longest` letters hold; at least a part of the first."""
    if len(text) <= longest:
        return text
    return text[: longest + 1].rpartition(" ")[0].rstrip() or text[:longest]


def file_name(text: str) -> str:
    """The text as a name for a file, safe on every system: letters, figures, space, "_", "-" and "."; not too long."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", " ", unaccented(text))
    return shortened(re.sub(r" *_ *", "_", plain), LONGEST_FILE_NAME).strip(" .") or "tep"


def time_left(due: date, today: date) -> str:
    """The days until the deadline, or since it, in words."""
    days = (due - today).days
    if days == 0:
        return "hạn hôm nay"
    return f"còn {days} ngày" if days > 0 else f"quá hạn {-days} ngày"
