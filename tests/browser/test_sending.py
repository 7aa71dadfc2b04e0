"""Gửi cấp trên in Chromium: lines to mend, the cure and the way back, and the file sent without a script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from ballots.dossier import checks
from ballots.dossier.contents import sections_of
from ballots.models import Decision, Job, Paper, Submission
from members.models import SelfReview
from tests.browser.hands import FITS, Taps, answer_if_asked, leave, signed_in
from tests.kit import factories, sendings, verbs

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("undrawn"),
]


def is_sound(page: Page) -> None:
    assert page.evaluate(FITS)
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()


@pytest.mark.parametrize(("width", "scripts"), [(1366, True), (390, False)])
def test_a_red_line_is_cured_and_the_file_sent(browser, site, width, scripts):
    meeting = sendings.make_ready()
    member = factories.members_of(meeting)[1]
    SelfReview.objects.filter(member=member).update(state="draft", submitted_at=None)
    secretary = factories.secretary_of(meeting)
    page = signed_in(browser, site, secretary, width, java_script_enabled=scripts)
    address = f"/hop/hoi-nghi/{meeting.pk}/gui-cap-tren/"
    page.goto(address)
    if scripts:
        is_sound(page)
    page.get_by_role("link", name="Mở danh sách chưa nộp").click()
    page.locator("summary", has_text="Nộp giấy, đổi mẫu").first.click()
    page.get_by_role("button", name="Đã nhận bản giấy").first.click()
    page.get_by_role("link", name="Về trang “Gửi cấp trên”").click()
    page.get_by_role("button", name="Gửi hồ sơ lên").click()
    sure = page.get_by_role("button", name="Vẫn gửi hồ sơ lên")
    if scripts:
        expect(page.get_by_text("Xin xem lại trước khi gửi")).to_be_in_viewport(ratio=1)
    sure.click()
    expect(page.get_by_text("Đã gửi hồ sơ lên")).to_be_in_viewport(ratio=1)
    assert Submission.objects.count() == 1
    leave(page.context)


# Pages on a phone whose reader has set text to twice its size, of a meeting that was held and sent.
READ_LARGE = {
    "secretary": [*(f"hoi-nghi/{{}}/{end}/" for end in ("bien-ban", "ho-so", "gui-cap-tren")), ""],
    "officer": [
        "hoi-nghi/{}/ho-so-da-gui/",
        "ho-so-cho-duyet/",
        "ho-so-cho-duyet/hang-loat/",
        "viec-nen/",
    ],
}


@pytest.mark.parametrize("who", READ_LARGE)
def test_pages_of_a_file_fit_a_phone_with_text_of_twice_the_size(browser, site, who):
    meeting = sendings.make_sent()
    officer = factories.make_user(committee=meeting.cell.committee)
    Job.objects.create(
        kind=Job.Kind.PAPERS,
        about="ZIP văn bản của Đảng bộ phường Hoa Sen năm 2026",
        asked_by=officer,
    )
    reader = factories.secretary_of(meeting) if who == "secretary" else officer
    page = signed_in(browser, site, reader, 360)
    fonts = {"fontSizes": {"standard": 32, "fixed": 26}}
    page.context.new_cdp_session(page).send("Page.setFontSizes", fonts)
    for address in READ_LARGE[who]:
        page.goto(f"/hop/{address.format(meeting.pk)}")
        assert page.locator("h1").count() == 1, address
        assert page.evaluate(FITS), address
    leave(page.context)


@pytest.mark.parametrize("width", [1366, 360])
def test_the_officer_returns_a_file_in_three_taps_and_the_secretary_lands_on_the_line(
    browser, site, width
):
    meeting = sendings.make_ready(voted=True)
    secretary = factories.secretary_of(meeting)
    verbs.send_up(secretary, meeting)
    officer = factories.make_user(committee=meeting.cell.committee)
    page = signed_in(browser, site, officer, width)
    taps = Taps(page)
    page.goto(f"/hop/dang-bo/{meeting.cell.committee_id}/")
    page.get_by_role("link", name="Hồ sơ của").click()
    page.locator("summary", has_text="Diện kiểm điểm:").last.click()
    is_sound(page)
    page.locator("textarea:visible").fill("Ghi rõ theo văn bản nào.")
    page.get_by_role("button", name="Trả lại hồ sơ").click()
    taps.within(3, "chờ chi bộ gửi lại")
    is_sound(page)
    leave(page.context)
    page = signed_in(browser, site, secretary, width)
    page.goto("/hop/")
    page.get_by_role("link", name="01 chỗ cần sửa").click()
    expect(page.get_by_text("Ghi rõ theo văn bản nào.")).to_be_in_viewport()
    expect(page.locator("tr:target")).to_be_in_viewport()
    expect(page.locator("tr:target").get_by_label("Lý do")).to_be_visible()
    is_sound(page)
    leave(page.context)


def test_what_is_to_be_mended_is_asked_by_keyboard_below_the_whole_line_and_seen_when_folded(
    browser, site
):
    meeting = sendings.make_sent()
    officer = factories.make_user(committee=meeting.cell.committee)
    page = signed_in(browser, site, officer, 1366)
    page.goto(f"/hop/hoi-nghi/{meeting.pk}/ho-so-da-gui/")
    line = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Đ/c")).nth(1)
    place = line.locator("summary").nth(1)
    before = place.bounding_box()
    assert before["height"] >= 48
    place.press("Enter")
    words = line.get_by_label("Cần sửa gì ở “Mức hội nghị đề nghị”")
    expect(words).to_be_focused()
    page.keyboard.type("Xin ghi lý do.")
    expect(words).to_have_value("Xin ghi lý do.")
    below, pressed = words.bounding_box(), place.bounding_box()
    assert [pressed[side] for side in ("x", "width")] == [before[side] for side in ("x", "width")]
    assert below["y"] >= pressed["y"] + pressed["height"]
    assert below["width"] > 3 * pressed["width"]
    is_sound(page)
    asked = place.evaluate("summary => getComputedStyle(summary).backgroundColor")
    place.press("Enter")
    expect(words).to_be_hidden()
    assert place.evaluate("summary => getComputedStyle(summary).backgroundColor") == asked
    other = line.locator("summary").first
    assert other.evaluate("summary => getComputedStyle(summary).backgroundColor") != asked
    leave(page.context)


def test_a_paper_without_a_number_is_given_one_where_the_committee_asks_for_it(browser, site):
    meeting = sendings.make_ready()
    secretary = factories.secretary_of(meeting)
    verbs.send_up(secretary, meeting)
    facts = [fact for part in sections_of(checks.Evidence.load(meeting)) for fact in part.facts]
    bare = next(fact for fact in facts if fact.title == "Báo cáo kiểm điểm tập thể")
    assert bare.value == "không ghi số"
    officer = factories.make_user(committee=meeting.cell.committee)
    verbs.return_file(officer, meeting, 1, {bare: "Xin ghi số của báo cáo."})
    page = signed_in(browser, site, secretary, 1366)
    page.goto("/hop/")
    page.get_by_role("link", name="01 chỗ cần sửa").click()
    number = page.get_by_label("Số của “Báo cáo kiểm điểm tập thể”")
    expect(number).to_be_in_viewport()
    expect(page.locator("#so-van-ban")).to_contain_text("Xin ghi số của báo cáo.")
    number.fill("5")
    page.get_by_role("button", name="Gửi lại hồ sơ lên").click()
    answer_if_asked(page, "Vẫn gửi lại hồ sơ lên", "Lần 2:")
    expect(page.get_by_text("Lần 2:")).to_be_visible()
    assert Paper.objects.current().get(kind="report").shown_number == "Số 05-BC/CB"
    leave(page.context)


@pytest.mark.parametrize("width", [1366, 360])
def test_the_results_are_read_on_a_phone_too(browser, site, width):
    meeting = sendings.make_ready(6, voted=True)
    page = signed_in(browser, site, factories.secretary_of(meeting), width)
    page.goto(f"/hop/hoi-nghi/{meeting.pk}/ket-qua/")
    is_sound(page)
    for line in page.locator(".outcomes tbody tr").all():
        assert line.bounding_box()["height"] < 260
    leave(page.context)


@pytest.mark.parametrize("width", [1366, 360])
def test_the_officer_confirms_what_the_cell_proposes_and_answers_a_petition(browser, site, width):
    meeting = sendings.make_ready(voted=True)
    verbs.send_up(factories.secretary_of(meeting), meeting)
    officer = factories.make_user(committee=meeting.cell.committee)
    page = signed_in(browser, site, officer, width)
    taps = Taps(page)
    page.goto(f"/hop/hoi-nghi/{meeting.pk}/ho-so-da-gui/")
    page.get_by_role("link", name="Ghi quyết định xếp loại").click()
    page.get_by_label("Số, ký hiệu quyết định").fill("125-QĐ/ĐU")
    page.get_by_label("Ngày quyết định").fill(f"{timezone.localdate():%d/%m/%Y}")
    is_sound(page)
    page.get_by_role("button", name="Ghi quyết định và công bố mức").click()
    taps.within(4, "đã công bố cho chi bộ và từng đảng viên")
    expect(page.get_by_label("Lý do quyết định lại")).to_be_hidden()
    member = factories.members_of(meeting)[1]
    verbs.petition(member, Decision.objects.get(), "Xin xem lại.")
    page.reload()
    is_sound(page)
    page.get_by_label("Trả lời, nêu rõ lý do").fill("Đã xem, giữ nguyên.")
    page.get_by_role("button", name="Trả lời đồng chí").click()
    taps.within(3, "Đã trả lời kiến nghị")
    is_sound(page)
    leave(page.context)


@pytest.mark.parametrize("width", [1366, 360])
def test_long_words_hide_neither_the_line_nor_the_way_on(browser, site, width):
    meeting = sendings.make_ready(voted=True)
    secretary = factories.secretary_of(meeting)
    verbs.send_up(secretary, meeting)
    officer = factories.make_user(committee=meeting.cell.committee)
    result = sections_of(checks.Evidence.load(meeting))
    by_name = {fact.place.key: fact for section in result for fact in section.facts}
    words = "Số liệu chưa khớp. " * 40
    pins = {
        by_name["sums"]: words,
        by_name["level:chi-bo"]: words,
        by_name["report"]: "Thiếu mục II.",
    }
    verbs.return_file(officer, meeting, 1, pins)
    page = signed_in(browser, site, secretary, width)
    page.goto("/hop/")
    page.get_by_role("link", name="03 chỗ cần sửa").click()
    expect(page.get_by_role("link", name="Đến chỗ 03")).to_be_in_viewport(ratio=1)
    banner = page.locator(".mending").bounding_box()
    line = page.locator("section:target").bounding_box()
    assert line["y"] >= banner["y"] + banner["height"] - 1
    assert page.evaluate(FITS)
    leave(page.context)
