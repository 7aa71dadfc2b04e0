"""The voting page in trouble: no network, a void poll, a new round, a server that is not to be believed."""

import pytest
from playwright.sync_api import expect

from ballots.models import Box, Poll, Sealed
from tests.browser.hands import (
    BEST,
    CAST,
    FAIR,
    FOLDED,
    GOOD,
    KEPT,
    NONE,
    REVIEW,
    SENDING,
    UNSENT,
    Hand,
)
from tests.browser.stand_in import ADDRESS, StandIn
from tests.kit import verbs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_without_a_network_the_member_fills_and_folds_and_the_ballot_goes_later(hall):
    hand = hall.open().fill(GOOD)
    hall.phone.set_offline(True)
    hand.hears(UNSENT)
    hand.fill(BEST, FAIR).fold().sees(FOLDED)
    hall.box()
    hall.phone.set_offline(False)
    hand.sees(CAST)
    hand.hears("")
    assert Box.objects.count() == 1


def test_a_lost_answer_is_asked_for_again_with_the_same_ballot(hall):
    hand, bodies, losing = hall.open(), [], [True]

    def deliver_but_lose_the_answer(route) -> None:
        bodies.append(route.request.post_data_buffer)
        if losing:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    hand.fill(GOOD, GOOD, GOOD).fold().sees(FOLDED)
    hand.page.route("**/hom/bo-phieu", deliver_but_lose_the_answer)
    hall.box()
    hand.sees(SENDING)
    hand.hears(UNSENT)
    assert hand.page.get_by_role("button", name="Mở phiếu ra").count() == 0
    hand.page.reload()
    hand.sees(SENDING)
    hand.page.wait_for_timeout(300)
    losing.clear()  # not unroute: an answer may just be on its way to be lost
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
    hall.box()
    hand.sees(SENDING)
    hand.hears(UNSENT)
    assert (hand.state(), Box.objects.count()) == ("FOLDED", 0)


def test_a_wifi_that_answers_every_request_with_its_own_page_changes_nothing(hall):
    hand = hall.open().fill(GOOD)
    hand.page.route("**/hom/**", lambda route: route.fulfill(content_type="text/html", body="<p>"))
    hand.hears(UNSENT)
    hand.sees(hall.room.members[1].name)


def test_a_phone_that_has_not_yet_heard_that_the_box_is_open_sends_no_cookie(new_phone):
    phone = new_phone()
    door = StandIn(phone, ["Lê Văn An", "Bùi Thị Bình"])
    door.state, hand_out = "issuing", door._to_phieu

    def open_the_box_meanwhile(route) -> None:
        door.state = "casting"
        hand_out(route)

    door._to_phieu = open_the_box_meanwhile
    hand = Hand(phone, ADDRESS).sees("Đã phát phiếu xong")
    assert not {"phat-phieu", "da-nhan"} & hand.paths()


def test_marks_of_a_void_poll_are_offered_on_its_repeat(hall):
    hand = hall.open().fill(BEST, FAIR, NONE).sees(REVIEW)
    verbs.void(hall.room.secretary, hall.room.poll, "Mất điện")
    hand.sees("Lượt bỏ phiếu đã huỷ")
    (record,) = hand.records()
    assert set(record) == {"name", "door", "poll", "round", "state", "form", "marks"}
    repeat = verbs.plan_poll(
        hall.room.secretary,
        hall.room.meeting,
        "Bỏ phiếu lại",
        hall.room.members,
        hall.room.poll.levels,
    )
    verbs.open_issuing(hall.room.secretary, repeat)
    hand.sees("Dùng lại lựa chọn của lượt trước?").press("Dùng lại, rồi xem lại").sees(REVIEW)
    levels = hand.page.locator("ol strong").all_inner_texts()
    assert levels == [BEST, FAIR, NONE]
    assert hand.state() == "MARKING"


def test_old_marks_are_not_offered_when_the_rows_differ_and_go_when_declined(hall):
    hand = hall.open().fill(BEST)
    verbs.void(hall.room.secretary, hall.room.poll, "Mất điện")
    hand.sees("Lượt bỏ phiếu đã huỷ")
    plan = [hall.room.secretary, hall.room.meeting, "Bỏ phiếu lại"]
    other = verbs.plan_poll(*plan, hall.room.members[:2], hall.room.poll.levels)
    verbs.open_issuing(hall.room.secretary, other)
    hand.sees(hall.room.members[0].name)
    verbs.void(hall.room.secretary, other, "Sai danh sách")
    hand.sees("Lượt bỏ phiếu đã huỷ")
    same = verbs.plan_poll(*plan, hall.room.members, hall.room.poll.levels)
    verbs.open_issuing(hall.room.secretary, same)
    hand.sees("Dùng lại lựa chọn của lượt trước?").press("Chọn lại từ đầu")
    hand.sees(hall.room.members[0].name)
    expect(hand.page.get_by_role("button", pressed=True)).to_have_count(0)


def test_a_new_round_leaves_a_half_filled_ballot_under_the_finger(hall):
    hand = hall.open().fill(BEST)
    second = hand.page.get_by_role("heading", level=1, name=hall.room.members[1].name)
    marked = hand.page.evaluate_handle("document.querySelector('main h1')")
    verbs.reissue(hall.room.secretary, hall.room.poll)
    hall.room.poll.refresh_from_db()
    hand.hears("Bí thư đã phát lại phiếu cho tất cả. Lựa chọn của đồng chí vẫn còn nguyên.")
    expect(second).to_be_visible()
    assert hand.page.evaluate("(was) => was.isConnected", marked)
    hall.room.stamp(*hall.room.members[1:])
    hand.fill(GOOD, GOOD).fold().sees(FOLDED)
    hall.box()
    hand.sees(CAST)
    hall.others_cast()
    hall.room.seal()
    assert hall.room.recount()[0] == [2, 1, 0, 0, 0]


def test_a_new_round_folds_again_what_was_folded(hall):
    hand = hall.open().fill(BEST, BEST, BEST).fold().sees(FOLDED)
    verbs.reissue(hall.room.secretary, hall.room.poll)
    hall.room.poll.refresh_from_db()
    hall.room.stamp(*hall.room.members[1:])
    folded = [(f"phieu/{hall.room.poll.p}/", "FOLDED")]
    hand.until(lambda records: [(each["name"], each["state"]) for each in records] == folded)
    hall.room.box(short_ok=True)  # its acknowledgement may still be under way
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
    for _ in range(3):
        with hand.page.expect_request("**/luot"):
            pass
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
    hall.box()
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
    hall.box()
    hall.others_cast()
    hall.room.seal(short_ok=True)
    hall.hand.sees("Phiếu của đồng chí chưa vào hòm")


def test_a_list_that_is_not_the_published_one_turns_red(hall):
    hand = hall.open().fill(GOOD, GOOD, GOOD).fold().sees(FOLDED)
    hall.box()
    hand.sees(CAST)
    hall.others_cast()
    hand.page.context.set_offline(True)  # it asks only once, and not before the list is another
    hall.room.seal()
    Sealed.objects.exclude(hash=bytes.fromhex(hand.records()[0]["hash"])).first().delete()
    hand.page.context.set_offline(False)
    hand.sees("Danh sách phiếu không khớp mã niêm phong")


def test_a_ballot_whose_answer_was_lost_is_found_in_the_sealed_list(hall):
    hand = hall.open().fill(GOOD, GOOD, GOOD).fold().sees(FOLDED)
    hand.page.route("**/hom/bo-phieu", lambda route: (route.fetch(), route.abort()))
    hall.box()
    hand.sees(SENDING)
    hand.hears(UNSENT)
    hall.others_cast()
    hall.room.seal()
    hand.sees(KEPT)


def test_a_phone_without_a_ballot_is_told_why_and_checks_the_list_too(hall, new_phone):
    stranger = Hand(new_phone(), hall.address)
    hall.room.open().stamp()
    stranger.sees("Máy này chưa nhận được phiếu")
    expect(
        stranger.page.get_by_text("Máy này chưa được nhận, hoặc không còn được nhận")
    ).to_be_visible()
    hall.room.box()
    stranger.sees("Đã phát phiếu xong")
    hall.room.cast(1, 1, 1).seal()
    stranger.sees("Hòm phiếu đã niêm phong")
    expect(stranger.page.get_by_text("Trong hòm có 3 phiếu.")).to_be_visible()
