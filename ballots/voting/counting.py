"""The tellers' presses: seal and count, agree after the recount, confirm (secret-ballot.md 3.2, steps 6 to 9)."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from ballots.core.verbs import Refused, locked_poll, must_count
from ballots.models import CaseVote, Classification, Poll, RowTally, Sealed, Subject
from ballots.results import tally
from ballots.results.figures import base_of
from ballots.secret import hygiene, keys, recounting, sheet, workers
from ballots.voting import counter, differences, envelopes
from ballots.voting.issuing import MALFORMED
from ballots.voting.polling import NO_KEY, drop_blinded, forget_keys, void_now
from cells.models import InvalidTransition, Meeting
from cells.stale import STALE
from cells.wording import two_digits
from members.models import AuditEntry, Member

SURPLUS = "Số phiếu trong hòm nhiều hơn số phiếu phát ra."
CHANGED = (
    "Số trong máy đã bị sửa sau khi kiểm nên chưa xác nhận. Máy đã lấy lại số từ chính các lá phiếu rồi đếm lại; "
    "xin tổ kiểm phiếu xem lại từng số, xác nhận, và báo người quản trị."
)
TOTALS_CHANGED = "poll.totals_changed"
SPOILT = "Trong hòm có phiếu không qua được kiểm tra."


def current_poll(meeting: Meeting) -> Poll | None:
    """The poll the tellers have to do with: the one under way or unconfirmed, else the last one opened."""
    opened = Poll.objects.filter(meeting=meeting).exclude(state=Poll.State.PLANNED)
    return opened.unfinished().first() or opened.order_by("number").last()


def must_be_current(meeting: Meeting, shown: str | None) -> Poll:
    """The current poll; Refused where there is none, or where a page `shown` for another one asks."""
    poll = current_poll(meeting)
    if poll is None:
        raise Refused("Chưa có lượt bỏ phiếu nào được mở.")
    if shown is not None and shown != poll.pk:
        raise Refused(STALE)
    return poll


@transaction.atomic(durable=True)
def seal(teller: Member, poll: Poll, short_ok: bool = False) -> Poll:
    """Đóng hòm và kiểm phiếu; returns the poll SEALED, or VOID where a check fails. Again: changes nothing.

    Refused while ballots are missing, unless `short_ok`; 503 where this server does not find the keys.
    """
    must_count(teller, poll)
    poll = locked_poll(poll)
    if poll.state == Poll.State.SEALED:
        return poll
    if poll.state != Poll.State.CASTING:
        raise InvalidTransition(poll)
    if hygiene.lacks_keys(poll):
        raise Refused(NO_KEY, 503)
    collected = poll.box_set.count()
    missing = poll.issued - collected
    if missing > 0 and not short_ok:
        raise Refused(
            f"Còn {two_digits(missing)} phiếu chưa vào hòm. Nếu vẫn đóng hòm, các phiếu đó không được kiểm."
        )
    problem = SURPLUS if missing < 0 else _seal(poll)
    if problem:
        void_now(poll, problem)
    else:
        p = poll.p
        transaction.on_commit(lambda: forget_keys(p, [keys.BOX]))
    teller.record("poll.sealed", poll)
    transaction.on_commit(hygiene.scrub)
    return poll


def _seal(poll: Poll) -> str:
    """Check, count and rewrite every ballot of the box in the order of hashes; returns a problem, or ""."""
    box = counter.seal(poll)
    if box is None:
        return SPOILT
    Sealed.objects.bulk_create(Sealed(hash=h, poll=poll, data=data) for h, data in box.sealed)
    poll.box_set.all().delete()
    drop_blinded(poll)
    _write_rows(poll, box.rows)
    poll.move(
        Poll.State.CASTING,
        Poll.State.SEALED,
        sealed_sha256=_digest_of(poll, [h for h, _ in box.sealed]),
        collected=box.collected,
        valid=box.valid,
        invalid=box.invalid,
    )
    return ""


def _write_rows(poll: Poll, rows: Iterable[tuple[dict[str, int], int]]) -> None:
    RowTally.objects.bulk_create(
        RowTally(
            poll=poll,
            position=position,
            blank=blank,
            **{column: counts.get(code, 0) for code, column in RowTally.COLUMNS.items()},
        )
        for position, (counts, blank) in enumerate(rows, start=1)
    )


def _digest_of(poll: Poll, hashes: Sequence[bytes]) -> str:
    return hashlib.sha256(sheet.build_list(bytes.fromhex(poll.p or ""), hashes)).hexdigest()


def _shown(poll: Poll) -> list[list[int]]:
    """The totals as a device tells them: in sheet order HTXS, HTT, HT, KHT, blank."""
    return [[*row.counts.values(), row.blank] for row in poll.rows.all()]


@transaction.atomic(durable=True)
def sealed_ballots(teller: Member, poll: Poll, reader: bytes) -> bytes:
    """All ballots for the recount in memory on the teller's device, readable there alone: encrypted to `reader`.

    `reader`: the public point (65 bytes) of a key that the device made for this.
    """
    must_count(teller, poll)
    poll = locked_poll(poll)
    if poll.state != Poll.State.SEALED:
        raise InvalidTransition(poll)
    differences.must_be_other(teller, poll)
    if not recounting.is_point(reader):
        raise Refused(MALFORMED, 400)
    return counter.list_for(poll, reader)


@transaction.atomic(durable=True)
def agree(teller: Member, poll: Poll, list_sha256: str, rows: list[list[int]]) -> Poll:
    """Record the recount: equal list and totals → COUNTED, else the count is in question. Again: changes nothing.

    `rows`: in sheet order HTXS, HTT, HT, KHT, blank.
    """
    must_count(teller, poll)
    poll = locked_poll(poll)
    if poll.state == Poll.State.COUNTED:
        return poll
    if poll.state != Poll.State.SEALED:
        raise InvalidTransition(poll)
    if list_sha256 == poll.sealed_sha256 and rows == _shown(poll):
        differences.agrees(teller, poll)
        poll.move(Poll.State.SEALED, Poll.State.COUNTED)
        teller.record("poll.counted", poll)
    else:
        differences.differs(teller, poll, differences.OTHER_TOTALS)
    return poll


@transaction.atomic(durable=True)
def disagree(teller: Member, poll: Poll, what: str) -> Poll:
    """Record that the recount found a fault: the count is in question, no number is shown."""
    must_count(teller, poll)
    poll = locked_poll(poll)
    if poll.state != Poll.State.SEALED:
        raise InvalidTransition(poll)
    differences.differs(teller, poll, what.strip()[:300])
    return poll


@transaction.atomic(durable=True)
def confirm(teller: Member, poll: Poll, without_envelope: str = "") -> None:
    """Xác nhận kết quả: whole ballots are deleted, the count key dies, the proposed levels are written down.

    Where the numbers are no longer those of the ballots they are again, unconfirmed, and the tellers' device counts
    anew (`warning_of`).
    Where the rules keep an envelope their marks go into it first; `without_envelope`: why there is none.
    """
    must_count(teller, poll)
    poll = locked_poll(poll)
    if poll.confirmed:
        return
    if poll.state != Poll.State.COUNTED:
        raise InvalidTransition(poll)
    again = counter.count_again(poll)  # while there are ballots that can be asked
    if again is not None and not _is_still(poll, again):
        _back_to_the_recount(poll, again)
        teller.record(TOTALS_CHANGED, poll)
        return
    envelopes.settle(poll, without_envelope)
    poll.sealed_set.update(data=b"")
    poll.move(Poll.State.COUNTED, Poll.State.COUNTED, confirmed=True)
    _propose(poll)
    teller.record("poll.confirmed", poll, **({"key_lost": True} if again is None else {}))
    p = poll.p
    transaction.on_commit(lambda: forget_keys(p, [keys.COUNT]))
    transaction.on_commit(hygiene.scrub)
    transaction.on_commit(workers.replace_all)


def warning_of(poll: Poll) -> str:
    """That its totals were rewritten, until they are confirmed: the recount draws the page anew within a second."""
    if poll.confirmed or poll.state not in (Poll.State.SEALED, Poll.State.COUNTED):
        return ""
    changes = AuditEntry.objects.about([poll]).filter(verb=TOTALS_CHANGED)
    return CHANGED if changes.exists() else ""


def _is_still(poll: Poll, again: counter.Opened) -> bool:
    """Whether what is about to be confirmed is what the ballots say, and their list."""
    sums = (poll.collected, poll.valid, poll.invalid)
    counted = [
        [*(of.get(code, 0) for code in RowTally.COLUMNS), blank] for of, blank in again.rows
    ]
    hashes = [bytes(one) for one in poll.sealed_set.values_list("hash", flat=True)]
    return (
        sums == (again.collected, again.valid, again.invalid)
        and _shown(poll) == counted
        and poll.sealed_sha256 == _digest_of(poll, hashes)
    )


def _back_to_the_recount(poll: Poll, again: counter.Opened) -> None:
    """Somebody has rewritten rows: the totals are the ballots' again; whether all are there the device says."""
    poll.rows.all().delete()
    _write_rows(poll, again.rows)
    sums = {"collected": again.collected, "valid": again.valid, "invalid": again.invalid}
    poll.move(Poll.State.COUNTED, Poll.State.SEALED, **sums)


def _propose(poll: Poll) -> None:
    """Write the level each row proposes; a conclusion of the chair already made is written anew over it, and stays."""
    rules = poll.meeting.rules
    rows = {row.position: row for row in poll.rows.all()}
    base = base_of(poll, rules)
    if poll.meeting.is_sitting:
        _write_cases(poll, {n: tally.proposed(row.counts, base, rules) for n, row in rows.items()})
        return
    proposed = Classification.objects.proposed().filter(meeting=poll.meeting)
    in_force = {(row.member_id, row.collective_id): row for row in proposed}
    votes, conclusions = [], []
    # What a post of leadership is worth is no level as đảng viên, and never stands over one.
    for subject in Subject.objects.filter(poll=poll, as_leader=False):
        level = tally.proposed(rows[subject.position].counts, base, rules)
        if level is None:
            continue
        about = {
            "meeting": poll.meeting,
            "member_id": subject.member_id,
            "collective_id": subject.collective_id,
        }
        former = in_force.get((subject.member_id, subject.collective_id))
        vote = {"source": Classification.Source.VOTE, "poll": poll, "level": level}
        votes.append(Classification(**about, **vote, supersedes=former))
        if former is not None and former.source == Classification.Source.CHAIR:
            again = {"source": former.source, "level": former.level, "reason": former.reason}
            conclusions.append(Classification(**about, **again, supersedes=votes[-1]))
    # Two statements, however many members; nothing comes between, since `conclude` waits for every poll.
    Classification.objects.bulk_create(votes)
    Classification.objects.bulk_create(conclusions)


def _write_cases(poll: Poll, proposed: Mapping[int, str | None]) -> None:
    """Keep what a committee's vote proposes beside each case; the cell's own proposal stays as it was."""
    cases = list(CaseVote.objects.filter(subject__poll=poll).select_related("subject"))
    for case in cases:
        case.level = proposed[case.subject.position] or ""
    CaseVote.objects.bulk_update(cases, ["level"])
