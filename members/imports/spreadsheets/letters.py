"""A sheet's texts as they were meant, whatever program and font they were typed with."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

from cells.old_fonts import Font, font_of, reading
from cells.wording import BREAKS
from members.imports.spreadsheets.heading import Grid
from members.imports.spreadsheets.problems import Doubt, Way

# A character that may not stand in XML, as Office writes it: _x000D_ is the end of a line.
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
CONVERTED = (
    "Bảng có chữ gõ bằng phông {}: đã chuyển sang Unicode, chữ gốc ghi ở từng dòng. "
    "Xin xem kỹ họ tên trước khi áp dụng."
)
UNSURE = (
    "Chưa rõ chữ ở ô này gõ bằng phông nào: có thể là {}. Xin chọn, hoặc gõ lại ô này bằng phông Unicode (Times New "
    "Roman, Arial)."
)
AS_TYPED, CONVERTED_TO = "as-typed", "converted"  # kinds of reading
Place = tuple[int, int]  # row and column, from 1


@dataclass(frozen=True)
class Letters:
    """A grid whose texts can be read; `originals` what stood at each converted place, `unsure` what is open."""

    grid: Grid
    fonts: Collection[Font]
    originals: Mapping[Place, str]
    unsure: Mapping[Place, Doubt]

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader should know."""
        return (CONVERTED.format(", ".join(sorted(self.fonts))),) if self.fonts else ()


def read(grid: Grid) -> Letters:
    """The grid in Unicode; what was typed in another font is converted, or complained of where that is not sure."""
    rows = [[_unescaped(value) for value in row] for row in grid]
    font = font_of(
        dict.fromkeys(text for _, text in _texts(rows))
    )  # each text once: long lists repeat
    meant = cache(partial(reading, font=font))
    fonts: set[Font] = set()
    originals: dict[Place, str] = {}
    unsure: dict[Place, Doubt] = {}
    for (row, column), text in _texts(rows):
        each = meant(text)
        if each.ways:
            unsure[row, column] = _doubt(each.ways)
        elif each.font:
            fonts.add(each.font)
            originals[row, column] = text
            rows[row - 1][column - 1] = each.text
    return Letters(rows, fonts, originals, unsure)


def _doubt(texts: Sequence[str]) -> Doubt:
    kinds = [AS_TYPED, *[CONVERTED_TO] * (len(texts) - 1)]
    ways = [Way(kind, f"“{text}”", text) for kind, text in zip(kinds, texts, strict=True)]
    return Doubt(UNSURE.format(", cũng có thể là ".join(way.words for way in ways)), ways)


def _texts(rows: Grid) -> Iterator[tuple[Place, str]]:
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if isinstance(value, str) and not value.isascii():
                yield (number, column), value


def _unescaped(value: object) -> object:
    """The text with the characters that it names; what no database could keep stays as it is written."""
    if not isinstance(value, str) or "_x" not in value:
        return value
    return ESCAPED.sub(_named, value)


def _named(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    return char if char in BREAKS or char.isprintable() else match[0]
