"""Files that arrive at a committee: a few meetings that were held, and what they left copied into other cells."""

from collections.abc import Mapping, Sequence

from django.db import connection, models

from ballots.demo import province
from ballots.demo.province import Keys
from ballots.models import Submission
from ballots.results import recording
from cells.models import Cell
from members.models import SelfReview

LOT = 50  # cells at once
# What makes a file clean, beside what the demonstration copies.
KEPT: Mapping[type[models.Model], str] = {SelfReview: "cell"}


def copy_cell(source: Cell, targets: Sequence[Cell]) -> None:
    """Give these empty cells the people, the meeting, the papers and the file of the source."""
    sending = Submission.objects.get(meeting__cell=source)
    for at in range(0, len(targets), LOT):
        keys: list[Keys] = [{Cell: {source.pk: cell.pk}} for cell in targets[at : at + LOT]]
        for model, way in {**province.COPIED, **KEPT}.items():
            rows = list(model._default_manager.filter(**{way: source}).order_by("pk"))
            province.copy_rows(rows, keys)
        sent = [province.submission_of("sent", sending, own) for own in keys]
        Submission.objects.bulk_create(sent)
    recording.fill()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as the server does by itself after a while
