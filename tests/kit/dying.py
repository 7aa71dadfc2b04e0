"""A program that dies instead of a statement: power off, nothing of it may catch that."""

from collections.abc import Callable, Iterable

from django.db import connection
from django.db.models import Model


class Killed(BaseException):
    """Power off."""


def dying_at(last: int, act: Callable[[], object]) -> bool:
    """Act, and die instead of the `last`th statement; False when there are not so many."""
    count = 0

    def counted(execute, sql, params, many, context):
        nonlocal count
        count += 1
        if count == last:
            raise Killed
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(counted):
            act()
    except Killed:
        return True
    return False


def everything(tables: Iterable[type[Model]]) -> list[list[str]]:
    """All that the database says in these tables, in no order of its own."""
    return [sorted(map(_plain, table.objects.values_list())) for table in tables]


def _plain(row: tuple) -> str:
    return repr([bytes(value) if isinstance(value, memoryview) else value for value in row])
