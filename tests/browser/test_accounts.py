"""The officer's own account in Chromium: a second factor from the picture to the paper, and a laptop left alone."""

from binascii import unhexlify
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Page, expect

from cells.models import Meeting
from members.accounts import second_factor, sessions
from members.devices import links
from members.models import User
from tests.browser.hands import FITS, leave, signed_in
from tests.kit import factories
from tests.kit.authenticators import Authenticator

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "đồng-lòng-2026"


def looked_at(page: Page, name: str) -> None:
    """No wider than the screen, no violation."""
    page.wait_for_load_state()
    assert page.evaluate(FITS), name
    problems = Axe().run(page).response["violations"]
    assert problems == [], (name, [problem["id"] for problem in problems])


def six_digits() -> str:
    """What the phone shows; the code of a moment ago is used up, so that of the next half minute.

    Where a half minute ended between showing and looking, the server takes the phone's clock for that much slower.
    """
    device = TOTPDevice.objects.order_by("confirmed").first()
    return f"{totp(unhexlify(device.key), drift=device.drift + device.confirmed):06}"


@pytest.mark.parametrize("width", [1366, 360])
def test_an_officer_turns_the_second_factor_on_and_comes_in_by_it(browser, site, width):
    user = factories.make_user(committee=factories.make_committee(), password=PASSWORD)
    page = signed_in(browser, site, user, width)
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto("/hop/")
    page.locator(".account-link").click()
    expect(page.get_by_role("heading", name="Tài khoản của tôi")).to_be_visible()
    looked_at(page, "account")
    page.get_by_role("link", name="Bật lớp thứ hai").click()
    looked_at(page, "second-factor")
    page.get_by_label("Mật khẩu hiện nay").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_alt_text("Mã QR để quét")).to_be_visible()
    looked_at(page, "begin")
    page.get_by_label("Sáu số đang hiện trong ứng dụng").fill(six_digits())
    page.keyboard.press("Enter")
    expect(page.locator(".paper-codes li")).to_have_count(10)
    expect(page.get_by_role("button", name="In trang này")).to_be_visible()
    looked_at(page, "paper")
    page.emulate_media(media="print")
    expect(page.locator(".paper-codes li").first).to_be_visible()
    expect(page.get_by_role("button", name="In trang này")).to_be_hidden()
    page.emulate_media(media="screen")
    page.goto("/hop/tai-khoan-cua-toi/lop-thu-hai/")
    looked_at(page, "second-factor-on")
    page.goto("/hop/tai-khoan-cua-toi/")
    page.get_by_role("button", name="Đăng xuất").click()
    page.get_by_label("Tên đăng nhập").fill(user.username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Lớp xác minh thứ hai")).to_be_visible()
    looked_at(page, "step")
    page.get_by_label("Sáu số trong ứng dụng").fill(six_digits())
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "dang-nhap" not in address)
    assert problems == []
    leave(page.context)


@pytest.mark.parametrize("width", [1366, 360])
def test_who_comes_by_a_link_takes_another_along(browser, site, width):
    user = factories.make_user(committee=factories.make_committee())
    context = browser.new_context(base_url=site, viewport={"width": width, "height": 768})
    page = context.new_page()
    page.goto(links.sign_in_link(user, site))
    looked_at(page, "link")
    page.get_by_role("button", name="Để sau, đăng nhập ngay").click()
    expect(page.get_by_role("heading", name="Liên kết để vào lại")).to_be_visible()
    looked_at(page, "way-back")
    kept = page.get_by_label("Liên kết", exact=True).input_value()
    page.get_by_role("link", name="Đã giữ, vào trang đầu").click()
    expect(page.get_by_text("chưa có mật khẩu")).to_be_visible()
    leave(context)
    context = browser.new_context(base_url=site)
    page = context.new_page()
    page.goto(kept)
    expect(page.get_by_role("heading", name="Chào đồng chí")).to_be_visible()
    leave(context)


# A laptop left alone. The clock of the page is the test's; that of the server is what stands in the session.


def leave_alone(page: Page, minutes: float) -> None:
    """So long ago was the last press; the page's own clock goes on as far, and it asks when the end is near."""
    rows = [each for each in Session.objects.all() if sessions.PRESSED in each.get_decoded()]
    store = Session.get_session_store_class()(rows[0].session_key)
    store[sessions.PRESSED] = int(timezone.now().timestamp() - minutes * 60)
    store.save()
    forward = int(minutes * 60 * 1000)
    if minutes < 58:
        page.clock.fast_forward(forward)
        return
    with page.expect_response("**/con-day/"):
        page.clock.fast_forward(forward)


@pytest.fixture
def secretary() -> User:
    """Of an open meeting, with a password."""
    user = factories.secretary_of(factories.make_open_meeting(5))
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def desk(browser, site) -> Iterator[Callable[[User, str], Page]]:
    """An officer's page whose clock is in the test's hand, and which asks nobody whether it may go."""
    pages = []

    def sit(user: User, address: str) -> Page:
        page = signed_in(browser, site, user, 1366)
        pages.append(page)
        page.clock.install()
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        page.goto(address)
        return page

    yield sit
    for page in pages:
        leave(page.context)


WARNING = "Lâu không ai dùng máy này"
OWN = "/hop/tai-khoan-cua-toi/"


@pytest.mark.parametrize("sign", ["the button", "a key"])
def test_a_page_warns_two_minutes_before_and_who_is_there_stays(desk, sign):
    page = desk(factories.make_user(committee=factories.make_committee(), password=PASSWORD), OWN)
    leave_alone(page, 57.5)
    expect(page.get_by_text(WARNING)).to_be_hidden()
    leave_alone(page, 58.5)
    expect(page.get_by_text(WARNING)).to_be_visible()
    looked_at(page, "idle")
    with page.expect_response("**/con-day/"):
        if sign == "a key":
            page.keyboard.press("ArrowDown")
        else:
            page.get_by_role("button", name="Ở lại").click()
    expect(page.get_by_text(WARNING)).to_be_hidden()
    page.reload()
    expect(page.get_by_role("heading", name="Tài khoản của tôi")).to_be_visible()


def test_who_writes_for_an_hour_is_there(desk, secretary):
    page = desk(secretary, OWN)
    leave_alone(page, 50)
    with page.expect_response("**/con-day/") as told:
        page.keyboard.press("a")
    assert told.value.json()["left"] > 59 * 60


def test_a_laptop_left_alone_is_signed_out_and_gives_the_words_back(desk, secretary):
    page = desk(secretary, f"/hop/hoi-nghi/{Meeting.objects.get().pk}/gop-y/")
    page.locator("[name=text]").press_sequentially("Nhất trí với dự thảo")
    page.clock.run_for(1000)
    with page.expect_request_finished(lambda request: request.url.endswith("/con-day/")):
        leave_alone(page, 59)
    page.evaluate("new Promise(queueMicrotask)")
    expect(page.get_by_text(WARNING)).to_be_hidden()  # a meeting is open: people speak
    leave_alone(page, 239)
    expect(page.get_by_text(WARNING)).to_be_visible()
    leave_alone(page, 241)
    page.wait_for_url("**/hop/dang-nhap/**")
    expect(page.get_by_text("vì lâu không dùng máy này")).to_be_visible()
    page.get_by_label("Tên đăng nhập").fill(secretary.username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Lấy lại chữ ấy").click()
    expect(page.locator("[name=text]")).to_have_value("Nhất trí với dự thảo")


def test_a_script_that_presses_keeps_no_session(desk):
    page = desk(factories.make_user(committee=factories.make_committee()), OWN)
    leave_alone(page, 50)
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true }))")
    leave_alone(page, 58.5)
    expect(page.get_by_text(WARNING)).to_be_visible()


# A passkey: the device is Chromium's own, in software; the site is this machine's, which needs no certificate.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def named(site: str) -> str:
    """The same by a name: no key belongs to a number."""
    return site.replace("127.0.0.1", "localhost")


@pytest.mark.parametrize("width", [1366, 360])
def test_an_officer_adds_a_passkey_and_comes_in_by_it(browser, site, width):
    user = factories.make_user(committee=factories.make_committee(), password=PASSWORD)
    page = signed_in(browser, named(site), user, width)
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda told: "Content Security" in told.text and problems.append(told.text))
    chromium = page.context.new_cdp_session(page)
    chromium.send("WebAuthn.enable")
    chromium.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto("/hop/tai-khoan-cua-toi/lop-thu-hai/")
    page.get_by_label("Mật khẩu hiện nay").fill(PASSWORD)
    page.get_by_role("button", name="Dùng khoá truy cập").click()
    expect(page.get_by_label("Tên khoá")).to_have_value("Chrome trên máy Linux")
    looked_at(page, "passkey-new")
    page.get_by_role("button", name="Tạo khoá").click()
    expect(page.locator(".paper-codes li")).to_have_count(10)
    page.goto("/hop/tai-khoan-cua-toi/lop-thu-hai/")
    expect(page.get_by_text("Chrome trên máy Linux").first).to_be_visible()
    looked_at(page, "passkeys")
    page.get_by_role("button", name="Thêm khoá truy cập").click()
    page.get_by_role("button", name="Tạo khoá").click()
    expect(page.get_by_role("alert")).to_contain_text("Máy này đã có khoá của tài khoản rồi")
    looked_at(page, "passkey-known")
    page.goto("/hop/tai-khoan-cua-toi/")
    page.get_by_role("button", name="Đăng xuất").click()
    page.get_by_label("Tên đăng nhập").fill(user.username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    offer = page.get_by_role("button", name="Dùng khoá truy cập (passkey) của máy này")
    expect(offer).to_be_visible()
    looked_at(page, "step")
    offer.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "dang-nhap" not in address)
    page.goto("/hop/tai-khoan-cua-toi/")
    expect(page.get_by_text("Đang bật")).to_be_visible()
    assert problems == []
    leave(page.context)


# What a device may do instead of signing, and what the page says then.
REFUSALS = {
    "NotAllowedError": "đồng chí đã bấm huỷ, hoặc máy này không có khoá",
    "SecurityError": "không phải tên miền của khoá",
    "UnknownError": "Máy không trả lời được",
    "": "Trình duyệt này không dùng được khoá truy cập",
}
STUBS = """navigator.credentials.get = () => Promise.reject(new DOMException("", "{}"));"""


def test_a_device_that_does_not_sign_is_told_in_one_sentence_and_a_code_is_typed(browser, site):
    user = factories.make_user(committee=factories.make_committee(), password=PASSWORD)
    Authenticator().kept_for(user)
    paper = second_factor.renew_codes(user)
    for error, said in REFUSALS.items():
        context = browser.new_context(base_url=named(site))
        context.add_init_script(
            STUBS.format(error) if error else "delete window.PublicKeyCredential;"
        )
        page = context.new_page()
        page.goto("/hop/dang-nhap/")
        page.get_by_label("Tên đăng nhập").fill(user.username)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.keyboard.press("Enter")
        offer = page.get_by_role("button", name="Dùng khoá truy cập")
        if error:
            offer.click()
        expect(page.get_by_role("alert")).to_contain_text(said)
        expect(offer).to_be_visible(visible=bool(error))
        page.get_by_label("Một mã khôi phục").fill(paper.pop())
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "dang-nhap" not in address)
        leave(context)
