"""A program that dies instead of a statement: power off, nothing of it may catch that."""

from collections.abc import Callable

from django.db import connection


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
