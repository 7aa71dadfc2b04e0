"""The sealed envelope: its key is printed and read back, then marks go into it with the confirmation, until its term.

Where the rules keep envelopes (`envelope_months`); else the totals alone are kept (secret-ballot.md 4.1).
"""

import hashlib
from datetime import date

from django.db import transaction
from django.utils import timezone

from ballots.core.verbs import Refused, locked_poll, must_be_open, must_count
from ballots.models import Envelope, Poll
from ballots.secret import hygiene, recounting
from ballots.secret.envelope import BOND, LEAST, last_day
from ballots.voting import counter
from ballots.voting.issuing import MALFORMED
from cells.wording import two_digits
from members.models import Member, User

FEW = f"Dưới {two_digits(LEAST)} phiếu thì không lập phong bì: các dấu trên phiếu sẽ cho biết ai chọn gì."
FEW_OF_MINUTES = f"có dưới {two_digits(LEAST)} phiếu, các dấu trên phiếu sẽ cho biết ai chọn gì"
NOT_KEPT = "Quy định đang áp dụng của hội nghị này không giữ phong bì niêm phong."
NOT_NOW = "Chỉ in khoá phong bì khi đã kiểm phiếu xong và tổ kiểm phiếu chưa xác nhận kết quả."
NOT_PRINTED = "Chưa in khoá phong bì của lượt này. Xin bí thư bấm “In khoá phong bì” trước."
OTHER_KEY = (
    "Khoá vừa đọc không phải khoá in lần cuối của lượt này. "
    "Xin đọc lại tờ in sau cùng; tờ in hỏng hoặc in trước đó thì xé bỏ, bí thư in tờ khác."
)
NOT_READ = (
    "Chưa đọc lại khoá phong bì. Xin quét hoặc gõ khoá in trên giấy trước; "
    "không in được thì ghi lý do rồi bấm “Xác nhận, không lập phong bì”."
)


def is_wanted(poll: Poll) -> bool:
    """Whether the rules of its meeting keep an envelope, however few ballots there are."""
    return poll.meeting.rules.envelope_months > 0


def is_too_small(poll: Poll) -> bool:
    """Whether so few ballots were collected that none is made."""
    return poll.collected < LEAST


@transaction.atomic(durable=True)
def print_key(user: User, poll: Poll, reader: bytes, address: str) -> bytes:
    """In khoá phong bì: a new key for the paper, encrypted to the printing device; the one before opens nothing more.

    `reader`: the public point (65 bytes) of a key that the device made for this. `address`: what the QR code begins
    with. Neither this worker nor the database ever has the key.
    """
    must_be_open(user, poll.meeting)
    poll = locked_poll(poll)
    _must_take_a_key(poll)
    if not recounting.is_point(reader):
        raise Refused(MALFORMED, 400)
    key = counter.new_envelope_key(poll, reader, address)
    Envelope.objects.get_or_create(poll=poll)
    Envelope.objects.unsettled(poll).update(
        recipient=key.recipient, key_check=key.bond, checked=False
    )
    user.record("poll.envelope_key_printed", poll)
    return key.paper


def trouble_of(poll: Poll) -> str:
    """Why no key is to be printed now: none is kept, it is too early or late, too few ballots; "" if it is."""
    if not is_wanted(poll):
        return NOT_KEPT
    if poll.state != Poll.State.COUNTED or poll.confirmed:
        return NOT_NOW
    return FEW if is_too_small(poll) else ""


def _must_take_a_key(poll: Poll) -> None:
    if trouble := trouble_of(poll):
        raise Refused(trouble)


@transaction.atomic(durable=True)
def read_back(teller: Member, poll: Poll, check: str) -> None:
    """A teller's device has read the printed key: `check` is its SHA-256 (envelope.py), the key itself is not sent."""
    must_count(teller, poll)
    poll = locked_poll(poll)
    _must_take_a_key(poll)
    printed = Envelope.objects.unsettled(poll).exclude(key_check="").first()
    if printed is None:
        raise Refused(NOT_PRINTED)
    bond = printed.key_check[:BOND]
    read = counter.read_envelope_key(poll, printed.recipient, bond, check)
    if read is None:
        raise Refused(OTHER_KEY)
    Envelope.objects.unsettled(poll).update(checked=True, key_check=bond + read)
    teller.record("poll.envelope_key_read", poll)


def settle(poll: Poll, left_out: str) -> None:
    """With the confirmation, of a locked poll: seal the envelope, or write down why there is none.

    `left_out`: the tellers' reason to confirm without. Refused where a key is missing and no reason was given.
    """
    if not is_wanted(poll):
        return
    Envelope.objects.get_or_create(poll=poll)
    mine = Envelope.objects.unsettled(poll)
    left_out = FEW_OF_MINUTES if is_too_small(poll) else left_out
    if left_out:
        mine.update(recipient="", key_check="", checked=False, left_out=left_out)
        return
    envelope = mine.filter(checked=True).first()
    if envelope is None:
        raise Refused(NOT_READ)
    data = counter.seal_envelope(poll, envelope.recipient, envelope.key_check[BOND:])
    held = timezone.localdate(poll.meeting.starts_at)
    mine.filter(checked=True, recipient=envelope.recipient).update(
        data=data,
        sha256=hashlib.sha256(data).hexdigest(),
        kept_until=last_day(held, poll.meeting.rules.envelope_months),
        key_check="",
    )


def destroy_due(today: date) -> int:
    """Huỷ phong bì hết hạn: their marks are emptied; how many. Again: changes nothing.

    What backups still hold of them opens with the paper key alone, which is burnt (docs/operating.md).
    """
    if not Envelope.objects.due(today).exists():
        return 0  # asked twice a minute, which takes no lock that a hall would wait for
    with transaction.atomic(durable=True):
        gone = Envelope.objects.due(today).update(data=b"", destroyed_on=today)
    if gone:
        hygiene.scrub()
    return gone
