"""`make bench ARGS=journey`: the year of an officer of a thousand cells in Chromium (journeys, 4.3)."""

import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connections
from playwright.sync_api import BrowserContext, Page

from ballots.demo import serving
from members.models import User
from tests.bench.report import Result
from tests.browser.desk import Desk
from tests.browser.hands import signed_in
from tests.browser.ward import HELD, NEW, PERIOD, Ward, walk
from tests.kit.chromium import running
from tests.kit.site import served

CELLS = 1000
# Seconds that the table gives each step of work that the machine does; a person's reading and typing is beside it.
BOUNDS = {"1": 180, "2": 240, "3": 60, "4": 10, "5": 20, "6": 30, "7": 30, "8": 30, "9": 10}
ZIP = 300


def measure() -> dict[str, Result]:
    """Walk it once beside a worker; each step with its seconds, beside those of the table."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # as tests/conftest.py has it
    connections.close_all()
    settings.CAST_DELAY_MAX = 0
    with (
        running() as browser,
        served() as site,
        serving.worker(dict(os.environ)),
        tempfile.TemporaryDirectory() as folder,
    ):
        ward = Ward(copied=CELLS - HELD - NEW)

        def laptop(user: User, **options: object) -> Page:
            page = signed_in(browser, site, user, 1366, **options)
            page.set_default_timeout(120_000)
            return page

        def phone(token: str) -> BrowserContext:
            context = browser.new_context(base_url=site, viewport={"width": 360, "height": 640})
            cookie = {"name": "may", "value": token, "url": site + "/hop/"}
            context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Strict"}])
            return context

        page = laptop(ward.officer, permissions=["clipboard-write"])
        desk = Desk(page, ward.committee, PERIOD)
        walk(desk, ward, laptop, phone, site, Path(folder))
    return {
        f"journey_{place:02}_{step.number}": Result(
            "s", step.seconds, BOUNDS.get(step.number, ZIP)
        )
        for place, step in enumerate(desk.steps, start=1)
    }
