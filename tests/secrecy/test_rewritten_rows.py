"""Who may write rows of the database, or has the living box key: what neither ballots nor numbers come of."""

import hashlib

import pytest
from django.http import HttpResponse
from django.urls import reverse

from ballots.core.verbs import Refused
from ballots.models import Box, Classification, Door, Envelope, Poll, RowTally, Sealed
from ballots.secret import envelope, keys, sheet
from ballots.secret.recounting import Reader
from ballots.secret.voter import Phone
from ballots.voting import envelope_opening
from ballots.voting.counting import CHANGED, SPOILT
from members.models import Attendance, AuditEntry, Device
from tests.kit import envelopes as kit
from tests.kit import polls, verbs
from tests.kit.clients import browser, phone, words_of
from tests.kit.room import Room, ask, cast, room_after

pytestmark = pytest.mark.django_db
MIXED = [[2], [1], [0], [2], [3]]


def counted() -> Poll:
    return kit.count(polls.poll_of(kit.make_keeping()), MIXED)


def must_not_be_sealed(poll: Poll) -> None:
    with pytest.raises(Refused, match="không còn là khoá tổ kiểm phiếu đã đọc lại"):
        polls.confirm(poll)
    poll.refresh_from_db()
    assert not poll.confirmed
    assert poll.sealed_set.exclude(data=b"").count() == len(MIXED)


def test_a_recipient_put_in_the_place_of_the_printed_one_gets_no_marks():
    poll, own = counted(), envelope.new_key()
    kit.read_back(poll, kit.print_key(poll))
    Envelope.objects.update(recipient=own.recipient)
    must_not_be_sealed(poll)
    kit.read_back(poll, kit.print_key(poll))  # another paper: nothing else is lost
    polls.confirm(poll)
    assert kit.envelope_of(poll).recipient != own.recipient


def test_a_row_that_says_it_was_read_back_is_not_enough():
    poll, own = counted(), envelope.new_key()
    values = {"recipient": own.recipient, "checked": True}
    Envelope.objects.create(poll=poll, key_check=own.check, **values)
    must_not_be_sealed(poll)
    kit.print_key(poll)
    Envelope.objects.update(checked=True)
    must_not_be_sealed(poll)


def test_a_bond_of_another_poll_ties_nothing_here():
    poll, other = counted(), counted()
    key = kit.print_key(other)
    kit.read_back(other, key)
    strange = kit.envelope_of(other)
    kit.print_key(poll)
    values = {"recipient": strange.recipient, "key_check": strange.key_check, "checked": True}
    Envelope.objects.filter(poll=poll).update(**values)
    must_not_be_sealed(poll)
    with pytest.raises(Refused, match="không phải khoá in lần cuối"):
        kit.read_back(poll, key)


def test_other_marks_for_the_same_key_are_no_envelope():
    """Whoever knows the recipient can encrypt to it; that would make true numbers look false."""
    poll, key = kit.sealed(MIXED)
    recipient = kit.envelope_of(poll).recipient
    forged = envelope.seal(recipient, bytes.fromhex(poll.p), [b"\4"] * len(MIXED))
    Envelope.objects.update(data=forged)
    opening = kit.witnessed(poll)
    with pytest.raises(Refused, match="không còn đúng mã SHA-256 lúc niêm phong"):
        envelope_opening.open_with(opening.opener, opening, key)
    opening.refresh_from_db()
    assert opening.equal is None
    # With its SHA-256 as well: the page sends who sees a difference to the printed minutes.
    digest = hashlib.sha256(forged).hexdigest()
    Envelope.objects.update(sha256=digest)
    address = reverse("ballots:envelope_open", args=[poll.pk])
    page = words_of(browser(opening.opener).post(address, {"opening": opening.pk, "key": key}))
    assert f"SHA-256 của phong bì: {digest}" in page
    assert "khác thì dữ liệu phong bì đã bị thay" in page


@pytest.mark.parametrize("mark", [1, 3])
def test_a_stamp_that_lies_in_the_box_twice_is_counted_by_nobody(mark):
    """By a door that cheats: the same ballot again, or another one under its stamp, in an abstainer's place."""
    room = room_after("stamp").box()
    voter = room.phones[room.members[0]]
    assert cast(voter.fold([1]))[0] == 0
    box_key, tag = keys.read(room.poll.p, keys.BOX), bytes(32)
    data = sheet._encrypt(box_key, voter.fold([mark]), tag)
    Box.objects.create(tag=tag, poll=room.poll, data=data)
    room.seal(short_ok=True)
    assert (room.poll.state, room.poll.void_reason) == (Poll.State.VOID, SPOILT)
    assert not RowTally.objects.exists()


CHANGES = {
    "a row": lambda poll: poll.rows.update(excellent=0, unfulfilled=3),
    "a row more": lambda poll: RowTally.objects.create(poll=poll, position=2),
    "the sums": lambda poll: Poll.objects.filter(pk=poll.pk).update(valid=2, invalid=1),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_totals_rewritten_before_the_confirmation_are_the_ballots_again(change):
    room = room_after("stamp").box().cast(1, 2, 1).seal().agree()
    change(room.poll)
    teller = phone(room.teller)
    teller.post(reverse("ballots:confirm"), {"poll": room.poll.pk})
    count = reverse("ballots:count")
    assert CHANGED in words_of(teller.get(count))
    room.poll.refresh_from_db()
    assert (room.poll.state, room.poll.valid, room.poll.invalid) == (Poll.State.SEALED, 3, 0)
    assert not Classification.objects.exists()
    assert AuditEntry.objects.filter(verb="poll.totals_changed").count() == 1
    room.agree()
    assert CHANGED in words_of(teller.get(count))  # the recount itself draws the page anew
    room.confirm()
    assert room.poll.confirmed
    assert CHANGED not in words_of(teller.get(count))
    assert [row.counts for row in room.poll.rows.all()] == [
        {"HTXS": 2, "HTT": 1, "HT": 0, "KHT": 0}
    ]


def test_a_sealed_ballot_taken_away_before_the_confirmation_is_missed():
    room = room_after("stamp").box().cast(1, 2, 1).seal().agree()
    Sealed.objects.filter(hash=Sealed.objects.values("hash")[:1]).delete()
    room.confirm()
    assert (room.poll.state, room.poll.collected) == (Poll.State.SEALED, 2)
    listed = ask("GET", f"/hom/{room.poll.p}/danh-sach").body
    assert hashlib.sha256(listed).hexdigest() != room.poll.sealed_sha256  # red, on every device


def test_a_count_whose_key_was_lost_is_confirmed_as_the_devices_agreed_on_it():
    room = room_after("stamp").box().cast(1, 2, 1).seal().agree()
    keys.unlink(room.poll.p, keys.COUNT)
    assert room.confirm().poll.confirmed
    assert AuditEntry.objects.filter(verb="poll.confirmed").latest("pk").note == {"key_lost": True}


# Stated limits (docs/threat-model.md), used as somebody would use them.


def test_who_makes_a_device_of_a_teller_by_a_row_reads_what_a_teller_reads():
    """Ballots without names, while the poll is sealed; nothing after the confirmation."""
    room = room_after("stamp").box().cast(1, 2, 3).seal()
    token = Device.new_token()
    Device.objects.create(member=room.teller, token_hash=Device.hash(token), state="admitted")
    answer = taken(room, token)
    assert (answer.status_code, room.poll.state) == (200, Poll.State.SEALED)
    room.agree().confirm()
    assert taken(room, token).status_code == 409


def taken(room: Room, token: str) -> HttpResponse:
    """The ballots for the recount, as that device asks for them."""
    path = reverse("ballots:sealed_ballots") + f"?luot={room.poll.pk}"
    return phone(token=token).post(path, Reader().point, content_type="application/octet-stream")


def test_who_holds_the_stamps_of_the_papers_casts_what_no_paper_says():
    """A teller's prepared device; the papers in their envelope are what can be counted against it."""
    room = Room(4)
    Attendance.objects.filter(member__in=room.members[1:]).update(door=Door.PAPER)
    room.open().stamp(room.members[0])
    papers = [Phone(bytes(room.poll.sheet)) for _ in room.members[1:]]
    for paper in papers:
        request = paper.request()
        paper.accept_stamp(verbs.stamp_paper(room.teller, request[:32], request[32:]))
    room.box(short_ok=True)
    marks = [3, 3, 3]  # of two papers that came back and said 1, and of one that did not
    assert [cast(paper.fold([mark]))[0] for paper, mark in zip(papers, marks, strict=True)] == [
        0
    ] * 3
    room.seal(short_ok=True).agree()
    assert (room.poll.state, RowTally.objects.get().fulfilled) == (Poll.State.COUNTED, 3)
