"""A sheet saved as plain text: CSV or columns parted by tabs, in UTF-8 or UTF-16, with commas or semicolons."""

import codecs
import csv
import io
import re

from cells.old_fonts import font_of
from members.imports.spreadsheets.opening import HEAVY, LONG, MAX_COLUMNS, WIDE, Bounds
from members.imports.spreadsheets.problems import BadSheet

UNKNOWN_LETTERS = (
    "Tệp văn bản này không phải UTF-8 nên chữ có dấu không đọc được. "
    "Xin mở bằng Excel, chọn “Lưu thành” rồi lưu lại thành .xlsx."
)
PARTING = "\t;,"
PARTED = re.compile(f"[{PARTING}\r\n]+")
# Bytes in which the parting sign is looked for: a heading lies within them.
HEAD = 8192
LONGEST = 32_767  # letters of one cell, as in Excel


def is_plain_text(data: bytes) -> bool:
    """Whether these bytes are a table in text: no package, no older Excel, no picture, no page."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    parted = any(sign.encode() in data[:HEAD] for sign in PARTING)
    return parted and b"\0" not in data and not data.startswith((b"PK", b"%PDF", b"<"))


def rows_of(data: bytes, bounds: Bounds) -> list[list[object]]:
    """The cells, every row as wide as the widest; an empty one is None. BadSheet says why not."""
    text = _decoded(data)
    head = text[:HEAD]
    csv.field_size_limit(LONGEST)
    parting = max(PARTING, key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=parting))
    except csv.Error as error:
        raise BadSheet(HEAVY) from error
    width = max(map(len, rows), default=0)
    if len(rows) > bounds.rows:
        raise BadSheet(LONG.format(f"{bounds.rows // 1000}.000"))
    if width > MAX_COLUMNS:
        raise BadSheet(WIDE.format(MAX_COLUMNS))
    return [[*(cell or None for cell in row), *[None] * (width - len(row))] for row in rows]


def _decoded(data: bytes) -> str:
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        text = data.decode("latin-1")  # as lists in the fonts from before Unicode were saved
        if font_of(PARTED.split(text)) is None:
            raise BadSheet(UNKNOWN_LETTERS) from error
        return text
