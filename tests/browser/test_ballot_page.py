"""The voting page on a phone, through the real doors: from the stamp to the check, and every screen between."""

import pytest
from playwright.sync_api import expect

from ballots.models import Box
from tests.browser.hands import (
    BEST,
    CAST,
    FAIR,
    FOLDED,
    GOOD,
    KEPT,
    NONE,
    REVIEW,
    Hall,
    Hand,
)
from tests.kit import verbs
from tests.kit.factories import make_device

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PACE = 3000
FORGETFUL = "Trình duyệt này không giữ được phiếu"


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
    hall.box()
    hand.sees(CAST)
    calm = hall.phone.new_page()
    calm.goto("/hop/hop/")
    expect(calm.get_by_role("link", name="✔ Đã bỏ phiếu kín")).to_be_visible()
    calm.close()
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
    hand, stored = hall.hand, {}

    def note() -> None:
        (record,) = hand.records()
        stored[record["state"]] = set(record) - always

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
    hall.box()
    hand.sees(CAST)
    note()
    hall.others_cast()
    hall.room.seal()
    hand.sees(KEPT)
    note()
    assert stored == {
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
    hall.box()
    hand.sees(CAST)
    hall.others_cast()
    hall.room.seal().agree().confirm()
    hand.sees(KEPT)
    hand.page.reload()
    hand.sees(KEPT)
    # A request cut off by the reload is reported with an empty referrer.
    assert [
        collected for _, collected in seen if collected.get("cookie") or collected.get("referer")
    ] == []
    assert {url.rsplit("/", 1)[1] for url, _ in seen} >= {"bo-phieu", "danh-sach", "to-phieu"}


def test_the_phase_is_asked_at_one_pace_whatever_the_member_does(new_phone, site):
    hall = Hall(new_phone, site, hurried=False)
    hand, clock = hall.open(), hall.phone.clock
    clock.pause_at("2030-01-01")
    hand.page.wait_for_timeout(300)
    clock.run_for(300)

    def press(name: str) -> None:
        """The next screen comes once the disk has the mark; a finger rests on it until the clock moves on."""
        hand.press(name)
        expect(hand.page.locator("main button:disabled")).not_to_have_count(0)
        clock.run_for(300)

    def requests_during(act=lambda: None) -> int:
        """How often the phase is asked in nine seconds."""
        hand.sent.clear()
        for _ in range(3):
            act()
            with hand.page.expect_response("**/luot") as answer:
                clock.run_for(PACE)
            answer.value.finished()
            hand.page.wait_for_timeout(100)
        return len([url for url in hand.sent if url.endswith("/luot")])

    idle, filling = (
        requests_during(),
        requests_during(lambda: (press(GOOD), press("Trở lại mục trước"))),
    )
    for name in (GOOD, GOOD, GOOD, "Bỏ phiếu", "Xác nhận bỏ phiếu"):
        press(name)
    hand.sees(FOLDED)
    folded = requests_during()
    hall.box()
    sending = requests_during()
    hand.sees(CAST)
    assert [idle, filling, folded, sending, requests_during()] == [3, 3, 3, 3, 3]


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
    hall.box()
    new.sees(CAST)
    assert (old.sent, Box.objects.count()) == ([], 1)


def test_an_older_tab_can_take_the_ballot_back(hall):
    old = hall.open().fill(GOOD)
    new = Hand(hall.phone, hall.address).sees(hall.room.members[1].name).fill(BEST)
    old.sees("Phiếu đang mở ở một thẻ khác")
    old.press("Dùng thẻ này").sees(hall.room.members[2].name)
    new.sees("Phiếu đang mở ở một thẻ khác")


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
    hall.box()
    hand.sees(CAST)
    hall.others_cast()
    hall.room.seal()
    assert hall.room.recount()[1] == [1, 1, 1, 0, 0]


def test_a_ballot_filled_while_the_box_is_open_is_cast_too(hall):
    hand = hall.open().fill(GOOD)
    hall.box()
    hand.hears("Hòm đã mở. Đồng chí cứ chọn xong rồi bỏ phiếu.")
    hand.fill(GOOD, GOOD).fold().sees(CAST)


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
    hall.room.poll = verbs.plan_poll(secretary, meeting, "Vòng hai", hall.room.members, ["HTXS"])
    hand = hall.open()
    expect(hand.page.get_by_text(f"Đề nghị xếp loại: {BEST}")).to_be_visible()
    assert hand.page.locator("main button:visible").all_inner_texts() == ["Đồng ý", "Không đồng ý"]
    hand.fill("Đồng ý", "Không đồng ý", "Không đồng ý").sees(REVIEW)
    levels = hand.page.locator("ol strong").all_inner_texts()
    assert levels == ["Đồng ý", "Không đồng ý", "Không đồng ý"]
    hand.fold().sees(FOLDED)
    hall.box()
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
    hand.until(lambda records: "marks" in records[0])
    hand.page.wait_for_timeout(100)
    (record,) = hand.records()
    assert record["marks"] == [2, None, None]


@pytest.mark.parametrize(
    ("spoil", "heading"),
    [
        ("delete Object.getPrototypeOf(crypto).subtle", "Kết nối chưa an toàn"),
        ("delete window.BigInt", "Trình duyệt này quá cũ"),
        ("indexedDB.open = () => { throw new Error('private'); }", FORGETFUL),
    ],
)
def test_a_browser_that_cannot_vote_says_so_and_has_asked_for_nothing(
    new_phone, site, spoil, heading
):
    phone = new_phone()
    phone.add_init_script(spoil)
    hand = Hand(phone, f"{site}/phieu/#{'0' * 32}").sees(heading)
    assert not [url for url in hand.sent if "/hom/" in url or "/hop/" in url]


def test_a_phone_without_room_says_so_and_has_asked_for_nothing(new_phone, site):
    phone = new_phone()
    page, sent = phone.new_page(), []
    page.on("request", lambda request: sent.append(request.url))
    full = {"origin": site, "quotaSize": 1}
    phone.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", full)
    page.goto(f"{site}/phieu/#{'0' * 32}")
    expect(page.get_by_role("heading", level=1, name=FORGETFUL)).to_be_visible()
    assert not [url for url in sent if "/hom/" in url or "/hop/" in url]


@pytest.mark.parametrize("fragment", ["", "#x", f"#{'0' * 32}", f"#{'0' * 32}.short"])
def test_an_address_that_leads_nowhere_says_so(new_phone, site, fragment):
    Hand(new_phone(), f"{site}/phieu/{fragment}").sees("Không tìm thấy cuộc họp")
