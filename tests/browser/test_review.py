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


def look_at(page: Page, place: str) -> None:
    """Have the step of this place in sight, as a link to it does."""
    page.evaluate("place => { location.hash = place }", place)
    expect(page.locator(place)).to_be_visible()


def fill(page: Page, place: str, text: str) -> None:
    look_at(page, place)
    page.locator(place).fill(text)


def hand_in(page: Page) -> None:
    look_at(page, "#self_level")
    page.get_by_role("button", name="Nộp bản kiểm điểm").click()


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
    fill(page, "#text-strengths", "Đoàn kết, gương mẫu.")
    is_saved(page)
    own.set_offline(True)
    fill(page, "#text-weaknesses", "Còn nể nang.")
    expect(page.locator("[data-status]")).to_have_text(OFFLINE)
    own.set_offline(False)
    is_saved(page)
    assert stored().texts["weaknesses"] == "Còn nể nang."
    look_at(page, "#score-conduct-1")
    page.get_by_role("button", name="Tất cả đảm bảo").click()
    expect(page.locator("[data-sum]")).to_have_text("20")
    is_saved(page)
    own.set_offline(True)
    look_at(page, "#answer-1")
    page.get_by_label("Chưa khắc phục", exact=True).check()
    fill(page, "#why-1", "Đường xa.")
    fill(page, "#text-direction", "Mạnh dạn góp ý.")
    fill(page, "#score-result", "61,5")
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
    assert stored().scores["result"] == "61.5"


def test_what_is_not_remedied_is_said_beside_the_highest_level(own, member):
    last_year_of(member)
    page = open_page(own)
    page.get_by_label("Chưa khắc phục", exact=True).check()
    look_at(page, "#self_level")
    warning = page.get_by_text("Còn hạn chế của năm trước chưa khắc phục")
    expect(warning).to_be_hidden()
    page.get_by_label("Hoàn thành xuất sắc nhiệm vụ").check()
    expect(warning).to_be_visible()


def test_a_tab_killed_while_its_save_is_on_the_way_knows_its_own_words_again(own):
    page = open_page(own)
    reached: list[int] = []

    def no_answer(route: Route) -> None:
        if route.request.method == "POST":
            reached.append(route.fetch().status)
        else:
            route.continue_()

    page.route("**/*", no_answer)
    fill(page, "#text-strengths", "Đoàn kết.")
    while not reached:
        page.evaluate("new Promise(requestAnimationFrame)")
    fill(page, "#text-weaknesses", "Còn nể nang.")
    page.close()
    assert stored().texts["strengths"] == "Đoàn kết."
    page = reopened(own)
    is_saved(page)
    assert stored().texts["weaknesses"] == "Còn nể nang."
    expect(page.locator("[data-found]")).to_be_hidden()


def test_too_many_points_are_told_at_their_box_at_once_and_make_no_total(own):
    page = open_page(own)
    look_at(page, "#score-result")
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


def test_the_form_goes_by_steps_whose_words_stay_and_the_way_back_leads_to_the_step_before(own):
    page = open_page(own)
    onward, where = page.get_by_role("link", name="Tiếp"), page.locator("[data-where]")
    expect(where).to_have_text("Phần 1/10")
    expect(page.get_by_role("link", name="Trước")).to_be_hidden()
    page.locator("#text-strengths").fill("Đoàn kết.")
    onward.click()
    expect(where).to_have_text("Phần 2/10")
    expect(page.locator("#text-strengths")).to_be_hidden()
    expect(page.get_by_role("region", name="II. Hạn chế")).to_be_focused()
    page.locator("#text-weaknesses").fill("Còn nể nang.")
    onward.click()
    expect(where).to_have_text("Phần 3/10")
    page.go_back()
    expect(page.locator("#text-weaknesses")).to_have_value("Còn nể nang.")
    page.get_by_role("link", name="Trước").click()
    expect(page.locator("#text-strengths")).to_have_value("Đoàn kết.")
    is_saved(page)
    page.get_by_text("Phần 1/10").click()
    lines = page.locator(".parts li")
    expect(lines.nth(0)).to_contain_text("Còn 2 chỗ trống")
    expect(lines.nth(3)).to_contain_text("Không bắt buộc")
    lines.nth(8).get_by_role("link").click()
    page.get_by_label("Đảm bảo", exact=True).filter(visible=True).check()
    page.locator("#score-result").fill("61,5")
    onward.click()
    expect(page.locator("[data-total]")).to_be_in_viewport()
    expect(page.locator("[data-sum]")).to_have_text("63,5")
    page.get_by_label("Hoàn thành tốt nhiệm vụ").check()
    expect(page.locator("[data-claim]")).to_have_text("Tự nhận: Hoàn thành tốt nhiệm vụ")
    expect(onward).to_be_hidden()
    expect(page.locator("[data-rest] li").first).to_contain_text("I. Ưu điểm")
    page.reload()
    expect(where).to_have_text("Phần 10/10")


def test_handing_in_leads_to_what_is_missing_and_then_closes_the_page(own):
    page = open_page(own)
    written = [name for name in FULL if name.startswith("text-") and name != LAST]
    for name in written:
        fill(page, f"#{name}", FULL[name])
    for group in ("conduct", "ability"):
        look_at(page, f"#score-{group}-1")
        page.get_by_role("button", name="Tất cả đảm bảo").click()
    look_at(page, "#score-criticism-1")
    page.get_by_label("Đảm bảo", exact=True).filter(visible=True).check()
    fill(page, "#score-result", "61,5")
    look_at(page, "#self_level")
    expect(page.locator("[data-band]")).to_have_text("Khung điểm: Hoàn thành xuất sắc nhiệm vụ.")
    condition = page.get_by_text("ít nhất 30% vượt mức")
    expect(condition).to_be_hidden()
    page.get_by_label("Hoàn thành xuất sắc nhiệm vụ").check()
    expect(condition).to_be_visible()
    hand_in(page)
    expect(page.get_by_text("không có thì ghi “Không có”")).to_be_visible()
    expect(page.locator("#text-direction")).to_be_focused()
    fill(page, "#text-direction", "Không có")
    hand_in(page)
    expect(page.get_by_text("Đã nộp lúc")).to_be_visible()
    assert (stored().state, stored().self_level) == (SelfReview.State.SUBMITTED, "HTXS")


def test_without_a_network_handing_in_waits_on_the_page(own):
    page = open_page(own)
    own.set_offline(True)
    fill(page, "#text-strengths", "Chữ của tôi")
    hand_in(page)
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
    fill(page, "#text-strengths", "Một")
    expect(page.locator("[data-status]")).to_have_text(OFFLINE)
    losing.clear()  # not unroute: an answer may just be on its way to be lost
    fill(page, "#text-strengths", "Một, hai")
    is_saved(page)
    assert stored().texts["strengths"] == "Một, hai"


def test_of_two_tabs_the_second_is_told_and_a_press_decides(own):
    first, second = open_page(own), open_page(own)
    fill(first, "#text-strengths", "Thẻ thứ nhất")
    is_saved(first)
    fill(second, "#text-weaknesses", "Thẻ thứ hai")
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
    fill(page, "#text-strengths", "Viết khi mất mạng")
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
    fill(page, "#text-strengths", "Viết khi mất mạng")
    fill(page, "#score-result", "61,5")
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
            hand_in(page)
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
        steps = page.locator("[data-step]").count() if stage == "empty" else 0
        for number in range(2, steps + 1):
            page.get_by_role("link", name="Tiếp").click()
            expect(page.locator("[data-where]")).to_have_text(f"Phần {number}/{steps}")
            assert page.evaluate(FITS), number
        assert page.evaluate(FITS), stage
        small = page.evaluate(
            "[...document.querySelectorAll('a, button, summary, textarea, input:not([type=hidden])')]"
            ".filter((part) => part.offsetParent && !part.matches('.unseen, p a')"
            " && part.getBoundingClientRect().height < 48).map((part) => part.outerHTML)"
        )
        assert small == [], stage
        report = Axe().run(page)
        assert report.violations_count == 0, f"{stage}: {report.generate_report()}"
