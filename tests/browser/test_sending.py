"""Gửi cấp trên in Chromium: lines to mend, the cure and the way back, and the file sent without a script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from ballots.models import Submission
from ballots.papers import lock
from members.models import SelfReview
from tests import factories, sendings
from tests.browser.hands import FITS, leave

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "scripts"), [(1366, True), (390, False)])
def test_a_red_line_is_cured_and_the_file_sent(browser, site, monkeypatch, width, scripts):
    monkeypatch.setattr(lock, "FILE", sendings.FILE)
    meeting = sendings.make_ready()
    member = factories.members_of(meeting)[1]
    SelfReview.objects.filter(member=member).update(state="draft", submitted_at=None)
    client = Client()
    client.force_login(factories.secretary_of(meeting))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(
        base_url=site, viewport={"width": width, "height": 768}, java_script_enabled=scripts
    )
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": f"{site}/hop/"}
    context.add_cookies([cookie])
    page = context.new_page()
    address = f"/hop/hoi-nghi/{meeting.pk}/gui-cap-tren/"
    page.goto(address)
    if scripts:
        assert page.evaluate(FITS)
        report = Axe().run(page)
        assert report.violations_count == 0, report.generate_report()
    page.get_by_role("link", name="Mở danh sách chưa nộp").click()
    page.get_by_text("Ghi về đồng chí").first.click()
    page.get_by_role("button", name="Đã nhận bản giấy").first.click()
    page.goto(address)
    page.get_by_role("button", name="Gửi hồ sơ lên").click()
    page.get_by_role("button", name="Vẫn gửi hồ sơ lên").click()
    expect(page.get_by_text("Đã gửi hồ sơ lên")).to_be_visible()
    assert Submission.objects.count() == 1
    leave(context)
