"""What a set-up writes, written once in a process: the next test that asks for it gets the same rows laid back."""

import functools
from collections.abc import Callable
from typing import Any

from django.db import connection, models, transaction

from ballots.secret import keys
from tests.kit.processes import lay_key

# Django's own, filled by `migrate` and there in every test.
OURS = ("cells_", "members_", "ballots_")
ELSE = ("django_session", "django_admin_log")
State = tuple[dict[str, tuple[list[str], list[tuple]]], dict[str, bytes], Any]
_states: dict[tuple, State] = {}


def made_once(make: Callable) -> Callable:
    """Run this set-up through the verbs once; where it is asked for again in an empty database, lay its rows back.

    The set-up gives a model's row, or a tuple of them, and is told apart by its arguments; one that is given rows of
    the test's own, or comes when others have already written something, is run as it stands. What the rows say is
    what the verbs wrote, keys of open polls included; times are those of the first run.
    """

    @functools.wraps(make)
    def made(*args: Any, **values: Any) -> Any:
        key = (make.__module__, make.__qualname__, args, tuple(sorted(values.items())))
        if _has_rows(key) or not _is_empty():
            return make(*args, **values)
        if key not in _states:
            _states[key] = _take(make(*args, **values))
        else:
            _lay_back(*_states[key][:2])
        return _fresh(_states[key][2])

    return made


def _has_rows(value: Any) -> bool:
    if isinstance(value, tuple):
        return any(map(_has_rows, value))
    return not isinstance(value, str | int | None)


@functools.cache
def _tables() -> list[str]:
    names = connection.introspection.table_names()
    return sorted(name for name in names if name.startswith((*OURS, *ELSE)))


def _is_empty() -> bool:
    rows_there = " OR ".join(f'EXISTS (SELECT 1 FROM "{name}")' for name in _tables())  # noqa: S608 - our own tables
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT CASE WHEN {rows_there} THEN 1 ELSE 0 END")
        return not cursor.fetchone()[0] and not _keys()


def _keys() -> dict[str, bytes]:
    return {f"{p}.{kind}": keys.read(p, kind) for p, kind in keys.kept()}


def _take(result: Any) -> State:
    rows = {}
    with connection.cursor() as cursor:
        for name in _tables():
            cursor.execute(f'SELECT * FROM "{name}"')  # noqa: S608
            if written := cursor.fetchall():
                rows[name] = [column[0] for column in cursor.description], written
    return rows, _keys(), _reference(result)


def _lay_back(rows: dict[str, tuple[list[str], list[tuple]]], kept: dict[str, bytes]) -> None:
    # Foreign keys are looked at when the transaction ends, so any order of tables will do.
    with transaction.atomic(), connection.cursor() as cursor:
        for name, (columns, written) in rows.items():
            named = ", ".join(f'"{column}"' for column in columns)
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{name}" ({named}) VALUES ({marks})', written)  # noqa: S608
    for name, secret in kept.items():
        lay_key(*name.split("."), secret)


def _reference(result: Any) -> Any:
    if isinstance(result, models.Model):
        return type(result), result.pk
    return [_reference(item) for item in result]


def _fresh(reference: Any) -> Any:
    if isinstance(reference, tuple):
        model, pk = reference
        return model._base_manager.get(pk=pk)
    return tuple(_fresh(item) for item in reference)
