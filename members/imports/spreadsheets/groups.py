"""Lines that name the cell to which the people below belong: "I. CHI BỘ 5", merged over all columns."""

import re
from collections.abc import Collection, Sequence

from cells.wording import visible
from members.imports.spreadsheets import columns as c
from members.imports.spreadsheets.columns import Column
from members.imports.spreadsheets.lines import TELLING
from members.imports.spreadsheets.people import is_blank
from members.imports.spreadsheets.values import plain, shown

NUMBERING = re.compile(r"\s*\(?([IVXLC]+|[A-Z]|[0-9]+)\s*[.)/:–-]+\s*(?=\S)")  # "I. ", "2) "
NUMBER = re.compile(r"([IVXLC]+|[A-Z]|[0-9]+)[.)]?")
# What such a line says of how many they are: "(12 đ/c)", ": 12 đồng chí".
COUNT = re.compile(
    r"(?i)[\s:,–(-]*\b(có\s+)?[0-9]+\s*(đồng chí|đ/c|đc|đảng viên|đv|người)\s*\)?\s*$"
)
A_CELL = re.compile(r"(chi bo|chibo|cb)( |$)")
FIGURES = re.compile(r"[0-9]{4}|[0-9]/[0-9]")  # a count has fewer
LONGEST = 100  # longer text is a note
FEW = 3  # a line with more cells than this is about a person


def cell_key(name: str) -> str:
    """By what a cell is known, however it is written: "CB số 04" and "Chi bộ 4" are "4".

    Without accents, case, "Chi bộ" and the zeros before a number.
    """
    words = plain(re.sub(r"[\s.:]+", " ", name))
    short = re.sub(r"^(dang bo bo phan|chi bo|chibo|cb)( so)?( |$)", "", words)
    return re.sub(r"\b0+(?=[0-9])", "", short or words)


class Groups:
    """Finds the lines that name a cell."""

    def __init__(self, cells: Collection[str]) -> None:
        """`cells` are names that mean a cell also without the words "Chi bộ" before them."""
        self.known = {cell_key(name) for name in cells}

    def named(self, columns: Sequence[Column], line: Sequence[object]) -> tuple[int, str]:
        """Where a line names a cell, and the name; 0 and "" where it is about a person or anything else."""
        filled = [(place, shown(value)) for place, value in enumerate(line) if not is_blank(value)]
        if len(filled) > FEW or _is_about_a_person(columns, filled):
            return 0, ""
        for place, text in filled[:2]:
            if not NUMBER.fullmatch(text):
                return (place, name) if (name := self._name(text)) else (0, "")
        return 0, ""

    def named_by(self, title: str) -> str:
        """The cell that a worksheet is named after, or ""."""
        return self._name(title)

    def _name(self, text: str) -> str:
        name = COUNT.sub("", NUMBERING.sub("", visible(text), count=1)).strip(" :-–")
        words = plain(name)
        if len(name) > LONGEST or words in ("chi bo", "cb"):
            return ""
        return name if A_CELL.match(words) or cell_key(name) in self.known else ""


def _is_about_a_person(columns: Sequence[Column], filled: Sequence[tuple[int, str]]) -> bool:
    """Whether both a person and the person's cell are named, or a day or a number of a person stands here."""
    fields = {columns[place].field for place, _ in filled}
    told = any(columns[at].field in TELLING and FIGURES.search(text) for at, text in filled)
    return told or (c.CELL in fields and bool(fields & {c.NAME, c.MIDDLE, c.GIVEN}))
