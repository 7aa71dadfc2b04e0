"""Make the one 0001_initial of each app anew, after a model has changed: until the first release there is no other.

Django adds constraints one by one, and rebuilds their table each time; here they stand in the table from the start.
"""

import os
import sys
from pathlib import Path

import django
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddConstraint, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.writer import MigrationWriter

ROOT = Path(__file__).resolve().parent.parent
# As they build on each other: asked for together, Django splits one.
APPS = ("cells", "members", "ballots")


def folded(operations: list[Operation]) -> list[Operation]:
    """The same without what adds a constraint or an index: its model has it from the start."""
    models = {each.name_lower: each for each in operations if isinstance(each, CreateModel)}
    rest: list[Operation] = []
    for each in operations:
        if isinstance(each, AddConstraint):
            options = models[each.model_name_lower].options
            options.setdefault("constraints", []).append(each.constraint)
        elif isinstance(each, AddIndex):
            options = models[each.model_name_lower].options
            options.setdefault("indexes", []).append(each.index)
        else:
            rest.append(each)
    return rest


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
