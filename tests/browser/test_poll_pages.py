"""Every page of a poll in every phase: accessible, as wide as the screen, targets for a thumb, renewed by itself."""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from ballots.models import Issue, Poll
from tests.browser.hands import leave, session_of, visit
from tests.kit import polls, verbs
from tests.kit.factories import make_device, make_open_meeting, members_of, secretary_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GOOD = 2
RENEWAL = re.compile(r"/luot/.*trang-thai=")
LOW = """() => [...document.querySelectorAll("button, a, input, select, summary, textarea")]
  .filter((e) => e.checkVisibility() && !e.closest("label, p, .typing, .visually-hidden-focusable")
    && !e.matches(".form-check-input, .visually-hidden-focusable") && e.getBoundingClientRect().height < 47.5)
  .map((e) => e.outerHTML.slice(0, 120))"""


@pytest.fixture
def desk(browser: Browser, site: str) -> Iterator[Callable[[Poll, int], Page]]:
    """The secretary's browser: a page as wide as asked, whose clock obeys the test."""
    opened = []

    def open_page(poll: Poll, width: int) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 768}, locale="vi-VN", base_url=site
        )
        context.add_cookies([session_of(secretary_of(poll.meeting), site)])
        opened.append(context)
        page = context.new_page()
        page.clock.install()
        return page

    yield open_page
    for context in opened:
        leave(context)


def sound(wide: Page, narrow: Page, address: str) -> None:
    """The page at this address fits both screens, passes axe and has targets for a thumb."""
    for page in (wide, narrow):
        visit(page, address)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert (address, width) == (address, page.viewport_size["width"])
    report = Axe().run(wide)
    assert report.violations_count == 0, f"{address}\n{report.generate_report()}"
    assert (address, narrow.evaluate(LOW)) == (address, [])


def test_every_phase_of_a_poll_is_sound_on_both_sides(desk, new_phone):
    meeting = make_open_meeting(5)
    first, poll = polls.poll_of(meeting, 1), polls.poll_of(meeting, 2)
    desks = desk(poll, 1366), desk(poll, 360)
    phone = new_phone(make_device(polls.teller_of(meeting)))
    teller = phone.new_page(), phone.new_page()
    address, count = f"/hop/luot/{poll.pk}/", "/hop/kiem-phieu/"
    pages = [f"/hop/hoi-nghi/{meeting.pk}/{name}/" for name in ("bo-phieu", "ket-qua", "ket-luan")]

    sound(*desks, f"{pages[0]}?lap=1")
    sound(*desks, address)
    sound(*teller, count)
    phones = polls.issue(poll)
    Issue.objects.filter(pk=Issue.objects.first().pk).update(
        received=False, stamped=False, blinded=None
    )
    sound(*desks, f"{address}?thieu=1")
    sound(*teller, count)
    verbs.open_box(secretary_of(meeting), poll, short_ok=True)
    sound(*desks, address)
    sound(*teller, f"{count}?thieu=1")
    assert len(phones) == 5

    verbs.void(secretary_of(meeting), poll, "Mất điện.")
    sound(*desks, address)
    sound(*teller, count)
    polls.play(first, *[[GOOD]] * 5, confirmed=False)
    sound(*teller, count)
    comment = verbs.comment(secretary_of(meeting), meeting, members_of(meeting)[1], None, "Tốt.")
    pages.append(f"/hop/hoi-nghi/{meeting.pk}/gop-y/{comment.pk}/")
    for page in [*pages, f"/hop/luot/{first.pk}/khong-hop-le/"]:
        sound(*desks, page)


def test_names_and_numbers_come_by_themselves_and_a_new_phase_brings_its_page(desk):
    poll = polls.poll_of(make_open_meeting(5))
    page = desk(poll, 1366)
    verbs.open_issuing(secretary_of(poll.meeting), poll)
    page.goto(f"/hop/luot/{poll.pk}/")
    expect(page.get_by_text("Chưa nhận phiếu")).to_be_visible()
    entry = Issue.objects.select_related("member").first()
    Issue.objects.filter(pk=entry.pk).update(stamped=True, received=True)
    page.clock.run_for(3000)
    expect(page.get_by_text(f"đ/c {entry.member}", exact=True)).to_have_count(0)
    verbs.void(secretary_of(poll.meeting), poll, "Mất điện.")
    page.clock.run_for(3000)
    expect(page.get_by_role("heading", name="Lượt này đã huỷ")).to_be_visible()


def test_the_tellers_confirmation_arrives_and_leaves_what_is_typed_beside_it(desk):
    poll = polls.poll_of(make_open_meeting(5))
    polls.play(poll, *[[GOOD]] * 5, confirmed=False)
    page = desk(poll, 1366)
    page.goto(f"/hop/luot/{poll.pk}/")
    expect(page.locator("#next")).to_contain_text("Chờ tổ kiểm phiếu")
    page.locator("summary", has_text="Có đồng chí giơ tay").click()
    page.get_by_label("Hội nghị quyết định").fill("Giữ kết")
    verbs.confirm(polls.teller_of(poll.meeting), poll)
    page.clock.run_for(5000)
    expect(page.locator("#live")).to_contain_text("Tổ kiểm phiếu đã xác nhận kết quả.")
    expect(page.locator("#next")).not_to_contain_text("Chờ tổ kiểm phiếu")
    expect(page.locator(".btn-next")).to_have_count(1)
    expect(page.get_by_label("Hội nghị quyết định")).to_have_value("Giữ kết")
    assert page.locator("#live").get_attribute("hx-get") is None


def test_a_reason_half_typed_is_not_taken_away(desk):
    poll = polls.poll_of(make_open_meeting(5))
    page = desk(poll, 1366)
    verbs.open_issuing(secretary_of(poll.meeting), poll)
    page.goto(f"/hop/luot/{poll.pk}/")
    page.locator("summary", has_text="Không nhận phiếu").first.click()
    reason = page.get_by_label("Lý do (ghi vào biên bản)").first
    reason.fill("Mệt, xin")
    page.clock.run_for(10_000)
    expect(reason).to_have_value("Mệt, xin")
    page.get_by_role("button", name="Ghi là không nhận phiếu").first.click()
    expect(page.get_by_text("không nhận phiếu: Mệt, xin")).to_be_visible()


def test_a_press_on_its_way_is_not_called_back_by_a_page_that_renews_itself(desk):
    poll = polls.poll_of(make_open_meeting(5))
    page, renewals, presses = desk(poll, 1366), [], []
    verbs.open_issuing(secretary_of(poll.meeting), poll)
    page.goto(f"/hop/luot/{poll.pk}/")
    page.route(RENEWAL, lambda route: renewals.append(route))  # a slow server
    page.route("**/khong-nhan/", lambda route: presses.append(route))
    with page.expect_request(RENEWAL):
        page.clock.run_for(3000)
    page.locator("summary", has_text="Không nhận phiếu").first.click()
    page.get_by_label("Lý do (ghi vào biên bản)").first.fill("Mệt, xin về")
    with page.expect_request("**/khong-nhan/"):
        page.get_by_role("button", name="Ghi là không nhận phiếu").first.click(no_wait_after=True)
    with page.expect_event("requestfinished"):
        renewals[0].fulfill(headers={"HX-Refresh": "true"})  # another phase, another page
    presses[0].fulfill(body="<h1>Đã ghi.</h1>", content_type="text/html; charset=utf-8")
    expect(page.get_by_role("heading", name="Đã ghi.")).to_be_visible()
