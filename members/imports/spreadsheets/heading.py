"""Find the heading of a list of members: on any row, of one line or two, with merged cells, columns in any order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from members.imports.spreadsheets.columns import GIVEN, MIDDLE, NAME, Column, recognise_two
from members.imports.spreadsheets.values import shown

DEEPEST = 40  # no heading stands below this row

Grid = Sequence[Sequence[object]]


@dataclass(frozen=True)
class Block:
    """A merged range; its value stands in the first cell."""

    left: int
    top: int
    right: int
    bottom: int

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell lies inside."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True)
class Heading:
    """Where the heading is, and what its columns mean."""

    first: int
    last: int
    columns: tuple[Column, ...]

    @property
    def meant(self) -> int:
        """How many columns are recognised."""
        return len({column.field for column in self.columns} - {""})


def blocks(references: Sequence[str]) -> list[Block]:
    """The merged ranges of a sheet; what is no range is left out."""
    from openpyxl.utils import range_boundaries  # on first use: tests/test_start.py

    found_blocks = []
    for reference in references:
        try:
            left, top, right, bottom = range_boundaries(reference)
        except (ValueError, TypeError):
            continue
        if None not in (left, top, right, bottom):
            found_blocks.append(Block(left, top, right, bottom))  # type: ignore[arg-type]
    return found_blocks


def find(grid: Grid, merged: Sequence[Block]) -> Heading | None:
    """The heading with the most recognised columns, one of them the name; of equal ones the first and shortest."""
    best: Heading | None = None
    for row in range(1, min(len(grid), DEEPEST) + 1):
        if not any(value is not None for value in grid[row - 1]):
            continue
        for last in (row, row + 1):
            if last <= len(grid):
                heading = _read(grid, merged, row, last)
                if best is None or heading.meant > best.meant:
                    best = heading
    if best is None or not {NAME, GIVEN} & {column.field for column in best.columns}:
        return None
    return best


def _read(grid: Grid, merged: Sequence[Block], first: int, last: int) -> Heading:
    from openpyxl.utils import get_column_letter  # on first use, too

    near = [block for block in merged if block.top <= last and block.bottom >= first]
    width = len(grid[first - 1])
    columns = []
    for number in range(1, width + 1):
        upper, lower = (_text(grid, near, row, number) for row in (first, last))
        heading = upper if upper == lower or not lower else f"{upper} {lower}".strip()
        field = recognise_two(upper, lower if last > first else upper)
        columns.append(Column(number, get_column_letter(number), heading, field))
    return Heading(first, last, tuple(_without_twins(columns, near)))


def _text(grid: Grid, merged: Sequence[Block], row: int, column: int) -> str:
    """What the cell of a heading says; inside a merged range, what the range says."""
    value = shown(grid[row - 1][column - 1])
    for block in merged:
        if not value and block.holds(row, column) and block.top <= len(grid):
            line = grid[block.top - 1]
            value = shown(line[block.left - 1]) if block.left <= len(line) else ""
    return value


def _without_twins(columns: list[Column], merged: Sequence[Block]) -> list[Column]:
    """Only the first of two columns of one meaning counts.

    A name under one merged heading is in two parts: family and middle names, then the given name.
    """
    seen: dict[str, Column] = {}
    columns_once: list[Column] = []
    for column in columns:
        first = seen.setdefault(column.field, column) if column.field else column
        if first is column:
            columns_once.append(column)
        elif column.field == NAME and _is_one(first, column, merged):
            columns_once[columns.index(first)] = replace(first, field=MIDDLE)
            columns_once.append(replace(column, field=GIVEN))
        else:
            columns_once.append(replace(column, field=""))
    return columns_once


def _is_one(first: Column, second: Column, merged: Sequence[Block]) -> bool:
    """Whether one merged heading stands over both columns."""
    return any(b.left <= first.number and second.number <= b.right for b in merged)
