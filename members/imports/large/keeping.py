"""A committee's sheet from the upload until its rows are kept: read by a job, row by row, and planned."""

import hashlib
import json
import secrets
import tempfile
from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from django.db import transaction
from django.utils import timezone

from cells.models import Committee
from cells.stale import Stale
from members.imports.bodies import must_import, places
from members.imports.large import outcomes
from members.imports.large.parts import marks_of_row
from members.imports.large.planning import PlannedPart, Planner, Step, parts_of
from members.imports.plans import Answer, Answers
from members.imports.spreadsheets import COSTLY, BadSheet, Row, Sheet
from members.imports.spreadsheets.keeping import (
    from_json,
    row_from_json,
    row_to_json,
    to_json,
)
from members.models import CommitteeSheet, SheetRow, User
from partyreview import confined

TASK = "members.imports.spreadsheets.streaming:as_lines"
BATCH = 250
State = CommitteeSheet.State


def send(user: User, committee: Committee, file_name: str, data: bytes) -> CommitteeSheet:
    """Keep the bytes of a file until a job has read them, in place of an earlier file of this officer."""
    must_import(user, committee)
    with transaction.atomic():
        CommitteeSheet.objects.filter(user=user, committee=committee).delete()
        return CommitteeSheet.objects.create(
            user=user,
            committee=committee,
            file_name=file_name[:200],
            sha256=hashlib.sha256(data).hexdigest(),
            data=data,
        )


def kept_for(user: User, committee: Committee) -> CommitteeSheet | None:
    """The file that this officer has waiting for this committee, without its bytes."""
    rows = CommitteeSheet.objects.filter(user=user, committee=committee).defer("data")
    return rows.select_related("committee").first()


def read(sheet: CommitteeSheet, step: Step) -> None:
    """Read its bytes, plan its rows and keep them; nothing where that is done. BadSheet; Stale where it is gone.

    Only then are the bytes erased: who is killed before leaves them to the next one, who begins anew.
    """
    reader = secrets.token_hex(8)
    waiting = CommitteeSheet.objects.filter(pk=sheet.pk, state=State.SENT)
    if not waiting.update(reader=reader):
        if CommitteeSheet.objects.filter(pk=sheet.pk).exists():
            return
        raise Stale
    with tempfile.TemporaryFile() as file:
        head, rows = _read(sheet, file, step)
        planner = Planner(sheet.committee, head, Answers())
        parts = list(parts_of(sheet.committee, rows))
        SheetRow.objects.filter(sheet=sheet).delete()
        for part in planner.planned(rows, parts, step):
            _add(sheet, reader, part, rows.marks)
    _end(sheet, reader, head, planner)


class _FileRows:
    """Rows as lines of a file: only where each begins, and by what it may meet another, is in memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._starts = array("q")
        self.marks: list[str] = []

    def add(self, line: bytes) -> None:
        """One more, at the end."""
        self._starts.append(self._file.tell())
        self._file.write(line)
        self.marks.append(" ".join(marks_of_row(row_from_json(json.loads(line)))))

    def at(self, places: Sequence[int]) -> list[Row]:
        """The rows at these places, in this order."""
        return [self._row(place) for place in places]

    def _row(self, place: int) -> Row:
        self._file.seek(self._starts[place])
        return row_from_json(json.loads(self._file.readline()))


def _read(sheet: CommitteeSheet, file: IO[bytes], step: Step) -> tuple[Sheet, _FileRows]:
    """The rows into the file; the last line is what is known of the sheet."""
    rows, last = _FileRows(file), b""
    for line in _lines(sheet):
        step(0, 0)  # how many there are, is not known before the end
        if last:
            rows.add(last)
        last = line
    return from_json(json.loads(last)), rows


def _lines(sheet: CommitteeSheet) -> Iterator[bytes]:
    cells = [cell.name for cell in places(sheet.committee).by_pk.values()]
    stored = CommitteeSheet.objects.filter(pk=sheet.pk).values_list("data", flat=True).first()
    try:
        yield from confined.lines(
            TASK, bytes(stored or b""), timezone.localdate().isoformat(), cells
        )
    except confined.Refusal as refusal:
        raise BadSheet(str(refusal)) from refusal
    except confined.Costly as cost:
        raise BadSheet(COSTLY) from cost


def _add(sheet: CommitteeSheet, reader: str, part: PlannedPart, marks: Sequence[str]) -> None:
    new = [
        SheetRow(
            sheet=sheet,
            position=place,
            key=row.key[:300],
            cell_id=line.cell,
            kind=line.kind,
            marks=marks[place],
            told=row_to_json(row),
            outcome=outcomes.to_json(line, row),
        )
        for place, row, line in zip(part.places, part.rows, part.lines, strict=True)
    ]
    with transaction.atomic():
        _must_be_mine(sheet, reader)
        SheetRow.objects.bulk_create(new, batch_size=BATCH)


def _must_be_mine(sheet: CommitteeSheet, reader: str) -> None:
    """Another process may have begun to read it, or another file taken its place: Stale."""
    mine = CommitteeSheet.objects.select_for_update(no_key=True, of=("self",))
    if not mine.filter(pk=sheet.pk, reader=reader, state=State.SENT).values_list("pk"):
        raise Stale


def _end(sheet: CommitteeSheet, reader: str, head: Sheet, planner: Planner) -> None:
    mine = CommitteeSheet.objects.filter(pk=sheet.pk, reader=reader, state=State.SENT)
    ended = mine.update(
        state=State.READ,
        data=None,
        sheet=to_json(head),
        told=planner.told.to_json(planner.placer),
        effect=planner.digest,
    )
    if not ended:
        raise Stale


def answers_of(sheet: CommitteeSheet) -> Answers:
    """What was answered of its rows."""
    who: Mapping[str, Any] = sheet.answers.get("who", {})
    return Answers(
        {row: Answer(choice, tuple(of)) for row, (choice, of) in who.items()},
        sheet.answers.get("read", {}),
    )
