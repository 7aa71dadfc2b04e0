"""Gửi cấp trên: the cell's file is checked, locked and sent up; sent again with a reason, never taken back."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from ballots.core.news import tell_above
from ballots.core.verbs import (
    NO_FIRST_FILE,
    Refused,
    locked_meeting,
    must_be_running,
    must_run,
)
from ballots.dossier import checks, versions
from ballots.dossier.evidence import Evidence
from ballots.models import Decision, Paper, Standing, Submission
from ballots.papers import lock
from ballots.papers.numbers import must_be_free
from ballots.results import recording
from cells.models import Cell, Meeting
from cells.stale import STALE
from members.models import News, User

DECIDED = "Cấp trên đã quyết định xếp loại theo hồ sơ này nên không gửi lại nữa."
APPROVED = (
    "Cấp trên đã duyệt hồ sơ này nên không gửi lại nữa. Cần sửa thì xin cấp trên trả lại hồ sơ."
)


def send_up(
    user: User,
    meeting: Meeting,
    note: str = "",
    site: str = "",
    numbers: Mapping[str, int | None] | None = None,
    known: Sequence[str] = (),
) -> Submission:
    """Gửi hồ sơ lên cấp trên: every paper of the file is rendered, then stored, and the sending recorded and counted.

    `note`: why it is sent again; `numbers`: per kind of paper; `site`: where check codes are looked up, "https://host";
    `known`: what the checks name and the cell sends all the same. Papers sent before stay, superseded. A paper that
    cannot be rendered, or a sending meanwhile, stores nothing. Raises Refused, and ValidationError without a reason.
    """
    must_run(user, meeting)
    must_be_sendable(meeting)
    sending = next_sending(user, meeting, note)
    sending.known = list(known)
    sending.validate_constraints()
    chosen = {kind: number for kind, number in (numbers or {}).items() if number}
    drafts = [lock.draft(meeting, kind, site, chosen.get(kind)) for kind in lock.file_of(meeting)]
    with transaction.atomic(durable=True):
        # Numbers run through all papers of the cell: its meetings wait for each other here.
        Cell.objects.select_for_update(no_key=True).get(pk=meeting.cell.pk)
        must_run(user, meeting)
        locked_meeting(meeting)
        meeting.refresh_from_db()  # the drafts are compared with the meeting as it is now
        if next_sending(user, meeting, note).number != sending.number:
            raise Refused(STALE)
        evidence = must_be_sendable(meeting)
        must_be_free(meeting.cell, chosen, meeting)
        for made in drafts:
            if not lock.still_true(made, site):
                raise Refused(STALE)
            Paper.objects.replace(made.paper)
        sending.facts = versions.kept(evidence)  # with the papers that were just locked
        sending.save(force_insert=True)
        recording.record(meeting)
        _note(user, sending)
    return sending


def _note(user: User, sending: Submission) -> None:
    """News for who takes it, and the line of the record."""
    tell_above(News.Kind.FILE_SENT, sending.meeting, user)
    user.record("file.sent", sending.meeting, number=sending.number, note=sending.note)


def must_know_the_last(meeting: Meeting, next_number: int, returned: int) -> Submission | None:
    """The last sending, if the page that sends knows it, and its return; Refused for a second click or an old page."""
    last = Submission.objects.last_of(meeting)
    if next_number != Submission.objects.next_number(meeting):
        raise Refused(STALE)
    if last and last.is_returned and returned != last.pk:
        raise Refused(STALE)
    return last


def next_sending(user: User, meeting: Meeting, note: str) -> Submission:
    """The row the next sending would be; not yet in the database."""
    number = Submission.objects.next_number(meeting)
    return Submission(meeting=meeting, number=number, by=user, note=note.strip())


def must_be_sendable(meeting: Meeting) -> Evidence:
    """What the file says; Refused for a rehearsal, once it is approved, and while something must be mended first."""
    if meeting.is_rehearsal:
        raise Refused("Họp thử thì không gửi cấp trên.")
    standing = Submission.objects.standing_of(meeting)
    if standing == Standing.APPROVED:
        raise Refused(DECIDED if Decision.objects.last_of(meeting) else APPROVED)
    if standing is None:
        over = meeting.campaign.closing_over(meeting.cell)
        if over is not None:
            must_be_running(over.pk, NO_FIRST_FILE)
    evidence = Evidence.load(meeting)
    wrong = checks.lines_of(checks.groups_of(evidence), checks.State.MEND)
    if wrong:
        raise Refused(f"Chưa gửi được. {wrong[0].sentence}")
    return evidence
