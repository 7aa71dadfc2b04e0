"""Whose members a sheet tells of: one cell's, or those of all cells under a committee."""

from collections.abc import Collection
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from cells.models import Cell, Committee
from cells.stale import Stale
from members.imports.placing import Place, Placer, Places, place_in
from members.imports.plans import KEYS, KnownMember
from members.imports.spreadsheets import OFFICIAL, Problem, Sheet
from members.imports.spreadsheets.columns import NUMBER
from members.models import Member, User
from members.places.verbs import Refused, standing

FIELDS = [*(field for field in OFFICIAL if field != NUMBER), "born_year"]
Body = Cell | Committee


def must_import(user: User, body: Body) -> None:
    """PermissionDenied for who may not change the members of this body."""
    if not user.has_perm("members.import_members", body):
        raise PermissionDenied


def still_standing(user: User, body: Body) -> Committee:
    """The committee that cells are made for, while nobody changes its tree; Stale where it has ended meanwhile."""
    try:
        committee = standing(Committee.objects.get(pk=body.pk))
    except Refused as refusal:
        raise Stale from refusal
    must_import(user, committee)
    return committee


def cells_of(body: Body) -> QuerySet[Cell]:
    """The cell itself, or all cells under the committee."""
    if isinstance(body, Cell):
        return Cell.objects.filter(pk=body.pk)
    return Cell.objects.under(body).standing()


def _tree(body: Body) -> QuerySet[Cell]:
    """All cells under the highest committee over this body."""
    committee = body.committee if isinstance(body, Cell) else body
    return Cell.objects.filter(committee__path__startswith=committee.path[: Committee.steplen])


def places(body: Body) -> Places:
    """The cells that a sheet for this body may name: those below, or for one cell those around it too."""
    cells = cells_of(body) if isinstance(body, Committee) else _tree(body)
    return Places(Place(*values) for values in cells.values_list("pk", "name", "committee__name"))


def people(body: Body, some: Collection[int] | None = None) -> list[KnownMember]:
    """All members of the body, those who have left too, as a sheet would tell them; or some of them, by their keys."""
    known = []
    members = Member.objects.filter(cell__in=cells_of(body))
    if some is not None:
        members = members.filter(pk__in=some)
    rows = members.values_list("pk", "left_on", "cell", "cell__name", *FIELDS)
    for pk, left_on, cell, cell_name, *values in rows.order_by("pk"):
        told = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in zip(FIELDS, values, strict=True)
        }
        known.append(KnownMember(pk, told, left_on is not None, cell, cell_name))
    return known


def numbers_elsewhere(body: Body, sheet: Sheet) -> set[tuple[str, str]]:
    """Which numbers of the sheet belong to members of other cells of the same tree."""
    others = Member.objects.filter(cell__in=_tree(body)).exclude(cell__in=cells_of(body))
    people_elsewhere: set[tuple[str, str]] = set()
    for key in KEYS:
        numbers = {row.values[key] for row in sheet.rows if key in row.values}
        known = others.filter(**{f"{key}__in": numbers}).values_list(key, flat=True)
        people_elsewhere.update((key, number) for number in known)
    return people_elsewhere


def placed(sheet: Sheet, body: Body) -> dict[str, int | Problem]:
    """The cell of each row, or why there is none."""
    if isinstance(body, Committee):
        return Placer(places(body)).placed(sheet)
    names_a_cell = any(row.cell_name for row in sheet.rows)
    return place_in(sheet, body.pk, body.name, places(body) if names_a_cell else Places([]))
