"""A committee's long sheet of members in Chromium: chosen, read by a job, looked at, applied."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from ballots.committee.imports import views
from members.models import Member
from tests.browser.hands import FITS, signed_in
from tests.kit import factories
from tests.kit.sheets import table

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEADING = ["STT", "Chi bộ", "Họ và tên", "Ngày sinh", "Số thẻ đảng viên"]


@pytest.mark.parametrize("width", [1366, 360])
def test_an_officer_has_a_long_sheet_read_looks_at_it_and_has_it_applied(
    browser, site, monkeypatch, width
):
    monkeypatch.setattr(views, "AT_ONCE", 0)
    committee = factories.make_committee("Đảng bộ xã Ia Grai")
    factories.make_cell(committee, "Chi bộ 4")
    rows = [[n, "CB 4", f"Lê Văn {name}", 1950 + n] for n, name in enumerate(("An", "Ba"))]
    rows += [[3, "CB 4", "Lê Văn Bình", "31/02/1975"], [4, "CB Lạ", "Lê Văn Lạc", 1980]]
    page = signed_in(browser, site, factories.make_user(committee=committee), width)
    page.goto(f"/hop/dang-bo/{committee.pk}/dang-vien/nhap/")
    file = {"name": "danh-sach.xlsx", "mimeType": "", "buffer": table(HEADING, *rows)}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Đọc tệp").click()
    expect(page.get_by_text("4 dòng: 0 khớp, 2 mới, 2 lỗi.")).to_be_visible()
    assert page.evaluate(FITS)
    page.get_by_role("link", name="Xem tệp").click()
    page.wait_for_url("**/tep/")
    expect(page.get_by_text("4 dòng: 0 khớp, 2 mới, 2 lỗi")).to_be_visible()
    assert page.evaluate(FITS)
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()
    page.get_by_role("button", name="Áp dụng").click()
    expect(page.get_by_text("Đã áp dụng: 2 đồng chí mới")).to_be_visible()
    assert Member.objects.count() == 2
