"""The sealed envelope in Chromium: the key printed and never on the screen, read back, sealed, opened before two."""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from ballots.models import Envelope, Poll
from ballots.secret import envelope
from tests.browser.hands import signed_in
from tests.kit import envelopes as kit
from tests.kit import polls
from tests.kit.factories import make_device, secretary_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MIXED = [[2], [1], [0], [2], [3]]
# The window of the system stands between the press and what is forgotten after it.
HELD = "window.print = () => { window.printed = (window.printed || 0) + 1; }"
PRINTED = "document.querySelector('[data-letters]').textContent"


@pytest.fixture
def poll(db) -> Poll:
    return kit.count(polls.poll_of(kit.make_keeping()), MIXED)


def print_key(page: Page, poll: Poll) -> str:
    """Press the button as the secretary does; the key as it stands on the paper."""
    page.add_init_script(HELD)
    page.goto(f"/hop/luot/{poll.pk}/khoa-phong-bi/")
    page.get_by_role("button", name="In khoá phong bì").click()
    expect(page.get_by_text("khoá chỉ còn trên giấy")).to_be_visible()
    assert page.evaluate("window.printed") == 1
    return envelope.HEAD + page.evaluate(PRINTED)


def accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [320, 1366])
def test_the_key_stands_on_one_page_of_paper_and_never_on_the_screen(browser, site, poll, width):
    page = signed_in(browser, site, secretary_of(poll.meeting), width)
    key = print_key(page, poll)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.locator(".key-paper")).to_be_hidden()
    accessible(page)
    (paper,) = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    text = paper.extract_text()
    assert [round(float(side) / 72 * 25.4) for side in paper.mediabox[2:]] == [210, 297]
    assert "KHOÁ PHONG BÌ NIÊM PHONG" in text
    assert envelope.letters_of(key) in "".join(text.split())
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(PRINTED) == ""
    assert key not in page.content()


def test_from_the_paper_to_the_opening(browser, site, poll, new_phone):
    secretary = signed_in(browser, site, secretary_of(poll.meeting), 1366)
    former, key = print_key(secretary, poll), print_key(secretary, poll)
    assert former != key
    device = new_phone(make_device(polls.teller_of(poll.meeting))).new_page()
    device.goto("/hop/kiem-phieu/")
    field = device.get_by_label("Khoá in trên giấy")
    field.fill("QPZR 12")
    device.get_by_role("button", name="Đọc lại khoá").click()
    expect(device.get_by_text("Khoá có 58 chữ, máy đọc được 6.")).to_be_visible()
    accessible(device)
    field.fill(former.lower())
    device.get_by_role("button", name="Đọc lại khoá").click()
    expect(device.get_by_text("không phải khoá in lần cuối")).to_be_visible()
    # The code of the paper: what stands behind # is sent to nobody.
    sent: list[str] = []
    device.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    device.set_viewport_size({"width": 320, "height": 320})  # as above the totals of sixty people
    device.goto(f"/hop/phong-bi/{poll.pk}/#{key}")
    expect(device.get_by_text("Đã đọc đúng khoá phong bì.")).to_be_in_viewport()
    assert not any(envelope.letters_of(key) in words.partition("#")[0] for words in sent)
    assert "#" not in device.url
    device.get_by_role("button", name="Xác nhận kết quả", exact=True).click()
    expect(device.get_by_text("phong bì niêm phong giữ các dấu trên phiếu")).to_be_visible()
    assert Envelope.objects.get().is_sealed


def test_an_opening_before_two(browser, site):
    poll, key = kit.sealed(MIXED)
    secretary = signed_in(browser, site, secretary_of(poll.meeting), 1366)
    opener = signed_in(browser, site, kit.officer_above(poll), 1366)
    opener.goto(f"/hop/luot/{poll.pk}/phong-bi/")
    opener.get_by_label("Lý do mở").fill(kit.REASON)
    opener.get_by_label("Căn cứ").fill(kit.BASIS)
    opener.get_by_role("button", name="Đề nghị mở phong bì").click()
    expect(opener.get_by_text("Cả việc mở phải xong trong 30 phút")).to_be_visible()
    secretary.goto(f"/hop/luot/{poll.pk}/phong-bi/")
    secretary.get_by_role("button", name="Tôi chứng kiến việc mở").click()
    expect(secretary.get_by_text("Người mở đang làm việc này")).to_be_visible()
    opener.goto(f"/hop/phong-bi/{poll.pk}/#{key}")
    expect(opener.locator("[data-key]")).to_have_value(
        " ".join(envelope.letters_of(key)[at : at + 4] for at in range(0, envelope.LETTERS, 4))
    )
    accessible(opener)
    opener.get_by_role("button", name="Mở phong bì, đếm lại").click()
    expect(opener.get_by_text("đếm lại từ phong bì đúng bằng kết quả")).to_be_visible()
    accessible(opener)
    opener.set_viewport_size({"width": 360, "height": 740})
    assert opener.evaluate("document.documentElement.scrollWidth") <= 360
