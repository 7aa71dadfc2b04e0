"""A poll from its opening to its confirmation, through the verbs, with the voters' side in Python."""

import hashlib

import pytest
from django.core.exceptions import PermissionDenied

from ballots.models import Box, Classification, Issue, Poll, Sealed, Slip, Teller
from ballots.secret import keys, sheet
from ballots.secret.voter import Phone
from cells import codes
from cells.models import InvalidTransition
from members.models import Attendance, Door
from tests.kit import verbs
from tests.kit.boxes import flipped
from tests.kit.polls import poll_of
from tests.kit.room import Room, room_after
from tests.kit.verbs import Refused

pytestmark = pytest.mark.django_db(transaction=True)

GOOD, EXCELLENT = 2, 1


def living_keys(poll: Poll) -> set[str]:
    return {kind for kind in keys.KINDS if keys.read(poll.p, kind) is not None}


def test_a_poll_runs_from_issuing_to_the_confirmed_result():
    room = Room(5).open()
    assert living_keys(room.poll) == {"sign", "box", "count"}
    room.stamp().box()
    assert living_keys(room.poll) == {"box", "count"}
    room.cast(GOOD, GOOD, GOOD, EXCELLENT, GOOD).seal()
    assert living_keys(room.poll) == {"count"}
    assert not Box.objects.exists()
    assert not Issue.objects.exclude(blinded=None).exists()
    hashes = [bytes(row.hash) for row in Sealed.objects.order_by("hash")]
    listed = sheet.build_list(bytes.fromhex(room.poll.p), hashes)
    assert room.poll.sealed_sha256 == hashlib.sha256(listed).hexdigest()
    room.agree().confirm()
    assert living_keys(room.poll) == set()
    assert room.poll.state == Poll.State.COUNTED
    assert (room.poll.issued, room.poll.collected, room.poll.valid) == (5, 5, 5)
    row = room.poll.rows.get()
    assert (row.counts, row.blank) == ({"HTXS": 1, "HTT": 4, "HT": 0, "KHT": 0}, 0)
    assert {bytes(row.data) for row in Sealed.objects.all()} == {b""}
    assert Classification.objects.current().get().level == "HTT"


def test_pressing_again_changes_nothing():
    room = room_after("box", 5).cast(GOOD, GOOD, GOOD, GOOD, GOOD).seal()
    before = Poll.objects.filter(pk=room.poll.pk).values().get()
    room.seal()
    assert Poll.objects.filter(pk=room.poll.pk).values().get() == before
    totals = room.recount()
    for _ in range(2):
        room.poll = verbs.agree(room.teller, room.poll, room.poll.sealed_sha256, totals)
    room.confirm().confirm()
    assert Classification.objects.count() == 1


def test_the_same_phone_gets_the_same_stamp_and_another_gets_none():
    room = room_after("open", 5)
    member = room.members[1]
    phone, other = Phone(bytes(room.poll.sheet)), Phone(bytes(room.poll.sheet))
    ask, ask_other = phone.request(), other.request()
    first = verbs.stamp(member, ask[:32], ask[32:])
    assert verbs.stamp(member, ask[:32], ask[32:]) == first
    with pytest.raises(Refused) as refusal:
        verbs.stamp(member, ask_other[:32], ask_other[32:])
    assert refusal.value.status == 409
    phone.accept_stamp(first)


def test_nobody_gets_a_stamp_outside_the_phase_or_the_roll():
    room = room_after("open", 5)
    member = room.members[1]
    ask = Phone(bytes(room.poll.sheet)).request()
    absent = room.members[4]
    Issue.objects.filter(member=absent).delete()
    with pytest.raises(Refused) as refusal:
        verbs.stamp(absent, ask[:32], ask[32:])
    assert refusal.value.status == 403
    room.stamp(*room.members[:4]).box()
    with pytest.raises(Refused) as refusal:
        verbs.stamp(member, ask[:32], ask[32:])
    assert refusal.value.status == 410


@pytest.mark.parametrize(
    "blinded", [b"", bytes(256), b"\0" * 255 + b"\1", b"\xff" * 256, b"x" * 255]
)
def test_a_malformed_request_gets_no_stamp_and_leaves_no_trace(blinded):
    room = room_after("open", 5)
    with pytest.raises(Refused):
        verbs.stamp(room.members[0], bytes.fromhex(room.poll.p), blinded)
    assert not Issue.objects.filter(stamped=True).exists()


def test_opening_the_box_names_who_is_missing_and_asks_again():
    room = room_after("open", 5)
    with pytest.raises(Refused, match="Chưa phát được lá phiếu nào"):
        room.box()
    room.stamp(*room.members[:4])
    with pytest.raises(Refused, match=str(room.members[4])):
        room.box()
    room.box(short_ok=True)
    assert (room.poll.state, room.poll.issued) == (Poll.State.CASTING, 4)


def test_a_member_who_declines_is_no_longer_missing():
    room = room_after("open", 5)
    room.stamp(*room.members[:4])
    issue = Issue.objects.get(poll=room.poll, member=room.members[4])
    verbs.decline(room.secretary, issue, "Quên kính")
    room.box()
    assert room.poll.issued == 4


def test_reissuing_makes_a_new_sheet_and_the_old_stamp_is_worth_nothing():
    room = room_after("box", 5)
    old = room.poll.p
    verbs.reissue(room.secretary, room.poll)
    room.poll.refresh_from_db()
    assert room.poll.p != old
    assert room.poll.state == Poll.State.ISSUING
    assert keys.read(old, "box") is None
    room.stamp().box().cast(GOOD)
    with pytest.raises(Refused, match="Đã có phiếu trong hòm"):
        verbs.reissue(room.secretary, room.poll)


def test_missing_ballots_are_named_before_the_box_is_closed():
    room = room_after("box", 5).cast(GOOD, GOOD, GOOD)
    with pytest.raises(Refused, match="Còn 02 phiếu"):
        room.seal()
    room.seal(short_ok=True)
    assert (room.poll.issued, room.poll.collected) == (5, 3)


def test_more_ballots_than_issued_void_the_poll_without_numbers():
    room = room_after("box", 5)
    Poll.objects.filter(pk=room.poll.pk).update(issued=2)
    room.cast(GOOD, GOOD, GOOD).seal()
    assert room.poll.state == Poll.State.VOID
    assert room.poll.collected == room.poll.valid == 0
    assert not Box.objects.exists()
    assert not room.poll.rows.exists()
    assert living_keys(room.poll) == set()


def test_a_tampered_ballot_voids_the_poll():
    room = room_after("box", 5).cast(GOOD, GOOD, GOOD, GOOD, GOOD)
    row = Box.objects.first()
    data = bytes(row.data)
    Box.objects.filter(pk=row.pk).update(data=flipped(data, len(data) - 1))
    room.seal()
    assert room.poll.state == Poll.State.VOID


def test_recounts_that_differ_on_two_devices_void_the_poll():
    room = room_after("box", 5).cast(GOOD, GOOD, GOOD, GOOD, GOOD).seal()
    other = Teller.objects.get(meeting=room.meeting, lead=False).member
    for teller, state in ((room.teller, Poll.State.SEALED), (other, Poll.State.VOID)):
        poll = verbs.agree(teller, room.poll, room.poll.sealed_sha256, [[5, 0, 0, 0, 0]])
        assert poll.state == state
    assert not Sealed.objects.exists()


def test_only_a_teller_seals_and_only_the_secretary_opens():
    room = room_after("open", 5)
    with pytest.raises(PermissionDenied):
        verbs.seal(room.members[0], room.poll)
    room.secretary.is_superuser = True
    room.secretary.member = None
    with pytest.raises(PermissionDenied):
        verbs.open_box(room.secretary, room.poll)


WRONG = [
    ("open_issuing", "issuing"),
    ("open_issuing", "casting"),
    ("open_box", "planned"),
    ("open_box", "casting"),
    ("void", "planned"),
    ("void", "sealed"),
]


@pytest.mark.parametrize(("verb", "state"), WRONG)
def test_a_step_out_of_its_phase_is_refused(verb, state):
    room = Room()
    Poll.objects.filter(pk=room.poll.pk).update(state=state)
    extra = ["lý do"] if verb == "void" else []
    with pytest.raises((Refused, InvalidTransition)):
        getattr(verbs, verb)(room.secretary, room.poll, *extra)
    assert Poll.objects.get(pk=room.poll.pk).state == state


def test_slips_buy_one_stamp_each_and_no_more_than_the_roll_has():
    room = Room()
    code, spare = verbs.print_slips(room.secretary, room.poll, 2)
    Attendance.objects.filter(member=room.members[1]).update(door=Door.SLIP)
    room.open()
    by_phone = [member for member in room.members if member != room.members[1]]
    room.stamp(*by_phone)
    phone = Phone(bytes(room.poll.sheet))
    for text in (code, code):
        ask = phone.request(raw(text))
        phone_stamp = verbs.stamp_slip(ask[:32], ask[32:288], ask[288:])
    phone.accept_stamp(phone_stamp)
    second = Phone(bytes(room.poll.sheet)).request(raw(spare))
    verbs.stamp_slip(second[:32], second[32:288], second[288:])
    with pytest.raises(Refused, match="nhiều hơn số người"):
        room.box()
    assert Slip.objects.filter(stamped=True).count() == 2


def raw(code: str) -> bytes:
    return codes.read(code, 10)


def test_fewer_than_three_paper_ballots_are_refused():
    room = Room(8)
    papers = room.members[4:6]
    Attendance.objects.filter(member__in=papers).update(door=Door.PAPER)
    with pytest.raises(Refused, match="phiếu giấy"):
        room.open()


def test_a_second_poll_waits_until_the_first_is_confirmed():
    room = room_after("open", 5)
    second = poll_of(room.meeting, 2)
    with pytest.raises(Refused, match="lượt trước"):
        verbs.open_issuing(room.secretary, second)
    room.stamp().box().cast(GOOD, GOOD, GOOD, GOOD, GOOD).seal().agree().confirm()
    verbs.open_issuing(room.secretary, second)


def test_voiding_needs_a_reason_and_leaves_no_ballot():
    room = room_after("box", 5).cast(GOOD, GOOD)
    with pytest.raises(Refused, match="lý do"):
        verbs.void(room.secretary, room.poll, " ")
    verbs.void(room.secretary, room.poll, "Mất điện")
    room.poll.refresh_from_db()
    assert (room.poll.state, room.poll.collected) == (Poll.State.VOID, 0)
    assert not Box.objects.exists()
    assert living_keys(room.poll) == set()
