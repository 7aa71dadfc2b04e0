"""Officers' pages of accounts, people and boards in Chromium: on the laptop, on a phone, without a violation."""

import contextlib
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, expect

from members.devices import links
from members.imports import waiting
from members.models import Member, Transfer
from tests.browser.hands import FITS, leave, signed_in
from tests.kit import factories
from tests.kit.sheets import table

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1366, 390])
def test_officers_pages_fit_and_have_no_violation(browser, site, width):
    meeting = factories.make_open_meeting(5)
    factories.make_cell(meeting.cell.committee)
    factories.make_paper(meeting, "minutes")
    member = factories.members_of(meeting)[3]
    links.renew(member)
    user = factories.secretary_of(meeting)
    factories.make_attachment(meeting.cell, user, member=member, kind="residence")
    asked = [
        factories.members_of(meeting)[4].name,
        1975,
        "0912345678",
    ]  # side by side with the one who is there
    rows = [["Đỗ Văn Mới", 1980, None], [member.name, None, "gọi sau"], asked, ["Tổng cộng: 2"]]
    heading = ["Họ và tên", "Năm sinh", "Số điện thoại", "Dân tộc"]
    waiting.keep(user, meeting.cell, "danh-sach.xlsx", table(heading, *rows))
    secretary = signed_in(browser, site, user, width)
    officer = signed_in(
        browser, site, factories.make_user(committee=meeting.cell.committee), width
    )
    cell, people = f"/hop/chi-bo/{meeting.cell_id}/", f"/hop/dang-vien/{member.pk}/"
    addresses = ["/hop/", cell, f"{cell}dang-vien/", f"{cell}dang-vien/them/", people]
    stay = {"kind": "stay", "place": "Chi bộ Thôn 5", "since": date(2026, 10, 1)}
    Transfer.objects.create(member=member, **stay)
    addresses += [f"{people}qua-trinh/", f"{cell}dang-vien/nhan/", f"{people}lien-ket/"]
    addresses += [f"{cell}dang-vien/nhap/", f"{cell}dang-vien/nhap/xem/"]
    addresses += [f"{cell}2026/chi-uy/", f"{cell}2026/tep-kem/", f"{people}2026/nhan-xet/"]
    shown = [(secretary, address) for address in addresses]
    shown += [(secretary, "/hop/dat-mat-khau/"), (officer, "/hop/"), (officer, cell)]
    committee = f"/hop/dang-bo/{meeting.cell.committee_id}/"
    shown += [(officer, f"{committee}dot-kiem-diem/"), (officer, f"{committee}quy-dinh/?ky=quy")]
    own = ("tieu-chi/member/", "dieu-kien/member/", "truong-hop/")
    shown += [(secretary, cell + page) for page in own]
    for page, address in shown:
        page.goto(address)
        assert page.evaluate(FITS), address
        report = Axe().run(page)
        assert report.violations_count == 0, f"{address}: {report.generate_report()}"
    leave(secretary.context)
    leave(officer.context)


def test_the_one_time_link_signs_in_at_a_press_and_the_password_follows(browser, site):
    user = factories.make_user(factories.make_member(name="Hà Xuân Quang", office="secretary"))
    page = browser.new_page()
    page.goto(links.sign_in_link(user, site))
    expect(page.get_by_role("heading", name="Chào đồng chí Hà Xuân Quang")).to_be_visible()
    page.get_by_role("button", name="Để sau, đăng nhập ngay").click()
    page.get_by_role("link", name="Đặt mật khẩu").click()
    page.locator("[name=new_password1]").fill("đồng-lòng-2026")
    page.locator("[name=new_password2]").fill("đồng-lòng-2026")
    page.get_by_role("button", name="Lưu mật khẩu").click()
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()
    page.close()


def test_the_secretary_copies_the_message_with_one_press(browser, site):
    meeting = factories.make_meeting(3)
    member = factories.members_of(meeting)[2]
    page = signed_in(browser, site, factories.secretary_of(meeting), 1366)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    page.goto(f"/hop/dang-vien/{member.pk}/lien-ket/")
    page.get_by_role("button", name="Tạo liên kết").click()
    page.get_by_role("button", name="Chép tin nhắn Zalo").click()
    expect(page.get_by_role("button", name="✔ Đã chép")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"Kính gửi đồng chí {member}")
    assert f"{site}/hop/toi/" in copied
    leave(page.context)


def test_a_file_is_read_looked_at_and_applied(browser, site):
    meeting = factories.make_meeting(3)
    page = signed_in(browser, site, factories.secretary_of(meeting), 1366)
    page.goto(f"/hop/chi-bo/{meeting.cell_id}/dang-vien/")
    page.get_by_role("link", name="Nhập từ Excel").click()
    data = table(["Họ và tên", "Năm sinh"], ["Đỗ Văn Mới", 1980], ["Lê Văn Bình", "?"])
    file = {"name": "danh-sach.xlsx", "mimeType": "application/octet-stream", "buffer": data}
    page.get_by_label("Tệp Excel").set_input_files(file)
    page.get_by_role("button", name="Đọc tệp").click()
    expect(page.get_by_text("2 dòng: 0 khớp, 1 mới, 1 lỗi")).to_be_visible()
    page.get_by_role("button", name="Áp dụng").click()
    expect(page.get_by_text("Đã áp dụng: 1 đồng chí mới")).to_be_visible()
    with page.expect_download() as waited:
        page.get_by_role("link", name="Tải các dòng lỗi").click()
    assert waited.value.suggested_filename.startswith("Dong loi Chi bo")
    leave(page.context)


def test_after_signing_out_back_shows_nobody(browser, site):
    """Neither the list with its citizen numbers, nor a refused form, which Back found until then."""
    meeting = factories.make_open_meeting(5)
    member = factories.members_of(meeting)[3]
    Member.objects.filter(pk=member.pk).update(citizen_id="064150012345")
    secretary = factories.secretary_of(meeting)
    secretary.set_password("Mua Ha 2026")
    secretary.save()
    page = signed_in(browser, site, secretary, 1366)
    kept = page.context.new_page()
    for each in (page, kept):
        each.goto(f"/hop/dang-vien/{member.pk}/")
        expect(each.locator("[value='064150012345']")).to_be_attached()
    page.goto(f"/hop/chi-bo/{meeting.cell_id}/dang-vien/")
    expect(page.get_by_text(member.name, exact=True)).to_be_visible()
    page.goto(f"/hop/hoi-nghi/{meeting.pk}/khach/")
    page.locator("[name=post]").fill("Phó trưởng phòng")
    page.locator("[name=post]").evaluate("field => { field.form.noValidate = true; }")
    page.locator("[name=post]").press("Enter")
    expect(page.locator(".is-invalid")).to_be_visible()
    page.get_by_text("Mục khác").click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page).to_have_url(f"{site}/hop/dang-nhap/")
    with contextlib.suppress(
        Error
    ):  # the browser's own page: this form would have to be sent again
        page.go_back()
    expect(page).not_to_have_url(f"{site}/hop/dang-nhap/")
    expect(page.locator("body")).not_to_contain_text("Họ và tên")
    for _ in range(3):  # the form, the list, the member
        page.go_back()
        expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
        assert member.name not in page.content()
    kept.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(kept.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    leave(page.context)
