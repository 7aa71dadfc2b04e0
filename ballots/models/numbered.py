"""Rows of a meeting that are numbered from 1: each time its file was sent up, each decision on it."""

from typing import TypeVar

from django.db import models

from cells.models import Meeting

Row = TypeVar("Row", bound=models.Model)


class NumberedQuerySet(models.QuerySet[Row]):
    """Asked by meeting; the database refuses a number twice."""

    def last_of(self, meeting: Meeting) -> Row | None:
        """The last one of the meeting, which counts; None before the first."""
        return self.filter(meeting=meeting).order_by("number").last()

    def next_number(self, meeting: Meeting) -> int:
        """The number of the one to come."""
        last: int | None = self.filter(meeting=meeting).aggregate(last=models.Max("number"))[
            "last"
        ]
        return (last or 0) + 1
