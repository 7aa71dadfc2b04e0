"""Browsers of everybody who looks: the secretary, an officer above, the wall of the hall, and phones."""

from pathlib import Path
from typing import Any, NamedTuple, Protocol

from django.urls import reverse
from playwright.sync_api import Browser, CDPSession, Page

from cells.models import Meeting
from members.models import User
from tests.browser.hands import session_of, settled, visit
from tests.pictures.pages import Shot

TEXT = 16  # pixels, as browsers come
TALLEST = 12_000  # pixels of a picture


class Size(NamedTuple):
    """Of a screen, and how large its reader wants the text."""

    width: int
    height: int
    text: int = 100  # percent

    @property
    def name(self) -> str:
        return f"{self.width}" if self.text == 100 else f"{self.width}-{self.text}"


OFFICER, PROJECTOR, PHONE = "officer", "projector", "phone"
DESK, POCKET = "desk", "pocket"  # of officers above: their screens, and their phones
SIZES = {
    OFFICER: (Size(1366, 768), Size(1024, 768)),
    PROJECTOR: (Size(1366, 768), Size(1920, 1080)),
    PHONE: (Size(360, 740), Size(320, 568), Size(360, 740, 200)),
    DESK: (Size(1366, 768), Size(1024, 768), Size(1920, 1080)),
    POCKET: (Size(360, 740), Size(320, 568), Size(360, 740, 200)),
}
KINDS = {
    "secretary": OFFICER, "officer": OFFICER, "stranger": OFFICER, "projector": PROJECTOR,
    "above": DESK, "newcomer": DESK, "pocket": POCKET, "newcomer_pocket": POCKET, "witness": POCKET,
}  # fmt: skip
SIGNED_OUT = ("stranger", "nobody", "newcomer", "newcomer_pocket")


def kind_of(who: str) -> str:
    """Which screen this one looks at."""
    return KINDS.get(who, PHONE)


class Played(Protocol):
    """What is looked at: an evening, or a desk."""

    meeting: Meeting
    officer: User
    secretary: User

    @property
    def places(self) -> dict[str, object]:
        """What stands in the addresses."""

    def token_of(self, who: str) -> str:
        """The cookie of the phone of whom `who` names."""


class Camera:
    """One browser for each who looks; it stays open from step to step, as a phone does."""

    def __init__(self, browser: Browser, site: str, evening: Played, scale: float = 1) -> None:
        """`scale`: points of a picture for each of the page."""
        self.browser, self.site, self.evening, self.scale = browser, site, evening, scale
        self.open: dict[str, tuple[Page, CDPSession]] = {}

    def go(self, shot: Shot) -> Page:
        """The page of the shot, in the browser of who looks, with done what has to be done there first."""
        if shot.who not in self.open:
            self.open[shot.who] = self._new(shot.who)
        page, _ = self.open[shot.who]
        self.resize(shot.who, SIZES[kind_of(shot.who)][0])
        visit(page, self.address(shot))
        settled(page)
        if shot.first:
            shot.first(page)
        return page

    def address(self, shot: Shot) -> str:
        """Where the shot is taken."""
        if shot.route.startswith("/"):
            return self.site + shot.route.format(door_key=self.evening.meeting.door_key)
        places = self.evening.places
        arguments = [places.get(place, place) for place in shot.places.split()]
        return self.site + reverse(shot.route, args=arguments) + shot.end.format(**places)

    def resize(self, who: str, size: Size) -> None:
        """Give the browser of who looks this size."""
        page, session = self.open[who]
        page.set_viewport_size({"width": size.width, "height": size.height})
        fonts = {"standard": TEXT * size.text // 100, "fixed": 13 * size.text // 100}
        session.send("Page.setFontSizes", {"fontSizes": fonts})

    def _new(self, who: str) -> tuple[Page, CDPSession]:
        phone = {"has_touch": True, "is_mobile": True} if kind_of(who) in (PHONE, POCKET) else {}
        context = self.browser.new_context(
            base_url=self.site, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", reduced_motion="reduce",
            device_scale_factor=self.scale, **phone
        )  # fmt: skip
        context.add_cookies(self._cookies(who))
        page = context.new_page()
        return page, context.new_cdp_session(page)

    def take(self, shot: Shot, size: Size, path: Path) -> None:
        """The page as it shows, and (`-full`) as long as it is."""
        page, _ = self.open[shot.who]
        page.screenshot(path=path)
        height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
        page.set_viewport_size({"width": size.width, "height": max(size.height, height)})
        page.screenshot(path=path.with_stem(f"{path.stem}-full"))

    def _cookies(self, who: str) -> list[Any]:
        if who in SIGNED_OUT:
            return []
        if kind_of(who) != PHONE:
            above = who in ("officer", "above", "pocket")
            user = self.evening.officer if above else self.evening.secretary
            return [session_of(user, self.site)]
        return [{"name": "may", "value": self.evening.token_of(who), "url": f"{self.site}/hop/"}]

    def rest(self) -> None:
        """Between steps no phone asks for anything; officers sign in again, for days may pass."""
        for who, (page, _) in self.open.items():
            page.goto("about:blank")
            page.context.add_cookies(self._cookies(who))

    def close(self) -> None:
        """Close every browser."""
        for page, _ in self.open.values():
            page.context.close()
