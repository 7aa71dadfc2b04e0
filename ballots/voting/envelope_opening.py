"""Opening a sealed envelope: asked for with reason and basis, before a witness, counted again; no ballot is shown."""

import hashlib
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ballots.core.news import tell_of_opening
from ballots.core.verbs import Refused
from ballots.models import Envelope, EnvelopeOpening, Poll, RowTally
from ballots.models.envelopes import ANOTHER, MINUTES
from ballots.secret import workers
from ballots.secret.envelope import HEAD, LETTERS, letters_of
from ballots.voting import counter
from cells.keyboards import keys_of
from cells.wording import short_date
from members.models import User
from members.permissions import opens_envelope, witnesses_opening

NONE = "Lượt này không có phong bì niêm phong."
DESTROYED = "Phong bì đã hết hạn giữ và đã huỷ ngày {}, không mở được nữa."
LAPSED = (
    f"Lần mở này đã quá {MINUTES} phút hoặc đã xong. Xin bấm “Đề nghị mở phong bì” lại từ đầu."
)
NO_WITNESS = (
    "Chưa có người chứng kiến. Xin người ấy mở trang này bằng tài khoản của mình "
    "và bấm “Tôi chứng kiến việc mở”."
)
REPLACED = (
    "Khoá chưa được thử: dữ liệu trong phong bì đã hỏng hoặc bị thay, không còn đúng mã SHA-256 lúc niêm phong. "
    + counter.FROM_A_BACKUP
)


@dataclass(frozen=True)
class Row:
    """One row of the ballot: the confirmed numbers beside those counted again, by level and blank."""

    position: int
    confirmed: tuple[int, ...]
    again: tuple[int, ...]

    @property
    def is_equal(self) -> bool:
        """Whether both counts agree."""
        return self.confirmed == self.again


@dataclass(frozen=True)
class Comparison:
    """What the opening came to: totals beside totals, never a ballot."""

    rows: tuple[Row, ...]
    ballots: tuple[tuple[str, int, int], ...]  # what is counted, confirmed, again

    @property
    def is_equal(self) -> bool:
        """Whether all that was confirmed is counted again."""
        return all(row.is_equal for row in self.rows) and all(a == b for _, a, b in self.ballots)


@transaction.atomic(durable=True)
def ask(user: User, poll: Poll, reason: str, basis: str) -> EnvelopeOpening:
    """Đề nghị mở phong bì: who opens, why, and by which law or complaint; a witness comes next."""
    if not opens_envelope(user, poll.meeting):
        raise PermissionDenied
    envelope = _sealed(poll)
    opening = EnvelopeOpening(envelope=envelope, opener=user, reason=reason, basis=basis)
    opening.validate_constraints()
    opening.save()
    user.record("poll.envelope_opening_asked", poll, reason=reason, basis=basis)
    return opening


@transaction.atomic(durable=True)
def witness(user: User, opening: EnvelopeOpening) -> None:
    """Chứng kiến việc mở, from the own account and session; another one than who opens."""
    poll = opening.envelope.poll
    if not witnesses_opening(user, poll.meeting):
        raise PermissionDenied
    if opening.opener_id == user.pk:
        raise Refused(ANOTHER)
    _sealed(poll)
    if not opening.confirm(user, timezone.now()):
        raise Refused(LAPSED)
    user.record("poll.envelope_opening_witnessed", poll, opener=opening.opener_id)


def open_with(user: User, opening: EnvelopeOpening, typed: str) -> Comparison:
    """Mở phong bì with the key as it was typed or scanned; the count again is shown once, that it was done stays.

    Refused in one sentence for a wrong key, damaged bytes, a destroyed envelope; each may be tried again.
    """
    try:
        return _open(user, opening, typed)
    finally:
        # They have seen the key; a new one has not.
        workers.replace_all()


@transaction.atomic(durable=True)
def _open(user: User, opening: EnvelopeOpening, typed: str) -> Comparison:
    poll = opening.envelope.poll
    if opening.opener_id != user.pk or not opens_envelope(user, poll.meeting):
        raise PermissionDenied
    now = timezone.now()
    if opening not in EnvelopeOpening.objects.under_way(now):
        raise Refused(LAPSED)
    if opening.witness is None:
        raise Refused(NO_WITNESS)
    envelope = _sealed(poll)
    data = bytes(envelope.data)
    if hashlib.sha256(data).hexdigest() != envelope.sha256:
        raise Refused(REPLACED)
    opened = counter.open_envelope(poll, envelope.recipient, key_of(typed), data)
    comparison = compared(poll, opened)
    if not opening.end(comparison.is_equal, now):
        raise Refused(LAPSED)
    tell_of_opening(user, opening)
    user.record(
        "poll.envelope_opened",
        poll,
        witness=opening.witness_id,
        reason=opening.reason,
        basis=opening.basis,
        equal=comparison.is_equal,
    )
    return comparison


def key_of(typed: str) -> str:
    """The key that was typed, in its one form: spaces or none, small letters, a Vietnamese keyboard left on."""
    letters = letters_of(typed)
    meant = [reading.upper() for reading in keys_of(letters, LETTERS)] or [letters]
    return HEAD + meant[0]


def compared(poll: Poll, opened: counter.Opened) -> Comparison:
    """The confirmed totals of the poll beside those of its envelope."""
    rows = zip(poll.rows.all(), opened.rows, strict=True)
    return Comparison(
        rows=tuple(
            Row(
                row.position,
                (*row.counts.values(), row.blank),
                (*(counts.get(code, 0) for code in RowTally.COLUMNS), blank),
            )
            for row, (counts, blank) in rows
        ),
        ballots=(
            ("Thu về", poll.collected, opened.collected),
            ("Hợp lệ", poll.valid, opened.valid),
            ("Không hợp lệ", poll.invalid, opened.invalid),
        ),
    )


def _sealed(poll: Poll) -> Envelope:
    """The poll's envelope, if it still holds its marks."""
    envelope = Envelope.objects.sealed().filter(poll=poll).first()
    if envelope is None:
        raise Refused(NONE)
    if envelope.destroyed_on:
        raise Refused(DESTROYED.format(short_date(envelope.destroyed_on)))
    return envelope
