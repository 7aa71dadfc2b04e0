"""A sheet of members → rows and problems at their cells, and back into a sheet (openpyxl, no ORM)."""

from members.imports.spreadsheets.columns import CELL, HEADINGS, OFFICIAL, Column
from members.imports.spreadsheets.groups import Groups, cell_key
from members.imports.spreadsheets.opening import COSTLY, HEAVY, MAX_BYTES
from members.imports.spreadsheets.problems import BadSheet, Problem
from members.imports.spreadsheets.reading import read
from members.imports.spreadsheets.sheet import Row, Sheet, together

__all__ = [
    "CELL",
    "COSTLY",
    "HEADINGS",
    "HEAVY",
    "MAX_BYTES",
    "OFFICIAL",
    "BadSheet",
    "Column",
    "Groups",
    "Problem",
    "Row",
    "Sheet",
    "cell_key",
    "read",
    "together",
]
