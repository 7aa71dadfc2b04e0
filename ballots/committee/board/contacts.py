"""Whom an officer calls about a cell: its secretary and deputies, with their phones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cells.models import Cell
from members.models import Member, Office
from members.rules.names import ListedByCell

CALLED = (Office.Kind.SECRETARY, Office.Kind.DEPUTY)


@dataclass(frozen=True)
class Contact:
    """One of them, as a page writes it."""

    office: str
    name: str
    phone: str


@dataclass(frozen=True)
class Contacts:
    """Those of the cells of a page."""

    by_cell: Mapping[int, Sequence[Contact]]

    def of(self, cell: Cell) -> Sequence[Contact]:
        """Those of this cell, the secretary first."""
        return self.by_cell.get(cell.pk, ())


def contacts_of(cells: Sequence[Cell]) -> Contacts:
    """Three queries, however many cells."""
    held = Office.objects.held().filter(member__cell__in=cells, kind__in=CALLED)
    offices = list(held.select_related("member").order_by("-kind", "pk"))
    names: ListedByCell = Member.objects.filter(office__in=offices).names_by_cell()
    by_cell: dict[int, list[Contact]] = {}
    for office in offices:
        member = office.member
        contact = Contact(office.name, names.label(member, member.cell_id), member.phone)
        by_cell.setdefault(member.cell_id, []).append(contact)
    return Contacts(by_cell)
