"""Phones in Chromium: contexts as narrow as a hand."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.hands import Hall, leave


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
