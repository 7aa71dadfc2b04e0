"""What was decided before approval was noted: it counts as approved, by who recorded the decision and when."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.models import Exists, OuterRef, Subquery


def fill(apps: Apps, schema_editor: object) -> None:
    sendings = apps.get_model("ballots", "Submission").objects
    decisions = apps.get_model("ballots", "Decision").objects
    first = decisions.filter(meeting=OuterRef("meeting")).order_by("number")
    later = sendings.filter(meeting=OuterRef("meeting"), number__gt=OuterRef("number"))
    decided = sendings.filter(Exists(first), ~Exists(later), returned_at=None, approved_at=None)
    keys = list(decided.values_list("pk", flat=True))
    for start in range(0, len(keys), 500):
        sendings.filter(pk__in=keys[start : start + 500]).update(
            approved_by=Subquery(first.values("by")[:1]), approved_at=Subquery(first.values("at")[:1])
        )


class Migration(migrations.Migration):

    dependencies = [
        ('ballots', '0003_add_approval'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
