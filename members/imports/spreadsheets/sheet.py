"""What was read of a file: the lines of its list, on one worksheet or several, with what is wrong at their cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from members.imports.spreadsheets import columns as c
from members.imports.spreadsheets.columns import Column
from members.imports.spreadsheets.problems import Problem
from members.imports.spreadsheets.values import plain


@dataclass(frozen=True)
class Row:
    """One line of the list: where it stands, its cells as text, its clean values, and what is wrong with it.

    `cell_name` is the cell that it names, as written in its column or above its group, and `named_at` where;
    `originals` what was typed in another font, by heading, where it is shown converted. `page` is its worksheet where
    the file has several.
    """

    number: int
    cells: tuple[str, ...]
    values: dict[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    cell_name: str = ""
    named_at: str = ""
    originals: tuple[tuple[str, str], ...] = ()
    page: str = ""

    @property
    def key(self) -> str:
        """By what it is known in its file: "Danh sách!12"."""
        return f"{self.page}!{self.number}" if self.page else str(self.number)

    @property
    def called(self) -> str:
        """As people find it."""
        return f"{self.number} trang “{self.page}”" if self.page else str(self.number)


@dataclass(frozen=True)
class Sheet:
    """What was read. `skipped` are lines that are no person, `notes` what else the reader should know.

    `letters` are those of the columns on each worksheet, where there are several: "" where one lacks the column.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    skipped: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    letters: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def unknown(self) -> list[str]:
        """Headings of columns that are not kept."""
        return [column.heading for column in self.columns if not column.field and column.heading]

    def typed(self, row: Row, name: str) -> str:
        """What was typed in another font for one field of a row; "" where nothing was converted."""
        headings = {column.heading for column in self.columns if column.field == name}
        known = (text for heading, text in row.originals if heading in headings)
        return next(known, "")

    def problem(self, row: Row, name: str, sentence: str) -> Problem:
        """Something wrong with one field of a row, at its cell; at the name where it has no column."""
        if name == c.CELL and row.cell_name:
            page = row.page or ("" if row.named_at else self.title)
            heading = c.HEADINGS[c.CELL]
            return Problem(row.named_at, heading, row.cell_name, sentence, c.CELL, page)
        births = (c.BIRTH, "born_year", c.BIRTH_MALE, c.BIRTH_FEMALE)
        alike = births if name == c.BIRTH else (name,)
        letters = self.letters.get(row.page) or [column.letter for column in self.columns]
        known = {column.field: at for at, column in enumerate(self.columns) if letters[at]}
        for candidate in (*alike, c.NAME, c.MIDDLE, c.GIVEN):
            if candidate in known:
                column = known[candidate]
                place = f"{letters[column]}{row.number}"
                heading = self.columns[column].heading
                text = row.cells[column]
                return Problem(place, heading, text, sentence, candidate, row.page)
        return Problem(f"A{row.number}", "", "", sentence, page=row.page)


def together(sheets: Sequence[Sheet]) -> Sheet:
    """One list of what stands on several worksheets, whose columns may differ and stand in another order."""
    if len(sheets) == 1:
        return sheets[0]
    columns: dict[str, Column] = {}
    for sheet in sheets:
        for column in sheet.columns:
            columns.setdefault(meaning(column), column)
    rows: list[Row] = []
    letters: dict[str, list[str]] = {}
    for sheet in sheets:
        at = {meaning(column): place for place, column in enumerate(sheet.columns)}
        letters[sheet.title] = [sheet.columns[at[x]].letter if x in at else "" for x in columns]
        for row in sheet.rows:
            cells = tuple(row.cells[at[x]] if x in at else "" for x in columns)
            rows.append(replace(row, cells=cells))
    return Sheet(
        title=", ".join(sheet.title for sheet in sheets),
        columns=tuple(columns.values()),
        rows=tuple(rows),
        skipped=tuple(line for sheet in sheets for line in sheet.skipped),
        notes=tuple(dict.fromkeys(note for sheet in sheets for note in sheet.notes)),
        letters=letters,
    )


def meaning(column: Column) -> str:
    """By what columns of several worksheets are known to be one."""
    return column.field or f"={plain(column.heading) or column.letter}"
