"""A sheet of committees and cells as people have it → one line per cell, whatever the order of columns."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from members.imports.spreadsheets.opening import HEAVY, MAX_BYTES
from members.imports.spreadsheets.pages import Page, pages_of
from members.imports.spreadsheets.problems import BadSheet
from members.imports.spreadsheets.reading import NAME_COLUMNS
from members.imports.spreadsheets.table import heading_of, text_of
from members.imports.spreadsheets.values import plain

COMMITTEE, CELL, PLACE, SECRETARY, DEPUTY = "committee", "cell", "place", "secretary", "deputy"
WORDS: Mapping[str, str] = {
    COMMITTEE: "dang bo, ten dang bo, dang bo truc thuoc, dang bo bo phan, dang bo cap tren, truc thuoc, dang uy, "
    "truc thuoc dang bo, thuoc dang bo, dang bo co so, cap tren, cap tren truc tiep",
    CELL: "chi bo, ten chi bo, chi bo truc thuoc, ten to chuc dang, to chuc dang, ten don vi, don vi",
    PLACE: "dia danh, dia ban, noi dong, xa phuong",
    SECRETARY: "bi thu, bi thu chi bo, ho ten bi thu, ho va ten bi thu, ten bi thu, bt",
    DEPUTY: "pho bi thu, pho bi thu chi bo, ho ten pho bi thu, ho va ten pho bi thu, cac pho bi thu, pbt",
}
MEANT = {word.strip(): field for field, words in WORDS.items() for word in words.split(",")}
NO_HEADING = f"Không tìm thấy dòng tiêu đề có cột “Chi bộ”. {NAME_COLUMNS}"
NOTHING = "Dưới dòng tiêu đề không có chi bộ nào."
MANY = "Tệp có hơn {} dòng. Xin chia thành nhiều tệp."
MOST = 3000
TOTALS = re.compile(r"(tong|cong|nguoi lap|t/m|tm )")


class TreeRow(NamedTuple):
    """One line: where it stands, and what it says, "" where nothing."""

    number: int
    committee: str
    cell: str
    place: str
    secretary: str
    deputy: str


def as_json(data: bytes) -> bytes:
    """The lines in these bytes as JSON; the task of a confined process."""
    return json.dumps(read(data)).encode()


def read(data: bytes) -> list[TreeRow]:
    """The lines of the first worksheet that has such a list; BadSheet where there is none."""
    if len(data) > MAX_BYTES:
        raise BadSheet(HEAVY)
    pages, _ = pages_of(data)
    for page in pages:
        heading = None if page.is_hidden else heading_of(page, MEANT, CELL)
        if heading is not None:
            rows = _rows(page, *heading)
            if not rows:
                raise BadSheet(NOTHING)
            if len(rows) > MOST:
                raise BadSheet(MANY.format(MOST))
            return rows
    raise BadSheet(NO_HEADING)


def _rows(page: Page, heading: int, columns: Mapping[str, int]) -> list[TreeRow]:
    rows = []
    for number in range(heading + 1, len(page.cells) + 1):
        said = {field: text_of(page, number, at) for field, at in columns.items()}
        # A row that names only a person is kept: whoever looks is told that it has no cell.
        if not any(said.get(field) for field in (CELL, COMMITTEE, SECRETARY, DEPUTY)):
            continue
        if TOTALS.match(plain(said[CELL])):
            continue
        values: Sequence[str] = [said.get(field, "") for field in TreeRow._fields[1:]]
        rows.append(TreeRow(number, *values))
    return rows
