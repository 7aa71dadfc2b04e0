"""A member's year on a phone in Chromium, from the link in Zalo to the ballot, counting taps (journeys, 4.2)."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from ballots.models import Petition
from members.devices import links
from members.models import Device, SelfReview
from tests.browser.hands import CAST, FITS, GOOD, KEPT, Taps, find_name, hurry, type_code
from tests.kit import factories, verbs
from tests.kit.polls import poll_of
from tests.kit.room import Room

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZE = 8
PACKS = pytest.mark.parametrize(("pack", "year"), [("2023", 2023), ("2025", 2026)])
DIGITS = 6


def write(page: Page) -> None:
    """Every text and every mark, step by step: typed, or by as few taps as the form allows."""
    onward = page.get_by_role("link", name="Tiếp")
    expect(onward).to_be_visible()
    while onward.is_visible():
        for text in page.locator("form.review textarea:visible").all():
            text.fill("Đã làm tốt việc được giao.")
        for button in page.get_by_role("button", name="Tất cả đảm bảo").all():
            button.click()
        for group in page.locator("fieldset[data-scored]:visible:not(:has(:checked))").all():
            group.get_by_label("Đảm bảo", exact=True).check()
        for grades in page.locator("fieldset.grades:visible").all():
            grades.get_by_label("Tốt", exact=True).check()
        for row in page.locator(".graded:visible").all():
            most = int(row.locator(".of span").inner_text().strip("/ "))
            row.get_by_role("textbox").fill(str(most - most // 5))
        # The address names the next part; whether one follows that is known once the part is shown.
        following = onward.get_attribute("href")
        onward.click()
        expect(page.locator(following)).to_be_visible()


@PACKS
def test_a_member_hands_in_the_self_review_at_home_in_few_taps(new_phone, site, pack, year):
    meeting = factories.make_meeting(SIZE, pack=pack, year=year)
    member = factories.members_of(meeting)[4]
    page = new_phone().new_page()
    taps = Taps(page)
    page.goto(links.personal_link(member, site))
    page.get_by_role("button", name="Dùng máy này").click()
    taps.within(1, "Bản kiểm điểm của tôi")
    expect(page.get_by_text(member.name)).to_be_visible()
    write(page)
    taps.within(20, "Đề xuất xếp loại mức chất lượng")
    page.get_by_label(GOOD, exact=True).check()
    expect(page.get_by_text("Mức này cần").filter(visible=True)).to_have_count(1)
    page.get_by_role("button", name="Nộp bản kiểm điểm").click()
    taps.within(2, "Đã nộp lúc")
    row = SelfReview.objects.get(member=member)
    assert (row.state, row.self_level) == (SelfReview.State.SUBMITTED, "HTT")


@PACKS
def test_a_member_reads_the_level_decided_and_petitions_in_few_taps(new_phone, site, pack, year):
    meeting = factories.make_open_meeting(SIZE, pack=pack, year=year)
    member = factories.members_of(meeting)[4]
    factories.make_paper(meeting, "minutes")
    officer = factories.make_user(committee=meeting.cell.committee)
    factories.make_decision(meeting, officer, member, level="HT")
    verbs.close_meeting(factories.secretary_of(meeting), meeting)
    page = new_phone(factories.make_device(member)).new_page()
    taps = Taps(page)
    page.goto(f"{site}/hop/cac-nam/")
    taps.within(0, "Cấp trên quyết định: Hoàn thành nhiệm vụ.")
    page.get_by_text("Gửi kiến nghị về mức này").click()
    page.get_by_label("Đồng chí kiến nghị điều gì").fill("Xin xem lại việc tháng 6.")
    assert page.evaluate(FITS)
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()
    page.get_by_role("button", name="Gửi kiến nghị", exact=True).click()
    taps.within(2, "đang được xem xét")
    assert Petition.objects.get().text == "Xin xem lại việc tháng 6."


@PACKS
def test_a_member_joins_and_votes_in_few_taps(new_phone, site, pack, year):
    room = Room(SIZE, pack=pack, year=year)
    room.poll = poll_of(room.meeting, 2)
    member = room.members[4]
    verbs.open_checkin(room.secretary, room.meeting)
    room.meeting.refresh_from_db()
    page = new_phone().new_page()
    hurry(page)
    taps = Taps(page)
    page.goto(f"{site}/hop/vao/")
    type_code(page, room.meeting.code)
    find_name(page, member.name)
    page.get_by_role("button", name=member.name).click()
    taps.within(8 - DIGITS, "Xin đọc số này cho bí thư")
    verbs.admit(room.secretary, room.meeting, Device.objects.get(member=member))
    expect(page.get_by_text("Đã điểm danh có mặt.")).to_be_visible()
    with page.expect_response("**/da-nhan"):
        room.open().stamp(*(other for other in room.members if other != member))
    for _ in range(SIZE):
        page.get_by_role("button", name=GOOD, exact=True).click()
    page.get_by_role("button", name="Bỏ phiếu", exact=True).click()
    page.get_by_role("button", name="Xác nhận bỏ phiếu").click()
    expect(page.get_by_role("heading", name="Phiếu đã gấp")).to_be_visible()
    room.box()
    taps.within(SIZE + 2, CAST)
    room.cast(*[2] * (SIZE - 1))
    room.seal().agree().confirm()
    expect(page.get_by_role("heading", name=KEPT)).to_be_visible()
    assert taps.start() == 0
