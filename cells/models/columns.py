"""Columns that our own code fills in."""

from django.db import models


class DrawnField(models.CharField):
    """A column whose default is drawn by chance; to migrations a plain one, so that none of them imports our code."""

    def deconstruct(self) -> tuple[str, str, list[object], dict[str, object]]:
        """As any column without a default."""
        name, _, args, options = super().deconstruct()
        options.pop("default", None)
        return name, "django.db.models.CharField", list(args), options
