"""Quyết định của cấp ủy: one press decides the levels of many files by one paper, whole or not at all."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from ballots.committee.acts.levels import Basis, Line, Seen, lines_of, seen
from ballots.committee.decision.verbs import must_be_after, must_be_possible, why_of
from ballots.core.news import tell_cells
from ballots.core.verbs import Refused
from ballots.dossier.versions import sent_otherwise
from ballots.models import (
    Classification,
    CommitteeDecision,
    Decision,
    QuotaDraft,
    Submission,
)
from ballots.results import recording
from ballots.results.undecided import WaitingFile, files_of, sendings
from cells.law.periods import Period
from cells.models import Committee, Meeting
from members.models import News, User

# Files that one press decides: they are locked together, so that no other officer waits for more than seconds.
MOST = 300
NOTHING_CHOSEN = "Chưa chọn hồ sơ nào. Xin đánh dấu ít nhất một chi bộ."
TOO_MANY = f"Một lần quyết định nhiều nhất {MOST} hồ sơ. Xin bớt lại, ghi phần còn lại bằng quyết định sau."
ENDED = (
    "{} đã thôi hoạt động nên không ra quyết định được nữa. "
    "Xin để đảng bộ nay phụ trách các chi bộ này quyết định."
)
NOTHING_LEFT = "Chưa ghi gì: không còn hồ sơ nào quyết định được. {}"
GONE = "{:02d} hồ sơ không còn thuộc đảng bộ này."
ALREADY, RETURNED = "đã quyết định rồi", "đã trả lại, xin chờ chi bộ gửi lại"
SENT_AGAIN, CHANGED = (
    "chi bộ đã gửi lại, xin xem lần gửi mới",
    "mức trong dự thảo đã đổi từ lúc xem trước",
)
NOT_DRAFTED, ALL_OPEN = "dự thảo không có, hoặc hồ sơ đã đổi từ lúc vào dự thảo", "chưa có mức nào"
NOT_BEFORE_IT = "hội nghị không xét trường hợp nào của hồ sơ này"
NOT_AS_SENT = "mức chi bộ đề nghị không đúng như trong hồ sơ đã gửi, xin mở hồ sơ, trả lại"
NOT_SENT = "hồ sơ không ở cấp trên"
NO_DRAFT = "Dự thảo vừa bị xoá nên chưa ghi gì. Xin chọn lại mức lấy theo dự thảo nào."


class Paper(NamedTuple):
    """The one paper that decides; body and signer "" where that is left to the pen."""

    symbol: str
    dated: date
    body: str = ""
    signer_post: str = ""
    signer: str = ""
    sitting: Meeting | None = None  # the committee's own meeting whose conclusions it follows


class Decided(NamedTuple):
    """What was recorded: the paper, on how many files, and a sentence on each file that was left out."""

    act: CommitteeDecision
    files: int
    left_out: tuple[str, ...]


@transaction.atomic(durable=True)
def decide_together(
    user: User,
    committee: Committee,
    period: Period,
    paper: Paper,
    chosen: Sequence[Seen],
    basis: Basis,
) -> Decided:
    """Ghi quyết định của cấp ủy on these files as they were seen, and with it publish their levels.

    A file that was returned, sent again or decided since, or whose levels have changed, since then or since it was
    sent, is left out and named. Raises Refused where that leaves none, on too many, a date before a meeting or after
    today, and a departure without its reason; ValidationError with the constraint's sentence on a paper that was
    recorded before.
    """
    must_decide_for(user, committee)
    if paper.sitting is not None:
        must_be_after(paper.sitting, paper.dated)
    by_meeting = _bounded(chosen)
    _keep(basis)
    _lock(by_meeting)
    files, left_out = _still(committee, period, by_meeting, basis)
    if not files:
        raise Refused(NOTHING_LEFT.format(" ".join(left_out)))
    for file in files:
        must_be_possible(file.meeting, paper.dated, file.meeting.cell.name)
    act = _recorded(user, committee, period, paper, basis)
    _write(user, act, files, basis)
    recording.record(*(file.meeting for file in files))
    _note(user, act, files, basis)
    return Decided(act, len(files), left_out)


def must_decide_for(user: User, committee: Committee) -> None:
    """Only an officer of the very committee, as long as it exists: a paper is that of who issues it."""
    if user.committee_id != committee.pk or not user.is_active:
        raise PermissionDenied
    if committee.ended_on:
        raise Refused(ENDED.format(committee))


def _bounded(chosen: Sequence[Seen]) -> dict[int, Seen]:
    """By meeting: a file twice is one."""
    by_meeting = {each.meeting: each for each in chosen}
    if not by_meeting:
        raise Refused(NOTHING_CHOSEN)
    if len(by_meeting) > MOST:
        raise Refused(TOO_MANY)
    return by_meeting


def _note(user: User, act: CommitteeDecision, files: Sequence[WaitingFile], basis: Basis) -> None:
    """News for each cell; a line of the record on each file, and one on the whole."""
    about = {"number": 1, "symbol": act.symbol, "act": act.pk}
    tell_cells(user, News.Kind.FILE_DECIDED, [file.meeting for file in files])
    for file in files:
        levels = sum(bool(line.level) for line in lines_of(file, basis))
        user.record("file.decided", file.meeting, **about, levels=levels)
    user.record("committee.decided", act, symbol=act.symbol, files=len(files))


def _lock(meetings: Iterable[int]) -> None:
    """As locked_meeting; all take them in the same order."""
    rows = Meeting.objects.filter(pk__in=meetings).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def _still(
    committee: Committee, period: Period, chosen: Mapping[int, Seen], basis: Basis
) -> tuple[list[WaitingFile], tuple[str, ...]]:
    """Those that are as they were seen; and of the others each with what has become of it."""
    waiting = sendings(committee, period).filter(meeting__in=chosen)
    files, changed = [], {}
    for file in files_of(waiting):
        why = _why_not(file, chosen[file.meeting.pk], basis)
        if why:
            changed[file.meeting.pk] = why
        else:
            files.append(file)
    others = chosen.keys() - changed.keys() - {file.meeting.pk for file in files}
    return files, (*_named(committee, changed), *gone(committee, others))


def _why_not(file: WaitingFile, was: Seen, basis: Basis) -> str:
    if file.sending.number != was.sending:
        return SENT_AGAIN
    if sent_otherwise(file.sending, {case.key: case.proposed for case in file.cases}):
        return NOT_AS_SENT
    if not basis.has(file):
        return NOT_DRAFTED if basis.concluded is None else NOT_BEFORE_IT
    lines = lines_of(file, basis)
    if not any(line.level for line in lines):
        return ALL_OPEN
    for line in lines:
        if line.departs and not line.reason:
            why = why_of(line.case.concluded)
            raise Refused(f"{line.case.name}, {file.meeting.cell}: {why}")
    return "" if seen(file, basis) == was else CHANGED


def gone(committee: Committee, meetings: Iterable[int]) -> list[str]:
    """Of files that wait no more: decided, returned, or with another committee now, which are only counted."""
    keys = sorted(meetings)
    decided = set(Decision.objects.filter(meeting__in=keys).values_list("meeting", flat=True))
    last = Submission.objects.filter(meeting__in=keys).last_ones()
    returned = dict(last.values_list("meeting", "returned_at"))
    whys = {
        pk: ALREADY if pk in decided else RETURNED if returned.get(pk) else NOT_SENT for pk in keys
    }
    return _named(committee, whys)


def _named(committee: Committee, whys: Mapping[int, str]) -> list[str]:
    rows = Meeting.objects.filter(pk__in=whys, cell__committee__path__startswith=committee.path)
    named = dict(rows.order_by("cell__name_sort", "pk").values_list("pk", "cell__name"))
    sentences = [f"{name}: {whys[pk]}." for pk, name in named.items()]
    others = len(whys) - len(named)
    return [*sentences, *([GONE.format(others)] if others else [])]


def _keep(basis: Basis) -> None:
    """Let nobody delete the draft whose levels are taken."""
    if basis.named is not None:
        drafts = QuotaDraft.objects.select_for_update(no_key=True).filter(pk=basis.named)
        if not drafts.values_list("pk"):
            raise Refused(NO_DRAFT)


def _recorded(
    user: User, committee: Committee, period: Period, paper: Paper, basis: Basis
) -> CommitteeDecision:
    about = {"year": period.year, "kind": period.kind, "draft_id": basis.named}
    act = CommitteeDecision(committee=committee, by=user, **about, **paper._asdict())
    act.validate_constraints()
    act.full_clean()
    try:
        with transaction.atomic():
            act.save(force_insert=True)
    except IntegrityError as error:  # another press was quicker
        act.validate_constraints()
        raise Refused(NOTHING_LEFT.format("")) from error
    return act


def _write(user: User, act: CommitteeDecision, files: Sequence[WaitingFile], basis: Basis) -> None:
    """A decision on each file, its levels, and that it is approved: what is decided was."""
    signing = {name: getattr(act, name) for name in ("body", "signer_post", "signer", "sitting")}
    about = {"act": act, "symbol": act.symbol, "dated": act.dated, "by": user, **signing}
    decisions = Decision.objects.bulk_create(
        Decision(meeting=file.meeting, number=1, **about) for file in files
    )
    rows = [
        _level(file.meeting, decision, line)
        for file, decision in zip(files, decisions, strict=True)
        for line in lines_of(file, basis)
        if line.level
    ]
    Classification.objects.bulk_create(rows)
    sent = [file.sending.pk for file in files]
    Submission.objects.filter(pk__in=sent).approve_all(user)


def _level(meeting: Meeting, decision: Decision, line: Line) -> Classification:
    return Classification(
        meeting=meeting,
        member=line.case.member,
        collective=line.case.collective,
        stage=Classification.Stage.DECIDED,
        source=Classification.Source.ABOVE,
        decision=decision,
        level=line.level,
        reason=line.reason,
    )
