"""Issuing (phát phiếu): one blind stamp per voter, per drawn slip, per paper ballot (secret-ballot.md 3.2, 4)."""

import hashlib

from django.db import transaction

from ballots.core.verbs import FEW_PAPERS, Refused, must_count
from ballots.models import Door, Issue, Poll, Slip
from ballots.secret import signer
from ballots.secret.blind_signature import BlindSignatureError
from members.models import Member

MALFORMED = "Yêu cầu không đúng. Xin tải lại trang."
OVER = "Đã hết lúc phát phiếu."
NO_KEY = (
    "Máy chủ này không tìm thấy khoá phát phiếu, máy sẽ tự hỏi lại; "
    "nếu chờ một phút vẫn vậy thì xin bí thư bấm “Phát lại cho tất cả”."
)
BUSY = "Máy chủ chưa phát được lá phiếu này. Máy sẽ tự thử lại."
OTHER_PHONE = (
    "Đồng chí đã nhận phiếu trên một trình duyệt khác. Xin mở lại ở nơi đã nhận, hoặc báo bí thư."
)
DECLINED = "Danh sách ghi đồng chí không nhận phiếu: {}. Nếu không đúng, xin báo bí thư."
USED_SLIP = "Phiếu bốc thăm này đã dùng rồi. Nếu không phải đồng chí dùng, xin báo bí thư."


def stamp(member: Member | int, p: bytes, blinded: bytes) -> bytes:
    """Blind-sign this voter's ballot number (256 bytes in and out); the same value gets the same answer.

    `member` or the member's key: a whole hall asks at once. So no lock is held while signing, and the one statement
    that keeps the stamp also decides whether there may be one; the roll is read only to say why not.

    Refused: 403 not on the roll or not by phone, 409 another value or an old `p`, 410 issuing is over, 503 no key.
    """
    voter = member.pk if isinstance(member, Member) else member
    made = _sign(p, blinded)
    if made is not None and Issue.objects.keep_stamp(p.hex(), voter, blinded, made):
        return made
    entry = _entry(voter, p)
    if entry.blinded is None:
        raise Refused(NO_KEY, 503)
    return _same(entry, blinded)


def _entry(member: int, p: bytes) -> Issue:
    """The voter's entry on the roll; Refused unless a phone may have its stamp, or have it again."""
    entry = Issue.objects.under(p.hex(), member)
    if entry is None:
        _issuing(p)
        raise Refused(
            "Đồng chí không có trong danh sách nhận phiếu của lượt này. Xin báo bí thư.", 403
        )
    if entry.phase != Poll.State.ISSUING:
        raise Refused(OVER, 410)
    if entry.door != Door.PHONE:
        raise Refused(f"Lượt này đồng chí bỏ phiếu bằng {entry.get_door_display().lower()}.", 403)
    if entry.declined:
        raise Refused(DECLINED.format(entry.declined), 403)
    return entry


def acknowledge(member: Member | int, p: bytes) -> None:
    """Đã nhận phiếu: the phone has verified and saved its stamp."""
    voter = member.pk if isinstance(member, Member) else member
    if not Issue.objects.keep_receipt(p.hex(), voter):
        _issuing(p)  # says why not; who holds no stamp has nothing to receive


@transaction.atomic(durable=True)
def stamp_slip(p: bytes, blinded: bytes, code: bytes) -> bytes:
    """Blind-sign for a drawn slip, anonymously; `code` is the slip's 10 bytes. Refused: 404, 409, 410."""
    poll = _issuing(p)
    code_hash = hashlib.sha256(code).hexdigest()
    slip = Slip.objects.filter(
        poll=poll, round=poll.round, kind=Slip.Kind.SLIP, code_hash=code_hash
    ).first()
    if slip is None:
        raise Refused(
            "Mã phiếu bốc thăm này không có trong lượt này. Xin xem lại mã, hoặc bốc phiếu của lượt này.",
            404,
        )
    if slip.blinded is None:
        made = _sign_now(p, blinded)
        if Slip.objects.filter(pk=slip.pk, stamped=False).update(
            blinded=blinded, blind_sig=made, stamped=True
        ):
            return made
        slip.refresh_from_db()
    return _same(slip, blinded, USED_SLIP)


@transaction.atomic(durable=True)
def stamp_paper(teller: Member, p: bytes, blinded: bytes) -> bytes:
    """Blind-sign for one paper ballot on a teller's device, at most one per entry "phiếu giấy" of the roll."""
    poll = Poll.objects.select_for_update().filter(p=p.hex(), state=Poll.State.ISSUING).first()
    if poll is None:
        raise Refused(OVER, 410)
    must_count(teller, poll)
    papers = Slip.objects.filter(poll=poll, round=poll.round, kind=Slip.Kind.PAPER)
    own_hash = hashlib.sha256(blinded).hexdigest()
    former = papers.filter(code_hash=own_hash).first()
    if former is not None:
        return _same(former, blinded)
    entries = Issue.objects.of(poll).filter(door=Door.PAPER, declined="").count()
    few = poll.meeting.rules.min_paper_ballots
    if entries < few:
        raise Refused(FEW_PAPERS.format(few))
    if papers.count() >= entries:
        raise Refused("Đã phát đủ số phiếu giấy ghi trong danh sách.")
    made = _sign_now(p, blinded)
    Slip.objects.create(
        poll=poll,
        round=poll.round,
        kind=Slip.Kind.PAPER,
        code_hash=own_hash,
        blinded=blinded,
        blind_sig=made,
        stamped=True,
    )
    return made


def _issuing(p: bytes) -> Poll:
    """The poll that issues under `p`, held by a shared lock: it cannot leave ISSUING before this answer is kept."""
    poll = Poll.objects.share_locked(p.hex())
    if poll is None:
        raise Refused("Lượt phát phiếu này đã thay đổi. Máy sẽ tự nhận lại.")
    if poll.state != Poll.State.ISSUING:
        raise Refused(OVER, 410)
    return poll


def _sign_now(p: bytes, blinded: bytes) -> bytes:
    """The signature under `p`; Refused (503) where this server does not find its key."""
    made = _sign(p, blinded)
    if made is None:
        _issuing(p)  # the box may just have been opened
        raise Refused(NO_KEY, 503)
    return made


def _sign(p: bytes, blinded: bytes) -> bytes | None:
    """The signer's answer; None when the key is dead."""
    try:
        return signer.sign(p.hex(), blinded)
    except BlindSignatureError as error:
        raise Refused(MALFORMED, 400) from error
    except signer.Failed as error:
        raise Refused(BUSY, 503) from error


def _same(stored: Issue | Slip, blinded: bytes, otherwise: str = OTHER_PHONE) -> bytes:
    if stored.blinded is None or bytes(stored.blinded) != blinded:
        raise Refused(otherwise)
    return bytes(stored.blind_sig or b"")
