"""Việc mới in Chromium: seen from every page, opened by the keyboard alone, on the laptop and on a small phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from members.models import News
from tests.browser.hands import FITS, leave, signed_in
from tests.kit import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1366, 320])
def test_news_are_found_opened_and_read_without_a_mouse(browser, site, settings, width):
    settings.NEWS_MAIL = True
    ward = factories.make_committee("Đảng bộ phường Hoa Sen")
    campaign, user = factories.make_campaign(ward), factories.make_user(committee=ward)
    for kind in News.Kind:
        News.objects.create(account=user, kind=kind, about="Chi bộ Khu phố 7", key=campaign.pk)
    page = signed_in(browser, site, user, width)
    page.goto(reverse("ballots:committee", args=[ward.pk]))
    page.get_by_role("link", name=f"Việc mới {len(News.Kind)} chưa đọc").press("Enter")
    for address in (page.url, reverse("members:account")):
        page.goto(address)
        assert page.evaluate(FITS)
        report = Axe().run(page)
        assert report.violations_count == 0, report.generate_report()
    page.goto(reverse("ballots:news"))
    page.get_by_role("button", name="Mở đợt kiểm điểm: Chi bộ Khu phố 7").press("Enter")
    expect(page).to_have_url(f"{site}/hop/dang-bo/{ward.pk}/?nam=2026")
    left = len(News.Kind) - 1
    page.get_by_role("link", name=f"Việc mới {left} chưa đọc").press("Enter")
    page.get_by_role("button", name="Đã đọc hết").press("Enter")
    expect(page.get_by_text(f"Đã đánh dấu đã đọc {left:02} việc.")).to_be_visible()
    expect(page.get_by_role("link", name="Việc mới", exact=True)).to_be_visible()
    leave(page.context)
