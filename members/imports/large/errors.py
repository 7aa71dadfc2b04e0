"""The rows of a committee's sheet with errors as a workbook, to be corrected and read again."""

from collections.abc import Iterator, Sequence
from typing import IO

from members.imports.large import outcomes
from members.imports.plans import ERROR
from members.imports.spreadsheets import Problem
from members.imports.spreadsheets.keeping import from_json
from members.models import CommitteeSheet

TOGETHER = 500


def write(sheet: CommitteeSheet, file: IO[bytes]) -> None:
    """Into this file."""
    file.write(workbook(sheet))


def workbook(sheet: CommitteeSheet) -> bytes:
    """Row by row, however many there are."""
    from members.imports.spreadsheets import writing  # on first use: tests/test_start.py

    columns = from_json(CommitteeSheet.objects.only("sheet").get(pk=sheet.pk).sheet).columns
    return writing.error_workbook(columns, _lines(sheet))


def _lines(sheet: CommitteeSheet) -> Iterator[tuple[Sequence[str], Sequence[Problem]]]:
    rows = sheet.rows.filter(kind=ERROR).order_by("position").defer("marks")
    for stored in rows.iterator(TOGETHER):
        line = outcomes.line_of(stored)
        yield line.row.cells, line.problems
