"""A committee's sheet whose rows are kept: questions answered, planned anew, applied by a job, let go."""

from collections.abc import Collection, Sequence

from django.db import transaction

from cells import wording
from cells.models import Cell
from cells.stale import Stale
from members.imports.applying import APPLIED, written, written_over
from members.imports.bodies import cells_of, must_import, still_standing
from members.imports.large import outcomes
from members.imports.large.keeping import answers_of
from members.imports.large.planning import PlannedPart, Planner, Step, newcomers, parts_of
from members.imports.plans import ERROR, NOBODY, OPEN, MatchedRow, questions
from members.imports.spreadsheets import Row
from members.imports.spreadsheets.keeping import from_json, row_from_json
from members.models import CommitteeSheet, Member, SheetRow, User

State = CommitteeSheet.State
BATCH = 250
READABLE = (State.READ, State.REST)
LEFT = " Còn {} dòng lỗi hoặc cần hỏi."


class StoredRows:
    """The rows of a sheet as they are kept; only by what each may meet another is in memory."""

    def __init__(self, sheet: CommitteeSheet) -> None:
        rows = SheetRow.objects.filter(sheet=sheet).order_by("position")
        told = rows.values_list("pk", "key", "marks").iterator(2000)
        self.pks: list[int] = []
        self.keys: list[str] = []
        self.marks: list[str] = []
        for pk, key, marks in told:
            self.pks.append(pk)
            self.keys.append(key)
            self.marks.append(marks)

    def at(self, places: Sequence[int]) -> list[Row]:
        """The rows at these places, in this order."""
        pks = [self.pks[place] for place in places]
        told = dict(SheetRow.objects.filter(pk__in=pks).values_list("pk", "told"))
        return [row_from_json(told[pk]) for pk in pks]


def planner_of(sheet: CommitteeSheet) -> Planner:
    """As the answers stand now."""
    return Planner(sheet.committee, from_json(sheet.sheet), answers_of(sheet))


def plan_again(sheet: CommitteeSheet, step: Step) -> None:
    """Plan all rows by the members there are now, and keep what changed; Stale where the sheet is gone."""
    rows = StoredRows(sheet)
    parts = list(parts_of(sheet.committee, rows))
    planner = planner_of(sheet)
    with transaction.atomic():
        locked(sheet.user, sheet)
        for part in planner.planned(rows, parts, step):
            _keep(rows, part)
        _told(sheet, planner)


def _keep(rows: StoredRows, part: PlannedPart) -> None:
    pks = {rows.pks[place]: (row, line) for place, row, line in zip(*part, strict=True)}
    changed = []
    for stored in SheetRow.objects.filter(pk__in=pks).defer("told", "marks"):
        row, line = pks[stored.pk]
        outcome = outcomes.to_json(line, row)
        if (stored.kind, stored.cell_id, stored.outcome) != (line.kind, line.cell, outcome):
            stored.kind, stored.cell_id, stored.outcome = line.kind, line.cell, outcome
            changed.append(stored)
    SheetRow.objects.bulk_update(changed, ["kind", "cell", "outcome"], batch_size=BATCH)


def _told(sheet: CommitteeSheet, planner: Planner) -> None:
    told = planner.told.to_json(planner.placer)
    rows = CommitteeSheet.objects.filter(pk=sheet.pk)
    rows.update(told=told, effect=planner.digest, answers=sheet.answers)


@transaction.atomic
def answer(
    user: User, sheet: CommitteeSheet, key: str, *, choice: str, field: str, kind: str
) -> None:
    """Say of whom a row tells, or with `field` how its cell is to be read; its part is planned anew.

    Stale where nothing is asked of it any more.
    """
    sheet = locked(user, sheet)
    rows = StoredRows(sheet)
    place = rows.keys.index(key) if key in rows.keys else -1
    part = next((each for each in parts_of(sheet.committee, rows) if place in each.rows), None)
    if part is None:
        raise Stale
    before = planner_of(sheet)
    line = before.part(rows, part).lines[part.rows.index(place)]
    if field:
        if (field, kind) not in questions([line]):
            raise Stale
        sheet.answers.setdefault("read", {}).setdefault(key, {})[field] = kind
    else:
        if choice not in {NOBODY, *(other.key for other in line.asked)}:
            raise Stale
        _say(sheet, line, choice)
    after = planner_of(sheet)
    _keep(rows, after.part(rows, part))
    _correct(sheet, before, after)


def _correct(sheet: CommitteeSheet, before: Planner, after: Planner) -> None:
    """The effect of one part, and its plain questions, take the place of what they were."""
    effect = (int(sheet.effect or "0", 16) - before.effect + after.effect) % (1 << 256)
    plain = sheet.told.get("plain", 0) - before.told.plain + after.told.plain
    told = sheet.told | {"plain": plain}
    rows = CommitteeSheet.objects.filter(pk=sheet.pk)
    rows.update(effect=f"{effect:064x}", answers=sheet.answers, told=told)


def _say(sheet: CommitteeSheet, line: MatchedRow, choice: str) -> None:
    who = sheet.answers.setdefault("who", {})
    who[line.row.key] = [choice, [other.key for other in line.asked]]


@transaction.atomic
def answer_all(user: User, sheet: CommitteeSheet, field: str = "", kind: str = "") -> None:
    """Say how a whole column is to be read, or without one that all plain questions are whom they seem.

    What follows is seen when it is planned anew (`plan_again`).
    """
    sheet = locked(user, sheet)
    asked = sheet.rows.filter(kind=OPEN).order_by("position").defer("marks").iterator(BATCH)
    for stored in asked:
        line = outcomes.line_of(stored)
        if field and (field, kind) in questions([line]):
            sheet.answers.setdefault("read", {}).setdefault(line.row.key, {})[field] = kind
        elif not field and line.is_plain:
            _say(sheet, line, line.asked[0].key)
    sheet.save(update_fields=["answers"])


@transaction.atomic
def apply(user: User, sheet: CommitteeSheet, looked_at: str, step: Step) -> str:
    """Add and change members by the rows without errors, whole or not at all; keep the others. The sentence of it.

    `looked_at`: the effect that the officer saw. Done once: who comes again for the same is told the same. Stale
    where it would do something else now, or is gone.
    """
    sheet = locked(user, sheet, (*READABLE, State.APPLIED))
    if sheet.applied == looked_at:
        return sheet.outcome
    list(
        cells_of(sheet.committee)
        .select_for_update(no_key=True, of=("self",))
        .order_by("pk")
        .values_list("pk")
    )
    rows, planner = StoredRows(sheet), planner_of(sheet)
    added: list[int] = []
    changed: list[int] = []
    parts = list(parts_of(sheet.committee, rows))
    for part in parts:
        people = Member.objects.select_for_update(no_key=True).filter(pk__in=part.people)
        list(people.order_by("pk").values_list("pk"))
    for planned in planner.planned(rows, parts, step):
        added += [member.pk for member in written(planned.lines)]
        changed += written_over(planned.lines)
    if planner.digest != looked_at:
        raise Stale
    user.record(
        "members.imported",
        sheet.committee,
        added=added,
        changed=changed,
        file=sheet.sha256,
    )
    return _end(sheet, len(added), len(changed), looked_at)


def _end(sheet: CommitteeSheet, added: int, changed: int, looked_at: str) -> str:
    sheet.rows.exclude(kind__in=(ERROR, OPEN)).delete()
    left = sheet.rows.count()
    outcome = APPLIED.format(wording.thousands(added), wording.thousands(changed))
    outcome += LEFT.format(wording.thousands(left)) if left else ""
    rows = CommitteeSheet.objects.filter(pk=sheet.pk)
    rows.update(
        state=State.REST if left else State.APPLIED,
        applied=looked_at,
        effect=f"{0:064x}",
        outcome=outcome,
    )
    return outcome


@transaction.atomic
def create_cells(user: User, sheet: CommitteeSheet, chosen: Collection[str]) -> list[Cell]:
    """Make cells of the committee from those that the sheet names and the officer chose by their new names."""
    committee = still_standing(user, sheet.committee)
    there = set(Cell.objects.filter(committee=committee).values_list("name", flat=True))
    new = [
        Cell(committee=committee, name=cell.name, place=committee.place)
        for cell in newcomers(sheet.told)
        if cell.name in chosen and cell.name not in there
    ]
    made = Cell.objects.bulk_create(new)
    if made:
        user.record("cells.created", committee, cells=[cell.pk for cell in made])
    return made


def locked(
    user: User, sheet: CommitteeSheet, states: Collection[str] = READABLE
) -> CommitteeSheet:
    """The sheet as it stands now, kept from change until the end; Stale where it is gone, or not yet read."""
    must_import(user, sheet.committee)
    rows = CommitteeSheet.objects.select_for_update(of=("self",)).filter(pk=sheet.pk)
    now = rows.filter(state__in=states).select_related("committee", "user").first()
    if now is None:
        raise Stale
    return now
