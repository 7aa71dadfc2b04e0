"""What a member does with the voting page, and what a test may ask of it."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect

from members.models import User
from tests.kit import clients
from tests.kit.factories import make_device
from tests.kit.polls import poll_of
from tests.kit.room import Room

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

# The pages carry their pace in the attributes of their body; this changes it before any script reads it.
AT_PACE = """new MutationObserver((_, observer) => {
  if (!document.body) return;
  observer.disconnect();
  if (document.body.dataset.pace) Object.assign(document.body.dataset, { pace: "%d", rest: "0" });
}).observe(document, { childList: true, subtree: true });"""


def hurry(place: BrowserContext | Page, milliseconds: int = 250) -> None:
    """From now on its pages ask that often, and let no finger rest."""
    place.add_init_script(AT_PACE % milliseconds)


# Not innerWidth: a phone's window grows with what is too wide for its screen. Once loaded: a page
# that a busy machine shows before its style sheet has come is as wide as its longest line.
FITS = """new Promise((answer) => {
  const { documentElement } = document;
  const measure = () => answer(documentElement.scrollWidth <= documentElement.clientWidth);
  if (document.readyState === "complete") measure();
  else addEventListener("load", measure);
})"""
# Trusted clicks only, and what is typed is no tap.
# On the document: a press that meets another element than the one seen is taken back at the window, and made again.
COUNTER = """document.addEventListener("click", (event) => {
  if (event.isTrusted && !event.target.closest("input[type=text], input[type=time], textarea"))
    console.debug("tap");
}, true)"""


def session_of(user: User, site: str) -> dict[str, str]:
    """The cookie of this officer's browser, signed in."""
    name = settings.SESSION_COOKIE_NAME
    value = clients.browser(user).cookies[name].value
    return {"name": name, "value": value, "url": f"{site}/hop/"}


def signed_in(browser: Browser, site: str, user: User, width: int, **options: Any) -> Page:
    """A page of this officer's browser, as wide as said."""
    viewport = {"width": width, "height": 768}
    context = browser.new_context(base_url=site, viewport=viewport, **options)
    context.add_cookies([session_of(user, site)])
    return context.new_page()


def leave(context: BrowserContext) -> None:
    """Close it; what a route of the test was just answering is let go, and fails nobody's test."""
    for page in context.pages:
        page.unroute_all(behavior="ignoreErrors")
    context.unroute_all(behavior="ignoreErrors")
    context.close()


def visit(page: Page, address: str) -> None:
    """Go there; a page that just then follows a new phase by itself may get in the way once."""
    try:
        page.goto(address)
    except Error:
        page.goto(address)


def settled(page: Page) -> Page:
    """Wait until the page is whole and replaces no part of itself: what is seen then is what a press meets."""
    page.wait_for_load_state()
    changing = ".htmx-request, .htmx-swapping, .htmx-settling"
    expect(page.locator(f"html:not(:has({changing}))")).to_be_attached()
    return page


def turn_to(page: Page) -> Page:
    """Bring a tab before the others of its window, as who uses it does: those behind are drawn once in two seconds."""
    page.bring_to_front()
    return page


# As JSON: a field without a value is none.
RECORDS = """async () => {
  const { readAll } = await import('/phieu/store.js');
  const kept = Object.entries(await readAll()).filter(([name]) => name.startsWith('phieu/'));
  return JSON.parse(JSON.stringify(kept.map(([name, record]) => Object.assign({ name }, record))));
}"""


class Taps:
    """Counts the taps on a page, through all the pages it leads to."""

    def __init__(self, page: Page) -> None:
        self.page, self.taken = page, 0
        page.add_init_script(COUNTER)
        # Not the page's own storage: what is written there just before a page is left may come late.
        page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        self.taken += message.text == "tap"

    def start(self) -> int:
        """Count from here on; how many there were since the last start."""
        former, self.taken = self.taken, 0
        return former

    def within(self, most: int, sees: str) -> None:
        """The page now shows this, and no more taps than that led here since the last look."""
        expect(self.page.get_by_text(sees).filter(visible=True).first).to_be_visible()
        taps = self.start()
        assert taps <= most, f"{sees}: {taps} taps, not {most}"


def type_code(page: Page, code: str) -> None:
    """The six digits, key by key; the page goes on after the last."""
    page.get_by_label("Sáu số trên màn chiếu").press_sequentially(code)


def find_name(page: Page, name: str) -> None:
    """By the last two words, without waiting for a list that is nowhere."""
    page.get_by_label("Họ và tên của đồng chí").fill(" ".join(name.split()[-2:]))
    page.get_by_role("button", name="Tìm", exact=True).click()


class Hand:
    """One page of the voting page, in a hurry unless told otherwise."""

    def __init__(self, phone: BrowserContext, address: str, hurried: bool = True) -> None:
        self.page: Page = phone.new_page()
        self.sent: list[str] = []
        self.page.on("request", lambda request: self.sent.append(request.url))
        if hurried:
            hurry(self.page)
        self.page.goto(address)

    def sees(self, heading: str) -> "Hand":
        """Wait for a screen."""
        place = self.page.get_by_role("heading", level=1, name=heading, exact=True)
        expect(place).to_be_visible(timeout=15_000)
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
        return self.page.evaluate(RECORDS)

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
        self.room.poll = poll_of(self.room.meeting, 2)
        self.address = f"{site}/phieu/#{self.room.meeting.door_key}"
        self.phone = new_phone(make_device(self.room.members[0]))
        if not hurried:
            self.phone.clock.install()
        self.hand = Hand(self.phone, self.address, hurried)

    def open(self) -> Hand:
        """Issuing is open, the first subject is on the screen, and the other two phones have their stamps."""
        self.room.open().stamp(*self.room.members[1:])
        return self.hand.sees(self.room.members[0].name)

    def box(self) -> None:
        """The box is opened once the server has heard that this phone holds its ballot."""
        self.hand.until(lambda records: "acked" in records[0])
        self.room.box()

    def others_cast(self) -> None:
        self.room.cast(1, 2)


def answer_if_asked(page: Page, name: str, done: str) -> None:
    """Press the button of the question, should there be one; the page says the one or the other."""
    again = page.get_by_role("button", name=name)
    expect(again.or_(page.get_by_text(done)).filter(visible=True).first).to_be_visible()
    if again.count():
        settled(page)
        again.click()


def do(page: Page, verb: str) -> None:
    """Press the button of the page's form for this verb: its own, or the one in the bar."""
    form = page.locator(f"form[data-do={verb}]").first
    inside = form.locator("button[type=submit]")
    (inside.first if inside.count() else page.locator("[data-save]")).click()


class Voter:
    """A member's phone: joins by the six digits, votes when the ballot opens by itself."""

    def __init__(self, phone: BrowserContext, name: str) -> None:
        self.phone, self.name = phone, name
        # Eight phones in one browser: at the pace of one alone they would starve each other.
        hurry(phone, 500)
        self.page = phone.new_page()

    def join(self, code: str) -> str:
        """Type and pick the own name; the two digits that the phone shows."""
        self.page.goto(f"/{code}")
        self.page.get_by_label("Họ và tên của đồng chí").fill(self.name)
        self.page.get_by_role("button", name="Tìm", exact=True).click()
        self.page.get_by_role("button", name=self.name, exact=True).click()
        number = self.page.locator("[data-wait]")
        expect(number).to_be_visible()
        return number.inner_text()

    def sees(self, heading: str | re.Pattern) -> None:
        turn_to(self.page)
        place = self.page.get_by_role("heading", level=1, name=heading)
        expect(place).to_be_visible(timeout=30_000)

    def fill(self, levels: list[str], start: int = 0) -> None:
        """One press per row, each followed by the next row or the review page."""
        turn_to(self.page)
        for row, label in enumerate(levels, start=start + 1):
            number = self.page.locator("[data-is=number]")
            expect(number).to_have_text(str(row), timeout=30_000)
            self.page.get_by_role("button", name=label, exact=True).click()

    def fold(self) -> None:
        self.sees(REVIEW)
        self.page.get_by_role("button", name="Bỏ phiếu", exact=True).click()
        self.page.get_by_role("button", name="Xác nhận bỏ phiếu", exact=True).click()
        self.sees(FOLDED)
