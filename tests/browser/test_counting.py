"""The tellers' device in Chromium: the recount finds what was tampered with, and paper ballots are keyed twice."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from ballots.models import Poll, RowTally, Sealed
from ballots.secret import keys, sheet
from ballots.secret.voter import Phone
from members.models import Attendance, Door
from tests.kit import polls, verbs
from tests.kit.boxes import MadeUpBox, flipped
from tests.kit.factories import make_device, make_open_meeting, members_of, secretary_of
from tests.kit.room import cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GOOD = 2
PACE = 3000
TURNOUT_PACE = 10_000


# The recount alone, over boxes made up here; what it says of each tampering: tests/scripts/test_recount.py.

RECOUNT = """async (box) => {
  const { recount } = await import('/static/teller/recount.js');
  const bytes = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
  const held = [];
  const found = Object.assign({}, box, {
    sheet: bytes(box.sheet), list: bytes(box.list), bodies: bytes(box.bodies),
  });
  try {
    return Object.assign(await recount(found, (sentence) => held.push(sentence)), { held });
  } catch (error) {
    return { fault: error.constructor.name, what: error.message };
  }
}"""


@pytest.fixture(scope="module")
def made_up() -> MadeUpBox:
    return MadeUpBox([1, 2], [2, 2], [0, 0], [4, 0])


@pytest.fixture
def page(new_phone) -> Page:
    page = new_phone().new_page()
    page.goto("/static/teller/recount.js")
    return page


def test_an_honest_box_is_counted_row_by_row(page, made_up):
    result = page.evaluate(RECOUNT, made_up.published())
    assert (result["collected"], result["valid"], result["invalid"]) == (4, 3, 1)
    assert result["rows"] == [[1, 1, 0, 1, 0], [0, 2, 0, 0, 1]]
    assert result["list_sha256"] == made_up.published()["announced"]
    assert len(result["held"]) == 5


def test_the_browser_finds_what_is_neither_stamped_nor_signed(page, made_up):
    first, *rest = made_up.bodies
    for place in range(0, len(first), 37):
        result = page.evaluate(RECOUNT, made_up.relisted([flipped(first, place), *rest]))
        assert (place, result.get("fault")) == (place, "Fault")
    unstamped = made_up.ballot([1, 1], stamped=False)
    assert page.evaluate(RECOUNT, made_up.relisted([unstamped, *rest]))["fault"] == "Fault"


# The page, against the real site and door.


class Device:
    """A teller's page; its clock obeys the test."""

    def __init__(self, phone, address: str = "/hop/kiem-phieu/") -> None:
        self.page: Page = phone.new_page()
        self.page.clock.install()
        self.sent: list = []
        self.page.on("request", lambda request: self.sent.append(request))
        self.page.goto(address)

    def sees(self, text: str) -> None:
        """Wait for a sentence, letting the page look at the phase as often as it takes."""
        place = self.page.get_by_text(text).first
        for _ in range(400):
            if place.is_visible():
                return
            self.page.clock.fast_forward(PACE)
            self.page.wait_for_timeout(50)
        expect(place).to_be_visible(timeout=1)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def issued(db) -> tuple[Poll, list[Phone]]:
    """The poll on the cell of a meeting of five, everybody holding a ballot."""
    poll = polls.poll_of(make_open_meeting(5))
    return poll, polls.issue(poll)


@pytest.fixture
def device(issued, new_phone) -> Device:
    teller = polls.teller_of(issued[0].meeting)
    return Device(new_phone(make_device(teller)))


def test_the_tellers_close_the_box_and_count_with_two_presses(issued, device):
    poll, phones = issued
    device.sees("Máy này đã giữ mã lượt")
    device.sees(sheet.parse_sheet(bytes(poll.sheet)).digits)
    polls.cast(poll, phones, [[GOOD]] * 3)
    device.sees("Đóng hòm và kiểm phiếu")
    cast(phones[3].fold([1]))
    device.page.clock.fast_forward(TURNOUT_PACE)
    expect(device.page.locator("[data-collected]")).to_have_text("04")
    device.press("Đóng hòm và kiểm phiếu")
    device.sees("Còn 01 phiếu chưa vào hòm")
    device.press("Vẫn đóng hòm, thiếu 01 phiếu")
    device.sees("Hai lần đếm trên hai máy ra kết quả trùng nhau.")
    device.sees("HTXS 01")
    device.sees("HTT 03")
    heights = device.page.locator(".totals b").evaluate_all("all => all.map(e => e.offsetHeight)")
    assert len(heights) % 5 == 0
    assert (
        max(heights) < 56
    )  # no head takes a second line: of sixty names the page would be a fifth longer
    device.sees("Cả 04 phiếu còn nguyên như lúc gấp.")
    device.press("Xác nhận kết quả")
    device.sees("Đã xác nhận. Từng lá phiếu đã bị xoá")
    assert Poll.objects.get(pk=poll.pk).confirmed


def test_the_recount_shows_and_keeps_no_single_ballot(issued, device):
    poll, phones = issued
    polls.cast(poll, phones, [[GOOD]] * 5)
    device.sees("Đóng hòm và kiểm phiếu")
    device.press("Đóng hòm và kiểm phiếu")
    device.sees("Hai lần đếm trên hai máy")
    stored = device.page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert all(sealed.hash.hex() not in stored for sealed in Sealed.objects.all())
    anonymous = [request for request in device.sent if "/hom/" in request.url]
    assert anonymous
    assert all("cookie" not in request.all_headers() for request in anonymous)
    assert all("referer" not in request.all_headers() for request in anonymous)


def change_a_ballot(poll: Poll) -> None:
    key = keys.read(poll.p, "count")
    row = Sealed.objects.filter(poll=poll).first()
    body = sheet.decrypt_sealed(key, bytes(row.hash), bytes(row.data))
    changed = sheet.encrypt_sealed(key, bytes(row.hash), flipped(body, 161))
    Sealed.objects.filter(pk=row.pk).update(data=changed)


def delete_a_ballot(poll: Poll) -> None:
    Sealed.objects.filter(poll=poll).first().delete()


def swap_a_ballot(poll: Poll) -> None:
    """Put another sealed ballot's body in the place of one."""
    key = keys.read(poll.p, "count")
    first, second = Sealed.objects.filter(poll=poll)[:2]
    body = sheet.decrypt_sealed(key, bytes(second.hash), bytes(second.data))
    copied = sheet.encrypt_sealed(key, bytes(first.hash), body)
    Sealed.objects.filter(pk=first.pk).update(data=copied)


def edit_a_total(poll: Poll) -> None:
    RowTally.objects.filter(poll=poll).update(good=4, excellent=1)


def publish_another_list(poll: Poll) -> None:
    Poll.objects.filter(pk=poll.pk).update(sealed_sha256="0" * 64)


@pytest.mark.parametrize(
    "tamper",
    [change_a_ballot, delete_a_ballot, swap_a_ballot, edit_a_total, publish_another_list],
)
def test_tampering_with_the_sealed_box_is_found_and_shown_without_a_number(issued, device, tamper):
    poll, phones = issued
    polls.cast(poll, phones, [[GOOD]] * 5)
    device.sees("Đóng hòm và kiểm phiếu")
    device.page.context.set_offline(True)  # it must not count before the box is another
    polls.seal(poll)
    tamper(poll)
    device.page.context.set_offline(False)
    device.sees("Máy này đếm lại thấy")
    device.sees("Chưa có con số nào được công bố")
    assert not device.page.locator(".sums, .totals").count()
    assert Poll.objects.get(pk=poll.pk).state == Poll.State.SEALED
    verbs.decide_difference(secretary_of(poll.meeting), poll, True, "Hòm phiếu bị sửa.")
    device.sees("Lượt này đã huỷ")
    poll.refresh_from_db()
    assert (poll.state, poll.collected, poll.valid) == (Poll.State.VOID, 0, 0)
    assert not Sealed.objects.filter(poll=poll).exists()


def test_a_sheet_changed_after_issuing_is_never_counted(issued, device):
    poll, _ = issued
    device.sees("Máy này đã giữ mã lượt")
    other = bytes(poll.sheet).replace("Hoàn thành tốt".encode(), "Hoàn thành tối".encode())
    Poll.objects.filter(pk=poll.pk).update(sheet=other, p=sheet.digest(other).hex())
    device.sees("Mã lượt đã bị đổi sau khi phát phiếu")


def test_a_device_that_saw_no_issuing_asks_before_it_counts(issued, new_phone):
    poll, phones = issued
    polls.cast(poll, phones, [[GOOD]] * 5)
    polls.seal(poll)
    device = Device(new_phone(make_device(polls.teller_of(poll.meeting))))
    device.sees("nên chưa giữ mã lượt")
    device.page.clock.fast_forward(PACE)
    assert Poll.objects.get(pk=poll.pk).state == Poll.State.SEALED
    device.press("Mã đúng, đếm lại trên máy này")
    device.sees("Hai lần đếm trên hai máy ra kết quả trùng nhau.")


def test_a_tellers_own_ballot_has_pinned_the_sheet(issued, new_phone):
    poll, phones = issued
    polls.cast(poll, phones, [[GOOD]] * 5)
    polls.seal(poll)
    phone = new_phone(make_device(polls.teller_of(poll.meeting)))
    own = {"poll": poll.pk, "round": poll.round, "state": "IN_BOX"}
    keep = """async ([name, record]) => {
      const { transact } = await import('/phieu/store.js');
      await transact('readwrite', (store) => store.put(record, name));
    }"""
    page = phone.new_page()
    page.goto("/phieu/")
    page.evaluate(keep, [f"phieu/{poll.p}/", own])
    Device(phone).sees("Hai lần đếm trên hai máy ra kết quả trùng nhau.")


# Paper ballots.


@pytest.fixture
def paper_poll(db) -> tuple[Poll, list[Phone]]:
    """The poll on the members of a meeting of six; the last three take paper, the others hold a ballot."""
    meeting = make_open_meeting(6)
    last = members_of(meeting)[3:]
    Attendance.objects.filter(meeting=meeting, member__in=last).update(door=Door.PAPER)
    poll = polls.poll_of(meeting, 2)
    return poll, polls.issue(poll)


def accessible(device: Device) -> None:
    """The screen of the moment passes axe and is no wider than the phone."""
    report = Axe().run(device.page)
    assert report.violations_count == 0, report.generate_report()
    width = device.page.evaluate("document.documentElement.scrollWidth")
    assert width == device.page.viewport_size["width"]


def obtain_stamps(device: Device) -> None:
    """Two tellers confirm how many papers there are; only then the stamps come."""
    device.sees("Danh sách có 03 đồng chí bỏ phiếu giấy")
    press = device.page.get_by_role("button", name="Phát 03 phiếu giấy")
    expect(press).to_be_disabled()
    for who in ("thứ nhất", "thứ hai"):
        device.page.get_by_label(f"Thành viên {who} xác nhận: 03 phiếu giấy").check()
    press.click()
    device.sees("Đã phát 03 phiếu giấy trên máy này.")


def type_paper(device: Device, *labels: str) -> None:
    """Type one paper: one level per row, then the button."""
    for row, label in enumerate(labels):
        group = device.page.locator("fieldset.typing").nth(row)
        group.get_by_role("radio", name=label, exact=True).check()
    device.press("Xong tờ này")


def lies_free(device: Device, after: int) -> None:
    """Once the line before is typed at the lower edge, the next one lies above the bar there, whole."""
    line = device.page.locator("fieldset.typing")
    line.nth(after - 1).evaluate("line => scrollTo(0, line.offsetTop - innerHeight + 180)")
    line.nth(after - 1).get_by_role("radio", name="HTT", exact=True).check()
    bar = device.page.locator(".typing-foot")
    reach = (
        "([line, bar]) => line.getBoundingClientRect().bottom - bar.getBoundingClientRect().top"
    )
    nodes = [line.nth(after).element_handle(), bar.element_handle()]
    assert device.page.evaluate(reach, nodes) <= 1


def begin_typing(device: Device) -> None:
    """Two of three papers came back; four are refused, and two asked about."""
    device.sees("Số tờ lấy ra từ hòm phiếu giấy")
    device.page.get_by_label("Số tờ lấy ra từ hòm phiếu giấy").fill("4")
    device.press("Bắt đầu nhập lần 1")
    device.sees("Số tờ trong hòm nhiều hơn 03 phiếu giấy đã phát")
    number = device.page.get_by_label("Số tờ lấy ra từ hòm phiếu giấy")
    expect(number).to_have_value("4")
    number.fill("2")
    device.press("Bắt đầu nhập lần 1")
    device.sees("Đã phát 03 phiếu giấy mà trong hòm có 02 tờ.")
    device.press("Bắt đầu nhập lần 1")


def test_paper_is_stamped_keyed_twice_compared_and_cast(paper_poll, new_phone):
    poll, phones = paper_poll
    device = Device(new_phone(make_device(polls.teller_of(poll.meeting))))
    obtain_stamps(device)

    polls.cast(poll, phones, [[GOOD] * 6] * 3)
    begin_typing(device)
    accessible(device)
    lies_free(device, after=3)
    type_paper(device, *["HTT"] * 6)
    device.sees("Tờ 2/2 — lần 1")
    device.page.reload()
    device.sees("Tờ 2/2 — lần 1")
    type_paper(device, "HTXS", "Trống", *["HT"] * 4)
    device.sees("Lần 1 đã xong")
    type_paper(device, *["HTT"] * 6)
    type_paper(device, "HTXS", "Trống", *["HT"] * 3, "KHT")
    device.sees("lần 1 HT, lần 2 KHT")
    accessible(device)
    device.press("Cùng xem và nhập lại tờ 2")
    type_paper(device, "HTXS", "Trống", *["HT"] * 4)
    device.sees("Hai lần nhập 02 tờ giống nhau.")
    device.press("Bỏ 02 phiếu giấy vào hòm")
    device.sees("02 phiếu giấy đã vào hòm.")
    assert poll.box_set.count() == 5
    read = "async (name) => (await import('/phieu/store.js')).read(name)"
    stored = device.page.evaluate(read, f"phieu-giay/{poll.p}")
    assert stored == {"stage": "done", "done": 2}

    device.press("Đóng hòm và kiểm phiếu")
    device.press("Vẫn đóng hòm, thiếu 01 phiếu")
    device.sees("Hai lần đếm trên hai máy ra kết quả trùng nhau.")
    rows = [[*row.counts.values(), row.blank] for row in RowTally.objects.filter(poll=poll)]
    assert rows == [[1, 4, 0, 0, 0], [0, 4, 0, 0, 1], *[[0, 4, 1, 0, 0]] * 4]
