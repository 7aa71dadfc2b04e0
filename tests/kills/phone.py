"""A phone that dies: its whole browser is killed at once, and another one wakes on what the disk has."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import BrowserContext, BrowserType, Error, Route, expect

from tests.browser.hands import BEST, CAST, FOLDED, GOOD, KEPT, REVIEW, Hand, hurry
from tests.kills.worker import STATES
from tests.kit import verbs
from tests.kit.chromium import ARGS, CHROMIUM
from tests.kit.factories import make_device
from tests.kit.room import Room

VOID, OFFER = "Lượt bỏ phiếu đã huỷ", "Dùng lại lựa chọn của lượt trước?"
ISSUE, DOOR = "**/hop/phat-phieu", "**/hom/bo-phieu"
FAIR = 3  # what the other members choose, as bytes


class MortalPhone:
    """The first member's phone. Its cookie stands for a check-in of some minutes ago."""

    def __init__(self, kind: BrowserType, profile: Path, site: str, room: Room) -> None:
        self.kind, self.profile, self.site = kind, profile, site
        self.address = f"{site}/phieu/#{room.meeting.door_key}"
        self.token = make_device(room.members[0])
        self.context: BrowserContext | None = None

    def wake(self) -> Hand:
        self.context = self.kind.launch_persistent_context(
            self.profile,
            executable_path=CHROMIUM,
            args=ARGS,
            viewport={"width": 360, "height": 640},
            is_mobile=True,
            has_touch=True,
        )
        cookie = {"name": "may", "value": self.token, "url": self.site + "/hop/"}
        self.context.add_cookies([cookie | {"httpOnly": True, "sameSite": "Strict"}])
        hurry(self.context)
        return Hand(self.context, self.address, hurried=False)

    def kill(self) -> None:
        """SIGKILL to every process of the browser in one call: nobody is left to write anything."""
        assert self.context
        group = os.getpgid(self._first_process())
        assert group != os.getpgrp()
        with self.context.expect_event("close"):
            os.killpg(group, signal.SIGKILL)

    def _first_process(self) -> int:
        for folder in Path("/proc").iterdir():
            with suppress(OSError):
                words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
                ours = f"--user-data-dir={self.profile}" in words
                if ours and not any(word.startswith("--type=") for word in words):
                    return int(folder.name)
        raise AssertionError("no such browser")

    def close(self) -> None:
        with suppress(Error):
            assert self.context
            self.context.close()


class Evening:
    """A member's ballot through every state: marked BEST once, GOOD twice, void, cast in the repeat, checked."""

    def __init__(self, phone: MortalPhone, room: Room) -> None:
        self.phone, self.room = phone, room
        self.died: list[str] = []
        self.withheld: list[Route] = []
        self.hand = phone.wake()
        self.first, self.second = (member.name for member in room.members[:2])

    def live(self, dying: set[str], delay: float) -> None:
        """Lead the ballot through its states; after each of the `dying` the phone dies `delay` seconds later."""
        for state in STATES:
            dies = state in dying
            screen = getattr(self, f"_{state.lower()}")(dies)
            if dies:
                self.hand.page.wait_for_timeout(1000 * delay)
                self.phone.kill()
                self.died.append(state)
                self._forget_withheld()
                self.hand = self.phone.wake()
            self.hand.sees(screen)
        # The other two chose otherwise, row by row.
        assert [row[:3] for row in self.room.recount()] == [[1, 0, 2], [0, 1, 2], [0, 1, 2]]

    def _keyed(self, dies: bool) -> str:
        self._withhold(ISSUE, dies, lambda: self.room.open().stamp(*self.room.members[1:]))
        return self.first

    def _stamped(self, dies: bool) -> str:
        self.hand.sees(self.first)
        return self.first

    def _marking(self, dies: bool) -> str:
        self.hand.press(BEST).sees(self.second)
        return self.second

    def _void(self, dies: bool) -> str:
        self.hand.fill(GOOD, GOOD).sees(REVIEW)
        verbs.void(self.room.secretary, self.room.poll, "Mất điện")
        self.hand.sees(VOID)
        return VOID

    def _folded(self, dies: bool) -> str:
        room, old = self.room, self.room.poll
        plan = (room.secretary, room.meeting, "Bỏ phiếu lại", room.members, old.levels)
        room.poll = verbs.plan_poll(*plan)
        room.open().stamp(*room.members[1:])
        self.hand.sees(OFFER).press("Dùng lại, rồi xem lại").sees(REVIEW).fold().sees(FOLDED)
        return FOLDED

    def _sent(self, dies: bool) -> str:
        self._withhold(DOOR, dies, lambda: self.room.box(short_ok=True))
        return CAST

    def _in_box(self, dies: bool) -> str:
        self.hand.sees(CAST)
        return CAST

    def _checked(self, dies: bool) -> str:
        self.room.cast(FAIR, FAIR).seal()
        self.hand.sees(KEPT)
        return KEPT

    def _forget_withheld(self) -> None:
        for route in self.withheld:
            with suppress(Error):
                route.abort()
        self.withheld.clear()

    def _withhold(self, path: str, dies: bool, begin) -> None:
        """The server does what it is asked; its answer does not come before the phone dies."""
        answered: list[int] = []

        def fetch(route: Route) -> None:
            answered.append(route.fetch().status)
            self.withheld.append(route)

        if dies:
            self.hand.page.route(path, fetch)
        begin()
        for _ in range(1200):
            if answered or not dies:
                break
            self.hand.page.wait_for_timeout(25)
        assert answered == [200] * len(answered) == ([200] if dies else [])

    def shown(self) -> tuple[str, bool]:
        """The heading of the moment, and whether it is a red alarm."""
        heading = self.hand.page.locator("main h1")
        expect(heading).to_be_attached()
        return heading.inner_text(), self.hand.page.locator("main .bad").count() > 0

    def sealed_as_it_is(self) -> tuple[str, bool]:
        """What a phone that lost its way says once the others have cast and the box is closed."""
        room = self.room
        with suppress(Exception):
            room.box(short_ok=True)
        with suppress(Exception):
            room.cast(FAIR, FAIR)
        with suppress(Exception):
            room.seal(short_ok=True)
        self.hand.page.wait_for_timeout(1000)
        return self.shown()
