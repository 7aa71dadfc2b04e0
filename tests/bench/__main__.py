"""`make bench`: measure everything on a PostgreSQL database of its own, print a table, write bench.json."""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg2

PARTS = ["voting", "halls", "slow", "papers", "pages", "demo", "sheets", "start"]


def main(names: list[str]) -> None:
    """Run the named parts, or all."""
    values = os.environ["DATABASE_URL"]
    name = f"bench_partyreview_{os.getpid()}"
    folder = tempfile.mkdtemp()
    os.environ |= {
        "DATABASE_URL": urlunsplit(urlsplit(values)._replace(path=f"/{name}")),
        "DJANGO_SETTINGS_MODULE": "partyreview.settings",
        "SECRET_KEY": "for-the-bench-only",
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "off",
        "VAR_DIR": folder,
    }
    _execute(values, f'CREATE DATABASE "{name}"')
    try:
        _measure(names or PARTS)
    finally:
        _execute(values, f'DROP DATABASE "{name}" WITH (FORCE)')
        shutil.rmtree(folder)


def _measure(names: list[str]) -> None:
    django.setup()
    from importlib import import_module

    from django.core.management import call_command

    from ballots.secret import keys
    from tests.bench import report

    call_command("migrate", verbosity=0)
    results: dict[str, report.Result] = {}
    try:
        for name in names:
            print(f"… {name}", file=sys.stderr)
            results |= import_module(f"tests.bench.{name}").measure()
    finally:
        keys.remove_folder()
    print(report.table(results))
    report.write(results, Path("bench.json"))


def _execute(url: str, statement: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


if __name__ == "__main__":
    main(sys.argv[1:])
