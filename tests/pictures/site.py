"""A site of one run alone: its folder, its server, and the browser of the tests."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import django
from playwright.sync_api import Browser, sync_playwright

NAME = "kiemdiem.localhost"  # what Chromium trusts as this very machine


@contextmanager
def embedded() -> Iterator[None]:
    """Django on an empty database in a folder that goes with the block."""
    with tempfile.TemporaryDirectory(prefix="partyreview-") as folder:
        os.environ["DJANGO_SETTINGS_MODULE"] = "partyreview.settings"
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
        os.environ |= {"VAR_DIR": folder, "HTTPS": "off", "CAST_DELAY_MAX": "0"}
        os.environ["ALLOWED_HOSTS"] = f"{NAME},localhost,127.0.0.1"
        for name in ("DATABASE_URL", "SECRET_KEY"):
            os.environ.pop(name, None)
        django.setup()
        from ballots.secret import keys

        try:
            yield
        finally:
            keys.remove_folder()


@contextmanager
def served(application: str) -> Iterator[tuple[str, Browser]]:
    """The site's address, as a hall would read it, and a browser that knows the way there."""
    from django.core.management import call_command

    from ballots.demo import serving
    from tests.kit.chromium import ARGS, CHROMIUM

    call_command("migrate", verbosity=0)
    port = serving.free_port()
    way = f"--host-resolver-rules=MAP {NAME}:80 127.0.0.1:{port}"
    with (
        serving.running(f"http://127.0.0.1:{port}", os.environ, application),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGS, way])
        yield f"http://{NAME}", browser
        browser.close()
