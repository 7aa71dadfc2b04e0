"""Columns that our own code fills in."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cells.stale import STALE


class DrawnField(models.CharField):
    """A column whose default is drawn by chance; to migrations a plain one, so that none of them imports our code."""

    def deconstruct(self) -> tuple[str, str, list[object], dict[str, object]]:
        """As any column without a default."""
        name, _, args, options = super().deconstruct()
        options.pop("default", None)
        return name, "django.db.models.CharField", list(args), options


class DerivedField(models.CharField):
    """A column the row fills in by itself from its name at every save; never edited."""

    def __init__(self, derive: Callable[[str], str] = str, **options: object) -> None:
        """`derive` turns the name into what this column holds."""
        self.derive = derive
        super().__init__(**{"max_length": 400, "editable": False, "default": "", **options})  # type: ignore[arg-type]

    def deconstruct(self) -> tuple[str, str, list[object], dict[str, object]]:
        """To migrations it is a plain column, so that none of them imports this app."""
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.CharField", list(args), options

    def pre_save(self, instance: models.Model, add: bool) -> str:
        """Compute the value that goes to the database."""
        value = self.derive(instance.name)  # type: ignore[attr-defined]
        setattr(instance, self.attname, value)
        return value


def in_force(model: type[models.Model]) -> Q:
    """Rows of this table that no other one stands for now (`supersedes`).

    Asked as NOT EXISTS: for a join to what is not there PostgreSQL reads the whole table, for a handful of rows too.
    """
    return ~Q(Exists(model._default_manager.filter(supersedes=OuterRef("pk"))))


def superseding(refusal: str = STALE) -> dict[str, Any]:
    """Options of a column `supersedes`, the row that this one stands for now: kept, and replaced once, else `refusal`.

    Options and not a column: mypy reads from the call of the column what it points at.
    """
    return {
        "blank": True,
        "related_name": "superseded_by",
        "verbose_name": "thay cho",
        "error_messages": {"unique": refusal},
    }
