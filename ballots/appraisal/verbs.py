"""What is put on record about a subject: answers to conditions, confirmed flags, reasons. No level changes."""

from collections.abc import Mapping

from django.db import transaction

from ballots.appraisal.subjects import standing_of
from ballots.core.verbs import Refused, lock_meetings, must_be_rated, must_run, subject_columns
from ballots.models import Submission
from cells.law.flags import Flag
from cells.models import Collective, Meeting
from cells.stale import STALE
from members.models import Finding, Member, User
from members.models.assessments import FindingQuerySet

SENT = "Hồ sơ của hội nghị đã gửi cấp trên nên trang này không ghi thêm được nữa."
REHEARSAL = "Đây là họp thử nên không ghi vào hồ sơ thật. Xin ghi ở trang của hội nghị thật."

# Whether a condition holds and its evidence, or None for no answer.
Answer = tuple[bool, str] | None
# What is to stand under a key: the same with what was asked.
Wanted = tuple[bool, str, str] | None


@transaction.atomic(durable=True)
def answer_conditions(
    user: User,
    meeting: Meeting,
    subject: Member | Collective | None,
    answers: Mapping[str, Answer],
    condition_texts: Mapping[str, str],
    seen: str,
) -> None:
    """Keep the answers to a subject's conditions (None: the cell), with how each read; None takes one back.

    Raises Refused if another page wrote since `seen` (subjects.standing_of), once the file is sent, in a rehearsal.
    """
    wanted: dict[str, Wanted] = {
        key: (*answer, condition_texts[key]) if answer else None for key, answer in answers.items()
    }
    _write(user, meeting, subject, Finding.Kind.CONDITION, wanted, seen)


@transaction.atomic(durable=True)
def confirm_flag(
    user: User,
    meeting: Meeting,
    subject: Member | Collective | None,
    flag: Flag,
    evidence: str,
    seen: str,
) -> None:
    """Xác nhận a case that forces or caps the level, on written evidence; raises as `answer_conditions`."""
    wanted = {flag.key: (True, evidence, flag.words)}
    _write(user, meeting, subject, Finding.Kind.FLAG, wanted, seen, only=flag.key)


@transaction.atomic(durable=True)
def withdraw_flag(
    user: User, meeting: Meeting, subject: Member | Collective | None, key: str, seen: str
) -> None:
    """Take a confirmation back: what it rested on stays in its row and in the audit; raises as `answer_conditions`."""
    rows = _rows(meeting, subject, Finding.Kind.FLAG).filter(key=key, holds=True)
    for evidence, words in rows.values_list("evidence", "words"):
        wanted = {key: (False, evidence, words)}
        _write(user, meeting, subject, Finding.Kind.FLAG, wanted, seen, only=key)


@transaction.atomic(durable=True)
def give_reasons(
    user: User,
    meeting: Meeting,
    subject: Member | Collective | None,
    reasons: Mapping[str, str],
    seen: str,
) -> None:
    """Keep the reasons given for doubts, by key; an empty one takes a reason back; raises as `answer_conditions`."""
    wanted: dict[str, Wanted] = {
        key: (True, text, "") if text else None for key, text in reasons.items()
    }
    _write(user, meeting, subject, Finding.Kind.REASON, wanted, seen)


def _write(
    user: User,
    meeting: Meeting,
    subject: Member | Collective | None,
    kind: str,
    wanted: Mapping[str, Wanted],
    seen: str,
    only: str = "",
) -> None:
    """Bring the rows to what is wanted; what already stands so, as after a second click, is no conflict."""
    _must_be_writable(user, meeting, subject)
    stored = {row.key: row for row in _rows(meeting, subject, kind)}
    changes = {key: value for key, value in wanted.items() if _stands(stored.get(key)) != value}
    if not changes:
        return
    if standing_of(row for row in stored.values() if only in ("", row.key)) != seen:
        raise Refused(STALE)
    for key, value in changes.items():
        row = stored.get(key) or Finding(
            cell=meeting.cell,
            campaign=meeting.campaign,
            **subject_columns(subject),
            kind=kind,
            key=key,
        )
        _put(user, row, value)


def _stands(row: Finding | None) -> Wanted:
    return (row.holds, row.evidence, row.words) if row else None


def _put(user: User, row: Finding, value: Wanted) -> None:
    """Write one row, with an audit line that tells what stood there before."""
    before = {"was": row.evidence, "held": row.holds, "asked": row.words} if row.pk else {}
    about = {"member": row.member_id, "kind": row.kind, "key": row.key}
    if row.collective_id:
        about["collective"] = row.collective_id
    if value is None:
        user.record("finding.removed", row, **about, **before)
        row.delete()
        return
    (row.holds, row.evidence, row.words), row.by = value, user
    row.clean_fields()
    row.validate_constraints()
    row.save()
    now = {"holds": row.holds, "evidence": row.evidence, "words": row.words}
    user.record("finding.kept", row, **about, **before, **now)


def _rows(meeting: Meeting, subject: Member | Collective | None, kind: str) -> FindingQuerySet:
    findings = Finding.objects.of(meeting.cell, meeting.campaign).filter(kind=kind)
    return findings.filter(**subject_columns(subject))


def _must_be_writable(user: User, meeting: Meeting, subject: Member | Collective | None) -> None:
    """Guard, and lock: the cell's meetings of the year share what is on record, so all of them wait."""
    must_run(user, meeting)
    if meeting.is_rehearsal:
        raise Refused(REHEARSAL)
    lock_meetings(meeting.cell.pk, meeting.campaign_id)
    if Submission.objects.is_above(meeting):
        raise Refused(SENT)
    must_be_rated(meeting, subject)
