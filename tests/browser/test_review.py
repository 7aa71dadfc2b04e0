"""The own self-review on a phone in Chromium: lost networks, killed tabs, two pages, and how it looks."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Route, expect

from cells.models import Campaign, Setting
from cells.stale import STALE
from members.models import Member, SelfReview
from tests.browser.hands import FITS, hurry
from tests.kit import factories
from tests.kit.reviews import FULL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESS = "/hop/ban-kiem-diem/"
OFFLINE = "Mất mạng — chữ vẫn còn trong máy"
OTHER = [
    {"key": "common", "part": "common", "points": "30", "scoring": "graded", "title": "Chung"},
    {"key": "result", "part": "result", "points": "70", "scoring": "graded", "title": "Việc khác"},
]
LAST = "text-direction"


@pytest.fixture
def member(site) -> Member:
    """A member without a post, in a cell whose meeting is planned."""
    return factories.members_of(factories.make_meeting(5))[4]


@pytest.fixture
def own(new_phone, member) -> BrowserContext:
    """The member's phone, whose page stores what is written without waiting long."""
    phone = new_phone(factories.make_device(member))
    hurry(phone)
    return phone


def open_page(phone: BrowserContext) -> Page:
    page = phone.new_page()
    page.goto(ADDRESS)
    return page


def reopened(phone: BrowserContext) -> Page:
    """The page once it has stored what a killed tab left behind."""
    page = phone.new_page()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.goto(ADDRESS)
    return page


def is_saved(page: Page) -> None:
    """Wait until the page says so."""
    expect(page.locator("[data-status]")).to_contain_text("Đã lưu lúc")


def stored() -> SelfReview:
    return SelfReview.objects.get(campaign__year=2026)


def last_year_of(member: Member) -> None:
    """The member named one shortcoming in last year's self-review."""
    campaign = factories.make_campaign(member.cell.committee, year=2025)
    row = SelfReview.objects.create(
        cell=member.cell, member=member, campaign=campaign, kind="member"
    )
    row.keep(0, {"weaknesses": "- Còn đi muộn"}, {}, "HTT")
    row.submit(row.version, "2025.1")


def test_a_member_fills_in_the_form_loses_the_network_twice_and_the_tab_and_finds_everything(
    own, member
):
    last_year_of(member)
    page = open_page(own)
    expect(page.get_by_text("1. Còn đi muộn")).to_be_visible()
    expect(page.get_by_text("Mẫu 02B-HD KĐ.ĐG 2025")).to_be_visible()
    page.locator("#text-strengths").fill("Đoàn kết, gương mẫu.")
    is_saved(page)
    own.set_offline(True)
    page.locator("#text-weaknesses").fill("Còn nể nang.")
    expect(page.locator("[data-status]")).to_have_text(OFFLINE)
    own.set_offline(False)
    is_saved(page)
    assert stored().texts["weaknesses"] == "Còn nể nang."
    page.get_by_role("button", name="Tất cả đảm bảo").first.click()
    expect(page.locator("[data-sum]")).to_have_text("20")
    is_saved(page)
    own.set_offline(True)
    page.get_by_label("Chưa khắc phục", exact=True).check()
    page.locator("#why-1").fill("Đường xa.")
    page.locator("#text-direction").fill("Mạnh dạn góp ý.")
    page.locator("#score-result").fill("61,5")
    expect(page.locator("[data-status]")).to_have_text(OFFLINE)
    page.close()
    assert "direction" not in stored().texts
    own.set_offline(False)
    page = reopened(own)
    expect(page.locator("#text-direction")).to_have_value("Mạnh dạn góp ý.")
    expect(page.locator("#text-weaknesses")).to_have_value("Còn nể nang.")
    expect(page.locator("[data-sum]")).to_have_text("81,5")
    is_saved(page)
    assert stored().texts["direction"] == "Mạnh dạn góp ý."
    assert stored().answers["1"] == {"item": "Còn đi muộn", "state": "open", "why": "Đường xa."}
    warning = page.get_by_text("Còn hạn chế của năm trước chưa khắc phục")
    expect(warning).to_be_hidden()
    page.get_by_label("Hoàn thành xuất sắc nhiệm vụ").check()
    expect(warning).to_be_visible()
    assert stored().scores["result"] == "61.5"


def test_a_tab_killed_while_its_save_is_on_the_way_knows_its_own_words_again(own):
    page = open_page(own)
    reached: list[int] = []

    def no_answer(route: Route) -> None:
        if route.request.method == "POST":
            reached.append(route.fetch().status)
        else:
            route.continue_()

    page.route("**/*", no_answer)
    page.locator("#text-strengths").fill("Đoàn kết.")
    while not reached:
        page.evaluate("new Promise(requestAnimationFrame)")
    page.locator("#text-weaknesses").fill("Còn nể nang.")
    page.close()
    assert stored().texts["strengths"] == "Đoàn kết."
    page = reopened(own)
    is_saved(page)
    assert stored().texts["weaknesses"] == "Còn nể nang."
    expect(page.locator("[data-found]")).to_be_hidden()


def test_too_many_points_are_told_at_their_box_at_once_and_make_no_total(own):
    page = open_page(own)
    box, total = page.locator("#score-result"), page.locator("[data-sum]")
    place = page.locator("#p-score-result")
    box.fill("200")
    expect(place).to_have_text("Cao nhất 70 điểm.")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(total).to_have_text("–")
    is_saved(page)
    expect(place).to_have_text("Cao nhất 70 điểm.")
    box.fill("61,5")
    expect(place).to_be_empty()
    expect(box).not_to_have_attribute("aria-invalid", "true")
    expect(total).to_have_text("61,5")


def test_handing_in_leads_to_what_is_missing_and_then_closes_the_page(own):
    page = open_page(own)
    written = [name for name in FULL if name.startswith("text-") and name != LAST]
    for name in written:
        page.locator(f"#{name}").fill(FULL[name])
    for button in page.get_by_role("button", name="Tất cả đảm bảo").all():
        button.click()
    page.locator("#score-criticism-1-yes").check()
    page.locator("#score-result").fill("61,5")
    expect(page.locator("[data-band]")).to_have_text("Khung điểm: Hoàn thành xuất sắc nhiệm vụ.")
    condition = page.get_by_text("ít nhất 30% vượt mức")
    expect(condition).to_be_hidden()
    page.get_by_label("Hoàn thành xuất sắc nhiệm vụ").check()
    expect(condition).to_be_visible()
    page.get_by_role("button", name="Nộp bản kiểm điểm").click()
    expect(page.get_by_text("không có thì ghi “Không có”")).to_be_visible()
    expect(page.locator("#text-direction")).to_be_focused()
    page.locator("#text-direction").fill("Không có")
    page.get_by_role("button", name="Nộp bản kiểm điểm").click()
    expect(page.get_by_text("Đã nộp lúc")).to_be_visible()
    assert (stored().state, stored().self_level) == (SelfReview.State.SUBMITTED, "HTXS")


def test_without_a_network_handing_in_waits_on_the_page(own):
    page = open_page(own)
    own.set_offline(True)
    page.locator("#text-strengths").fill("Chữ của tôi")
    page.get_by_role("button", name="Nộp bản kiểm điểm").click()
    expect(page.locator("[data-status]")).to_have_text(OFFLINE)
    expect(page.locator("#text-strengths")).to_have_value("Chữ của tôi")


def test_a_save_whose_answer_was_lost_is_recognised_as_ones_own(own):
    page, losing = open_page(own), [True]

    def lose(route: Route) -> None:
        if route.request.method == "POST" and losing:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(f"**{ADDRESS}**", lose)
    page.locator("#text-strengths").fill("Một")
    expect(page.locator("[data-status]")).to_have_text(OFFLINE)
    losing.clear()  # not unroute: an answer may just be on its way to be lost
    page.locator("#text-strengths").fill("Một, hai")
    is_saved(page)
    assert stored().texts["strengths"] == "Một, hai"


def test_of_two_tabs_the_second_is_told_and_a_press_decides(own):
    first, second = open_page(own), open_page(own)
    first.locator("#text-strengths").fill("Thẻ thứ nhất")
    is_saved(first)
    second.locator("#text-weaknesses").fill("Thẻ thứ hai")
    expect(second.locator("[data-status]")).to_contain_text(STALE)
    assert stored().texts == {"strengths": "Thẻ thứ nhất"}
    second.get_by_role("button", name="Lưu", exact=True).click()
    expect(second.get_by_role("alert")).to_contain_text(STALE)
    expect(second.locator("#text-weaknesses")).to_have_value("Thẻ thứ hai")
    second.get_by_role("button", name="Lưu", exact=True).click()
    is_saved(second)
    assert stored().texts == {"weaknesses": "Thẻ thứ hai"}


def test_words_left_in_the_phone_are_offered_when_something_else_was_stored_meanwhile(own, member):
    page = open_page(own)
    own.set_offline(True)
    page.locator("#text-strengths").fill("Viết khi mất mạng")
    expect(page.locator("[data-status]")).to_have_text(OFFLINE)
    page.close()
    SelfReview.objects.create(
        cell=member.cell, member=member, campaign=Campaign.objects.get(), kind="member"
    ).keep(0, {"strengths": "Viết ở máy khác"}, {}, "")
    own.set_offline(False)
    page = open_page(own)
    expect(page.locator("#text-strengths")).to_have_value("Viết ở máy khác")
    page.get_by_role("button", name="Lấy lại chữ trong máy").click()
    expect(page.locator("#text-strengths")).to_have_value("Viết khi mất mạng")
    is_saved(page)


def test_points_left_in_the_phone_are_never_given_to_other_criteria(own, member):
    page = open_page(own)
    own.set_offline(True)
    page.locator("#text-strengths").fill("Viết khi mất mạng")
    page.locator("#score-result").fill("61,5")
    expect(page.locator("[data-status]")).to_have_text(OFFLINE)
    page.close()
    Setting.objects.create(
        committee=member.cell.committee, key="criteria.member", value=OTHER, basis="QĐ 9-QĐ/ĐU"
    )
    own.set_offline(False)
    page = open_page(own)
    expect(page.locator("#text-strengths")).to_have_value("Viết khi mất mạng")
    expect(page.locator("#score-result")).to_have_value("")
    is_saved(page)
    assert (stored().texts, stored().scores) == ({"strengths": "Viết khi mất mạng"}, {})


def test_without_javascript_it_is_a_plain_form(new_phone, member):
    page = open_page(new_phone(factories.make_device(member), java_script_enabled=False))
    page.locator("#text-strengths").fill("Đoàn kết")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("#text-strengths")).to_have_value("Đoàn kết")
    expect(page.locator("[data-status]")).to_contain_text("Đã lưu lúc")


@pytest.mark.parametrize(("width", "text"), [(320, 100), (360, 100), (390, 100), (360, 200)])
def test_the_page_fits_its_screen_and_its_reader(new_phone, member, width, text):
    phone = new_phone(factories.make_device(member), width=width)
    phone.add_init_script(
        "document.addEventListener('DOMContentLoaded', () => {"
        f"document.documentElement.style.fontSize = '{text * 1.125}%' }})"
    )
    page = open_page(phone)
    for stage in ("empty", "mistakes", "done", "printed"):
        if stage == "mistakes":
            page.get_by_role("button", name="Nộp bản kiểm điểm").click()
            expect(page.get_by_text("Chưa nộp được")).to_be_visible()
        if stage == "done":
            row = stored()
            row.keep(row.version, {"strengths": "Dài " * 200}, {"result": "55"}, "HTT")
            row.submit(row.version, "2025.1")
            page.goto(ADDRESS)
        if stage == "printed":
            page.get_by_role("link", name="Xem và tải bản in").click()
            expect(page.get_by_text("BẢN DỰ THẢO", exact=True)).to_be_visible()
            page.wait_for_load_state()  # its style sheets too
        assert page.evaluate(FITS), stage
        small = page.evaluate(
            "[...document.querySelectorAll('a, button, summary, textarea, input:not([type=hidden])')]"
            ".filter((part) => part.offsetParent && !part.matches('.unseen, p a')"
            " && part.getBoundingClientRect().height < 48).map((part) => part.outerHTML)"
        )
        assert small == [], stage
        report = Axe().run(page)
        assert report.violations_count == 0, f"{stage}: {report.generate_report()}"
