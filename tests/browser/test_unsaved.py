"""What was written and could not be stored, in Chromium: the true cause, a way out within one tap, and the words."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from cells.stale import STALE
from members.models import Device, Member, SelfReview
from tests.browser.hands import FITS, hurry
from tests.kit import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESS = "/hop/ban-kiem-diem/"
HIDE = """Object.defineProperty(document, 'hidden', { value: true, configurable: true });
document.dispatchEvent(new Event('visibilitychange'));"""


@pytest.fixture
def member(site) -> Member:
    """A member of a cell whose campaign runs."""
    return factories.members_of(factories.make_meeting(5))[4]


@pytest.fixture
def phone(new_phone, member) -> BrowserContext:
    """The member's phone, whose pages store what is written without waiting long."""
    phone = new_phone(factories.make_device(member), width=320)
    hurry(phone)
    return phone


@pytest.fixture
def page(phone) -> Page:
    """The member's self-review, nothing written yet."""
    page = phone.new_page()
    page.goto(ADDRESS)
    return page


def write(page: Page, **texts: str) -> None:
    """Write these sections in whatever step they stand, and leave the rest as it is."""
    for name, text in texts.items():
        place = page.locator(f"#text-{name}")
        place.evaluate("(place, text) => { place.value = text; }", text)
        place.dispatch_event("input")


def says(page: Page, words: str) -> None:
    """Wait for the sentence beside the buttons, which fits a narrow phone with them."""
    expect(page.locator("[data-status]")).to_contain_text(words)
    assert page.evaluate(FITS)


def stored() -> dict[str, str]:
    return SelfReview.objects.get().texts


def is_stored(page: Page, **texts: str) -> None:
    """Wait until just this is stored, and the page says that it is saved."""
    for _ in range(400):
        if stored() == texts:
            break
        page.evaluate("new Promise(requestAnimationFrame)")
    assert stored() == texts
    says(page, "Đã lưu lúc")


def test_each_cause_has_its_sentence_and_its_way_out_and_the_words_stay(phone, page):
    write(page, strengths="Một")
    says(page, "Đã lưu lúc")
    # Signed in anew in another tab: one tap draws the page anew, with the words.
    phone.clear_cookies(name="csrftoken")
    write(page, strengths="Một, hai")
    says(page, "máy vừa vào lại ở thẻ khác. Chữ vẫn còn trong máy.")
    page.get_by_role("button", name="Tải lại trang").click()
    is_stored(page, strengths="Một, hai")
    # The server in trouble: nothing to tap.
    failing = [True]
    page.route(
        f"**{ADDRESS}**",
        lambda route: route.fulfill(status=500) if failing else route.continue_(),
    )
    write(page, strengths="Một, hai, ba")
    says(page, "Máy chủ đang trục trặc. Chữ vẫn còn trong máy; máy tự lưu lại.")
    failing.clear()
    is_stored(page, strengths="Một, hai, ba")
    # More than the server takes, or the browser keeps; then what is no more than much, sent as the page goes away.
    write(page, strengths="x" * 3_000_000)
    says(page, "Bài dài quá, máy chủ không nhận. Trình duyệt này không giữ được chữ")
    write(page, strengths="ễ" * 30_000)
    page.evaluate(HIDE)
    is_stored(page, strengths="ễ" * 30_000)
    # No longer the member's phone; taken in again, it has them still.
    Device.objects.update(state=Device.State.REVOKED)
    write(page, strengths="Bốn")
    says(page, "nhờ bí thư gửi lại liên kết riêng. Chữ vẫn còn trong máy.")
    page.get_by_role("button", name="Tải lại trang").click()
    expect(page.get_by_role("heading", name="Mời đồng chí vào họp")).to_be_visible()
    Device.objects.update(state=Device.State.ADMITTED)
    page.goto(ADDRESS)
    is_stored(page, strengths="Bốn")
    expect(page.locator("#text-strengths")).to_have_value("Bốn")


def test_a_page_that_lost_its_words_asks_before_it_is_stored_and_gives_them_back(page):
    full = {"strengths": "Một", "weaknesses": "Hai", "causes": "Ba"}
    write(page, **full)
    says(page, "Đã lưu lúc")
    is_stored(page, **full)
    write(page, strengths="Bốn", weaknesses="", causes="")
    says(page, "Trang này bỏ trống 02 mục mà bản đã lưu có viết, nên chưa lưu đè.")
    expect(page.get_by_role("button", name="Vẫn lưu")).to_be_in_viewport()
    assert stored() == full
    page.get_by_role("button", name="Tải lại trang").click()
    expect(page.locator("#text-causes")).to_have_value("Ba")
    page.get_by_role("button", name="Lấy lại chữ trong máy").click()
    says(page, "Trang này bỏ trống 02 mục")
    page.get_by_role("button", name="Vẫn lưu").click()
    is_stored(page, strengths="Bốn")
    expect(page.locator("[data-found]")).to_be_hidden()


def test_a_refused_press_leads_to_a_page_that_may_be_drawn_anew(page):
    write(page, strengths="Một", weaknesses="Hai", causes="Ba")
    page.evaluate("location.hash = 'self_level'")
    page.get_by_role("button", name="Nộp bản kiểm điểm").click()
    expect(page.get_by_text("Chưa nộp được, chữ đã lưu")).to_be_visible()
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.reload()
    expect(page.get_by_text("Chưa nộp được, chữ đã lưu")).to_be_visible()
    assert "POST" not in sent
    page.evaluate("location.hash = 'text-causes'")
    page.get_by_role("button", name="Lưu", exact=True).click()
    is_stored(page, strengths="Một", weaknesses="Hai", causes="Ba")


def test_a_refused_page_may_be_left_and_what_it_held_is_offered_until_it_is_taken_or_dropped(
    phone, page
):
    other = phone.new_page()
    other.goto(ADDRESS)
    write(other, strengths="Thẻ kia")
    says(other, "Đã lưu lúc")
    write(page, weaknesses="Thẻ này")
    says(page, f"{STALE} Chữ vẫn còn trong máy.")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(STALE)
    write(page, causes="Viết tiếp trên trang bị từ chối")
    page.get_by_role("button", name="Tải lại trang").click()
    expect(page.locator("#text-strengths")).to_have_value("Thẻ kia")
    write(page, strengths="Thẻ kia, sửa")
    is_stored(page, strengths="Thẻ kia, sửa")
    page.goto(ADDRESS)
    page.get_by_role("button", name="Lấy lại chữ trong máy").click()
    expect(page.locator("#text-weaknesses")).to_have_value("Thẻ này")
    is_stored(page, weaknesses="Thẻ này", causes="Viết tiếp trên trang bị từ chối")
