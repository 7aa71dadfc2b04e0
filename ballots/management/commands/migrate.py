"""Django's `migrate`, where a step and the row that says it was made are stored together, or neither."""

from django.core.management.commands import migrate
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState


class WholeSteps(MigrationExecutor):
    """Django itself writes the row after the step has been stored, wherever the step leaves indexes for its end.

    Killed, or with a full disk, in between, it would make the same tables again, and stop at that for ever.
    """

    def apply_migration(
        self,
        state: ProjectState,
        migration: Migration,
        fake: bool = False,
        fake_initial: bool = False,
    ) -> ProjectState:
        """Leave nothing for the end of the transaction, so that the row is written within it."""
        apply = migration.apply

        def whole(
            state: ProjectState,
            schema_editor: BaseDatabaseSchemaEditor,
            collect_sql: bool = False,
        ) -> ProjectState:
            state = apply(state, schema_editor, collect_sql)
            for statement in schema_editor.deferred_sql:
                schema_editor.execute(statement, None)
            schema_editor.deferred_sql.clear()
            return state

        migration.apply = whole  # type: ignore[assignment]
        return super().apply_migration(state, migration, fake, fake_initial)


migrate.MigrationExecutor = WholeSteps  # type: ignore[attr-defined]


class Command(migrate.Command):
    """`manage.py migrate`: whatever breaks it off, it is simply given again."""
