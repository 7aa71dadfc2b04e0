"""Drawn slips: on a member's own phone, and on the shared tablet, where the next member sees nothing of the last."""

import pytest
from playwright.sync_api import expect

from ballots.models import Box
from members.models import Attendance, Door
from tests.browser.hands import BEST, CAST, FOLDED, GOOD, KEPT, NONE, REVIEW, Hand
from tests.kit import verbs
from tests.kit.polls import poll_of
from tests.kit.room import Room

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOME = "Máy dùng chung"
ALL_KEPT = "Các phiếu bỏ trên máy này còn nguyên trong hòm"


class Slips:
    """A meeting of four; two of them vote by phone, and two by slips, whose codes are in `codes`."""

    def __init__(self, new_phone, site: str) -> None:
        self.room = Room(4)
        self.room.poll = poll_of(self.room.meeting, 2)
        self.first = self.room.members[0].name
        for attendance in Attendance.objects.filter(member__in=self.room.members[2:]):
            verbs.set_door(self.room.secretary, attendance, Door.SLIP)
        self.codes = verbs.print_slips(self.room.secretary, self.room.poll, 3)
        self.address = f"{site}/phieu/#{self.room.meeting.door_key}"
        self.phone = new_phone()

    def open(self) -> None:
        self.room.open().stamp(*self.room.members[:2])

    def scan(self, code: str) -> Hand:
        """Open a slip's address as the camera does: in a new tab."""
        return Hand(self.phone, f"{self.address}.{code}")

    def tablet(self) -> Hand:
        return Hand(self.phone, f"{self.address}.may-chung").sees(HOME)

    def type(self, hand: Hand, code: str) -> Hand:
        hand.page.get_by_label("Mã trên phiếu bốc thăm").fill(code)
        return hand.press("Mở phiếu")


@pytest.fixture
def slips(new_phone, site) -> Slips:
    return Slips(new_phone, site)


def folded_on_tablet(hand: Hand, *levels: str) -> Hand:
    """Fill, fold and hand the tablet on."""
    hand.fill(*levels).sees(REVIEW).fold().sees(FOLDED)
    return hand.press("Đồng chí tiếp theo").sees(HOME)


def test_a_slip_on_an_own_phone_votes_without_any_cookie(slips):
    slips.open()
    hand = slips.scan(slips.codes[0])
    hand.sees(slips.first).fill(GOOD, GOOD, GOOD, GOOD).fold().sees(FOLDED)
    verbs.open_box(slips.room.secretary, slips.room.poll, short_ok=True)
    hand.sees(CAST)
    slips.room.cast(1, 1)
    slips.room.poll.refresh_from_db()
    slips.room.seal()
    hand.sees(KEPT)
    assert hand.page.get_by_role("link", name="Về trang cuộc họp").count() == 0
    assert not {"phat-phieu", "da-nhan"} & hand.paths()


def test_two_members_vote_on_the_shared_tablet(slips):
    slips.open()
    hand = slips.type(slips.tablet(), slips.codes[0]).sees(slips.first)
    folded_on_tablet(hand, GOOD, GOOD, GOOD, GOOD)
    expect(hand.page.get_by_text("Phiếu gấp trên máy này: 1")).to_be_visible()
    slips.type(hand, slips.codes[1]).sees(slips.first)
    folded_on_tablet(hand, BEST, NONE, BEST, NONE)
    stored = hand.records()
    assert [set(each) for each in stored] == [
        {"name", "door", "poll", "round", "state", "body", "hash"}
    ] * 2
    assert all("/~" in each["name"] for each in stored)
    slips.room.box()
    expect(hand.page.get_by_text("Đã vào hòm: 2.")).to_be_visible(timeout=15_000)
    slips.room.cast(2, 2)
    slips.room.seal()
    hand.sees(ALL_KEPT)
    assert hand.records() == []
    assert slips.room.recount()[0] == [1, 3, 0, 0, 0]


def test_the_next_member_sees_nothing_of_the_last(slips):
    slips.open()
    hand = slips.type(slips.tablet(), slips.codes[0]).sees(slips.first).fill(GOOD, GOOD)
    hand.press("Cất phiếu, trả máy").sees(HOME)
    secrets = (slips.codes[0], GOOD)

    def shown() -> str:
        return hand.page.content().split("<footer>")[0] + hand.page.url

    assert not [secret for secret in secrets if secret in shown()]
    for _ in range(2):
        hand.page.go_back()
        hand.sees(HOME)
    assert not [secret for secret in secrets if secret in shown()]
    hand.page.reload()
    hand.sees(HOME)
    expect(hand.page.get_by_label("Mã trên phiếu bốc thăm")).to_be_empty()
    slips.type(hand, slips.codes[1]).sees(slips.first)
    expect(hand.page.get_by_role("button", pressed=True)).to_have_count(0)
    assert slips.codes[0] not in str(
        [hand.records(), hand.page.evaluate("JSON.stringify(localStorage)")]
    )


def test_scanning_again_reopens_a_ballot_that_is_not_folded(slips):
    slips.open()
    hand = slips.type(slips.tablet(), slips.codes[0]).sees(slips.first).fill(GOOD)
    hand.press("Cất phiếu, trả máy").sees(HOME)
    slips.type(hand, slips.codes[0]).sees(slips.room.members[1].name)


def test_the_camera_opens_a_slip_on_the_tablet_and_the_code_leaves_the_address_bar(slips):
    slips.open()
    old = slips.tablet()
    hand = slips.scan(slips.codes[0]).sees(slips.first)
    assert hand.page.url == f"{slips.address}.may-chung"
    old.sees("Phiếu đang mở ở một thẻ khác")
    folded_on_tablet(hand, GOOD, GOOD, GOOD, GOOD)
    again = slips.scan(slips.codes[0])
    again.sees("Máy này chưa nhận được phiếu")
    expect(again.page.get_by_text("Phiếu bốc thăm này đã dùng rồi.")).to_be_visible()
    again.press("Cất phiếu, trả máy").sees(HOME)


def test_a_ballot_opened_before_the_box_is_folded_after_it(slips):
    slips.open()
    hand = slips.type(slips.tablet(), slips.codes[0]).sees(slips.first).fill(GOOD)
    hand.press("Cất phiếu, trả máy").sees(HOME)
    verbs.open_box(slips.room.secretary, slips.room.poll, short_ok=True)
    slips.type(hand, slips.codes[0]).sees(slips.room.members[1].name)
    folded_on_tablet(hand, GOOD, GOOD, GOOD)
    expect(hand.page.get_by_text("Đã vào hòm: 1.")).to_be_visible(timeout=15_000)
    assert Box.objects.count() == 1


def test_a_late_refusal_is_not_shown_to_the_next_member(slips):
    slips.open()
    hand, meeting_held = slips.tablet(), []
    hand.page.route(
        "**/hop/doi-phieu",
        lambda route: route.continue_() if meeting_held else meeting_held.append(route),
    )
    with hand.page.expect_request("**/hop/doi-phieu"):
        slips.type(hand, "b" * 18)
    hand.press("Cất phiếu, trả máy").sees(HOME)
    slips.type(hand, slips.codes[0]).sees("Đang nhận phiếu…")
    meeting_held[0].fulfill(status=404, json={"error": "Mã này không có."})
    hand.sees(slips.first)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("abc", "Mã trên phiếu có đúng 18 chữ và số"),
        (
            "b" * 18,
            "Mã phiếu bốc thăm này không có trong lượt này. Xin xem lại mã, hoặc bốc phiếu của lượt này.",
        ),
    ],
)
def test_a_code_that_is_none_gets_a_sentence(slips, typed, sentence):
    slips.open()
    hand = slips.type(slips.tablet(), typed)
    expect(hand.page.get_by_text(sentence)).to_be_visible()


def test_a_wrong_code_is_typed_again_on_the_tablet_and_only_there(slips, new_phone):
    slips.open()
    hand = slips.type(slips.tablet(), "b" * 18).sees("Máy này chưa nhận được phiếu")
    hand.press("Gõ lại mã").sees(HOME)
    slips.type(hand, slips.codes[0]).sees(slips.first)
    own = Hand(new_phone(), f"{slips.address}.{'b' * 18}").sees("Máy này chưa nhận được phiếu")
    expect(own.page.get_by_text("Gõ lại mã")).to_be_hidden()


def test_a_code_may_be_typed_with_capitals_spaces_and_figures_for_letters(slips):
    slips.open()
    code = slips.codes[0].translate(str.maketrans("BSZGQL", "85260i"))
    typed = "-".join(code[at : at + 6] for at in range(0, 18, 6)).replace("-", " ", 1)
    slips.type(slips.tablet(), typed).sees(slips.first)


def test_a_new_round_asks_for_the_slips_again_and_a_void_poll_leaves_nothing(slips):
    slips.open()
    hand = slips.type(slips.tablet(), slips.codes[0]).sees(slips.first)
    folded_on_tablet(hand, GOOD, GOOD, GOOD, GOOD)
    verbs.reissue(slips.room.secretary, slips.room.poll)
    expect(hand.page.get_by_text("Bí thư đã phát lại phiếu.")).to_be_visible(timeout=15_000)
    assert hand.records() == []
    slips.type(hand, slips.codes[0]).sees(slips.first)
    folded_on_tablet(hand, BEST, GOOD, GOOD, GOOD)
    verbs.void(slips.room.secretary, slips.room.poll, "Mất điện")
    hand.sees("Lượt bỏ phiếu đã huỷ")
    assert hand.records() == []
