"""A sheet of a former year → one line per member: name, level, shortcomings, whatever the order of columns."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from members.imports.spreadsheets.opening import HEAVY, MAX_BYTES
from members.imports.spreadsheets.pages import Page, pages_of
from members.imports.spreadsheets.problems import BadSheet
from members.imports.spreadsheets.reading import NOBODY
from members.imports.spreadsheets.table import heading_of, lines_of, text_of

NAME, BIRTH, CARD, LEVEL, SHORTCOMINGS = "name", "birth", "card", "level", "shortcomings"
WORDS: Mapping[str, str] = {
    NAME: "ho va ten, ho ten, ho ten dang vien, ten dang vien, ho va ten dang vien",
    BIRTH: "ngay sinh, nam sinh, ngay thang nam sinh, sinh ngay",
    CARD: "so the dang vien, so the dang, so the",
    LEVEL: "muc, muc xep loai, xep loai, ket qua xep loai, muc chat luong, ket qua, xep loai chat luong, "
    "muc xep loai chat luong, ket qua xep loai chat luong",
    SHORTCOMINGS: "han che, han che khuyet diem, khuyet diem, ton tai han che, han che ton tai, "
    "nhung han che khuyet diem",
}
MEANT = {word.strip(): field for field, words in WORDS.items() for word in words.split(",")}
NO_HEADING = "Không tìm thấy dòng tiêu đề có cột “Họ và tên”, cùng cột “Mức” hoặc “Hạn chế”."
MOST = 1000
MANY = f"Tệp có hơn {MOST} dòng. Xin chia thành nhiều tệp."


class FormerRow(NamedTuple):
    """One line: where it stands, and what it says, "" where nothing."""

    number: int
    name: str
    birth: str
    card: str
    level: str
    shortcomings: str


def as_json(data: bytes) -> bytes:
    """The lines in these bytes as JSON; the task of a confined process."""
    return json.dumps(read(data)).encode()


def read(data: bytes) -> list[FormerRow]:
    """The lines of the first worksheet that has such a list; BadSheet where there is none."""
    if len(data) > MAX_BYTES:
        raise BadSheet(HEAVY)
    pages, _ = pages_of(data)
    for page in pages:
        heading = None if page.is_hidden else heading_of(page, MEANT, NAME)
        if heading is not None and heading[1].keys() & {LEVEL, SHORTCOMINGS}:
            rows = _rows(page, *heading)
            if not rows:
                raise BadSheet(NOBODY)
            if len(rows) > MOST:
                raise BadSheet(MANY)
            return rows
    raise BadSheet(NO_HEADING)


def _rows(page: Page, heading: int, columns: Mapping[str, int]) -> list[FormerRow]:
    """Those that name somebody and say something of that year."""
    rows = []
    for number in range(heading + 1, len(page.cells) + 1):
        said = {field: text_of(page, number, at) for field, at in columns.items()}
        if SHORTCOMINGS in columns:
            said[SHORTCOMINGS] = "\n".join(lines_of(page, number, columns[SHORTCOMINGS]))
        if said[NAME] and (said.get(LEVEL) or said.get(SHORTCOMINGS)):
            values: Sequence[str] = [said.get(field, "") for field in FormerRow._fields[1:]]
            rows.append(FormerRow(number, *values))
    return rows
