"""Joining on a phone in Chromium: waiting, the test of the browser, the calm page and its way to the ballot."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request, expect

from members.models import Device
from tests.browser.hands import FITS, Taps, find_name, hurry, type_code
from tests.kit import factories, polls, verbs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GOOD = "Máy này bỏ phiếu kín được."
BAD = "Máy này chưa bỏ phiếu kín được."
WAITED = 5000  # longer than any pace of a phone's page, on its own clock


@pytest.fixture
def hall(site):
    """A planned meeting of twelve, whose check-in is open."""
    return factories.make_hall(12)


def join(page: Page, meeting, name: str) -> Page:
    """From the root: six digits, then the name, found by two of its words; who waits asks often."""
    hurry(page)
    page.goto("/")
    type_code(page, meeting.code)
    find_name(page, name)
    page.get_by_role("button", name=name).click()
    page.wait_for_url("**/hop/cho/**")
    return page


def settled(page: Page) -> Page:
    """The waiting page once it has tested the browser, for which it loads a second time by itself."""
    expect(page.get_by_text(GOOD)).to_be_visible()
    return page


def calm_page(new_phone, meeting, member) -> Page:
    """The calm page of a member who is in the room, its first question answered; its clock is the test's."""
    phone = new_phone(factories.make_device(member, meeting=meeting))
    page = phone.new_page()
    page.clock.install()
    with page.expect_response("**/luot"):
        page.goto("/hop/hop/")
    return page


def test_a_member_joins_in_eight_taps_and_the_page_moves_on_when_admitted(hall, new_phone):
    member = factories.members_of(hall)[5]
    page = new_phone().new_page()
    taps = Taps(page)
    join(page, hall, member.name)
    taps.within(8 - len(hall.code), GOOD)
    device = Device.objects.get(member=member)
    expect(page.locator(".number")).to_have_text(str(device.number))
    verbs.admit(factories.secretary_of(hall), hall, device)
    page.wait_for_url("**/hop/hop/")
    expect(page.get_by_text("Đã điểm danh có mặt.")).to_be_visible()


def test_after_a_wrong_code_typing_replaces_it(hall, new_phone):
    page = new_phone().new_page()
    page.goto("/hop/vao/000000/")
    expect(page.get_by_role("alert")).to_contain_text("Xin nhìn lại sáu số")
    type_code(page, hall.code)
    expect(page.get_by_label("Họ và tên của đồng chí")).to_be_focused()


def test_a_refused_phone_hears_it_without_touching_anything(hall, new_phone):
    page = join(new_phone().new_page(), hall, factories.members_of(hall)[5].name)
    verbs.refuse(factories.secretary_of(hall), hall, Device.objects.get())
    expect(page.get_by_role("heading", name="Đồng chí chưa vào họp")).to_be_visible()


def test_waiting_survives_a_lost_network_and_says_so(hall, new_phone):
    phone = new_phone()
    page = settled(join(phone.new_page(), hall, factories.members_of(hall)[5].name))
    phone.set_offline(True)
    expect(page.get_by_text("Mất mạng.")).to_be_visible()
    phone.set_offline(False)
    verbs.admit(factories.secretary_of(hall), hall, Device.objects.get())
    page.wait_for_url("**/hop/hop/")


@pytest.mark.parametrize(
    ("broken", "advice"),
    [
        ("delete window.BigInt", "Chrome hoặc Safari"),
        ("Object.defineProperty(crypto, 'subtle', {value: undefined})", "Chrome hoặc Safari"),
        ("IDBObjectStore.prototype.put = () => {}", "chế độ ẩn danh"),
        ("indexedDB.open = () => { throw new Error() }", "chế độ ẩn danh"),
        (
            "Object.defineProperty(window, 'isSecureContext', {value: false}); delete window.BigInt",
            "https",
        ),
    ],
)
def test_a_browser_that_cannot_vote_is_found_at_check_in(hall, new_phone, broken, advice):
    phone = new_phone()
    phone.add_init_script(broken)
    page = join(phone.new_page(), hall, factories.members_of(hall)[5].name)
    expect(page.get_by_text(BAD)).to_be_visible()
    expect(page.get_by_text(advice)).to_be_visible()
    expect(page.get_by_text("Tôi bỏ phiếu bốc thăm").last).to_be_visible()


def test_inside_zalo_the_advice_is_to_open_the_browser(hall, new_phone):
    phone = new_phone(user_agent="Mozilla/5.0 (Linux; Android 10) Zalo android/240801")
    phone.add_init_script("delete window.BigInt")
    page = join(phone.new_page(), hall, factories.members_of(hall)[5].name)
    expect(page.get_by_text("chọn “Mở bằng trình duyệt”")).to_be_visible()


def test_joining_works_without_javascript_and_says_that_voting_does_not(hall, new_phone):
    member = factories.members_of(hall)[5]
    page = new_phone(java_script_enabled=False).new_page()
    page.goto("/")
    page.get_by_label("Sáu số trên màn chiếu").fill(hall.code)
    page.get_by_role("button", name="Tiếp tục").click()
    find_name(page, member.name)
    page.get_by_role("button", name=member.name).click()
    page.wait_for_url("**/hop/cho/**")
    expect(page.locator("noscript .warn")).to_be_visible()
    verbs.admit(factories.secretary_of(hall), hall, Device.objects.get())
    page.wait_for_url("**/hop/hop/")  # the page reloads itself
    expect(page.get_by_role("link", name="Mở phiếu")).to_be_visible()


def test_large_type_stays_large_on_the_next_page(hall, new_phone):
    page = new_phone().new_page()
    page.goto("/")
    page.get_by_role("button", name="Chữ to").click()
    page.goto(f"/hop/vao/{hall.code}/")
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "22px"


# The way to the ballot


def test_when_issuing_opens_the_calm_page_leads_to_the_ballot_once(meeting, member, new_phone):
    page = calm_page(new_phone, meeting, member)
    expect(page.get_by_text("phiếu tự mở trên máy này")).to_be_visible()
    expect(page.get_by_role("link", name="Mở phiếu")).to_be_hidden()
    verbs.open_issuing(factories.secretary_of(meeting), polls.poll_of(meeting))
    page.clock.run_for(WAITED)
    page.wait_for_url(f"**/phieu/#{meeting.door_key}")
    page.goto("/hop/hop/")
    expect(page.get_by_role("link", name="Mở phiếu")).to_be_visible()
    page.clock.run_for(3 * WAITED)
    assert page.url.endswith("/hop/hop/"), "who comes back is left in peace"


def test_while_ballots_are_cast_the_calm_page_asks_only_the_door_and_shows_no_cookie(
    meeting, member, new_phone
):
    poll = polls.poll_of(meeting)
    phones = polls.issue(poll)
    polls.cast(poll, phones, [[2]])
    page = calm_page(new_phone, meeting, member)
    link = page.get_by_role("link", name="Mở phiếu")
    expect(link).to_be_visible()
    collected: list[Request] = []
    page.on("request", lambda request: collected.append(request))
    for _ in range(8):
        with page.expect_response("**/luot"):
            page.clock.run_for(WAITED)
    assert {request.url.rsplit("/", 1)[1] for request in collected} == {"luot"}
    assert not any({"cookie", "referer"} & set(request.all_headers()) for request in collected)
    assert page.url.endswith("/hop/hop/"), "an open box pulls nobody away"


def test_between_polls_the_calm_page_follows_the_agenda(meeting, member, new_phone):
    page = calm_page(new_phone, meeting, member)
    following = meeting.items.filter(position__gt=meeting.step).first()
    expect(page.locator(".item")).not_to_have_text(following.title)
    verbs.next_item(factories.secretary_of(meeting), meeting, meeting.step)
    for _ in range(4):
        with page.expect_response("**/luot"):
            page.clock.run_for(WAITED)
    expect(page.locator(".item")).to_have_text(following.title)


def test_a_phone_whose_member_changed_to_another_shows_that_it_is_no_longer_in(
    meeting, member, new_phone
):
    page = calm_page(new_phone, meeting, member)
    Device.objects.filter(member=member).update(state=Device.State.REVOKED)
    for _ in range(3):  # the site is asked with every fourth question
        with page.expect_response("**/luot"):
            page.clock.run_for(WAITED)
    page.wait_for_url("**/hop/vao/")


# Looks


@pytest.mark.parametrize(("width", "text"), [(320, 100), (360, 100), (390, 100), (360, 200)])
def test_phone_pages_fit_their_screens_and_their_readers(hall, new_phone, width, text):
    phone = new_phone(width=width)
    phone.add_init_script(
        "document.addEventListener('DOMContentLoaded', () => {"
        f"document.documentElement.style.fontSize = '{text * 1.125}%' }})"
    )
    page = settled(join(phone.new_page(), hall, factories.members_of(hall)[5].name))
    known = new_phone(factories.make_device(factories.members_of(hall)[6]), width=width).new_page()
    shown = [(page, "/hop/cho/"), (page, "/hop/vao/"), (page, f"/hop/vao/{hall.code}/?doi-ten=1")]
    shown += [(page, "/hop/vao/000000/"), (known, "/hop/hop/"), (known, f"/hop/vao/{hall.code}/")]
    for tab, address in shown:
        tab.goto(address)
        assert tab.evaluate(FITS), address
        small = tab.evaluate(
            "[...document.querySelectorAll('a, button, input:not([type=hidden])')]"
            ".filter((part) => part.offsetParent && part.getBoundingClientRect().height < 48)"
            ".map((part) => part.outerHTML)"
        )
        assert small == [], address
        report = Axe().run(tab)
        assert report.violations_count == 0, f"{address}: {report.generate_report()}"
