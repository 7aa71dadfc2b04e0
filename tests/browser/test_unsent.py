"""What officers and members write in a form that was refused, left or cut off, in Chromium: it is offered again."""

from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from ballots.results.decisions import cases_of
from cells.models import Meeting
from cells.stale import STALE
from members.models import Comment, User
from tests.browser.hands import leave, signed_in
from tests.kit import appraising, factories, sendings, verbs
from tests.kit.verbs import Act, LevelDecision

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "Viết cả buổi tối"
TAKE = "Lấy lại chữ ấy"


@pytest.fixture
def desk(browser, site: str) -> Iterator[Callable[[User], Page]]:
    """An officer's browser, who leaves pages whatever they ask."""
    pages: list[Page] = []

    def sit(officer: User) -> Page:
        page = signed_in(browser, site, officer, 1366)
        page.on("dialog", lambda dialog: dialog.accept())
        pages.append(page)
        return page

    yield sit
    for page in pages:
        leave(page.context)


@pytest.fixture
def meeting(site) -> Meeting:
    """An open meeting of five, with something to give a reason for."""
    meeting = factories.make_open_meeting(5)
    member = factories.members_of(meeting)[1]
    appraising.submitted(meeting, member, self_level="HTXS")
    verbs.conclude(factories.secretary_of(meeting), meeting, member, "HTXS", "Nhất trí")
    return meeting


def offers(page: Page, field: str) -> None:
    """The page is drawn without the words, and gives them back within one tap."""
    place = page.locator(field).first
    expect(page.get_by_role("button", name=TAKE)).to_have_count(1)
    expect(place).not_to_have_value(WORDS)
    page.get_by_role("button", name=TAKE).click()
    expect(place).to_have_value(WORDS)
    expect(page.get_by_role("button", name=TAKE)).to_have_count(0)


def write_and_lose(page: Page, address: str, field: str) -> None:
    """Write there, and be somewhere else before anything was sent."""
    page.goto(address)
    place = page.locator(field).first
    place.evaluate(
        "place => { for (let p = place; (p = p.closest('details:not([open])')); ) p.open = true; }"
    )
    place.fill(WORDS)
    page.goto("/hop/")
    page.goto(address)


def test_what_is_written_on_any_page_of_the_meeting_is_offered_when_the_page_is_drawn_anew(
    desk, meeting
):
    page = desk(factories.secretary_of(meeting))
    member = factories.members_of(meeting)[1]
    here, cell = f"/hop/hoi-nghi/{meeting.pk}", f"/hop/chi-bo/{meeting.cell_id}/2026"
    for address, field in (
        (f"{here}/bao-cao/", "textarea[name^=text-]"),
        (f"{here}/gop-y/", "[name=text]"),
        (f"{here}/ket-luan/", "[name=reason]"),
        (appraising.address(meeting, member), "[data-do=give_reasons] textarea"),
        (f"{cell}/chi-uy/", "#lines textarea"),
        (f"/hop/dang-vien/{member.pk}/2026/nhan-xet/", "#assessments textarea"),
    ):
        write_and_lose(page, address, field)
        offers(page, field)


def test_what_is_written_on_the_decision_and_in_a_petition_is_offered_too(desk, new_phone, site):
    meeting = sendings.make_sent()
    officer = factories.make_user(committee=meeting.cell.committee)
    page = desk(officer)
    write_and_lose(page, f"/hop/hoi-nghi/{meeting.pk}/quyet-dinh/", "[name=body]")
    offers(page, "[name=body]")
    verdicts = {case.key: LevelDecision(case.proposed) for case in cases_of(meeting)}
    verbs.decide(officer, meeting, Act(1, "125-QĐ/ĐU", timezone.localdate(), 1), verdicts)
    phone = new_phone(factories.make_device(factories.members_of(meeting)[1])).new_page()
    write_and_lose(phone, "/hop/cac-nam/", "[name=text]")
    offers(phone, "[name=text]")


def test_a_petition_is_not_offered_to_whose_phone_it_is_afterwards(new_phone, site):
    meeting = sendings.make_sent()
    officer = factories.make_user(committee=meeting.cell.committee)
    verdicts = {case.key: LevelDecision(case.proposed) for case in cases_of(meeting)}
    verbs.decide(officer, meeting, Act(1, "125-QĐ/ĐU", timezone.localdate(), 1), verdicts)
    one, other = factories.members_of(meeting)[1:3]
    phone = new_phone(factories.make_device(one))
    page = phone.new_page()
    write_and_lose(page, "/hop/cac-nam/", "[name=text]")
    expect(page.get_by_role("button", name=TAKE)).to_have_count(1)
    cookie = {"name": "may", "value": factories.make_device(other), "url": site + "/hop/"}
    phone.add_cookies([cookie | {"httpOnly": True, "sameSite": "Strict"}])
    page.goto("/hop/cac-nam/")  # loaded, its scripts have run
    expect(page.locator("[name=text]")).to_have_count(1)
    assert page.get_by_role("button", name=TAKE).count() == 0


def test_a_refused_form_keeps_its_words_through_a_reload_a_lost_session_and_an_old_page(
    desk, meeting
):
    page = desk(factories.secretary_of(meeting))
    address, text = f"/hop/hoi-nghi/{meeting.pk}/gop-y/", page.locator("[name=text]")
    page.goto(address)
    text.fill(WORDS)
    page.get_by_role("button", name="Ghi ý kiến").click()
    expect(page.get_by_text("Xin chọn người phát biểu.")).to_be_visible()
    page.reload()
    expect(text).to_have_value(WORDS)
    page.goto(address)
    offers(page, "[name=text]")
    page.get_by_label("Người phát biểu").select_option(index=1)
    session = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Ghi ý kiến").click()
    expect(page.get_by_role("heading", name="Cán bộ đăng nhập")).to_be_visible()
    page.context.add_cookies(session)
    page.goto(address)
    offers(page, "[name=text]")
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="Ghi ý kiến").click()
    expect(page.get_by_text("Chữ đồng chí vừa viết vẫn còn trong máy này")).to_be_visible()
    page.go_back()
    expect(text).to_have_value(WORDS)  # put back by the browser itself: nothing to offer
    expect(page.get_by_role("button", name=TAKE)).to_have_count(0)
    page.get_by_role("button", name="Ghi ý kiến").click()
    expect(page.get_by_text(WORDS)).to_be_visible()
    expect(page.get_by_role("button", name=TAKE)).to_have_count(0)
    assert Comment.objects.get().text == WORDS


def test_an_old_page_writes_over_nothing_and_its_words_are_offered(desk, meeting):
    page = desk(factories.secretary_of(meeting))
    old = page.context.new_page()
    address, text = f"/hop/hoi-nghi/{meeting.pk}/ket-luan/", "#conclusion-text"
    for tab in (old, page):
        tab.goto(address)
    page.locator(text).fill("Hội nghị nhất trí.")
    page.get_by_role("button", name="Lưu lời kết luận").click()
    expect(page.get_by_text("Đã lưu lời kết luận của chủ trì.")).to_be_visible()
    old.locator(text).fill(WORDS)
    old.get_by_role("button", name="Lưu lời kết luận").click()
    expect(old.get_by_text(STALE)).to_be_visible()
    expect(old.locator(text)).to_have_value("Hội nghị nhất trí.")
    offers(old, text)


def test_nothing_is_left_of_it_once_the_officer_has_signed_out(desk, meeting):
    page = desk(factories.secretary_of(meeting))
    other = page.context.new_page()
    for tab in (other, page):
        tab.on("dialog", lambda dialog: dialog.accept())
        write_and_lose(tab, f"/hop/hoi-nghi/{meeting.pk}/gop-y/", "[name=text]")
    page.get_by_text("Mục khác").click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_text("tài khoản này chưa có mật khẩu")).to_be_visible()
    page.get_by_role("button", name="Vẫn đăng xuất").click()
    expect(page.get_by_role("heading", name="Cán bộ đăng nhập")).to_be_visible()
    for tab in (other, page):
        assert WORDS not in tab.evaluate("JSON.stringify(sessionStorage)")
