"""`python -m tests.upgrades`: an installation of this version as it is after two years, dumped into this folder.

On the database that DATABASE_URL names (it has to be empty), else on SQLite. Once for each release and database, with
the code of that release; a dump is never made anew. With it goes what that version showed of it.
"""

import gzip
import json
import os
import tempfile
from pathlib import Path

import django

FOLDER = Path(__file__).parent


def main() -> None:
    """Play the years, look at them, and write both."""
    with tempfile.TemporaryDirectory(prefix="partyreview-") as folder:
        os.environ |= {"VAR_DIR": folder, "HTTPS": "off", "ALLOWED_HOSTS": "localhost"}
        if "DATABASE_URL" in os.environ:
            os.environ["SECRET_KEY"] = "of this run alone"
        os.environ["DJANGO_SETTINGS_MODULE"] = "partyreview.settings"
        django.setup()
        from django.conf import settings
        from django.core.management import call_command
        from django.db import connection

        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        settings.KEY_DIR = Path(folder) / "keys"
        call_command("migrate", verbosity=0)
        from tests.upgrades import dumps, looking, years

        years.play()
        path = FOLDER / f"{settings.VERSION}.{connection.vendor}"
        shown = json.dumps(looking.shown(), ensure_ascii=False, indent=1, sort_keys=True)
        path.with_name(f"{path.name}.json").write_text(shown + "\n", encoding="utf-8")
        sql = gzip.compress(dumps.sql().encode(), 9, mtime=0)
        path.with_name(f"{path.name}.sql.gz").write_bytes(sql)


main()
