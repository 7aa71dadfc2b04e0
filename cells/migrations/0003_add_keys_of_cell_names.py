"""What the names of cells are sorted and searched by, filled for the cells that are there."""

import re
import unicodedata

from django.apps.registry import Apps
from django.db import migrations, models

APOSTROPHES = re.compile(r"\s*['\u2019\u2018\u02bc\u0060\u00b4\u2032]\s*")
STROKES = str.maketrans("đĐƀɃ", "dDbB")


def plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFD", name)
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", letters.translate(STROKES)).lower()


def fill(apps: Apps, schema_editor: object) -> None:
    cells = list(apps.get_model("cells", "Cell").objects.only("name"))
    for cell in cells:
        padded = re.sub(r"\d+", lambda digits: digits[0].zfill(6), plain(cell.name))
        cell.name_sort = padded.encode().hex()[:400]
        cell.name_search = " ".join(plain(APOSTROPHES.sub("", cell.name)).split())
    apps.get_model("cells", "Cell").objects.bulk_update(cells, ["name_sort", "name_search"], batch_size=400)


class Migration(migrations.Migration):

    dependencies = [
        ('cells', '0002_add_history_of_places'),
    ]

    operations = [
        migrations.AddField(
            model_name='cell',
            name='name_sort',
            field=models.CharField(db_default='', default='', editable=False, max_length=400),
        ),
        migrations.AddField(
            model_name='cell',
            name='name_search',
            field=models.CharField(db_default='', default='', editable=False, max_length=400),
        ),
        migrations.AddIndex(
            model_name='cell',
            index=models.Index(fields=['committee', 'name_sort'], name='cells_by_name'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
