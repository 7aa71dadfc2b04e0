"""The same button pressed at once, or one that contradicts it: one winner, and the others get one sentence."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest

from ballots.models import (
    Box,
    Classification,
    Difference,
    Issue,
    Paper,
    Poll,
    Sealed,
    Slip,
    Teller,
)
from ballots.secret import keys
from ballots.secret.door import ACCEPTED, CLOSED, REFUSED
from ballots.secret.voter import Phone
from cells import codes
from cells.models import Meeting
from members.devices import links
from members.models import Attendance, AuditEntry, Device, Door, Member
from tests.kit import factories, verbs
from tests.kit.clients import browser
from tests.kit.room import Room, cast
from tests.kit.threads import CLEAN, alone, meanwhile, outcomes, press, together
from tests.kit.verbs import Refused

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8


def alive(p: str) -> set[str]:
    return {kind for kind in keys.KINDS if keys.read(p, kind) is not None}


def stamped(room: Room) -> int:
    return Issue.objects.of(room.poll).filter(stamped=True).count()


def agree(room: Room) -> Poll:
    poll = Poll.objects.get(pk=room.poll.pk)
    rows = [[*row.counts.values(), row.blank] for row in poll.rows.all()]
    return verbs.agree(room.teller, poll, poll.sealed_sha256, rows)


# Each press of a poll's life, eight times at once: how many go through, and where the poll is then.
# Steps that change nothing when they are taken again answer all; the others refuse all but one.


def voted() -> Room:
    return Room(3).open().stamp().box().cast(1, 2, 2)


PRESSES = {
    "open_issuing": (lambda: Room(3), 1, "issuing"),
    "open_box": (lambda: Room(3).open().stamp(), 1, "casting"),
    "void": (voted, 1, "void"),
    "seal": (voted, THREADS, "sealed"),
    "agree": (lambda: voted().seal(), THREADS, "counted"),
    "confirm": (lambda: voted().seal().agree(), THREADS, "counted"),
    "differ": (lambda: voted().seal(), THREADS, "sealed"),
    "decide": (lambda: in_question(), 1, "void"),
}
CALLS = {
    "open_issuing": lambda room: verbs.open_issuing(room.secretary, room.poll),
    "open_box": lambda room: verbs.open_box(room.secretary, room.poll),
    "void": lambda room: verbs.void(room.secretary, room.poll, "Mất điện"),
    "seal": lambda room: verbs.seal(room.teller, room.poll),
    "agree": agree,
    "confirm": lambda room: verbs.confirm(room.teller, room.poll),
    "differ": lambda room: verbs.disagree(room.teller, room.poll, "dấu sai"),
    "decide": lambda room: verbs.decide_difference(room.secretary, room.poll, True, "Sai"),
}


def in_question() -> Room:
    room = voted().seal()
    verbs.disagree(room.teller, room.poll, "dấu sai")
    return room


def two_tellers() -> tuple[Room, Member]:
    """A sealed poll, and the teller who does not lead."""
    room = Room(4).open().stamp().box().cast(1, 2, 2, 2).seal()
    return room, Teller.objects.get(meeting=room.meeting, lead=False).member


def test_two_devices_that_find_a_fault_at_once_are_two_whoever_was_first():
    room, other = two_tellers()
    assert press(
        *[partial(verbs.disagree, teller, room.poll, "sai") for teller in (room.teller, other)]
    ) == Counter(done=2)
    assert Poll.objects.get(pk=room.poll.pk).state == "void"


def test_a_second_device_and_the_meeting_settle_a_difference_once():
    room, other = two_tellers()
    verbs.disagree(room.teller, room.poll, "sai")
    rows = [[*row.counts.values(), row.blank] for row in room.poll.rows.all()]
    done = press(
        partial(verbs.agree, other, room.poll, room.poll.sealed_sha256, rows),
        partial(verbs.decide_difference, room.secretary, room.poll, True, "Không có máy thứ hai"),
    )
    assert done == Counter(done=1, refused=1)
    settled, state = Difference.objects.get(), Poll.objects.get(pk=room.poll.pk).state
    assert (settled.agreed_by, state) in ((other, "counted"), (None, "void"))


@pytest.mark.slow
@pytest.mark.parametrize("name", PRESSES)
def test_a_press_of_eight_threads_at_once_is_one_press(name):
    before, winners, state = PRESSES[name]
    room = before()
    audit = AuditEntry.objects.count()
    done = press(*[partial(CALLS[name], room)] * THREADS)
    assert done == Counter(done=winners, refused=THREADS - winners)
    poll = Poll.objects.get(pk=room.poll.pk)
    assert poll.state == state
    assert poll.rows.count() == (state in ("sealed", "counted"))
    assert Sealed.objects.count() == (3 if state in ("sealed", "counted") else 0)
    assert Classification.objects.count() == (name == "confirm")
    assert AuditEntry.objects.count() == audit + 1


def test_a_meeting_is_opened_and_closed_once():
    meeting = factories.make_meeting(3)
    factories.arrive(meeting)
    user = factories.secretary_of(meeting)
    assert press(*[lambda: verbs.open_meeting(user, meeting)] * THREADS)["done"] == 1
    factories.make_paper(meeting, "minutes")
    assert press(*[lambda: verbs.close_meeting(user, meeting)] * THREADS)["done"] == 1
    assert Meeting.objects.get().state == Meeting.State.CLOSED


def test_a_cells_meeting_is_planned_once_and_rehearsed_once():
    meeting = factories.make_meeting(3)
    user, campaign = factories.secretary_of(meeting), meeting.campaign
    chair, clerk, _ = factories.members_of(meeting)
    assert press(*[lambda: verbs.start_rehearsal(user, meeting)] * THREADS)["done"] == 1
    assert Meeting.objects.filter(kind=Meeting.Kind.REHEARSAL).count() == 1
    other = factories.make_campaign(meeting.cell.committee, year=campaign.year + 1)
    plan = partial(
        verbs.plan_meeting,
        user,
        meeting.cell,
        other,
        starts_at=meeting.starts_at,
        venue="",
        chair=chair,
        clerk=clerk,
    )
    assert press(*[plan] * THREADS)["done"] == 1
    assert Meeting.objects.filter(campaign=other).count() == 1


def test_of_two_polls_opened_at_once_one_is_open():
    room = Room(3)
    both = list(Poll.objects.filter(meeting=room.meeting))
    calls = [partial(verbs.open_issuing, room.secretary, poll) for poll in both]
    assert press(*calls * 4) == Counter(done=1, refused=THREADS - 1)
    assert Poll.objects.active().count() == 1


@pytest.mark.slow
def test_minutes_passed_twice_at_once_are_one_paper_of_each_kind():
    room = voted().seal().agree().confirm()
    ends_at = room.meeting.starts_at + timedelta(hours=2)
    call = partial(verbs.pass_minutes, room.secretary, room.meeting, 3, 3, ends_at)
    assert press(call, call) == Counter(done=1, refused=1)
    assert sorted(Paper.objects.values_list("kind", flat=True)) == ["count", "minutes"]


def test_two_phones_of_one_member_admitted_at_once_are_one_phone():
    meeting = factories.make_meeting(3)
    user, (_, _, member) = factories.secretary_of(meeting), factories.members_of(meeting)
    phones = [
        Device.objects.create(member=member, token_hash=str(n), meeting=meeting, number=10 + n)
        for n in range(THREADS)
    ]
    press(*[partial(verbs.admit, user, meeting, phone) for phone in phones])
    assert Device.objects.filter(state=Device.State.ADMITTED).count() == 1


# Stamps: one per voter, slip and paper, and none once the box is open.


def ask_slip(room: Room, code: bytes) -> bytes:
    request = Phone(bytes(room.poll.sheet)).request(code)
    return verbs.stamp_slip(request[:32], request[32:288], request[288:])


def test_a_slip_scanned_on_eight_tablets_at_once_buys_one_stamp():
    room = Room(3)
    (text,) = verbs.print_slips(room.secretary, room.poll, 1)
    Attendance.objects.filter(member=room.members[1]).update(door=Door.SLIP)
    room.open()
    code = codes.read(text, 10)
    assert press(*[partial(ask_slip, room, code)] * THREADS) == Counter(done=1, refused=7)
    assert Slip.objects.filter(stamped=True).count() == 1


def test_papers_get_no_more_stamps_than_the_roll_has_entries():
    room = Room(8)
    Attendance.objects.filter(member__in=room.members[4:7]).update(door=Door.PAPER)
    room.open()
    p = bytes.fromhex(room.poll.p)
    blinded = [(2 + n).to_bytes(256) for n in range(THREADS)]
    calls = [partial(verbs.stamp_paper, room.teller, p, z) for z in blinded]
    assert press(*calls) == Counter(done=3, refused=5)


def ask_stamp(room: Room, member) -> bytes:
    request = Phone(bytes(room.poll.sheet)).request()
    return verbs.stamp(member, request[:32], request[32:])


def test_no_stamp_is_made_once_the_box_is_open_and_all_made_are_counted():
    room = Room(8).open().stamp(*factories.members_of(Meeting.objects.get())[:1])
    stamps = [partial(ask_stamp, room, member) for member in room.members[1:]]
    open_box = partial(verbs.open_box, room.secretary, room.poll, short_ok=True)
    *answers, opened = together(*stamps, open_box)
    assert outcomes([opened])["done"] == 1
    room.poll.refresh_from_db()
    assert outcomes(answers)["done"] + 1 == stamped(room) == room.poll.issued
    assert alive(room.poll.p) == {"box", "count"}
    with pytest.raises(Refused):
        ask_stamp(room, room.members[-1])


AGAINST_A_STAMP = {
    "decline": lambda room, entry: verbs.decline(room.secretary, entry, "Quên kính"),
    "slip instead": lambda room, entry: verbs.set_door(
        room.secretary, Attendance.objects.get(member=entry.member_id), Door.SLIP
    ),
    "leaves": lambda room, entry: verbs.mark(
        room.secretary, Attendance.objects.get(member=entry.member_id), "absent"
    ),
}


@pytest.mark.parametrize("name", AGAINST_A_STAMP)
def test_who_takes_no_ballot_by_phone_never_holds_one_too(name):
    room = Room(3).open()
    entry = Issue.objects.get(member=room.members[2])
    other = partial(AGAINST_A_STAMP[name], room, entry)
    outcomes(together(*[partial(ask_stamp, room, room.members[2]), other] * 4))
    entry.refresh_from_db()
    assert not (entry.stamped and (entry.declined or entry.door != Door.PHONE))
    assert entry.stamped or entry.declined or entry.door != Door.PHONE


def test_who_has_left_gets_no_ballot_and_more_ballots_than_people_hold_up_the_box():
    room = Room(3).open().stamp()
    verbs.reissue(room.secretary, room.poll)
    room.poll.refresh_from_db()
    leaver, stayer = room.members[2], room.members[1]
    here = Attendance.objects.get(member=leaver)
    verbs.mark(room.secretary, here, "excused", "Việc gia đình")
    with pytest.raises(Refused) as refusal:
        ask_stamp(room, leaver)
    assert refusal.value.status == 403
    verbs.mark(room.secretary, here, "present")
    room.stamp(room.members[0], leaver)
    with pytest.raises(Refused, match="không ghi vắng được"):
        verbs.mark(room.secretary, here, "absent")
    Attendance.objects.filter(member=leaver).update(state="absent")  # past the refusal
    room.stamp(stayer)
    with pytest.raises(Refused, match="nhiều hơn số người có mặt"):
        room.box()


# The box: a ballot that was accepted is counted.


def test_a_ballot_and_a_new_round_at_once_are_never_both_there():
    room = Room(3).open().stamp().box()
    phone = room.phones[room.members[0]]
    body = phone.fold([1])
    for _ in range(3):
        answer, reissued = together(
            partial(cast, body), partial(verbs.reissue, room.secretary, room.poll)
        )
        won = outcomes([reissued])["done"] == 1
        assert (answer[0] in (ACCEPTED, CLOSED, REFUSED)) or won
        assert Box.objects.count() == (answer[0] == ACCEPTED) == (not won)
        if not won:
            return
        room.poll.refresh_from_db()
        room.phones.clear()
        body = room.stamp().box().phones[room.members[0]].fold([1])


@pytest.mark.slow
def test_accepted_means_counted_for_50_ballots_against_50_presses():
    room = Room(50).open().stamp().box()
    bodies = [phone.fold([1 + n % 4]) for n, phone in enumerate(room.phones.values())]
    calls = [call for body in bodies for call in (partial(cast, body), partial(close, room))]
    with ThreadPoolExecutor(20) as threads:
        results = list(threads.map(lambda call: alone(call)(), calls))
    answers = results[::2]
    listed = {bytes(h) for h in Sealed.objects.values_list("hash", flat=True)}
    assert {status for status, _ in answers} <= {ACCEPTED, CLOSED}
    assert listed == {ballot_hash for status, ballot_hash in answers if status == ACCEPTED}
    assert {poll.collected for poll in results[1::2]} == {len(listed)}
    assert not Box.objects.exists()


def close(room: Room) -> Poll:
    return verbs.seal(room.teller, room.poll, short_ok=True)


# Verbs that want each other's locks do not wait for ever.


def test_confirming_and_voiding_at_once_is_no_deadlock():
    room = voted().seal().agree()

    def void() -> None:
        with pytest.raises(CLEAN):
            verbs.void(room.secretary, room.poll, "Mất điện")

    meanwhile(
        lambda: verbs.confirm(room.teller, room.poll),
        "ballots.voting.counting._propose",
        void,
    )
    assert Poll.objects.get(pk=room.poll.pk).confirmed


def test_a_phone_admitted_while_another_takes_the_members_link_is_one_phone():
    meeting = factories.make_meeting(3)
    user, (_, _, member) = factories.secretary_of(meeting), factories.members_of(meeting)
    waiting = Device.objects.create(member=member, token_hash="x", meeting=meeting, number=47)
    path = links.personal_link(member, "")
    answer, _ = meanwhile(
        lambda: browser().post(path),
        "members.devices.cookies.adopt",
        lambda: verbs.admit(user, meeting, waiting, moved=True),
    )
    assert answer.status_code == 302
    assert Device.objects.get(state=Device.State.ADMITTED) == waiting
