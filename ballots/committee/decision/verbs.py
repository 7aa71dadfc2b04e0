"""Quyết định xếp loại: the committee above decides the levels of a cell's file; members petition, and are answered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ballots.core.news import tell_above, tell_cell
from ballots.core.verbs import Refused, locked_meeting, must_oversee
from ballots.dossier.versions import sent_otherwise
from ballots.models import Classification, Decision, Paper, Petition, Submission
from ballots.models.decisions import STILL_WAITING
from ballots.models.quota import WHY_OTHERWISE
from ballots.results import levels, recording
from ballots.results.concluded import day_of, followed, occasion
from ballots.results.decisions import Case, cases_of
from cells import wording
from cells.models import Meeting
from cells.stale import STALE
from members.models import Member, News, User

NOT_HERE = "Hồ sơ không ở cấp trên: chi bộ chưa gửi, hoặc đang sửa để gửi lại. Xin chờ chi bộ gửi."
NOTHING_DECIDED = "Chưa có mức nào để quyết định. Xin chọn mức cho ít nhất một dòng."
NOTHING_NEW = "Các mức này đã quyết định rồi. Xin đổi mức cần quyết định lại."
NOT_YET = "Ngày quyết định ở sau hôm nay. Xin xem lại ngày."
STAYS_DECIDED = "Mức này đã quyết định nên không bỏ trống được. Xin chọn mức."
WHY_NOT_CONCLUDED = (
    "Khác mức chi bộ đề nghị, hoặc khác kết luận của hội nghị cấp ủy, thì xin ghi lý do."
)
NOT_PASSED = "Biên bản {} chưa được thông qua, nên chưa làm căn cứ được."
NOT_AS_SENT = (
    "{}: mức chi bộ đề nghị không đúng như trong hồ sơ đã gửi, nên chưa ghi gì. "
    "Xin trả lại hồ sơ, ghi chỗ ấy, để chi bộ xem rồi gửi lại."
)
NO_ANSWER = "Xin ghi trả lời thế nào, vì sao."


class Act(NamedTuple):
    """The paper that decides; `number` counts the decisions on a file from 1, `note`: why again, from the second."""

    number: int
    symbol: str
    dated: date
    sending: int  # the number of the sending it was read in
    note: str = ""
    # As the paper is signed, each "" where that is left to the pen.
    body: str = ""
    signer_post: str = ""
    signer: str = ""
    sitting: Meeting | None = None  # the committee's own meeting whose conclusions it follows


class LevelDecision(NamedTuple):
    """The level decided for one ("": left open), and why it is not the one the cell proposes."""

    level: str
    reason: str = ""


@transaction.atomic(durable=True)
def decide(
    user: User, meeting: Meeting, act: Act, verdicts: Mapping[str, LevelDecision]
) -> Decision:
    """Ghi quyết định xếp loại, and with it publish the levels; `verdicts` by the key of the case.

    What is decided already keeps its decision where neither its level nor its reason changes. Raises Refused where
    the file does not lie above or was sent again since, on an old page, a date before the meeting or after today,
    levels that are not those of the papers that were sent, nothing decided, or a departure without its reason;
    ValidationError with the constraint's sentence without a symbol, or without a note from the second on.
    """
    must_oversee(user, meeting)
    locked = locked_meeting(meeting)
    sent = _seen(meeting, act.sending)
    if act.number != Decision.objects.next_number(meeting):
        raise Refused(STALE)
    must_be_possible(locked, act.dated)
    changes = _changes(_cases(sent, locked, act), verdicts, again=act.number > 1)
    about = {"number": act.number, "symbol": act.symbol}
    decision = Decision(meeting=locked, by=user, dated=act.dated, note=act.note, **about)
    decision.sitting = act.sitting
    decision.body, decision.signer_post, decision.signer = act.body, act.signer_post, act.signer
    decision.validate_constraints()
    decision.full_clean()
    decision.save(force_insert=True)
    for case, verdict in changes:
        Classification.objects.replace(
            meeting=locked,
            member=case.member,
            collective=case.collective,
            stage=Classification.Stage.DECIDED,
            source=Classification.Source.ABOVE,
            decision=decision,
            level=verdict.level,
            reason=verdict.reason,
        )
    Submission.objects.approve(sent, user)  # what is decided is approved, whoever did that before
    recording.record(locked)
    tell_cell(user, News.Kind.FILE_DECIDED, locked)
    user.record("file.decided", locked, **about, levels=len(changes))
    return decision


def _seen(meeting: Meeting, number: int) -> Submission:
    """The last sending, if it lies here and is the one that the page showed."""
    sent = Submission.objects.last_of(meeting)
    if sent is None or sent.is_returned:
        raise Refused(NOT_HERE)
    if sent.number != number:
        raise Refused(STALE)
    return sent


def _must_be_as_sent(sent: Submission, cases: Sequence[Case]) -> None:
    """What would be decided on is what the papers say: never otherwise, unless rows were changed by hand."""
    names = {case.key: case.name for case in cases}
    for key in sent_otherwise(sent, {case.key: case.proposed for case in cases}):
        raise Refused(NOT_AS_SENT.format(names[key]))


def why_of(concluded: str) -> str:
    """What asks for a reason; `concluded`: the level on which a committee's meeting has concluded, if it has."""
    return WHY_NOT_CONCLUDED if concluded else WHY_OTHERWISE


def must_be_possible(meeting: Meeting, dated: date, cell: str = "Chi bộ") -> None:
    """From the day of the meeting, as its papers have it unless it was opened before that day, until today.

    `cell`: as the sentence calls it, by its name where it is one of many.
    """
    if dated > timezone.localdate():
        raise Refused(NOT_YET)
    held_on = timezone.localdate(min(meeting.starts_at, meeting.opened_at or meeting.starts_at))
    if dated < held_on:
        day = wording.short_date(held_on)
        raise Refused(f"{cell} họp ngày {day}, quyết định không thể có trước ngày ấy.")


def must_be_after(sitting: Meeting, dated: date) -> None:
    """A decision that rests on a committee's meeting is not older than that, nor before its minutes are passed."""
    if not Paper.objects.passed(sitting):
        raise Refused(NOT_PASSED.format(occasion(sitting)))
    held_on = day_of(sitting)
    if dated < held_on:
        day = wording.short_date(held_on)
        raise Refused(f"Cấp ủy họp ngày {day}, quyết định không thể có trước ngày ấy.")


def _cases(sent: Submission, file: Meeting, act: Act) -> list[Case]:
    """Those of the file, with what the meeting on which the act rests concludes of them.

    Refused where that meeting had none of the file before it, and where the levels are not those that were sent.
    """
    cases = cases_of(file)
    _must_be_as_sent(sent, cases)
    if act.sitting is None:
        return cases
    must_be_after(act.sitting, act.dated)
    stated = followed(act.sitting, file)
    if not stated:
        raise Refused(STALE)
    return [replace(case, concluded=stated.get(case.key, ("", ""))[0]) for case in cases]


def _changes(
    cases: Sequence[Case], verdicts: Mapping[str, LevelDecision], again: bool
) -> list[tuple[Case, LevelDecision]]:
    """What this decision changes; Refused where that is nothing, or where it may not be."""
    changes = []
    for case in cases:
        verdict = verdicts.get(case.key, LevelDecision(case.decided))
        if case.decided and not verdict.level:
            raise Refused(f"{case.name}: {STAYS_DECIDED}")
        if verdict.level == case.decided and not case.has_new_reason(verdict.reason):
            continue
        if case.needs_reason(verdict.level) and not verdict.reason:
            raise Refused(f"{case.name}: {why_of(case.concluded)}")
        changes.append((case, verdict))
    if not changes:
        raise Refused(NOTHING_NEW if again else NOTHING_DECIDED)
    return changes


@transaction.atomic(durable=True)
def petition(member: Member, decision: Decision, text: str) -> Petition:
    """Kiến nghị of a member against the level in force; one at a time, also where the level was decided again.

    The same words sent twice are sent once. Raises Refused while the last one on this file is not answered, and
    where another decision gave the level since; ValidationError with the constraint's sentence on an empty text.
    """
    locked = locked_meeting(decision.meeting)
    level = levels.of_meeting(locked).get(member.pk, levels.InForce()).decided
    if level is None:
        raise PermissionDenied
    waiting = Petition.objects.waiting().filter(member=member, decision__meeting=locked).first()
    if waiting and waiting.text == text:
        return waiting  # a second tap
    if waiting:
        raise Refused(STILL_WAITING)
    if level.decision_id != decision.pk:
        raise Refused(STALE)
    row = Petition(decision=decision, member=member, text=text)
    row.validate_constraints()
    row.full_clean()
    row.save(force_insert=True)
    tell_above(News.Kind.PETITION_CAME, locked)
    return row


@transaction.atomic(durable=True)
def answer_petition(user: User, petition: Petition, text: str) -> None:
    """Trả lời kiến nghị, once, the reason in the text; Refused without text, and where it was answered already."""
    must_oversee(user, petition.decision.meeting)
    if not text:
        raise Refused(NO_ANSWER)
    values = {"answer": text, "answered_by": user, "answered_at": timezone.now()}
    if not Petition.objects.waiting().filter(pk=petition.pk).update(**values):
        raise Refused(STALE)
    tell_above(News.Kind.PETITION_ANSWERED, petition.decision.meeting, user)
    user.record("petition.answered", petition)
