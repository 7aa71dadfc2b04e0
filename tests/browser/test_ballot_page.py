"""The voting page on phones, through the real doors: from the stamp to the check, and everything that goes wrong."""

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ballots import proceedings
from ballots.models import Box, Poll, Sealed
from tests.browser.hands import Hand
from tests.factories import make_device
from tests.room import Room

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BEST, GOOD, FAIR = (
    "Hoàn thành xuất sắc nhiệm vụ",
    "Hoàn thành tốt nhiệm vụ",
    "Hoàn thành nhiệm vụ",
)
NONE = "Không có ý kiến"
UNSENT = "Mất mạng — phiếu của đồng chí chưa gửi. Đang thử lại…"
CAST, FOLDED, SENDING = "Đã bỏ phiếu kín.", "Phiếu đã gấp", "Đang gửi, xin giữ màn hình sáng"
KEPT = "Phiếu của đồng chí còn nguyên trong hòm"
REVIEW = "Xem lại phiếu"
PACE = 3000


class Hall:
    """A meeting of three on its members' levels, and the page of the first one, whose phone is in Chromium."""

    def __init__(self, new_phone, site: str, hurried: bool = True) -> None:
        self.room = Room(3)
        self.room.poll = Poll.objects.get(meeting=self.room.meeting, number=2)
        self.address = f"{site}/phieu/#{self.room.meeting.door_key}"
        self.phone = new_phone(make_device(self.room.members[0]))
        if not hurried:
            self.phone.clock.install()
        self.hand = Hand(self.phone, self.address, hurried)

    def open(self) -> Hand:
        """Issuing is open, the first subject is on the screen, and the other two phones have their stamps."""
        self.room.open().stamp(*self.room.members[1:])
        return self.hand.sees(self.room.members[0].name)

    def others_cast(self) -> None:
        self.room.cast(1, 2)


@pytest.fixture
def hall(new_phone, site) -> Hall:
    return Hall(new_phone, site)


def test_a_member_votes_and_sees_the_ballot_in_the_sealed_box(hall):
    hand = hall.hand.sees("Chưa có lượt bỏ phiếu")
    hall.open()
    digits = f"{int(hall.room.poll.p[:16], 16) % 10**8:08}"
    expect(hand.page.locator("#digits")).to_have_text(f"{digits[:4]} {digits[4:]}")
    expect(hand.page.locator("#title")).to_have_text(hall.room.poll.title)
    hand.fill(GOOD, BEST, NONE).sees(REVIEW)
    lines = hand.page.locator("ol li")
    names = [member.name for member in hall.room.members]
    assert lines.all_inner_texts() == [
        f"{name}\n{level}" for name, level in zip(names, [GOOD, BEST, NONE], strict=True)
    ]
    hand.fold().sees(FOLDED)
    hall.room.box()
    hand.sees(CAST)
    hall.others_cast()
    hall.room.seal()
    hand.sees(KEPT)
    assert hall.room.recount() == [[1, 2, 0, 0, 0], [2, 1, 0, 0, 0], [1, 1, 0, 0, 1]]
    expect(hand.page.get_by_role("link", name="Về trang cuộc họp")).to_have_attribute(
        "href", "/hop/hop/"
    )


def test_each_state_keeps_what_it_needs_and_no_more(hall):
    always = {"name", "door", "poll", "round", "state"}
    token = {"form", "prefix", "pub", "key"}
    hand, kept = hall.hand, {}

    def note() -> None:
        (record,) = hand.records()
        kept[record["state"]] = set(record) - always

    hand.page.route("**/hop/phat-phieu", lambda route: route.abort())
    hall.room.open().stamp(*hall.room.members[1:])
    hand.sees("Đang nhận phiếu…")
    hand.hears("Mất mạng. Đang thử lại…")
    note()
    hand.page.unroute("**/hop/phat-phieu")
    hand.sees(hall.room.members[0].name)
    hand.until(lambda records: "acked" in records[0])
    note()
    hand.fill(GOOD, GOOD, GOOD)
    note()
    hand.fold().sees(FOLDED)
    note()
    hall.room.box()
    hand.sees(CAST)
    note()
    hall.others_cast()
    hall.room.seal()
    hand.sees(KEPT)
    note()
    assert kept == {
        "KEYED": token | {"r", "z"},
        "STAMPED": token | {"stamp", "acked"},
        "MARKING": token | {"stamp", "acked", "marks"},
        "FOLDED": token | {"stamp", "acked", "marks", "body", "hash"},
        "IN_BOX": {"hash"},
        "CHECKED": {"result"},
    }


def test_no_request_carries_a_cookie_or_a_referrer_once_the_box_is_open(hall):
    hand, seen = hall.hand, []
    hand.page.on("request", lambda request: seen.append((request.url, request.all_headers())))
    hall.open().fill(GOOD, GOOD, GOOD).fold().sees(FOLDED)
    named = [url for url, headers in seen if "cookie" in headers]
    assert [url.rsplit("/", 1)[1] for url in named] == ["phat-phieu", "da-nhan"]
    seen.clear()
    hall.room.box()
    hand.sees(CAST)
    hall.others_cast()
    hall.room.seal().agree().confirm()
    hand.sees(KEPT)
    hand.page.reload()
    hand.sees(KEPT)
    assert [headers for _, headers in seen if {"cookie", "referer"} & set(headers)] == []
    assert {url.rsplit("/", 1)[1] for url, _ in seen} >= {"bo-phieu", "danh-sach", "to-phieu"}


def test_the_phase_is_asked_at_one_pace_whatever_the_member_does(new_phone, site):
    hall = Hall(new_phone, site, hurried=False)
    hand, clock = hall.open(), hall.phone.clock
    clock.pause_at("2030-01-01")
    hand.page.wait_for_timeout(300)

    def press(name: str) -> None:
        clock.run_for(300)
        hand.press(name)

    def asked(act=lambda: None) -> int:
        """How often the phase is asked in nine seconds."""
        hand.sent.clear()
        for _ in range(3):
            act()
            with hand.page.expect_response("**/luot"):
                clock.run_for(PACE)
            hand.page.wait_for_timeout(100)
        return len([url for url in hand.sent if url.endswith("/luot")])

    idle, filling = asked(), asked(lambda: (press(GOOD), press("Trở lại mục trước")))
    for name in (GOOD, GOOD, GOOD, "Bỏ phiếu", "Xác nhận bỏ phiếu"):
        press(name)
    hand.sees(FOLDED)
    folded = asked()
    hall.room.box()
    sending = asked()
    hand.sees(CAST)
    assert [idle, filling, folded, sending, asked()] == [3, 3, 3, 3, 3]


def test_a_half_filled_ballot_survives_a_reload(hall):
    hand = hall.open().fill(GOOD)
    second = hall.room.members[1].name
    hand.sees(second)
    hand.page.reload()
    hand.sees(second).press("Trở lại mục trước")
    expect(hand.page.get_by_role("button", name=GOOD)).to_have_attribute("aria-pressed", "true")


def test_the_newest_tab_takes_the_ballot_over_and_the_older_one_stops(hall):
    old = hall.open().fill(GOOD)
    old.sees(hall.room.members[1].name)
    new = Hand(hall.phone, hall.address).sees(hall.room.members[1].name)
    old.sees("Phiếu đang mở ở một thẻ khác")
    new.fill(BEST, FAIR).fold().sees(FOLDED)
    old.sent.clear()
    old.page.wait_for_timeout(500)
    hall.room.box()
    new.sees(CAST)
    assert (old.sent, Box.objects.count()) == ([], 1)


def test_an_older_tab_can_take_the_ballot_back(hall):
    old = hall.open().fill(GOOD)
    new = Hand(hall.phone, hall.address).sees(hall.room.members[1].name).fill(BEST)
    old.sees("Phiếu đang mở ở một thẻ khác")
    old.press("Dùng thẻ này").sees(hall.room.members[2].name)
    new.sees("Phiếu đang mở ở một thẻ khác")


def test_without_a_network_the_member_fills_and_folds_and_the_ballot_goes_later(hall):
    hand = hall.open().fill(GOOD)
    hall.phone.set_offline(True)
    hand.hears(UNSENT)
    hand.fill(BEST, FAIR).fold().sees(FOLDED)
    hall.room.box()
    hall.phone.set_offline(False)
    hand.sees(CAST)
    hand.hears("")
    assert Box.objects.count() == 1


def test_a_lost_answer_is_asked_for_again_with_the_same_ballot(hall):
    hand, bodies = hall.open(), []

    def deliver_but_lose_the_answer(route) -> None:
        bodies.append(route.request.post_data_buffer)
        route.fetch()
        route.abort()

    hand.fill(GOOD, GOOD, GOOD).fold().sees(FOLDED)
    hand.page.route("**/hom/bo-phieu", deliver_but_lose_the_answer)
    hall.room.box()
    hand.sees(SENDING)
    hand.hears(UNSENT)
    assert hand.page.get_by_role("button", name="Mở phiếu ra").count() == 0
    hand.page.reload()
    hand.sees(SENDING)
    hand.page.wait_for_timeout(300)
    hand.page.unroute("**/hom/bo-phieu")
    hand.sees(CAST)
    assert len(bodies) >= 2
    assert (len(set(bodies)), Box.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("content_type", "answer"),
    [
        ("text/html", "<html>Đăng nhập Wi-Fi</html>"),
        ("application/octet-stream", "\0" * 33),
        ("application/octet-stream", "\0"),
    ],
)
def test_an_answer_that_does_not_name_this_ballot_is_not_believed(hall, content_type, answer):
    hand = hall.open().fill(GOOD, GOOD, GOOD).fold().sees(FOLDED)
    hand.page.route(
        "**/hom/bo-phieu", lambda route: route.fulfill(content_type=content_type, body=answer)
    )
    hall.room.box()
    hand.sees(SENDING)
    hand.hears(UNSENT)
    assert (hand.state(), Box.objects.count()) == ("FOLDED", 0)


def test_a_wifi_that_answers_every_request_with_its_own_page_changes_nothing(hall):
    hand = hall.open().fill(GOOD)
    hand.page.route("**/hom/**", lambda route: route.fulfill(content_type="text/html", body="<p>"))
    hand.hears(UNSENT)
    hand.sees(hall.room.members[1].name)


def test_a_folded_ballot_can_be_opened_until_the_box_is(hall):
    hand = hall.open().fill(GOOD, GOOD, GOOD).fold().sees(FOLDED)
    hand.press("Mở phiếu ra xem và sửa").sees(REVIEW)
    hand.page.get_by_role("button", name=hall.room.members[1].name).click()
    hand.sees(hall.room.members[1].name).press(FAIR)
    hand.sees(REVIEW)
    line = hand.page.get_by_role("button", name=hall.room.members[1].name)
    expect(line).to_be_focused()
    expect(line).to_contain_text(FAIR)
    hand.fold().sees(FOLDED)
    hall.room.box()
    hand.sees(CAST)
    hall.others_cast()
    hall.room.seal()
    assert hall.room.recount()[1] == [1, 1, 1, 0, 0]


def test_a_ballot_filled_while_the_box_is_open_is_cast_too(hall):
    hand = hall.open().fill(GOOD)
    hall.room.box()
    hand.hears("")
    hand.hears("Hòm đã mở. Đồng chí cứ chọn xong rồi bỏ phiếu.")
    hand.fill(GOOD, GOOD).fold().sees(CAST)


def test_marks_of_a_void_poll_are_offered_on_its_repeat(hall):
    hand = hall.open().fill(BEST, FAIR, NONE).sees(REVIEW)
    proceedings.void(hall.room.secretary, hall.room.poll, "Mất điện")
    hand.sees("Lượt bỏ phiếu đã huỷ")
    (record,) = hand.records()
    assert set(record) == {"name", "door", "poll", "round", "state", "form", "marks"}
    repeat = proceedings.plan_poll(
        hall.room.secretary,
        hall.room.meeting,
        "Bỏ phiếu lại",
        hall.room.members,
        hall.room.poll.levels,
    )
    proceedings.open_issuing(hall.room.secretary, repeat)
    hand.sees("Dùng lại lựa chọn của lượt trước?").press("Dùng lại, rồi xem lại").sees(REVIEW)
    levels = hand.page.locator("ol strong").all_inner_texts()
    assert levels == [BEST, FAIR, NONE]
    assert hand.state() == "MARKING"


def test_old_marks_are_not_offered_when_the_rows_differ_and_go_when_declined(hall):
    hand = hall.open().fill(BEST)
    proceedings.void(hall.room.secretary, hall.room.poll, "Mất điện")
    hand.sees("Lượt bỏ phiếu đã huỷ")
    plan = [hall.room.secretary, hall.room.meeting, "Bỏ phiếu lại"]
    other = proceedings.plan_poll(*plan, hall.room.members[:2], hall.room.poll.levels)
    proceedings.open_issuing(hall.room.secretary, other)
    hand.sees(hall.room.members[0].name)
    proceedings.void(hall.room.secretary, other, "Sai danh sách")
    hand.sees("Lượt bỏ phiếu đã huỷ")
    same = proceedings.plan_poll(*plan, hall.room.members, hall.room.poll.levels)
    proceedings.open_issuing(hall.room.secretary, same)
    hand.sees("Dùng lại lựa chọn của lượt trước?").press("Chọn lại từ đầu")
    hand.sees(hall.room.members[0].name)
    expect(hand.page.get_by_role("button", pressed=True)).to_have_count(0)


def test_a_new_round_leaves_a_half_filled_ballot_under_the_finger(hall):
    hand = hall.open().fill(BEST)
    second = hand.page.get_by_role("heading", level=1, name=hall.room.members[1].name)
    marked = hand.page.evaluate_handle("document.querySelector('main h1')")
    proceedings.reissue(hall.room.secretary, hall.room.poll)
    hall.room.poll.refresh_from_db()
    hand.hears("Thư ký đã phát lại phiếu cho tất cả. Lựa chọn của đồng chí vẫn còn nguyên.")
    expect(second).to_be_visible()
    assert hand.page.evaluate("(was) => was.isConnected", marked)
    hall.room.stamp(*hall.room.members[1:])
    hand.fill(GOOD, GOOD).fold().sees(FOLDED)
    hall.room.box()
    hand.sees(CAST)
    hall.others_cast()
    hall.room.seal()
    assert hall.room.recount()[0] == [2, 1, 0, 0, 0]


def test_a_new_round_folds_again_what_was_folded(hall):
    hand = hall.open().fill(BEST, BEST, BEST).fold().sees(FOLDED)
    proceedings.reissue(hall.room.secretary, hall.room.poll)
    hall.room.poll.refresh_from_db()
    hall.room.stamp(*hall.room.members[1:])
    folded = [(f"phieu/{hall.room.poll.p}/", "FOLDED")]
    hand.until(lambda records: [(each["name"], each["state"]) for each in records] == folded)
    hall.room.box()
    hand.sees(CAST)


def test_a_phone_given_another_sheet_in_the_same_round_goes_no_further(hall):
    hand = hall.open().fill(GOOD)
    pinned = hand.state()

    def another(route) -> None:
        answer = route.fetch().json()
        route.fulfill(json=answer | {"p": "ab" * 32})

    hand.page.route("**/luot", another)
    hand.sees("Dừng lại: mã lượt đã bị đổi")
    hand.sent.clear()
    hand.page.wait_for_timeout(500)
    assert hand.paths() == {"luot"}
    assert hand.state() == pinned == "MARKING"


def test_a_phone_given_a_sheet_that_is_not_the_named_one_refuses_it(hall):
    hall.hand.page.route(
        "**/to-phieu",
        lambda route: route.fulfill(content_type="application/octet-stream", body="{}"),
    )
    hall.room.open()
    hall.hand.sees("Dừng lại: tờ phiếu không đúng")
    assert not [url for url in hall.hand.sent if "/hop/" in url]


def test_a_stamp_that_is_none_is_not_used(hall):
    hall.hand.page.route(
        "**/hop/phat-phieu",
        lambda route: route.fulfill(content_type="application/octet-stream", body="x" * 256),
    )
    hall.room.open()
    hall.hand.sees("Máy này chưa nhận được phiếu")
    assert hall.hand.state() == "KEYED"


def test_a_phone_whose_ballot_vanished_turns_red(hall):
    hand = hall.open().fill(GOOD, GOOD, GOOD).fold().sees(FOLDED)
    hall.room.box()
    hand.sees(CAST)
    Box.objects.all().delete()
    hall.others_cast()
    hall.room.seal(short_ok=True)
    hand.sees("Trong hòm không có phiếu của đồng chí")


def test_a_phone_that_did_not_cast_turns_red_when_the_box_is_full_all_the_same(hall):
    hall.open()
    hall.room.box(short_ok=True)
    hall.others_cast()
    Poll.objects.filter(pk=hall.room.poll.pk).update(issued=2)
    hall.room.poll.refresh_from_db()
    hall.room.seal()
    hall.hand.sees("Đồng chí chưa bỏ phiếu mà hòm đã đủ phiếu")


def test_a_phone_that_did_not_cast_learns_that_the_box_is_closed(hall):
    hall.open().fill(GOOD)
    hall.room.box()
    hall.others_cast()
    hall.room.seal(short_ok=True)
    hall.hand.sees("Phiếu của đồng chí chưa vào hòm")


def test_a_list_that_is_not_the_published_one_turns_red(hall):
    hand = hall.open().fill(GOOD, GOOD, GOOD).fold().sees(FOLDED)
    hall.room.box()
    hand.sees(CAST)
    hall.others_cast()
    hall.room.seal()
    Sealed.objects.exclude(hash=bytes.fromhex(hand.records()[0]["hash"])).first().delete()
    hand.sees("Danh sách phiếu không khớp mã niêm phong")


def test_a_ballot_whose_answer_was_lost_is_found_in_the_sealed_list(hall):
    hand = hall.open().fill(GOOD, GOOD, GOOD).fold().sees(FOLDED)
    hand.page.route("**/hom/bo-phieu", lambda route: (route.fetch(), route.abort()))
    hall.room.box()
    hand.sees(SENDING)
    hand.hears(UNSENT)
    hall.others_cast()
    hall.room.seal()
    hand.sees(KEPT)


def test_a_phone_without_a_ballot_is_told_why_and_checks_the_list_too(hall, new_phone):
    stranger = Hand(new_phone(), hall.address)
    hall.room.open().stamp()
    stranger.sees("Máy này chưa nhận được phiếu")
    expect(stranger.page.get_by_text("Máy này chưa được nhận vào cuộc họp.")).to_be_visible()
    hall.room.box()
    stranger.sees("Đã phát phiếu xong")
    hall.room.cast(1, 1, 1).seal()
    stranger.sees("Hòm phiếu đã niêm phong")
    expect(stranger.page.get_by_text("Trong hòm có 3 phiếu.")).to_be_visible()


def test_a_member_admitted_late_receives_the_ballot_without_touching_the_phone(hall):
    hall.phone.clear_cookies()
    hall.room.open()
    hall.hand.sees("Máy này chưa nhận được phiếu")
    token = make_device(hall.room.members[1])
    hall.phone.add_cookies([{"name": "may", "value": token, "url": hall.address.split("#")[0]}])
    hall.phone.add_cookies(
        [{"name": "may", "value": token, "url": hall.address.replace("/phieu/", "/hop/")}]
    )
    hall.hand.sees(hall.room.members[0].name)


def test_a_poll_on_one_level_asks_for_agreement(hall):
    secretary, meeting = hall.room.secretary, hall.room.meeting
    hall.room.poll = proceedings.plan_poll(
        secretary, meeting, "Vòng hai", hall.room.members, ["HTXS"]
    )
    hand = hall.open()
    expect(hand.page.get_by_text(f"Đề nghị xếp loại: {BEST}")).to_be_visible()
    assert hand.page.locator("main button:visible").all_inner_texts() == ["Đồng ý", "Không đồng ý"]
    hand.fill("Đồng ý", "Không đồng ý", "Không đồng ý").sees(REVIEW)
    levels = hand.page.locator("ol strong").all_inner_texts()
    assert levels == ["Đồng ý", "Không đồng ý", "Không đồng ý"]
    hand.fold().sees(FOLDED)
    hall.room.box()
    hand.sees(CAST)
    hall.room.cast(0, 1)
    hall.room.seal()
    assert [row[0] for row in hall.room.recount()] == [2, 1, 1]


def test_a_ballot_without_a_single_mark_is_warned_about(hall):
    hand = hall.open().fill(NONE, NONE, NONE).sees(REVIEW).press("Bỏ phiếu")
    hand.sees("Bỏ phiếu này?")
    expect(hand.page.get_by_text("sẽ bị tính là phiếu không hợp lệ")).to_be_visible()


def test_the_phones_back_key_leads_one_screen_back_and_not_out_of_the_page(hall):
    hand = hall.open().fill(GOOD, GOOD, GOOD).sees(REVIEW).press("Bỏ phiếu").sees("Bỏ phiếu này?")
    hand.page.go_back()
    hand.sees(REVIEW)
    hand.page.go_back()
    hand.sees(hall.room.members[2].name)
    assert hand.page.url == hall.address


def test_a_second_tap_of_an_unsteady_finger_marks_nobody(new_phone, site):
    hand = Hall(new_phone, site, hurried=False).open()
    box = hand.page.get_by_role("button", name=GOOD).bounding_box()
    hand.page.clock.run_for(300)
    hand.page.clock.pause_at("2030-01-01")
    hand.page.mouse.dblclick(box["x"] + 20, box["y"] + 20)
    hand.page.wait_for_timeout(100)
    (record,) = hand.records()
    assert record["marks"] == [2, None, None]


@pytest.mark.parametrize(
    ("spoil", "heading"),
    [
        ("delete Object.getPrototypeOf(crypto).subtle", "Kết nối chưa an toàn"),
        ("delete window.BigInt", "Trình duyệt này quá cũ"),
        (
            "Storage.prototype.setItem = () => { throw new Error('full'); }",
            "Trình duyệt này không giữ được phiếu",
        ),
        ("Storage.prototype.setItem = () => {}", "Trình duyệt này không giữ được phiếu"),
    ],
)
def test_a_browser_that_cannot_vote_says_so(new_phone, site, spoil, heading):
    phone = new_phone()
    phone.add_init_script(spoil)
    Hand(phone, f"{site}/phieu/#{'0' * 32}").sees(heading)


@pytest.mark.parametrize("fragment", ["", "#x", f"#{'0' * 32}", f"#{'0' * 32}.short"])
def test_an_address_that_leads_nowhere_says_so(new_phone, site, fragment):
    Hand(new_phone(), f"{site}/phieu/{fragment}").sees("Không tìm thấy cuộc họp")


def test_the_pages_own_script_is_small():
    folder = Path(__file__).parents[2] / "static" / "ballot"
    sizes = [len(gzip.compress(path.read_bytes(), mtime=0)) for path in folder.glob("*.js")]
    assert sum(sizes) <= 12 * 1024
