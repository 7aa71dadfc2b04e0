"""`make pictures`: hold the seed meeting on a database of this run alone, and take the pictures of README.md.

Another folder than docs/pictures may be named: CI takes them only to see that they can be taken.
"""

import os
import sys
import tempfile
from pathlib import Path

import django


def main(target: str = "docs/pictures") -> None:
    """Serve the site from a folder in its embedded mode, play, and write the pictures to `target`."""
    with tempfile.TemporaryDirectory(prefix="partyreview-") as folder:
        os.environ["DJANGO_SETTINGS_MODULE"] = "partyreview.settings"
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
        os.environ |= {"VAR_DIR": folder, "HTTPS": "off", "CAST_DELAY_MAX": "0"}
        for name in ("DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS"):
            os.environ.pop(name, None)
        django.setup()
        from tests.pictures import scenes

        scenes.take_all(Path(target))


main(*sys.argv[1:])
