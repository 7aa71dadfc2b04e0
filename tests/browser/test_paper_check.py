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


@pytest.mark.parametrize(
    ("code", "typed", "says"),
    [
        ("BSZGQL347999", "8526 0i34-7999", "Có văn bản mang mã này"),  # what the eye made of it
        ("EARZT43UBSRW", "eảzt 43ub srw", "Có văn bản mang mã này"),  # what Telex made of it
        ("EARZT43UBSRW", "eảzt 43ub sr", "Xin tắt gõ tiếng Việt rồi gõ lại mã"),
    ],
)
def test_a_code_is_understood_as_it_is_typed_or_the_keyboard_is_named(
    new_phone, paper, code, typed, says
):
    Paper.objects.filter(pk=paper.pk).update(check_code=code)
    page = new_phone(width=320).new_page()
    page.goto("/hop/kiem-tra/")
    page.get_by_label("Mã kiểm tra").fill(typed)
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_text(says)).to_be_visible()
    expect(page.get_by_text("Không có mã này")).to_have_count(0)
    assert page.evaluate(FITS)
