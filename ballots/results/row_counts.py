"""How many rows tables hold, as the database knows it: just restored or filled, it plans as if they had none."""

from django.db import connection
from django.db.models import Model


def count_rows(*models: type[Model]) -> None:
    """Let the database learn it now, of these tables or of all, and not when it next looks by itself.

    Without it the files of 3,000 cells were added up in two minutes, with it in fifteen seconds; two fresh drafts of
    as many were compared in 78 seconds, with it in a fifth of one.
    """
    with connection.cursor() as cursor:
        if not models:
            cursor.execute("ANALYZE")
        for model in models:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
