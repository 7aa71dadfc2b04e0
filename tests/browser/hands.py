"""What a member does with the voting page, and what a test may ask of it."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Route, expect

from ballots.models import Poll
from tests.factories import make_device
from tests.room import Room

SCRIPT = Path(__file__).parents[2] / "static" / "ballot" / "phieu.js"
# What buttons and screens say.
BEST, GOOD, FAIR = (
    "Hoàn thành xuất sắc nhiệm vụ",
    "Hoàn thành tốt nhiệm vụ",
    "Hoàn thành nhiệm vụ",
)
NONE = "Không có ý kiến"
UNSENT = "Mất mạng — phiếu của đồng chí chưa gửi. Đang thử lại…"
CAST, FOLDED, SENDING = "Đã bỏ phiếu kín.", "Phiếu đã gấp", "Đang gửi, xin giữ màn hình sáng"
KEPT = "Phiếu của đồng chí còn nguyên trong hòm"
REVIEW = "Xem lại phiếu"

PACE, REST = "const PACE = 3000;", "const REST = 300;"


def hurry(route: Route) -> None:
    """Answer with the page's own script, which asks thirty times as often and lets no finger rest."""
    script = SCRIPT.read_text()
    assert (script.count(PACE), script.count(REST)) == (1, 1)
    script = script.replace(PACE, "const PACE = 100;").replace(REST, "const REST = 0;")
    route.fulfill(content_type="text/javascript", body=script)


class Hand:
    """One page of the voting page, in a hurry unless told otherwise."""

    def __init__(self, phone: BrowserContext, address: str, hurried: bool = True) -> None:
        self.page: Page = phone.new_page()
        self.sent: list[str] = []
        self.page.on("request", lambda request: self.sent.append(request.url))
        if hurried:
            self.page.route("**/phieu/phieu.js", hurry)
        self.page.goto(address)

    def sees(self, heading: str) -> "Hand":
        """Wait for a screen."""
        found = self.page.get_by_role("heading", level=1, name=heading, exact=True)
        expect(found).to_be_visible(timeout=15_000)
        return self

    def hears(self, sentence: str) -> "Hand":
        """Wait for the sentence above the screen."""
        expect(self.page.locator("#status")).to_have_text(sentence, timeout=15_000)
        return self

    def press(self, name: str) -> "Hand":
        self.page.get_by_role("button", name=name, exact=True).click()
        return self

    def fill(self, *labels: str) -> "Hand":
        """One press per row."""
        for label in labels:
            number = self.page.locator("[data-is=number]")
            here = number.filter(has_text=re.compile(f"^{number.inner_text()}$"))
            self.press(label)
            expect(here).to_have_count(0)
        return self

    def fold(self) -> "Hand":
        """From the review page to the folded ballot."""
        return self.press("Bỏ phiếu").press("Xác nhận bỏ phiếu")

    def records(self) -> list[dict]:
        """What the phone has stored about ballots."""
        return self.page.evaluate(
            "Object.keys(localStorage).filter((name) => name.startsWith('phieu/'))"
            ".map((name) => Object.assign({name}, JSON.parse(localStorage[name])))"
        )

    def until(self, test: Callable[[list[dict]], bool]) -> "Hand":
        """Wait until the stored records satisfy `test`."""
        for _ in range(300):
            if test(self.records()):
                return self
            self.page.wait_for_timeout(50)
        raise AssertionError(self.records())

    def state(self) -> str:
        """The state of the phone's only record."""
        (record,) = self.records()
        return record["state"]

    def paths(self) -> set[str]:
        """The last parts of the addresses asked since `sent` was cleared."""
        return {url.rsplit("/", 1)[1] for url in self.sent}


class Hall:
    """A meeting of three on its members' levels, and the page of the first one, whose phone is in Chromium."""

    def __init__(self, new_phone, site: str, hurried: bool = True) -> None:
        self.room = Room(3)
        self.room.poll = Poll.objects.get(meeting=self.room.meeting, number=2)
        self.address = f"{site}/phieu/#{self.room.meeting.door_key}"
        self.phone = new_phone(make_device(self.room.members[0]))
        if not hurried:
            self.phone.clock.install()
        self.hand = Hand(self.phone, self.address, hurried)

    def open(self) -> Hand:
        """Issuing is open, the first subject is on the screen, and the other two phones have their stamps."""
        self.room.open().stamp(*self.room.members[1:])
        return self.hand.sees(self.room.members[0].name)

    def others_cast(self) -> None:
        self.room.cast(1, 2)
