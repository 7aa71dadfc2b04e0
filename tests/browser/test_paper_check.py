"""The page that compares a file with the locked paper: in our words, by keyboard too, with a plain verdict."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from ballots.models import Paper
from tests.browser.hands import FITS
from tests.kit import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOCKED = b"%PDF-1.7 the locked one"


@pytest.fixture
def paper() -> Paper:
    """A locked paper of few bytes."""
    return factories.make_paper(factories.make_open_meeting(3), "minutes", pdf=LOCKED)


@pytest.mark.parametrize(
    ("width", "name", "content", "verdict"),
    [
        (320, "bien-ban.pdf", LOCKED, "✔ Đúng văn bản"),
        (1366, "khac.pdf", LOCKED + b" ", "✖ Không đúng văn bản"),
    ],
)
def test_a_file_is_chosen_by_keyboard_and_the_verdict_is_plain(
    new_phone, tmp_path, paper, width, name, content, verdict
):
    (tmp_path / name).write_bytes(content)
    page = new_phone(width=width).new_page()
    page.on(
        "filechooser", lambda _: None
    )  # from now on the browser tells of it: a key press may be quicker
    page.goto(f"/hop/kiem-tra/{paper.check_code.lower()}/")
    expect(page.get_by_text("Chưa chọn tệp nào.")).to_be_visible()
    page.get_by_label("Mã kiểm tra").focus()
    page.keyboard.press("Tab")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(tmp_path / name)
    expect(page.get_by_role("status").filter(has_text=name)).to_be_visible()
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.locator(".verdict-word")).to_have_text(verdict)
    assert page.evaluate(FITS)
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()
