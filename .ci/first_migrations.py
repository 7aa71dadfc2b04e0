"""Make the one 0001_initial of each app anew, after a model has changed: until the first release there is no other.

Django adds constraints one by one, and rebuilds their table each time; here they stand in the table from the start.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.writer import MigrationWriter

ROOT = Path(__file__).resolve().parent.parent
# As they build on each other: asked for together, Django splits one.
APPS = ("cells", "members", "ballots")


def folded(operations: list[Operation]) -> list[Operation]:
    """The same without what adds a constraint, an index or a field: its model has it from the start."""
    models = {each.name_lower: each for each in operations if isinstance(each, CreateModel)}
    rest: list[Operation] = []
    for each in operations:
        if isinstance(each, AddConstraint):
            options = models[each.model_name_lower].options
            options.setdefault("constraints", []).append(each.constraint)
        elif isinstance(each, AddIndex):
            options = models[each.model_name_lower].options
            options.setdefault("indexes", []).append(each.index)
        elif isinstance(each, AddField):
            models[each.model_name_lower].fields.append((each.name, each.field))
        else:
            rest.append(each)
    return list(after_their_targets(rest))


def after_their_targets(operations: list[Operation]) -> Iterator[Operation]:
    """Each model after those it points to, else in the order given; all else is left where it stands."""
    waiting = list(operations)
    while waiting:
        names = {each.name_lower for each in waiting if isinstance(each, CreateModel)}
        ready = next(each for each in waiting if not targets(each) & names)
        waiting.remove(ready)
        yield ready


def targets(operation: Operation) -> set[str]:
    """The models of the same migration that a model points to, itself left out."""
    if not isinstance(operation, CreateModel):
        return set()
    related = [field.remote_field for _, field in operation.fields if field.remote_field]
    names = {str(each.model).rpartition(".")[2].lower() for each in related}
    return names - {operation.name_lower}


def main() -> None:
    """Remove all three, make them, and fold each."""
    paths = {app: ROOT / app / "migrations" / "0001_initial.py" for app in APPS}
    for path in paths.values():
        path.unlink(missing_ok=True)
    for app in APPS:
        call_command("makemigrations", app, verbosity=0)
    for app, path in paths.items():
        made = MigrationLoader(None).get_migration(app, "0001_initial")
        made.operations = folded(made.operations)
        path.write_text(MigrationWriter(made).as_string(), encoding="utf-8")


sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "partyreview.settings"
django.setup()
main()
