"""A migration only adds: beside a server of this version, one of the version before goes on with the new tables.

What the older code writes names its own columns alone, so that every other one may be empty or has a value of the
database's own; what it reads is still there, and nothing that it may store has become forbidden.
"""

from collections.abc import Collection

from django.apps.registry import Apps
from django.db import models, transaction
from django.db.migrations import operations as ops
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# Whatever they say, the older code stores and reads as before.
HARMLESS = (
    ops.CreateModel,
    ops.AddIndex,
    ops.RemoveIndex,
    ops.RenameIndex,
    ops.RemoveConstraint,
    ops.AlterModelOptions,
    ops.AlterModelManagers,
    ops.AlterModelTableComment,
)
# May differ between two forms of a field whose column stays as it is.
WORDS = {*models.Field.non_db_attrs, "default"} - {"db_column"}


def refused(migration: Migration, state: ProjectState, known: Collection[str]) -> list[str]:
    """What this migration does to tables of `state` that a server which has the `known` models could not bear."""
    result = []
    for operation in migration.operations:
        before = state.clone()
        operation.state_forwards(migration.app_label, state)
        model = _model_of(operation)
        concerns_it = not model or f"{migration.app_label}.{model}" in known
        if concerns_it and not _is_harmless(operation, migration.app_label, before, state):
            what = operation.migration_name_fragment or type(operation).__name__
            result.append(f"{migration.app_label}.{migration.name} {what}")
    return result


def go_on(models_of_then: Apps) -> None:
    """Read and write rows of each table as the older code does: with the columns that it knows, and no other."""
    for model in models_of_then.get_models():
        if model._meta.app_label not in ("cells", "members", "ballots"):
            continue
        with transaction.atomic():
            for row in model.objects.all()[:3]:
                model.objects.filter(pk=row.pk)._raw_delete(row._state.db)
                row.save(force_insert=True)
                row.save(force_update=True)
            transaction.set_rollback(True)


def _model_of(operation: Operation) -> str:
    """The model that it changes, in small letters; "" where it does not say which."""
    names = ("model_name_lower", "old_name_lower", "name_lower")
    return next((getattr(operation, name) for name in names if hasattr(operation, name)), "")


def _is_harmless(
    operation: Operation, app: str, before: ProjectState, after: ProjectState
) -> bool:
    if isinstance(operation, ops.AddField):
        return _may_be_left_out(operation.field)
    if isinstance(operation, ops.AlterField):
        former, later = (
            state.models[app, operation.model_name_lower].fields[operation.name]
            for state in (before, after)
        )
        return _holds_as_much(former, later)
    return isinstance(operation, HARMLESS)


def _may_be_left_out(field: models.Field) -> bool:
    """Whether a row can be written without it."""
    return field.many_to_many or field.null or field.has_db_default() or field.generated


def _holds_as_much(former: models.Field, later: models.Field) -> bool:
    """Whether the column takes all that it took: it may become empty or longer, and else stays as it is."""
    *_, former_words = former.deconstruct()
    *_, later_words = later.deconstruct()
    if type(former) is not type(later) or (former.null and not later.null):
        return False
    if (former.max_length or 0) > (later.max_length or 0) > 0:
        return False
    free = WORDS | {"null", "max_length", "db_index", "db_default"}
    if former.has_db_default() and not later.has_db_default():
        return False
    changed = {
        word
        for word in former_words.keys() | later_words.keys()
        if former_words.get(word) != later_words.get(word)
    }
    return changed <= free
