"""The secretary's single steps in Chromium, each from the page where it begins, counting taps (journeys, 4.1)."""

import io
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from cells.models import Meeting
from members.models import Attachment, Attendance, Member, ReviewLine
from tests.browser.hands import Taps, leave, signed_in
from tests.kit import factories, polls, sendings, verbs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sit(browser, site: str) -> Iterator[Callable[[Meeting], tuple[Page, Taps]]]:
    """The secretary sits down at the laptop, at home."""
    pages = []

    def sat(meeting: Meeting) -> tuple[Page, Taps]:
        page = signed_in(browser, site, factories.secretary_of(meeting), 1366)
        pages.append(page)
        taps = Taps(page)
        page.goto("/hop/")
        return page, taps

    yield sat
    for page in pages:
        leave(page.context)


def test_two_on_leave_are_marked_the_exempt_and_the_new_are_found_by_the_rules(sit):
    """No. 3: eight taps for four members, of whom the rules know two."""
    meeting = factories.make_meeting(6)
    people = factories.members_of(meeting)
    Member.objects.filter(pk=people[4].pk).update(status=Member.Status.EXEMPT)
    page, taps = sit(meeting)
    page.goto(f"/hop/chi-bo/{meeting.cell_id}/2026/danh-sach/")
    for member in people[2:4]:
        line = page.locator(".review-lines tr").filter(has_text=member.name)
        line.get_by_text("Sửa", exact=True).click()
        line.get_by_text("Chưa xếp loại", exact=True).last.click()
        line.get_by_label("Lý do").fill("Nghỉ thai sản")
        line.get_by_role("button", name="Ghi", exact=True).click()
        expect(page.get_by_text(f"Đã ghi: đồng chí {member}")).to_be_visible()
    taps.within(8, "03/06 đồng chí được kiểm điểm")
    unrated = ReviewLine.objects.filter(reason="Nghỉ thai sản", status="unrated")
    assert {line.member for line in unrated} == set(people[2:4])


def test_who_is_missing_is_called_from_the_board(sit):
    """No. 5: one tap to the board, one for each call."""
    meeting = factories.make_meeting(6)
    Member.objects.filter(cell=meeting.cell).update(phone="0912345678")
    page, taps = sit(meeting)
    page.get_by_role("link", name="Bản kiểm điểm cá nhân").click()
    taps.within(1, "Chưa nộp (06)")
    calls = page.get_by_role("link", name="Gọi 0912345678")
    expect(calls).to_have_count(6)
    assert {call.get_attribute("href") for call in calls.all()} == {"tel:0912345678"}


def test_a_rehearsal_is_running_with_enough_people_in_five_taps(sit):
    """No. 7."""
    meeting = factories.make_meeting(6)
    page, taps = sit(meeting)
    page.goto(f"/hop/hoi-nghi/{meeting.pk}/")
    page.get_by_role("link", name="Họp thử", exact=True).click()
    page.get_by_role("button", name="Bắt đầu họp thử").click()
    expect(page.get_by_text("HỌP THỬ —")).to_be_visible()
    page.get_by_role("button", name="Mở điểm danh").click()
    page.locator("form[data-do=fill_rehearsal] [type=submit]").click()
    page.locator("#next form[data-do=open_meeting] [type=submit]").click()
    taps.within(5, "Đang họp")
    expect(page.get_by_text("HỌP THỬ", exact=False).first).to_be_visible()


def test_the_reasons_of_two_who_are_absent_take_four_taps(sit):
    """No. 9."""
    meeting = factories.make_open_meeting(6)
    absent = factories.members_of(meeting)[4:6]
    rows = Attendance.objects.filter(meeting=meeting, member__in=absent)
    rows.update(state=Attendance.State.EXPECTED)
    page, taps = sit(meeting)
    page.goto(f"/hop/hoi-nghi/{meeting.pk}/diem-danh/")
    for member in absent:
        page.get_by_label(f"Sửa điểm danh của {member.name}").click()
        page.locator("input[name=reason]:visible").fill("Ốm")
        page.locator("button[value=excused]:visible").click()
        expect(page.locator("input[name=reason]:visible")).to_have_count(0)
    taps.within(4, "Có mặt 04/06")
    assert rows.filter(state=Attendance.State.EXCUSED, reason="Ốm").count() == 2


def test_a_teller_confirms_the_roll_in_one_tap_and_the_secretary_opens_the_poll_in_one(
    sit, new_phone
):
    """No. 12: the two taps of the secretary's stay two; the teller's one is new, and comes once an evening."""
    meeting = factories.make_open_meeting(5)
    meeting.rollcheck.delete()
    page, taps = sit(meeting)
    page.goto(f"/hop/luot/{polls.poll_of(meeting).pk}/")
    page.locator("form[data-do=open_issuing] [type=submit]").click()
    taps.within(1, "Tổ kiểm phiếu chưa xác nhận danh sách có mặt")
    device = new_phone(factories.make_device(polls.teller_of(meeting))).new_page()
    tellers = Taps(device)
    device.goto("/hop/kiem-phieu/")
    device.get_by_role("button", name="Xác nhận 05 đồng chí có mặt").click()
    tellers.within(1, "đồng chí có mặt đã được xác nhận")
    page.goto(f"/hop/luot/{polls.poll_of(meeting).pk}/")
    expect(page.get_by_text("Tổ kiểm phiếu đã xác nhận danh sách 05 đồng chí")).to_be_visible()
    page.locator("form[data-do=open_issuing] [type=submit]").click()
    expect(page.locator("form[data-do=open_box]").first).to_be_visible()
    assert taps.start() == 1


def test_the_chairs_conclusion_is_written_in_two_taps_for_the_votes_fill_in_every_level(sit):
    """No. 14: from the results, where nobody is left undecided."""
    meeting = factories.make_open_meeting(5)
    for number in (1, 2):
        poll = polls.poll_of(meeting, number)
        polls.play(poll, *[[2] * poll.subjects.count()] * 5)
    page, taps = sit(meeting)
    page.goto(f"/hop/hoi-nghi/{meeting.pk}/ket-luan/")
    expect(page.get_by_text("không phải bấm gì ở từng dòng")).to_be_visible()
    page.goto(f"/hop/hoi-nghi/{meeting.pk}/ket-qua/")
    page.get_by_role("link", name="Ghi kết luận của chủ trì").click()
    page.get_by_label("Kết luận chung của chủ trì").fill("Nhất trí với kết quả bỏ phiếu.")
    page.locator("[data-save]").click()
    taps.within(2, "Đã lưu lời kết luận")
    meeting.refresh_from_db()
    assert meeting.conclusion == "Nhất trí với kết quả bỏ phiếu."


def test_the_signed_page_is_photographed_in_four_taps(sit, monkeypatch):
    """No. 16: from the file that waits to be sent and back to it."""
    meeting = sendings.make_ready()
    Attachment.objects.all().delete()
    picture = io.BytesIO()
    Image.new("RGB", (900, 1200), "white").save(picture, "JPEG")
    page, taps = sit(meeting)
    page.goto(f"/hop/hoi-nghi/{meeting.pk}/gui-cap-tren/")
    page.get_by_role("link", name="Thêm ảnh trang ký").click()
    with page.expect_file_chooser() as chosen:
        page.locator("#them-tep input[type=file]").click()
    chosen.value.set_files(
        [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}]
    )
    page.locator("#them-tep [type=submit]").click()
    expect(page.get_by_text("Đang dùng (1)")).to_be_visible()
    page.get_by_role("link", name="Về trang “Gửi cấp trên”").click()
    taps.within(4, "Nên xem lại 01 việc")
    expect(page.locator(".passed").get_by_text("Đã có trong hồ sơ")).to_be_attached()
    assert Attachment.objects.get().kind == Attachment.Kind.SIGNED
    assert verbs.send_up(factories.secretary_of(meeting), meeting).number == 1
