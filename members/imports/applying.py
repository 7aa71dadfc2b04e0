"""A sheet of members and the members of a cell, or of all cells under a committee: keep what was read, compare,
apply in one step, write out."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cells.models import Cell, Committee
from cells.stale import Stale, fingerprint
from members.imports.matching import plan
from members.imports.placing import Newcomer, Place, Places, place, place_in, unknown
from members.imports.plans import CHANGED, ERROR, KEYS, NEW, OPEN, Answer, KnownMember, Plan
from members.imports.spreadsheets import (
    CELL,
    COSTLY,
    OFFICIAL,
    BadSheet,
    Problem,
    Sheet,
)
from members.imports.spreadsheets.columns import NUMBER
from members.imports.spreadsheets.keeping import from_json, to_json
from members.models import Member, MemberImport, User
from partyreview import confined

FIELDS = [*(field for field in OFFICIAL if field != NUMBER), "born_year"]
DAYS = frozenset({"born_on", "admitted_on", "official_on"})
BATCH = 500
LISTED = ("name_sort", "born_year", "pk")
Body = Cell | Committee


@dataclass(frozen=True)
class Applied:
    """How many members were added and changed, and how many rows are left with errors and questions."""

    added: int
    changed: int
    left: int


def keep(user: User, body: Body, file_name: str, data: bytes) -> MemberImport:
    """Read a file and keep what it says, in place of an earlier one; BadSheet where it cannot be read."""
    must_import(user, body)
    many = isinstance(body, Committee)
    cells = [cell.name for cell in places(body).by_pk.values()] if many else None
    values = {
        "state": MemberImport.State.READ,
        "file_name": file_name[:200],
        "sha256": hashlib.sha256(data).hexdigest(),
        "sheet": _sheet(data, cells),
        "answers": {},
    }
    return MemberImport.objects.update_or_create(values, user=user, **_of(body))[0]


def _sheet(data: bytes, cells: list[str] | None) -> dict[str, Any]:
    """The sheet as JSON, read in a process of its own; BadSheet."""
    task = "members.imports.spreadsheets.keeping:as_json"
    try:
        answer = confined.run(task, data, timezone.localdate().isoformat(), cells)
    except confined.Refusal as refusal:
        raise BadSheet(str(refusal)) from refusal
    except confined.Costly as cost:
        raise BadSheet(COSTLY) from cost
    sheet: dict[str, Any] = json.loads(answer)
    return sheet


def _of(body: Body) -> dict[str, Any]:
    return {"cell" if isinstance(body, Cell) else "committee": body}


def kept_for(user: User, body: Body) -> MemberImport | None:
    """The file that this officer has waiting for this cell or committee."""
    imports = MemberImport.objects.filter(user=user, **_of(body))
    return imports.select_related("cell__committee", "committee").first()


def cells_of(body: Body) -> QuerySet[Cell]:
    """The cell itself, or all cells under the committee."""
    if isinstance(body, Cell):
        return Cell.objects.filter(pk=body.pk)
    return Cell.objects.under(body)


def _tree(body: Body) -> QuerySet[Cell]:
    """All cells under the highest committee over this body."""
    committee = body.committee if isinstance(body, Cell) else body
    return Cell.objects.filter(committee__path__startswith=committee.path[: Committee.steplen])


def places(body: Body) -> Places:
    """The cells that a sheet for this body may name: those below, or for one cell those around it too."""
    cells = cells_of(body) if isinstance(body, Committee) else _tree(body)
    return Places(Place(*values) for values in cells.values_list("pk", "name", "committee__name"))


def planned(upload: MemberImport) -> Plan:
    """What applying it would do to the members there are now."""
    sheet, body = from_json(upload.sheet), upload.body
    answers = {int(row): Answer(*answer) for row, answer in upload.answers.items()}
    return plan(sheet, people(body), _elsewhere(body, sheet), _placed(sheet, body), answers)


@transaction.atomic
def answer(user: User, upload: MemberImport, row: int, is_same: bool) -> None:
    """Say of a row whether it tells of the member of whom the preview asks; Stale where it asks no more."""
    must_import(user, upload.body)
    waiting = MemberImport.objects.select_for_update(of=("self",)).filter(pk=upload.pk)
    upload = waiting.first() or _gone()
    line = next((line for line in planned(upload).lines if line.row.number == row), None)
    if line is None or line.asked is None:
        raise Stale
    upload.answers[str(row)] = [line.asked.pk, is_same]
    upload.save(update_fields=["answers"])


def _placed(sheet: Sheet, body: Body) -> dict[int, int | Problem]:
    """The cell of each row, or why there is none."""
    if isinstance(body, Committee):
        return place(sheet, places(body))
    names_a_cell = any(row.cell_name for row in sheet.rows)
    return place_in(sheet, body.pk, body.name, places(body) if names_a_cell else Places([]))


def _elsewhere(body: Body, sheet: Sheet) -> set[tuple[str, str]]:
    """Which numbers of the sheet belong to members of other cells of the same tree."""
    others = Member.objects.filter(cell__in=_tree(body)).exclude(cell__in=cells_of(body))
    people_elsewhere: set[tuple[str, str]] = set()
    for key in KEYS:
        numbers = {row.values[key] for row in sheet.rows if key in row.values}
        known = others.filter(**{f"{key}__in": numbers}).values_list(key, flat=True)
        people_elsewhere.update((key, number) for number in known)
    return people_elsewhere


def people(body: Body) -> list[KnownMember]:
    """All members of the body, those who have left too, as a sheet would tell them."""
    known = []
    members = Member.objects.filter(cell__in=cells_of(body))
    rows = members.values_list("pk", "left_on", "cell", "cell__name", *FIELDS)
    for pk, left_on, cell, cell_name, *values in rows.order_by("pk"):
        told = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in zip(FIELDS, values, strict=True)
        }
        known.append(KnownMember(pk, told, left_on is not None, cell, cell_name))
    return known


def effect_of(upload: MemberImport, what: Plan) -> str:
    """What stands for all that applying would do: another file, another member, another name."""
    done = [
        [line.kind, line.row.number, line.person.pk if line.person else 0, line.values, line.cell]
        for line in what.lines
        if line.kind in (NEW, CHANGED)
    ]
    before = [line.person.values for line in what.lines if line.kind == CHANGED and line.person]
    return fingerprint([upload.sha256, upload.state, done, before])


@transaction.atomic
def apply(user: User, upload: MemberImport, looked_at: str) -> Applied:
    """Add and change members by the rows without errors; keep the other rows for correction.

    `looked_at` is the `effect_of` what the officer saw; Stale where it is no longer true.
    """
    must_import(user, upload.body)
    waiting = MemberImport.objects.select_for_update(of=("self",)).filter(pk=upload.pk)
    upload = waiting.first() or _gone()
    members = _locked(upload.body)
    what = planned(upload)
    if effect_of(upload, what) != looked_at:
        raise Stale
    new = [
        Member(cell_id=x.cell, **_typed(x.values))  # type: ignore[misc]  # a new row has its cell
        for x in what.lines
        if x.kind == NEW
    ]
    added = Member.objects.bulk_create(new, batch_size=BATCH)
    changed = [
        _changed(members[line.person.pk], line.values)
        for line in what.lines
        if line.kind == CHANGED and line.person is not None
    ]
    if changed:
        _write(changed)
    note = {
        "added": [member.pk for member in added],
        "changed": [member.pk for member in changed],
        "file": upload.sha256,
    }
    user.record("members.imported", upload.body, **note)
    return Applied(len(added), len(changed), _keep_rest(upload, what))


def _gone() -> NoReturn:
    raise Stale


def _locked(body: Body) -> dict[int, Member]:
    """The members, kept from change until the end; the cells too, so that nobody else adds to them meanwhile."""
    cells = cells_of(body).select_for_update(no_key=True, of=("self",)).order_by("pk")
    pks = [cell.pk for cell in cells]
    locked = Member.objects.select_for_update(no_key=True).filter(cell__in=pks)
    return {member.pk: member for member in locked.order_by("pk")}


def _changed(member: Member, values: Mapping[str, Any]) -> Member:
    for name, value in _typed(values).items():
        setattr(member, name, value)
    return member


def _write(members: Sequence[Member]) -> None:
    """Write what a sheet may change of these members, many at once; they exist and are locked."""
    Member.objects.bulk_create(
        members,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=[*FIELDS, "name_sort", "name_search"],
    )


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as columns hold them."""
    return {
        name: date.fromisoformat(value) if name in DAYS and value else value
        for name, value in values.items()
    }


def _keep_rest(upload: MemberImport, what: Plan) -> int:
    """Keep only the rows with errors and questions; without any, nothing."""
    rows = tuple(line.row for line in what.lines if line.kind in (ERROR, OPEN))
    if not rows:
        upload.delete()
        return 0
    sheet = replace(from_json(upload.sheet), rows=rows, skipped=(), notes=())
    upload.sheet, upload.state = to_json(sheet), MemberImport.State.REST
    upload.save(update_fields=["sheet", "state"])
    return len(rows)


def errors(upload: MemberImport) -> bytes:
    """The rows with errors as a workbook, to be corrected and read again."""
    from members.imports.spreadsheets import writing  # on first use: tests/test_start.py

    sheet: Sheet = from_json(upload.sheet)
    lines = [x for x in planned(upload).lines if x.kind == ERROR]
    return writing.error_workbook(sheet.columns, [(x.row.cells, x.problems) for x in lines])


def workbook(body: Body) -> bytes:
    """The members with the official columns, in the order of the list; under a committee with their cells."""
    from members.imports.spreadsheets import writing  # on first use: tests/test_start.py

    many = isinstance(body, Committee)
    members = Member.objects.filter(cell__in=cells_of(body), left_on=None)
    title = f"DANH SÁCH ĐẢNG VIÊN {body.name.upper()}"
    if not many:
        return writing.members_workbook(title, members.values(*FIELDS))
    names = _written_names(body)
    rows = members.order_by("cell__committee__path", "cell__name", *LISTED)
    people = ({**values, CELL: names[values["cell"]]} for values in rows.values("cell", *FIELDS))
    return writing.members_workbook(title, people, with_cell=True)


def _written_names(body: Body) -> dict[int, str]:
    """The names by which the cells are found again: with the committee where the name alone is not enough."""
    known = places(body)
    return {
        pk: cell.name if known.matching(cell.name) == [cell] else cell.whole
        for pk, cell in known.by_pk.items()
    }


def unknown_cells(upload: MemberImport) -> list[Newcomer]:
    """The cells that the sheet names and the committee does not have."""
    if isinstance(upload.body, Cell):
        return []
    return unknown(from_json(upload.sheet), places(upload.body))


@transaction.atomic
def create_cells(user: User, upload: MemberImport, chosen: Collection[str]) -> list[Cell]:
    """Make cells of the committee from those that the sheet names and the officer chose by their new names."""
    committee = Committee.objects.select_for_update(no_key=True).get(pk=upload.body.pk)
    must_import(user, committee)
    new = [
        Cell(committee=committee, name=cell.name, place=committee.place)
        for cell in unknown_cells(upload)
        if cell.name in chosen
    ]
    made = Cell.objects.bulk_create(new)
    if made:
        user.record("cells.created", committee, cells=[cell.pk for cell in made])
    return made


def must_import(user: User, body: Body) -> None:
    """PermissionDenied for who may not change the members of this body."""
    if not user.has_perm("members.import_members", body):
        raise PermissionDenied
