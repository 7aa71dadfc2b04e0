"""A worksheet as a plain table: its heading in any order of columns, and what its cells say."""

import re
from collections.abc import Mapping

from cells.old_fonts import converted, sure_font
from cells.wording import visible
from members.imports.spreadsheets.heading import DEEPEST
from members.imports.spreadsheets.pages import Page
from members.imports.spreadsheets.values import plain, shown


def heading_of(
    page: Page, meant: Mapping[str, str], needed: str
) -> tuple[int, dict[str, int]] | None:
    """The row with the most columns that are known, and where they stand; the needed one must be among them."""
    best: tuple[int, dict[str, int]] | None = None
    for number, line in enumerate(page.cells[:DEEPEST], start=1):
        columns: dict[str, int] = {}
        for at, value in enumerate(line):
            field = meant.get(" ".join(re.sub(r"[^a-z ]", " ", plain(shown(value))).split()))
            if field:
                columns.setdefault(field, at)
        if needed in columns and (best is None or len(columns) > len(best[1])):
            best = number, columns
    return best


def text_of(page: Page, row: int, at: int) -> str:
    """What the cell says, or the merged range it lies in, on one line; in letters of today."""
    return " ".join(lines_of(page, row, at))


def lines_of(page: Page, row: int, at: int) -> list[str]:
    """The same line by line, without those that are empty."""
    value = _value(page, row, at)
    for block in page.merged:
        if not value and block.holds(row, at + 1):
            value = _value(page, block.top, block.left - 1)
    font = sure_font(value)
    lines = (converted(value, font) if font else value).splitlines()
    return [said for line in lines if (said := " ".join(visible(line).split()))]


def _value(page: Page, row: int, at: int) -> str:
    line = page.cells[row - 1]
    value = line[at] if at < len(line) else None
    return value if isinstance(value, str) else shown(value)
