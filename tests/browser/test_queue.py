"""Hồ sơ chờ duyệt in Chromium: one is returned by pressing its number, the next approved by a key."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from ballots.models import Pin, Standing, Submission
from cells.models import Cell, Meeting
from tests.browser.hands import FITS, leave, signed_in
from tests.kit import factories, sendings

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("undrawn"),
]


def make_other(sent: Meeting) -> Meeting:
    """Another cell of the committee whose file came first."""
    cell = Cell.objects.create(name="Chi bộ Một", committee=sent.cell.committee)
    other = Meeting.objects.create(cell=cell, campaign=sent.campaign, starts_at=sent.starts_at)
    Submission.objects.create(meeting=other, by=factories.secretary_of(sent))
    Submission.objects.filter(meeting=other).update(at=timezone.now() - timedelta(1))
    return other


@pytest.mark.parametrize("width", [1366, 360])
def test_one_file_is_returned_by_a_press_on_its_number_and_the_next_approved_by_key(
    browser, site, width
):
    sent = sendings.make_sent()
    other = make_other(sent)
    officer = factories.make_user(committee=sent.cell.committee)
    page = signed_in(browser, site, officer, width)
    page.goto("/hop/ho-so-cho-duyet/")
    assert page.evaluate(FITS)
    page.keyboard.press("F8")
    expect(page).to_have_url(f"{site}/hop/hoi-nghi/{other.pk}/ho-so-da-gui/")
    page.locator("summary", has_text="có mặt").click()
    field = page.get_by_label("Cần sửa gì ở “Điểm danh”")
    expect(field).to_be_focused()
    page.keyboard.type("Thiếu điểm danh")
    page.keyboard.press("F9")
    assert Submission.objects.standing_of(other) == Standing.SENT
    page.get_by_role("button", name="Trả lại hồ sơ cho").click()
    expect(page.get_by_text("Đã trả lại hồ sơ: 01 chỗ cần sửa.")).to_be_visible()
    assert Pin.objects.get().text == "Thiếu điểm danh"
    page.keyboard.press("F8")
    expect(page).to_have_url(f"{site}/hop/hoi-nghi/{sent.pk}/ho-so-da-gui/")
    assert page.evaluate(FITS)
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()
    page.keyboard.press("F9")
    expect(page.get_by_text(f"Đã duyệt hồ sơ của {sent.cell}.")).to_be_visible()
    expect(page.get_by_text("Không còn hồ sơ nào chờ duyệt")).to_be_visible()
    assert Submission.objects.standing_of(sent) == Standing.APPROVED
    leave(page.context)
