"""What a page is for, put away by one press in Chromium."""

import pytest
from playwright.sync_api import expect

from tests.browser.hands import leave, signed_in
from tests.kit import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_is_put_away_stays_away_until_it_is_asked_for(browser, site):
    meeting = factories.make_meeting(5)
    page = signed_in(browser, site, factories.secretary_of(meeting), 1366)
    page.goto(f"/hop/hoi-nghi/{meeting.pk}/to-kiem-phieu/")
    hint = page.get_by_text("Đánh dấu tên, chọn tổ trưởng.", exact=False).filter(visible=True)
    expect(hint.first).to_be_visible()
    box = page.locator(".hint").bounding_box()
    assert box["height"] <= 56
    page.get_by_text("Đã rõ").click()
    expect(page.locator(".hint")).to_have_count(0)
    page.goto(f"/hop/hoi-nghi/{meeting.pk}/khach/")
    page.get_by_text("Đã rõ").click()
    page.goto(f"/hop/hoi-nghi/{meeting.pk}/to-kiem-phieu/")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".hint")).to_have_count(0)
    page.get_by_text("Mục khác").click()
    page.get_by_role("link", name="Lời nhắc").click()
    expect(page.locator(".hint")).to_be_visible()
    leave(page.context)


def test_without_javascript_it_is_folded_up(browser, site):
    meeting = factories.make_meeting(5)
    secretary = factories.secretary_of(meeting)
    page = signed_in(browser, site, secretary, 1366, java_script_enabled=False)
    page.goto("/hop/")
    page.get_by_text("Đã rõ").click()
    expect(page.get_by_text("Bấm nút lớn để làm việc đang đến.")).to_be_hidden()
    expect(page.get_by_text("Trang này để làm gì?")).to_be_visible()
    leave(page.context)
