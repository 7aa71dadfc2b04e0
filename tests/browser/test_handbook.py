"""The handbook in Chromium: it fits a phone and a laptop, passes axe, leads to its chapters, prints without bars."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from ballots.handbook.books import BOOKS
from tests.browser.hands import FITS, leave, signed_in
from tests.kit import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def look_over(page) -> None:
    """The page is no wider than its screen, and axe has nothing to say."""
    page.wait_for_load_state()  # without its style it is wider
    assert page.evaluate(FITS)
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()


@pytest.mark.parametrize("width", [360, 1366])
def test_an_officer_searches_and_lands_at_the_paragraph(browser, site, width):
    meeting = factories.make_meeting(3)
    page = signed_in(browser, site, factories.secretary_of(meeting), width)
    page.goto("/hop/")
    page.get_by_role("link", name="Hướng dẫn", exact=True).first.click()
    look_over(page)
    page.get_by_label("Tìm trong mọi hướng dẫn").fill("khung do")
    page.get_by_role("button", name="Tìm").click()
    look_over(page)
    page.get_by_role("link", name="Hướng dẫn cho đảng viên: Máy hiện khung đỏ").first.click()
    expect(page.get_by_role("heading", name="Máy hiện khung đỏ")).to_be_in_viewport()
    look_over(page)
    page.emulate_media(media="print")
    expect(page.locator(".topbar")).to_be_hidden()
    leave(page.context)


def test_every_book_fits_a_narrow_screen(browser, site):
    page = signed_in(browser, site, factories.make_user(), 360)
    wide = []
    for slug in BOOKS:
        page.goto(f"/hop/so-tay/{slug}/")
        wide += [] if page.evaluate(FITS) else [slug]
    assert wide == []
    leave(page.context)


def test_a_phone_reads_it_before_anybody_knows_whose_it_is(browser, site):
    phone = browser.new_context(viewport={"width": 360, "height": 740}, base_url=site)
    page = phone.new_page()
    page.goto("/hop/vao/")
    page.get_by_role("link", name="Hướng dẫn").click()
    expect(page.get_by_role("heading", name="Hướng dẫn cho đảng viên")).to_be_visible()
    look_over(page)
    assert phone.cookies() == []
    leave(phone)
