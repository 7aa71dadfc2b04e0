"""A sheet of members → rows and problems at their cells, and back into a sheet (openpyxl, no ORM)."""

from .columns import CELL, HEADINGS, OFFICIAL, Column
from .groups import Groups, cell_key
from .opening import HEAVY, MAX_BYTES
from .problems import BadSheet, Problem
from .reading import Row, Sheet, read
from .writing import append, error_workbook, members_workbook

__all__ = [
    "CELL",
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
    "append",
    "cell_key",
    "error_workbook",
    "members_workbook",
    "read",
]
