"""Hints for review are written and taken back by officers above; each under the lock of the cell it goes to."""

from django.db import transaction
from django.utils import timezone

from cells.models import Cell
from members.models import Prompt, User


@transaction.atomic
def write(user: User, row: Prompt) -> None:
    """Store it; what was sent twice is asked once."""
    _lock(row)
    standing = Prompt.objects.filter(cell=row.cell, campaign=row.campaign, withdrawn_at=None)
    about = {name: getattr(row, name) for name in ("member", "collective", "text", "basis")}
    if not standing.filter(**about).exists():
        row.by = user
        row.save()
        user.record("prompt.written", row)


@transaction.atomic
def withdraw(user: User, row: Prompt) -> bool:
    """Take one back; the row stays. False where it is answered already."""
    _lock(row)
    if row.is_answered:
        return False
    standing = Prompt.objects.filter(pk=row.pk, withdrawn_at=None)
    if standing.update(withdrawn_at=timezone.now()):
        user.record("prompt.withdrawn", row)
    return True


def _lock(row: Prompt) -> None:
    Cell.objects.select_for_update(no_key=True).get(pk=row.cell_id)
