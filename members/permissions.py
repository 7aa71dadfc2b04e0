"""Who may do what: one function per verb, and the backend that finds them. Reading POLICY is reading the policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib.auth.backends import BaseBackend

from cells.models import Cell, Committee, Meeting

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import Model

    from members.models import User


def runs_cell(user: User, cell: Cell) -> bool:
    """The cell's secretary or deputy."""
    return user.own_cells().filter(pk=cell.pk).exists()


def leads(user: User, body: Committee | Cell) -> bool:
    """An officer of the committee or of one above it; in a cell its secretary or deputy."""
    if isinstance(body, Cell):
        return runs_cell(user, body)
    return user.committees().filter(pk=body.pk).exists()


def runs_meeting(user: User, meeting: Meeting) -> bool:
    """The secretary or deputy of the meeting's cell; of a committee's, its own officers alone."""
    if meeting.is_sitting:
        return convenes(user, meeting.over)
    return runs_cell(user, meeting.cell)


def oversees(user: User, meeting: Meeting) -> bool:
    """An officer of the committee over the meeting's cell, or of one above that; nobody oversees his own meeting."""
    if meeting.is_sitting and convenes(user, meeting.over):
        return False
    return user.committees().filter(pk=meeting.over.pk).exists()


def convenes(user: User, committee: Committee) -> bool:
    """An officer of this very committee, not of one above it."""
    return user.is_active and user.committee_id == committee.pk


def opens_envelope(user: User, meeting: Meeting) -> bool:
    """Who may open a sealed envelope: an officer above; of the topmost committee's own meeting its own officers."""
    return oversees(user, meeting) or (
        meeting.is_sitting and meeting.over.depth == 1 and convenes(user, meeting.over)
    )


def witnesses_opening(user: User, meeting: Meeting) -> bool:
    """Before whom it may be opened: an officer above, or who runs the meeting; never who opens it."""
    return opens_envelope(user, meeting) or runs_meeting(user, meeting)


def arranges(user: User, body: Committee | Cell) -> bool:
    """An officer of a committee above it: of the cell's own one too, but nobody arranges his own committee."""
    if isinstance(body, Cell):
        return leads(user, body.committee)
    return body.pk != user.committee_id and leads(user, body)


def renames(user: User, committee: Committee) -> bool:
    """Who arranges it; the topmost one that is put in has nobody above, and is renamed by its own officers."""
    return arranges(user, committee) or (committee.depth == 1 and leads(user, committee))


def manages(user: User, account: User) -> bool:
    """Who leads its committee, or else the one over its cell: a link opens all that the account may do.

    Nobody manages his own, nor the operator's.
    """
    if account.pk == user.pk or account.is_staff or account.is_superuser:
        return False
    body = account.member.cell.committee if account.member else None
    body = account.committee or body
    return body is not None and leads(user, body)


POLICY: dict[str, Callable[[User, Any], bool]] = {
    "cells.arrange": arranges,
    "cells.convene": convenes,
    "cells.found": leads,
    "cells.rename": renames,
    "cells.plan_meeting": runs_cell,
    "cells.open_campaign": leads,
    "cells.set_rules": leads,
    "cells.run_meeting": runs_meeting,
    "ballots.make_token": convenes,
    "ballots.open_envelope": opens_envelope,
    "ballots.witness_opening": witnesses_opening,
    "members.import_members": leads,
    "members.assess": runs_cell,
    "members.attach": runs_cell,
    "members.edit_members": runs_cell,
    "members.seat": leads,
    "members.manage_account": manages,
    "members.prompt": arranges,
    "members.take_reviews": runs_cell,
}


class RoleBackend(BaseBackend):
    """Answers `user.has_perm("cells.run_meeting", meeting)` from POLICY."""

    def has_perm(
        self, user_obj: User | AnonymousUser, perm: str, obj: Model | None = None
    ) -> bool:
        """Whether the active officer may do `perm` to `obj`; False for verbs that POLICY does not name."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is None or perm not in POLICY:
            return False
        return POLICY[perm](user_obj, obj)
