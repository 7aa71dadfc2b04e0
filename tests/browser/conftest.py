"""Chromium, once for all browser tests, and phones in it: contexts as narrow as a hand."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.browser.hands import Hall, leave

# A condition is awaited, not timed: a loaded machine may take its time.
expect.set_options(timeout=30_000)

# The shell is the same engine without the windows of a desktop, for half the work.
CHROMIUM = (
    shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium"
)
# The last list counts for Chromium, so Playwright's own is repeated here before ours.
# fmt: off
UNWANTED = [
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "TcpPortRandomizationWin", "OptimizationHints",
    "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
    # What opens behind the address bar of every window, and a renderer in reserve: half of the work of a new page.
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "SpareRendererForSitePerProcess",
]
# fmt: on
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    f"--disable-features={','.join(UNWANTED)}",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The installed Chromium; nothing is downloaded."""
    # Playwright keeps an event loop in this thread; Django would take every query here for one from a coroutine.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # While that loop runs, Django gives this thread another connection than before and after it. The one from before
    # would stay open beside it: a forked process, which has no loop, would take that one over and die holding it.
    connections.close_all()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield running
        running.close()
        connections.close_all()


@pytest.fixture
def new_phone(browser: Browser, site: str) -> Iterator[Callable[..., BrowserContext]]:
    """Make phones: contexts with touch, 360 pixels wide unless said otherwise, that keep nothing of each other.

    `token` is the cookie of a trusted device; a phone's pages must raise no error and break no content policy.
    """
    phones, problems = [], []

    def make(token: str = "", width: int = 360, **options) -> BrowserContext:
        phone = browser.new_context(
            viewport={"width": width, "height": 640},
            has_touch=True,
            is_mobile=True,
            locale="vi-VN",
            base_url=site,
            **options,
        )
        phone.set_default_timeout(15_000)
        phone.on("weberror", lambda error: problems.append(str(error.error)))
        phone.on(
            "console",
            lambda message: "Content Security" in message.text and problems.append(message.text),
        )
        if token:
            cookie = {"name": "may", "value": token, "url": site + "/hop/"}
            phone.add_cookies([cookie | {"httpOnly": True, "sameSite": "Strict"}])
        phones.append(phone)
        return phone

    yield make
    for phone in phones:
        leave(phone)
    assert problems == []


@pytest.fixture
def hall(new_phone: Callable[..., BrowserContext], site: str) -> Hall:
    """A meeting of three, with the first member's phone in Chromium."""
    return Hall(new_phone, site)
