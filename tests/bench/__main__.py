"""`make bench`: measure everything on a PostgreSQL database of its own, print a table, write bench.json."""

import os
import sys
import tempfile
from pathlib import Path

import django

from tests.bench.own_database import own_database

PARTS = [
    "voting",
    "halls",
    "slow",
    "papers",
    "pages",
    "demo",
    "sheets",
    "imports",
    "committee",
    "invitations",
    "quota",
    "start",
]


def main(names: list[str]) -> None:
    """Run the named parts, or all."""
    with (
        own_database(os.environ["DATABASE_URL"], "bench") as url,
        tempfile.TemporaryDirectory() as folder,
    ):
        os.environ |= {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "partyreview.settings",
            "SECRET_KEY": "for-the-bench-only",
            "ALLOWED_HOSTS": "127.0.0.1",
            "HTTPS": "off",
            "VAR_DIR": folder,
        }
        _measure(names or PARTS)


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
    finally:  # what was measured is told, whatever befell a later part
        keys.remove_folder()
        print(report.table(results))
        report.write(results, Path("bench.json"))


if __name__ == "__main__":
    main(sys.argv[1:])
