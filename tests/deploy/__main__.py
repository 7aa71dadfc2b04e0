"""A newcomer's walk against an installation that runs and is empty: `python -m tests.deploy URL CODE`."""

import os
import sys
import time

import django


def main(url: str, code: str) -> None:
    """Walk, and say how long it took."""
    from tests.deploy import walk
    from tests.kit import chromium

    since = time.monotonic()
    with chromium.running() as browser, walk.windows(browser, url) as window:
        assert walk.holds(walk.walk(window, url, code))
    sys.stdout.write(f"{time.monotonic() - since:.0f} s\n")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partyreview.settings")
    django.setup()
    main(*sys.argv[1:])
