"""Columns that our own code fills in."""

from typing import Any

from django.db import models

from cells.stale import STALE


class DrawnField(models.CharField):
    """A column whose default is drawn by chance; to migrations a plain one, so that none of them imports our code."""

    def deconstruct(self) -> tuple[str, str, list[object], dict[str, object]]:
        """As any column without a default."""
        name, _, args, options = super().deconstruct()
        options.pop("default", None)
        return name, "django.db.models.CharField", list(args), options


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
