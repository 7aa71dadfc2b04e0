"""A sheet of members and the members of a cell, or of all cells under a committee: apply in one step, write out."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction

from cells.models import Cell, Committee
from cells.stale import Stale, fingerprint
from members.imports.bodies import FIELDS, Body, cells_of, places, still_standing
from members.imports.placing import Newcomer, unknown
from members.imports.plans import CHANGED, ERROR, NEW, OPEN, MatchedRow, Plan
from members.imports.spreadsheets import CELL
from members.imports.spreadsheets.keeping import to_json
from members.imports.waiting import is_chosen, lists_of, locked, planned, sheet_of
from members.models import Member, MemberImport, User

DAYS = frozenset({"born_on", "admitted_on", "official_on"})
BATCH = 500
APPLIED = "Đã áp dụng: {} đồng chí mới, {} đồng chí được sửa."
LISTED = ("name_sort", "born_year", "pk")
Person = Mapping[str, Any]
# Told how many are done, and of how many; where the work is to end, it raises.
Step = Callable[[int, int], None]


def unwatched(done: int, of: int) -> None:
    """Nobody waits for it."""


@dataclass(frozen=True)
class Applied:
    """How many members were added and changed, and how many rows are left with errors and questions."""

    added: int
    changed: int
    left: int


def effect_of(upload: MemberImport, what: Plan) -> str:
    """What stands for all that applying would do: another file, another member, another name."""
    done = [
        [line.kind, line.row.key, line.person.pk if line.person else 0, line.values, line.cell]
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
    upload = locked(user, upload)
    _hold(upload.body)
    what = planned(upload)
    if not is_chosen(upload) or effect_of(upload, what) != looked_at:
        raise Stale
    added = written(what.lines)
    changed = written_over(what.lines)
    note = {
        "added": [member.pk for member in added],
        "changed": changed,
        "file": upload.sha256,
    }
    user.record("members.imported", upload.body, **note)
    return Applied(len(added), len(changed), _keep_rest(upload, what))


def _hold(body: Body) -> None:
    """Keep the members from change until the end; the cells too, so that nobody else adds to them meanwhile."""
    cells = cells_of(body).select_for_update(no_key=True, of=("self",)).order_by("pk")
    pks = [cell.pk for cell in cells]
    members = Member.objects.select_for_update(no_key=True).filter(cell__in=pks)
    list(members.order_by("pk").values_list("pk"))


def written(lines: Iterable[MatchedRow]) -> list[Member]:
    """The new members among these, written."""
    new = [
        Member(cell_id=line.cell, **_typed(line.values))  # type: ignore[misc]  # a new row has its cell
        for line in lines
        if line.kind == NEW
    ]
    return Member.objects.bulk_create(new, batch_size=BATCH)


def written_over(lines: Iterable[MatchedRow]) -> list[int]:
    """The keys of those that change, written with what changes of them; they exist and are locked."""
    values = {
        line.person.pk: line.values
        for line in lines
        if line.kind == CHANGED and line.person is not None
    }
    members = list(Member.objects.filter(pk__in=values).order_by("pk"))
    for member in members:
        for name, value in _typed(values[member.pk]).items():
            setattr(member, name, value)
    if members:
        _write(members)
    return [member.pk for member in members]


def _write(members: Sequence[Member]) -> None:
    """Write what a sheet may change of these members, many at once."""
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
    left = {line.row.key for line in what.lines if line.kind in (ERROR, OPEN)}
    if not left:
        upload.delete()
        return 0
    lists = [
        replace(sheet, rows=rows, skipped=(), notes=())
        for sheet in lists_of(upload)
        if (rows := tuple(row for row in sheet.rows if row.key in left))
    ]
    upload.sheet = {"lists": [*map(to_json, lists)], "chosen": True}
    upload.state = MemberImport.State.REST
    upload.save(update_fields=["sheet", "state"])
    return len(left)


def errors(upload: MemberImport) -> bytes:
    """The rows with errors as a workbook, to be corrected and read again."""
    from members.imports.spreadsheets import writing  # on first use: tests/test_start.py

    lines = [x for x in planned(upload).lines if x.kind == ERROR]
    rows = [(x.row.cells, x.problems) for x in lines]
    return writing.error_workbook(sheet_of(upload).columns, rows)


def workbook(body: Body, step: Step = unwatched) -> bytes:
    """The members with the official columns, in the order of the list; under a committee with their cells.

    `step` is told how many members are written, and of how many.
    """
    from members.imports.spreadsheets import writing  # on first use: tests/test_start.py

    many = isinstance(body, Committee)
    members = Member.objects.filter(cell__in=cells_of(body), left_on=None)
    title = f"DANH SÁCH ĐẢNG VIÊN {body.name.upper()}"
    if not many:
        return writing.members_workbook(title, members.values(*FIELDS).iterator(BATCH))
    names = _written_names(body)
    rows = members.order_by("cell__committee__path", "cell__name_sort", "cell__name", *LISTED)
    listed = rows.values("cell", *FIELDS).iterator(BATCH)
    count = members.count()
    people = _watched(({**values, CELL: names[values["cell"]]} for values in listed), count, step)
    return writing.members_workbook(title, people, with_cell=True)


def _watched(people: Iterable[Person], count: int, step: Step) -> Iterator[Person]:
    for number, person in enumerate(people):
        step(number, max(number, count))  # somebody may have been added meanwhile
        yield person


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
    return unknown(sheet_of(upload), places(upload.body))


@transaction.atomic
def create_cells(user: User, upload: MemberImport, chosen: Collection[str]) -> list[Cell]:
    """Make cells of the committee from those that the sheet names and the officer chose by their new names."""
    committee = still_standing(user, upload.body)
    new = [
        Cell(committee=committee, name=cell.name, place=committee.place)
        for cell in unknown_cells(upload)
        if cell.name in chosen
    ]
    made = Cell.objects.bulk_create(new)
    if made:
        user.record("cells.created", committee, cells=[cell.pk for cell in made])
    return made
