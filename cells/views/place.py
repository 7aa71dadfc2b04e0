"""Whose rules a page shows: a committee's or a cell's, for the review of the year or of a quarter."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import reverse

from cells.law.guidance import (
    CONDITIONS,
    CRITERIA,
    FLAGS,
    FOR_QUARTERS,
    POSTS,
    load_pack,
    pack_names,
)
from cells.law.periods import QUARTER, YEAR
from cells.law.post_groups import GROUPS
from cells.law.rules import Rules
from cells.models import Campaign, Cell, Committee, Setting
from partyreview.http import Request

ASKED = "ky"  # ?ky=quy: the rules of a quarter
FOR_A_QUARTER = "quy"


@dataclass(frozen=True)
class Place:
    """A committee, or one cell of it, and what kind of review: what is set there, over which pack, and by whom."""

    committee: Committee
    cell: Cell | None
    serving: str

    @classmethod
    def of_committee(cls, request: Request, pk: int) -> "Place":
        """A committee this officer may see; 404 for strangers."""
        return cls(get_object_or_404(request.user.committees(), pk=pk), None, _serving(request))

    @classmethod
    def of_setting(cls, setting: Setting) -> "Place":
        """Where this value is set."""
        cell, serving = setting.cell, QUARTER if setting.key.startswith(FOR_QUARTERS) else YEAR
        return cls(cell.committee if cell else cast(Committee, setting.committee), cell, serving)

    @classmethod
    def of_cell(cls, request: Request, pk: int) -> "Place":
        """A cell this officer may see; 404 for strangers."""
        cell = get_object_or_404(request.user.cells().select_related("committee"), pk=pk)
        return cls(cell.committee, cell, _serving(request))

    @property
    def body(self) -> Committee | Cell:
        """Who sets something here."""
        return self.cell or self.committee

    @property
    def for_quarters(self) -> bool:
        """Whether it is the rules of a quarter."""
        return self.serving == QUARTER

    @property
    def query(self) -> str:
        """What an address of the same kind of review ends with."""
        return f"?{ASKED}={FOR_A_QUARTER}" if self.for_quarters else ""

    def address(self, page: str, *about: str) -> str:
        """Where this body's page of this name is: "rules", or "criteria" about one kind of subject."""
        whose = "cell" if self.cell else "committee"
        return reverse(f"cells:{whose}_{page}", args=[self.body.pk, *about]) + self.query

    def page_of(self, key: str) -> str:
        """Where this body sets the value of this key."""
        page, _, about = key.removeprefix(FOR_QUARTERS).partition(".")
        if key.endswith(GROUPS):
            return self.address("groups")
        if page + "." in (CRITERIA, CONDITIONS):
            return self.address(page, about.partition(".")[0])
        return self.address({FLAGS: "flags", POSTS: "posts"}.get(page + ".", "rules"))

    @cached_property
    def _campaign(self) -> Campaign | None:
        return Campaign.objects.newest(self.committee, self.serving)

    @cached_property
    def pack(self) -> Mapping[str, Any]:
        """The guidance pack in force here."""
        newest = self._campaign
        return load_pack(newest.pack if newest else pack_names(self.serving)[-1])

    def rules(self) -> Rules:
        """The rules in force here, with the days of the newest campaign."""
        newest = self._campaign
        of = newest.layers if newest else Setting.objects.layers
        return Rules.from_pack(self.pack, {}, of(self.committee, self.cell))

    def own(self) -> dict[str, Setting]:
        """What this body itself has set for this kind of review, by the key of the rule."""
        rows = {row.key: row for row in Setting.objects.filter(**self._columns)}
        if not self.for_quarters:
            return {key: row for key, row in rows.items() if not key.startswith(FOR_QUARTERS)}
        at = len(FOR_QUARTERS)
        return {key[at:]: row for key, row in rows.items() if key.startswith(FOR_QUARTERS)}

    def may_set(self, request: Request) -> bool:
        """Whether this officer sets rules here; raises PermissionDenied on a POST of who may not."""
        allowed = request.user.has_perm("cells.set_rules", self.body)
        if request.method == "POST" and not allowed:
            raise PermissionDenied
        return allowed

    @transaction.atomic
    def store(self, request: Request, key: str, value: object, basis: str) -> None:
        """Set a value, with its basis."""
        key = (FOR_QUARTERS if self.for_quarters else "") + key
        values = {"value": value, "basis": basis}
        setting, _ = Setting.objects.update_or_create(**self._columns, key=key, defaults=values)
        request.user.record("setting.changed", setting, key=key, **values)

    @property
    def _columns(self) -> dict[str, Any]:
        if self.cell:
            return {"cell": self.cell, "committee": None}
        return {"cell": None, "committee": self.committee}


def _serving(request: Request) -> str:
    return QUARTER if request.GET.get(ASKED) == FOR_A_QUARTER else YEAR
