"""Every screen of the voting page on narrow phones and with enlarged text: it fits, reads well, and can be hit."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.hands import (
    BEST,
    CAST,
    FOLDED,
    GOOD,
    KEPT,
    NONE,
    REVIEW,
    SENDING,
    UNSENT,
    Hand,
    leave,
)
from tests.browser.stand_in import ADDRESS, StandIn

pytestmark = pytest.mark.browser

ROWS = ["Nguyễn Phước Quý Hoàng Thị Thuỳ Dương (1975)", "Lê Văn An", "Chi bộ Khu phố 7"]
# Pixels wide, and the reader's own text size against the browser's.
LAYOUTS = [(320, 1), (360, 1), (390, 1), (320, 2), (390, 2)]
MEASURE = """(size) => {
  document.documentElement.style.fontSize = size;
  const seen = (element) => element.offsetParent !== null;
  const name = (element) => element.tagName + ' ' + element.textContent.trim().slice(0, 40);
  const targets = [...document.querySelectorAll('button, a, summary, input')].filter(seen);
  const texts = [...document.querySelectorAll('body *')].filter((element) => seen(element)
    && [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()));
  return {
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    low: targets.filter((element) => element.getBoundingClientRect().height < 48).map(name),
    small: texts.filter((element) => parseFloat(getComputedStyle(element).fontSize) < 18).map(name),
    focused: document.activeElement.tagName,
  };
}"""
SOUND = {"wide": 0, "low": [], "small": [], "focused": "H1"}


@pytest.fixture
def make(browser):
    """Make a stand-in door and a hand before it."""
    phones = []

    def made(suffix: str = "", **door) -> tuple[StandIn, Hand]:
        phones.append(browser.new_context(has_touch=True))
        stand_in = StandIn(phones[-1], ROWS, **door)
        return stand_in, Hand(phones[-1], ADDRESS + suffix)

    yield made
    for phone in phones:
        leave(phone)


def fits(hand: Hand, heading: str) -> Hand:
    """This screen appears, fits every phone and passes axe; its heading has the reader's attention."""
    hand.sees(heading)
    expect(hand.page.locator("main button:disabled")).to_have_count(0)
    for width, text in LAYOUTS:
        hand.page.set_viewport_size({"width": width, "height": 640})
        result = hand.page.evaluate(MEASURE, f"{112.5 * text}%")
        assert (heading, width, text, result) == (heading, width, text, SOUND)
    problems = Axe().run(hand.page).response["violations"]
    assert (heading, [each["help"] for each in problems]) == (heading, [])
    return hand


def test_a_ballot_from_the_first_screen_to_the_last(make):
    door, hand = make()
    fits(hand, "Chưa có lượt bỏ phiếu")
    door.refusal, door.state = "Lượt này đồng chí bỏ phiếu bằng phiếu giấy.", "issuing"
    fits(hand, "Máy này chưa nhận được phiếu")
    door.refusal = ""
    fits(hand, ROWS[0])
    hand.fill(GOOD)
    fits(hand, ROWS[1]).press("Trở lại mục trước")
    fits(hand, ROWS[0]).press("Giữ nguyên, xem tiếp")
    hand.fill(NONE, BEST)
    fits(hand, REVIEW).press("Bỏ phiếu")
    fits(hand, "Bỏ phiếu này?").press("Xác nhận bỏ phiếu")
    fits(hand, FOLDED)
    door.down = True
    fits(hand.hears(UNSENT), FOLDED)
    door.down, door.state = False, "casting"
    fits(hand, CAST)
    hand.page.locator("summary").click()
    hand.page.locator("h1").focus()
    fits(hand, CAST)
    door.state = "sealed"
    fits(hand, KEPT)
    expect(hand.page).to_have_title(f"✔ {KEPT}")


def test_the_screens_of_trouble(make):
    door, hand = make(levels="HTXS")
    door.state = "issuing"
    fits(hand, ROWS[0]).fill("Đồng ý", "Không đồng ý", "Đồng ý").sees(REVIEW)
    door.state = "void"
    fits(hand, "Lượt bỏ phiếu đã huỷ")
    door.poll(2)
    door.state = "issuing"
    fits(hand, "Dùng lại lựa chọn của lượt trước?").press("Dùng lại, rồi xem lại")
    hand.sees(REVIEW).fold().sees(FOLDED)
    hand.page.route("**/bo-phieu", lambda route: route.abort())
    door.state = "casting"
    fits(hand.hears(UNSENT), SENDING)
    door.state = "sealed"
    fits(hand, "Phiếu của đồng chí chưa vào hòm")
    door.poll(3)
    door.state, door.issued = "issuing", 24
    hand.sees(ROWS[0])
    door.state = "sealed"
    fits(hand, "Đồng chí chưa bỏ phiếu mà hòm đã đủ phiếu")
    door.poll(4)
    door.state, door.sealed = "sealed", "00" * 32
    fits(hand, "Danh sách phiếu không khớp mã niêm phong")


def test_the_screens_of_red_alarm(make):
    door, hand = make()
    door.state = "issuing"
    hand.sees(ROWS[0]).fill(NONE, NONE, NONE).sees(REVIEW).press("Bỏ phiếu")
    fits(hand, "Bỏ phiếu này?").press("Xác nhận bỏ phiếu").sees(FOLDED)
    door.state = "casting"
    hand.sees(CAST)
    hashes, door.hashes = door.hashes, door.hashes[:-1]
    door.state = "sealed"
    fits(hand, "Trong hòm không có phiếu của đồng chí")
    door.poll(5)
    door.state = "casting"
    fits(hand, "Đã phát phiếu xong")
    door.state, door.hashes = "sealed", hashes
    fits(hand, "Hòm phiếu đã niêm phong")
    door.poll(6)
    door.state = "issuing"
    hand.sees(ROWS[0])
    door.rows = ROWS[:1]
    door.poll(6)
    fits(hand, "Dừng lại: mã lượt đã bị đổi")
    Hand(hand.page.context, ADDRESS).sees("Dừng lại: mã lượt đã bị đổi")
    fits(hand, "Phiếu đang mở ở một thẻ khác")


def test_the_screens_of_the_shared_tablet(make):
    door, hand = make(".may-chung")
    door.state = "issuing"
    fits(hand, "Máy dùng chung").press("Mở phiếu")
    expect(hand.page.get_by_role("alert")).to_be_visible()
    hand.page.get_by_label("Mã trên phiếu bốc thăm").fill("b" * 18)
    hand.press("Mở phiếu")
    fits(hand, ROWS[0]).fill(GOOD, GOOD, GOOD).sees(REVIEW).fold()
    fits(hand, FOLDED).press("Đồng chí tiếp theo")
    fits(hand, "Máy dùng chung")
    door.state = "casting"
    expect(hand.page.get_by_text("Đã vào hòm: 1.")).to_be_visible(timeout=15_000)
    door.state = "sealed"
    fits(hand, "Các phiếu bỏ trên máy này còn nguyên trong hòm")
    expect(hand.page).to_have_title("✔ Các phiếu bỏ trên máy này còn nguyên trong hòm")


@pytest.mark.parametrize(
    ("spoil", "heading"),
    [
        ("delete Object.getPrototypeOf(crypto).subtle", "Kết nối chưa an toàn"),
        ("delete window.BigInt", "Trình duyệt này quá cũ"),
        ("indexedDB.open = () => { throw new Error(); }", "Trình duyệt này không giữ được phiếu"),
    ],
)
def test_the_screens_of_a_browser_that_cannot_vote(make, spoil, heading):
    _, hand = make()
    hand.page.add_init_script(spoil)
    hand.page.reload()
    fits(hand, heading)


def test_large_text_is_22_pixels_and_is_remembered(make):
    _, hand = make()
    hand.sees("Chưa có lượt bỏ phiếu").press("Chữ to")
    expect(hand.page.get_by_role("button", name="Chữ to", pressed=True)).to_be_visible()
    hand.page.reload()
    hand.sees("Chưa có lượt bỏ phiếu")
    assert hand.page.evaluate("getComputedStyle(document.body).fontSize") == "22px"


# A phone with this voice, which says everything at once and remembers it.
VOICE = """window.told = [];
Object.defineProperty(window, 'speechSynthesis', { value: {
  getVoices: () => [{ lang: '%s', localService: %s }],
  cancel: () => window.told.push('…'),
  speak: (said) => { window.told.push(said.text); said.onstart && said.onstart(); said.onend && said.onend(); },
} });
window.SpeechSynthesisUtterance = function (text) { this.text = text; };"""


def with_voice(hand: Hand, language: str = "vi-VN", local: str = "true") -> Hand:
    hand.page.add_init_script(VOICE % (language, local))
    hand.page.reload()
    return hand


@pytest.mark.parametrize(("language", "local"), [("vi-VN", "false"), ("en-US", "true")])
def test_without_a_vietnamese_voice_of_its_own_a_phone_offers_to_read_nothing(
    make, language, local
):
    _, hand = make()
    with_voice(hand, language, local).sees("Chưa có lượt bỏ phiếu")
    expect(hand.page.locator("#aloud")).to_be_hidden()


def read_aloud(make, *marks: str) -> list[str]:
    """What a phone says while these are chosen, from the first name to the ballot in the box."""
    door, hand = make()
    with_voice(hand).sees("Chưa có lượt bỏ phiếu").press("Đọc to")
    door.state = "issuing"
    hand.sees(ROWS[0]).fill(*marks)
    fits(hand, REVIEW).press("Bỏ phiếu")
    hand.sees("Bỏ phiếu này?").press("Xác nhận bỏ phiếu").sees(FOLDED)
    door.state = "casting"
    hand.sees(CAST)
    told: list[str] = hand.page.evaluate("window.told")
    return told


def test_a_ballot_is_read_aloud_name_by_name_and_level_by_level_and_never_what_was_chosen(make):
    told = read_aloud(make, BEST, GOOD, BEST)
    for row in ROWS:
        at = told.index(row)
        offered = ["Chọn một mức:", BEST, GOOD]
        assert told[at + 1 : at + 4] == offered
        assert NONE in told[at : at + 7]
    assert told[-1] == "✔ Đã bỏ phiếu kín." or CAST in " ".join(told[-4:])
    assert read_aloud(make, NONE, NONE, NONE) == told


def test_a_second_press_ends_the_reading(make):
    _, hand = make()
    with_voice(hand).sees("Chưa có lượt bỏ phiếu").press("Đọc to")
    expect(hand.page.get_by_role("button", name="Đọc to", pressed=True)).to_be_visible()
    assert len(hand.page.evaluate("window.told")) > 2
    hand.press("Đọc to")
    expect(hand.page.get_by_role("button", name="Đọc to", pressed=False)).to_be_visible()
    assert hand.page.evaluate("window.told")[-1] == "…"
