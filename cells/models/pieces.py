"""Rows with large columns, a few in memory at a time."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def in_pieces(keys: Sequence[int], rows: QuerySet[Row], size: int) -> Iterator[Row]:
    """The rows of these primary keys in their order, `size` of them to a query; one deleted meanwhile is left out.

    Where `rows.iterator()` is asked outside a transaction, PostgreSQL first writes the whole answer to its disk: for
    the papers of a province gigabytes.
    """
    for start in range(0, len(keys), size):
        piece = keys[start : start + size]
        by_key = rows.in_bulk(piece)
        yield from (by_key[key] for key in piece if key in by_key)
