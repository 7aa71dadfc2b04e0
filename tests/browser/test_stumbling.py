"""The evening by its stumbling blocks, in Chromium: what a new secretary tripped over once, each tried as it was."""

from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cells.models import AgendaItem, Meeting
from members.devices import links
from members.models import Attendance, Device, Door, Member, SelfReview, User
from tests.browser.hands import leave, signed_in, visit
from tests.kit import factories, polls, sendings, verbs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GOOD = 2
PACE, TURNOUT_PACE = 5500, 10_500  # longer than the pages wait, on their own clock
# Words of who built it, and of one meaning too many.
BANNED = ("ghim", "mẫu số", "báo đỏ", "Ghi ▾", "phần mềm chọn", "Mã của bộ tiêu chí", " dấu cho ")


@pytest.fixture
def desk(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """The secretary's laptop at the hall, at 1366 pixels."""
    pages: list[Page] = []

    def sit(meeting: Meeting, path: str = "", **options) -> Page:
        page = signed_in(browser, site, factories.secretary_of(meeting), 1366, **options)
        pages.append(page)
        if options.get("java_script_enabled", True):
            page.clock.install()
        page.goto(f"/hop/hoi-nghi/{meeting.pk}/{path}")
        return page

    yield sit
    for page in pages:
        leave(page.context)


def knock(meeting: Meeting, member: Member, number: int) -> None:
    token = f"{member.pk}-{number}"
    Device.objects.create(member=member, meeting=meeting, number=number, token_hash=token)


def states(meeting: Meeting) -> list[str]:
    return list(Attendance.objects.of(meeting).values_list("state", flat=True))


def doors(meeting: Meeting) -> list[str]:
    return list(Attendance.objects.of(meeting).values_list("door", flat=True))


def speaks_as_the_hall(page: Page) -> None:
    """Nothing on the page is a word of who built it."""
    text = page.locator("body").inner_text()
    assert [word for word in BANNED if word in text] == []


def test_all_are_let_in_but_who_is_named_and_many_are_written_down_at_once(desk):
    meeting = factories.make_hall(8)
    people = factories.members_of(meeting)
    knock(meeting, people[2], 10)
    knock(meeting, people[3], 11)
    knock(meeting, people[3], 12)
    page = desk(meeting, "diem-danh/")
    page.get_by_label("Số các đồng chí đọc").fill("10 11 12")
    page.get_by_role("button", name="Nhận tất cả").click()
    expect(page.get_by_text(f"Hai máy cùng chọn tên {people[3]}")).to_be_visible()
    expect(page.get_by_text("Đã nhận 01 máy.")).to_be_visible()
    lines = page.locator("#list li")
    page.get_by_label("Lọc theo tên").fill("cuong")
    expect(lines.filter(visible=True)).to_have_count(1)
    page.get_by_label("Lọc theo tên").fill("")
    page.get_by_role("button", name="Đánh dấu mọi tên đang hiện").click()
    page.clock.run_for(PACE)  # the list renews itself, but not under ticks
    page.locator("#many").get_by_role("button", name="Có mặt").click()
    expect(page.get_by_text("Đã ghi thêm 07 đồng chí có mặt.")).to_be_visible()
    for name in (str(people[5]), str(people[6]), str(people[7])):
        lines.filter(has_text=name).get_by_role("checkbox").check()
    page.locator("#many").get_by_role("button", name="Phiếu giấy").click()
    expect(page.get_by_text("Đã ghi 03 đồng chí bỏ phiếu bằng phiếu giấy.")).to_be_visible()
    assert states(meeting) == ["present"] * 8
    assert doors(meeting) == ["phone"] * 5 + ["paper"] * 3
    speaks_as_the_hall(page)


def test_many_are_written_down_at_once_without_script(desk):
    meeting = factories.make_hall(5)
    page = desk(meeting, "diem-danh/", java_script_enabled=False)
    expect(page.get_by_label("Lọc theo tên")).to_be_hidden()
    for line in page.locator("#list li").all()[:2]:
        line.get_by_role("checkbox").check()
    page.locator("#many").get_by_role("button", name="Phiếu bốc thăm").click()
    expect(page.get_by_text("Đã ghi 02 đồng chí bỏ phiếu bằng phiếu bốc thăm.")).to_be_visible()
    assert doors(meeting).count("slip") == 2


@pytest.fixture
def hall(site) -> Meeting:
    """An open meeting of nine: three vote on paper, two draw a slip."""
    meeting = factories.make_open_meeting(9)
    people = factories.members_of(meeting)
    listed = Attendance.objects.filter(meeting=meeting)
    listed.filter(member__in=people[6:]).update(door=Door.PAPER)
    listed.filter(member__in=people[4:6]).update(door=Door.SLIP)
    return meeting


def test_slips_are_printed_unseen_and_both_sides_are_told_who_does_what_about_papers(
    desk, new_phone, hall
):
    poll = polls.poll_of(hall)
    page = desk(hall)
    page.goto(f"/hop/luot/{poll.pk}/")
    expect(page.get_by_text("Phiếu có mã bí mật.")).to_be_visible()
    expect(page.get_by_label("Số phiếu", exact=True)).to_have_value("2")
    # All that is done for who has no phone lies above the bar.
    tablet = page.locator("summary").filter(has_text="Máy dùng chung").bounding_box()
    assert tablet["y"] + tablet["height"] <= page.locator("#next").bounding_box()["y"]
    with page.expect_download() as waited:
        page.get_by_role("button", name="Tải tệp để in (không hiện ra)").click()
    assert waited.value.suggested_filename.endswith(".pdf")
    assert len(page.context.pages) == 1, "no window of its own shows the codes"
    verbs.open_issuing(factories.secretary_of(hall), poll)
    visit(page, f"/hop/luot/{poll.pk}/")
    expect(page.get_by_text("Tổ kiểm phiếu: bấm “Phát 03 phiếu giấy”")).to_be_visible()
    device = new_phone(factories.make_device(polls.teller_of(hall))).new_page()
    device.goto("/hop/kiem-phieu/")
    expect(device.get_by_text("Bí thư in phiếu ở trang của lượt. Tổ kiểm phiếu:")).to_be_visible()
    expect(device.get_by_role("button", name="Phát 03 phiếu giấy")).to_be_disabled()
    for each in (page, device):
        speaks_as_the_hall(each)
    drawer = factories.members_of(hall)[4]
    page.goto(f"/hop/hoi-nghi/{hall.pk}/diem-danh/")
    page.get_by_label(f"Sửa điểm danh của {drawer}").click()
    line = page.locator("#list li").filter(has_text=drawer.name)
    line.get_by_label("Lý do vắng").fill("Ốm")
    line.get_by_role("button", name="Vắng có lý do").click()
    expect(
        page.get_by_text(f"Đồng chí {drawer} có tên trong danh sách phát phiếu")
    ).to_be_visible()
    assert "excused" not in states(hall)
    line.get_by_role("button", name="Vắng có lý do").click()
    expect(line.get_by_text("Vắng có lý do").first).to_be_visible()
    assert states(hall)[4] == "excused"


def button_of_the_bar(page: Page, name: str) -> None:
    """The bar has one big button, which is this one, and it is in sight."""
    button = page.locator("#next .btn-next")
    expect(button).to_have_text(name)
    expect(button).to_be_in_viewport(ratio=1)


def test_results_wait_for_the_tellers_and_then_show_themselves_and_the_bar_always_has_its_button(
    desk,
):
    meeting = factories.make_open_meeting(5)
    poll = polls.poll_of(meeting)
    phones = polls.issue(poll)
    polls.cast(poll, phones, [[GOOD]] * 5)
    page, wall = desk(meeting), desk(meeting, "man-chieu/")
    page.goto(f"/hop/luot/{poll.pk}/")
    button_of_the_bar(page, "Mở màn chiếu")
    with page.expect_popup() as opened:
        page.locator("#next .btn-next").click()
    opened.value.close()
    polls.seal(poll)
    visit(page, f"/hop/luot/{poll.pk}/")
    button_of_the_bar(page, "Mở màn chiếu")
    polls.count(poll, confirmed=False)
    visit(page, f"/hop/hoi-nghi/{meeting.pk}/ket-qua/")
    button_of_the_bar(page, "Mở màn chiếu")
    wall.clock.run_for(TURNOUT_PACE)
    expect(wall.get_by_text("Tổ kiểm phiếu đang xem lại")).to_be_visible()
    for screen in (page, wall):
        expect(screen.locator("body")).not_to_contain_text("100%")
    verbs.confirm(polls.teller_of(meeting), poll)
    page.clock.run_for(PACE)
    expect(page.locator("body")).to_contain_text("100%")
    meeting.items.filter(position=meeting.step).update(kind=AgendaItem.Kind.POLL)
    wall.clock.run_for(TURNOUT_PACE)
    expect(wall.locator("body")).to_contain_text("100%")
    speaks_as_the_hall(page)


def test_the_minutes_and_sending_have_their_press_in_the_bar(desk):
    meeting = factories.make_open_meeting(5)
    for kind in (AgendaItem.Kind.REPORT, AgendaItem.Kind.MINUTES):
        step = meeting.items.get(kind=kind).position
        Meeting.objects.filter(pk=meeting.pk).update(step=step)
        if kind == AgendaItem.Kind.REPORT:
            # Written beforehand: the way to it stays.
            factories.set_report(meeting, texts={}, self_level="HTT", summary="Đã viết từ trước.")
            button_of_the_bar(desk(meeting), "Mở báo cáo kiểm điểm")
    page = desk(meeting, "bien-ban/")
    button_of_the_bar(page, "Thông qua và khoá biên bản")
    page.locator("[name=ends_time]").fill("21:30")
    page.locator("#next .btn-next").click()
    expect(page.get_by_text("Xin xem lại trước khi khoá")).to_be_visible()
    expect(page.locator("#next").get_by_role("button")).to_have_text(
        "Vẫn thông qua và khoá biên bản"
    )
    ready = sendings.make_ready()
    button_of_the_bar(
        desk(ready, "gui-cap-tren/"), f"Gửi hồ sơ lên {ready.cell.committee.executive_name}"
    )
    SelfReview.objects.filter(cell=ready.cell).update(state="draft", submitted_at=None)
    button_of_the_bar(desk(ready, "gui-cap-tren/"), "Sửa việc thứ nhất")


def test_who_puts_the_password_off_finds_the_way_back_at_home_and_before_signing_out(
    browser, site
):
    meeting = factories.make_meeting(5)
    user: User = factories.secretary_of(meeting)
    context: BrowserContext = browser.new_context(base_url=site)
    page = context.new_page()
    page.goto(links.sign_in_link(user, site))
    page.get_by_role("button", name="Để sau, đăng nhập ngay").click()
    page.get_by_role("link", name="Đã giữ, vào trang đầu").click()
    expect(page.get_by_text("chưa có mật khẩu")).to_be_visible()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_text("Chưa đăng xuất: tài khoản này chưa có mật khẩu")).to_be_visible()
    for field in page.locator("input[type=password]").all():
        field.fill("Mua Ha 2026")
    page.get_by_role("button", name="Lưu mật khẩu").click()
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()
    page.get_by_role("button", name="Đăng xuất").click()
    page.get_by_label("Tên đăng nhập").fill(user.username)
    page.locator("input[type=password]").fill("Mua Ha 2026")
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()
    leave(context)


def test_days_and_hours_are_written_here_as_here_in_a_browser_of_another_language(desk):
    meeting = factories.make_meeting(5)
    page = desk(meeting, locale="en-US", timezone_id="America/New_York")
    page.get_by_text("Đổi giờ, địa điểm").first.click()
    field = page.locator("[name=starts_at]")
    expect(field).to_have_value("05/12/2026 19:30")
    page.locator(".calendar").first.evaluate(
        "picker => { picker.value = '2026-12-20'; picker.dispatchEvent(new Event('change')); }"
    )
    expect(field).to_have_value("20/12/2026 19:30")
    expect(page.get_by_text("Chủ Nhật, ngày 20 tháng 12 năm 2026")).to_be_visible()
    field.fill("05/02/2027 08:00")
    expect(page.get_by_text("Thứ Sáu, ngày 05 tháng 02 năm 2027")).to_be_visible()
    field.fill("21/12/2026 16:30")
    field.press("Enter")
    expect(page.get_by_text("21/12/2026").first).to_be_visible()
    meeting.refresh_from_db()
    assert f"{timezone.localtime(meeting.starts_at):%d/%m/%Y %H:%M}" == "21/12/2026 16:30"
    assert page.locator("input[type=time], input[type=datetime-local]").count() == 0
