"""The secretary's pages in Chromium: by keyboard alone, without script, renewed by themselves, readable for all."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from ballots.models import Teller
from cells.models import Meeting
from members.models import Attendance, Comment, Device
from tests.browser.hands import leave, session_of
from tests.kit import factories, verbs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    "",
    "danh-sach/",
    "diem-danh/",
    "khach/",
    "bao-cao/",
    "gop-y/",
    "tu-kiem-diem/",
    "to-kiem-phieu/",
    "hop-thu/",
    "man-chieu/",
]
PACE = 3500  # longer than the check-in page waits, on the page's own clock


@pytest.fixture
def meeting(db) -> Meeting:
    """A planned meeting of eight."""
    return factories.make_meeting(8)


@pytest.fixture
def desk(browser: Browser, site: str, meeting: Meeting) -> Iterator[Callable[..., Page]]:
    """Pages of the secretary's laptop, signed in; they must raise no error and break no content policy."""
    session = session_of(factories.secretary_of(meeting), site)
    laptops, problems = [], []

    def open_page(path: str = "", width: int = 1366, **options) -> Page:
        viewport = {"width": width, "height": 768}
        laptop = browser.new_context(viewport=viewport, locale="vi-VN", base_url=site, **options)
        laptop.add_cookies([session])
        laptop.on("weberror", lambda error: problems.append(str(error.error)))
        laptop.on(
            "console",
            lambda line: "Content Security" in line.text and problems.append(line.text),
        )
        laptops.append(laptop)
        page = laptop.new_page()
        if options.get("java_script_enabled", True):
            page.clock.install()
        page.goto(f"/hop/hoi-nghi/{meeting.pk}/{path}")
        return page

    yield open_page
    for laptop in laptops:
        leave(laptop)
    assert problems == []


def knock(meeting: Meeting, place: int, number: int) -> Device:
    member = factories.members_of(meeting)[place]
    return Device.objects.create(
        member=member, meeting=meeting, number=number, token_hash=str(number)
    )


def tab_to(page: Page, name: str) -> None:
    """Go on with the Tab key until the control of this name has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if name in page.evaluate("document.activeElement.innerText"):
            return
    raise AssertionError(f"“{name}” cannot be reached by keyboard")


@pytest.mark.parametrize(("minutes", "told"), [(-60, True), (0, False), (5, False), (60, True)])
def test_a_clock_an_hour_off_is_told_before_the_meeting_is_opened(minutes, told, desk, meeting):
    """Of two clocks a page knows that one is wrong; once the meeting is open, its hour is written."""
    page = desk()
    page.clock.install(time=timezone.now() + timedelta(minutes=minutes))
    page.reload()
    words = page.get_by_text("của máy này lệch nhau")
    expect(words).to_have_count(1)
    expect(words).to_be_visible(visible=told)
    meeting.open()
    page.reload()
    expect(page.get_by_text("của máy này lệch nhau")).to_have_count(0)


def test_the_evening_begins_by_keyboard_alone(desk, meeting):
    page = desk()
    tab_to(page, "Mở điểm danh")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Mã vào họp")).to_be_visible()
    knock(meeting, 2, 47)
    page.clock.run_for(PACE)
    expect(page.get_by_text("Đang chờ vào họp: 01 máy")).to_be_visible()
    tab_to(page, "47")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Có mặt 01/08 (12,5%)")).to_be_visible()
    factories.arrive(meeting)
    page.clock.run_for(PACE)
    expect(page.get_by_text("Có mặt 08/08 (100%) — đủ điều kiện")).to_be_visible()
    tab_to(page, "Khai mạc hội nghị")
    page.clock.run_for(PACE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Mục tiếp theo")).to_be_visible()


def test_the_evening_runs_without_script(desk, meeting):
    verbs.open_checkin(factories.secretary_of(meeting), meeting)
    for place in range(2, 7):
        knock(meeting, place, 40 + place)
    page = desk("diem-danh/", java_script_enabled=False)
    page.get_by_label("Số các đồng chí đọc").fill("42 43 44 45 46")
    page.get_by_role("button", name="Nhận tất cả").click()
    for name in ("Trần Thị Ánh", "Lê Văn An"):
        page.get_by_role("button", name=f"Có mặt, không dùng máy: {name}").click()
        line = page.locator("li", has_text=name)
        line.get_by_role("button", name="Phiếu bốc thăm").click()
    absent = page.locator("li", has_text="Chính thức").filter(has_text="Vắng").first
    absent.locator("summary").click()
    absent.get_by_label("Lý do vắng").fill("Đi công tác")
    absent.get_by_role("button", name="Vắng có lý do").click()
    page.get_by_role("button", name="Khai mạc hội nghị").click()
    page.get_by_role("button", name="Mục tiếp theo").click()
    page.get_by_role("link", name="Mở báo cáo kiểm điểm").click()
    page.get_by_label("Tóm tắt ghi vào biên bản").fill("Một năm nhiều việc.")
    page.get_by_role("button", name="Lưu báo cáo").click()
    page.get_by_role("button", name="Mục tiếp theo").click()
    page.get_by_role("link", name="Ghi ý kiến góp ý").click()
    page.get_by_label("Người phát biểu").select_option(label="Lê Văn Bình")
    page.get_by_label("Nội dung").fill("Chi bộ đã làm tốt.")
    page.get_by_role("button", name="Ghi ý kiến").click()
    page.get_by_role("link", name="Tổ kiểm phiếu").click()
    page.get_by_label("Lê Văn Bình vào tổ kiểm phiếu").check()
    page.get_by_role("button", name="Ghi tổ kiểm phiếu").click()
    expect(page.get_by_text("Đã ghi tổ kiểm phiếu").first).to_be_visible()
    meeting.refresh_from_db()
    states = Attendance.objects.filter(meeting=meeting).values_list("state", flat=True)
    assert (list(states).count("present"), list(states).count("excused")) == (7, 1)
    assert meeting.report.summary == "Một năm nhiều việc."
    assert Comment.objects.get().by.name == Teller.objects.get().member.name == "Lê Văn Bình"


def test_a_line_that_is_being_filled_in_is_not_taken_away(desk, meeting):
    page = desk("diem-danh/")
    line = page.locator("#list li").first
    line.locator("summary").click()
    line.get_by_label("Lý do vắng").fill("Đi công")
    factories.arrive(meeting)
    page.clock.run_for(PACE)
    expect(page.locator(".quorum")).to_contain_text("Có mặt 08/08")
    expect(line.get_by_label("Lý do vắng")).to_have_value("Đi công")
    line.locator("summary").click()
    page.locator("h1").click()
    page.clock.run_for(PACE)
    expect(page.get_by_role("heading", name="Đã điểm danh: 08")).to_be_visible()


def test_a_button_does_not_move_between_press_and_release(desk, meeting):
    verbs.open_checkin(factories.secretary_of(meeting), meeting)
    device = knock(meeting, 2, 47)
    page = desk("diem-danh/")
    button = page.locator(f"#admit-{device.pk}")
    button.hover()
    page.mouse.down()
    page.clock.run_for(PACE)
    page.mouse.up()
    expect(page.locator(".quorum")).to_contain_text("Có mặt 01/08")


def test_the_projector_follows_by_itself(desk, meeting):
    page = desk("man-chieu/")
    user = factories.secretary_of(meeting)
    verbs.open_checkin(user, meeting)
    page.clock.run_for(PACE)
    expect(page.get_by_alt_text("Mã QR vào họp")).to_be_visible()
    factories.arrive(meeting)
    verbs.open_meeting(user, meeting)
    page.clock.run_for(PACE)
    expect(page.get_by_role("heading", name="Chào cờ")).to_be_visible()


def test_the_words_of_a_lost_connection_come_and_go(desk, meeting):
    page = desk("diem-danh/")
    page.context.set_offline(True)
    page.clock.run_for(PACE)
    expect(page.get_by_text("Mất kết nối với máy chủ")).to_be_visible()
    page.context.set_offline(False)
    page.clock.run_for(PACE)
    expect(page.get_by_text("Mất kết nối với máy chủ")).to_be_hidden()


def test_pages_are_accessible_and_fit_the_laptop_and_a_phone(desk, meeting):
    verbs.open_checkin(factories.secretary_of(meeting), meeting)
    factories.arrive(meeting)
    verbs.open_meeting(factories.secretary_of(meeting), meeting)
    knock(meeting, 2, 47)
    wide, narrow = desk(), desk(width=390)
    for path in PAGES:
        for page in (wide, narrow):
            page.goto(f"/hop/hoi-nghi/{meeting.pk}/{path}")
            width = page.evaluate("document.documentElement.scrollWidth")
            assert (path, width) == (path, page.viewport_size["width"])
            for tab in page.locator(".path [aria-current]").all():
                expect(tab).to_be_in_viewport(ratio=0.9)
        report = Axe().run(wide)
        assert report.violations_count == 0, f"{path}\n{report.generate_report()}"


def test_targets_are_large_enough_for_a_thumb(desk, meeting):
    verbs.open_checkin(factories.secretary_of(meeting), meeting)
    knock(meeting, 2, 47)
    page = desk()
    for path in PAGES:
        page.goto(f"/hop/hoi-nghi/{meeting.pk}/{path}")
        low = page.evaluate(
            """() => [...document.querySelectorAll("button, a, input, select, summary")]
                 .filter((e) => e.checkVisibility() && !e.closest("label, p, .visually-hidden-focusable")
                   && !e.matches(".visually-hidden-focusable") && e.getBoundingClientRect().height < 47.5)
                 .map((e) => e.outerHTML.slice(0, 120))"""
        )
        assert (path, low) == (path, [])


def test_the_big_button_is_on_the_first_screen_of_every_page(desk, meeting):
    factories.arrive(meeting)
    verbs.open_meeting(factories.secretary_of(meeting), meeting)
    page = desk()
    for path in PAGES[:-1]:
        page.goto(f"/hop/hoi-nghi/{meeting.pk}/{path}")
        # Beginning a rehearsal is a question with an answer of its own, not a step of the evening.
        button = page.locator(".actions .btn-primary" if path == "hop-thu/" else ".btn-next")
        expect(button).to_have_count(1)
        box = button.bounding_box()
        assert box["y"] + box["height"] <= 768


def test_the_code_to_scan_is_whole_on_the_first_screen(desk, meeting):
    verbs.open_checkin(factories.secretary_of(meeting), meeting)
    page = desk("diem-danh/")
    bar = page.locator(".next").bounding_box()
    assert page.locator(".entry .qr").bounding_box()["height"] >= 200
    for shown in page.locator(".entry *").all():
        box = shown.bounding_box()
        assert box["y"] + box["height"] <= bar["y"]


def test_eight_phones_that_wait_are_in_sight_at_once(desk, meeting):
    verbs.open_checkin(factories.secretary_of(meeting), meeting)
    for place in range(8):
        knock(meeting, place, 11 + place)
    page = desk("diem-danh/")
    bar = page.locator(".next").bounding_box()
    buttons = [button.bounding_box() for button in page.locator(".btn-admit").all()]
    assert len(buttons) == 8
    assert max(box["y"] + box["height"] for box in buttons) <= bar["y"]


@pytest.mark.parametrize("width", [1366, 360])
def test_a_line_folds_out_below_its_button_which_stays(desk, meeting, width):
    page = desk("diem-danh/", width)
    line = page.locator("#list li").nth(1)

    def place() -> tuple[float, float]:
        button, around = line.locator("summary").bounding_box(), line.bounding_box()
        return button["x"] - around["x"], button["y"] - around["y"]

    folded = place()
    line.locator("summary").click()
    form = line.get_by_label("Lý do vắng").bounding_box()
    assert place() == folded
    assert form["y"] > line.bounding_box()["y"] + folded[1]
    assert form["width"] > line.bounding_box()["width"] * 0.8


def test_what_is_typed_stays_until_it_is_saved(desk, meeting):
    factories.arrive(meeting)
    user = factories.secretary_of(meeting)
    verbs.open_meeting(user, meeting)
    verbs.save_report(user, meeting, "Bản cũ.", "", None)
    page = desk("bao-cao/")
    save, onward = page.locator("[data-save]"), page.locator("[data-onward]")
    expect(page.locator(".btn-next")).to_have_text("Mục tiếp theo")
    page.get_by_label("Tóm tắt ghi vào biên bản").fill("Bản mới.")
    expect(page.locator(".btn-next")).to_have_text("Lưu báo cáo")
    collected = []
    page.once("dialog", lambda dialog: (collected.append(dialog.type), dialog.dismiss()))
    onward.click()
    expect(page.get_by_label("Tóm tắt ghi vào biên bản")).to_have_value("Bản mới.")
    assert collected == ["beforeunload"]
    page.on("dialog", lambda dialog: pytest.fail(dialog.type))
    save.click()
    expect(page.get_by_text("Đã lưu báo cáo.")).to_be_visible()
    expect(page.locator(".btn-next")).to_have_text("Mục tiếp theo")
    onward.click()
    expect(page.get_by_role("heading", level=1, name="2. ")).to_be_visible()
    meeting.refresh_from_db()
    assert meeting.report.summary == "Bản mới."


def test_back_leads_to_a_refused_form_and_to_what_was_typed(desk):
    page = desk("khach/")
    page.locator("[name=post]").fill("Phó trưởng phòng")
    page.locator("[name=post]").evaluate("field => { field.form.noValidate = true; }")
    page.locator("[name=post]").press("Enter")
    expect(page.locator(".is-invalid")).to_be_visible()
    page.goto("/hop/")
    page.go_back()
    expect(page.locator("[name=post]")).to_have_value("Phó trưởng phòng")


@pytest.mark.parametrize("width", [1366, 390])
def test_the_points_of_the_report_add_up_while_they_are_given(desk, meeting, width):
    page = desk("bao-cao/", width=width)
    total, band = page.locator("[data-sum='']"), page.locator("[data-band]")
    alone = page.get_by_label("Tổng điểm, khi không chấm từng tiêu chí")
    alone.fill("91")
    expect(band).to_have_text("Tổng điểm 91 thuộc khung: Hoàn thành xuất sắc nhiệm vụ.")
    page.get_by_role("button", name="Tất cả đảm bảo").click()
    expect(alone).to_be_hidden()
    expect(page.locator("[data-sum=common]")).to_have_text("30")
    expect(page.locator("[data-open]")).to_have_text(
        "Còn 2 tiêu chí chưa chấm nên chưa có tổng điểm."
    )
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")  # the first criterion: not passed after all
    expect(page.locator("[data-sum=common]")).to_have_text("25")
    page.get_by_label("cao nhất 50").fill("41,5")
    page.get_by_label("cao nhất 20").fill("20")
    expect(total).to_have_text("86,5")
    page.get_by_label("Hoàn thành xuất sắc nhiệm vụ").check()
    expect(band).to_have_text(
        "Tổng điểm 86,5 thuộc khung: Hoàn thành tốt nhiệm vụ. Mức đang chọn cần từ 90 điểm."
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã lưu báo cáo. Số “91” ghi riêng không dùng nữa")).to_be_visible()
    meeting.refresh_from_db()
    assert (meeting.report.self_score, meeting.report.scores["common-1"]) == (Decimal("86.5"), "0")


# What the paper says, against what the page around it would like.
CELLS = """() => {
  const of = (selector) => [...document.querySelectorAll(selector)].map((e) => getComputedStyle(e));
  return {
    paper: [...new Set(of(".paper .figures th, .paper .figures td").map((s) => `${s.fontSize} ${s.letterSpacing}`))],
    tables: [...new Set(of(".paper .figures").map((s) => s.display))],
    wide: [...document.querySelectorAll(".paper .figures")].map((e) => e.scrollWidth <= e.parentElement.clientWidth),
  };
}"""


def test_the_minutes_on_the_screen_look_as_they_will_on_paper(desk, meeting):
    factories.arrive(meeting)
    verbs.open_meeting(factories.secretary_of(meeting), meeting)
    page = desk("bien-ban/")
    result = page.evaluate(CELLS)
    assert result == {"paper": ["16px normal"], "tables": ["table"], "wide": [True]}
    page.set_viewport_size({"width": 390, "height": 768})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate(CELLS)["paper"] == ["16px normal"]


def test_a_clock_that_is_ten_minutes_off_the_servers_is_told_before_the_meeting(desk):
    page = desk()
    warning = page.get_by_text("và của máy này lệch nhau")
    for minutes, told in ((0, False), (8, False), (12, True), (-8, False), (-70, True)):
        page.clock.set_fixed_time(timezone.now() + timedelta(minutes=minutes))
        page.reload()
        expect(warning).to_be_visible(visible=told)
