"""Dự thảo tỷ lệ HTXS: made, copied, brought up to date, and cases moved in it. Nothing here decides a level."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from ballots.committee.quota.changes import Change
from ballots.committee.quota.gather import Gathering, files, key_of
from ballots.committee.quota.rules import Room
from ballots.core.verbs import Refused
from ballots.jobs.kinds import Step, unwatched
from ballots.models import QuotaDraft, QuotaFile, QuotaLine, QuotaMove, Submission
from ballots.models.quota import WHY_OTHERWISE, waiting_files
from cells.law.periods import Period
from cells.models import Committee, Level
from cells.stale import STALE
from members.models import User
from members.permissions import leads

NO_FILES = "Chưa có hồ sơ nào ở cấp trên để lập dự thảo. Xin chờ chi bộ gửi hồ sơ."
SAME = "Trường hợp này đang ở đúng mức ấy với đúng lý do ấy. Xin chọn mức khác, hoặc để nguyên."
DECIDED = "{} đã có quyết định xếp loại nên không đổi trong dự thảo được. Cần đổi thì ghi quyết định lại."
NO_LEVEL = "Xin chọn một mức trong danh sách."
WHY_RAISED = "Nâng trần thì phải ghi lý do: thành tích nổi bật nào, ai quyết định."
NOT_RAISED = "Bộ hướng dẫn đang dùng không cho nâng trần cao hơn mức đang áp dụng."
NO_GROUP = "Dự thảo không có nhóm này. Xin tải lại trang rồi chọn lại."
OTHER_LEVEL = "Chi bộ gửi lại hồ sơ, đề nghị mức khác"
NOT_YOURS = "Dự thảo này do đồng chí khác lập. Chỉ đồng chí đã lập mới xoá được."
TAKEN_FROM = "{} đã lấy mức theo dự thảo này nên dự thảo được giữ lại."
LONGEST = 300  # letters of a reason, as the column has it
# What a file that was brought up to date says anew; of a member who is moved nothing else changes.
TAKEN = (
    *("file_id", "name", "name_sort", "name_search", "posts", "group", "is_head", "proposed"),
    *("level", "reason", "is_decided", "version", "self_level", "votes", "base", "for_top"),
    *("score", "flags", "quarters", "top_quarters", "last_level", "remedied", "to_remedy"),
)
BATCH = 500


def must_lead(user: User, committee: Committee) -> None:
    """Only an officer of the committee, or of one above it; a superuser is no exception."""
    if not leads(user, committee):
        raise PermissionDenied


def may_make(user: User, committee: Committee, period: Period, name: str) -> None:
    """Raise what `make` would."""
    must_lead(user, committee)
    if not waiting_files(committee, period).exists():
        raise Refused(NO_FILES)
    _checked(_draft(user, committee, period, name))


@transaction.atomic(durable=True)
def make(
    user: User, committee: Committee, period: Period, name: str, step: Step = unwatched
) -> QuotaDraft:
    """Lập dự thảo from all files that lie above, each case at the level its cell proposes, or that is decided.

    Refused where no file lies above; ValidationError with the constraint's sentence on a name that is taken.
    """
    must_lead(user, committee)
    lock(committee)
    sendings = list(waiting_files(committee, period))
    if not sendings:
        raise Refused(NO_FILES)
    room = Room.load(committee, period)
    draft = _draft(user, committee, period, name)
    draft.groups = room.groups.stored
    _take(_stored(draft), sendings, room, step)
    user.record("quota.drafted", draft, name=name, files=len(sendings))
    return draft


def _draft(user: User, committee: Committee, period: Period, name: str) -> QuotaDraft:
    about = {"year": period.year, "kind": period.kind}
    return QuotaDraft(committee=committee, name=name, by=user, **about)


def may_copy(user: User, draft: QuotaDraft, name: str) -> None:
    """Raise what `copy` would."""
    must_lead(user, draft.committee)
    _checked(_copied(user, draft, name))


@transaction.atomic(durable=True)
def copy(user: User, draft: QuotaDraft, name: str, step: Step = unwatched) -> QuotaDraft:
    """Chép dự thảo under another name, as it stands now; who moved whom stays with the first."""
    must_lead(user, draft.committee)
    lock(draft.committee)
    source = QuotaDraft.objects.select_for_update(no_key=True).filter(pk=draft.pk).first()
    if source is None:
        raise Refused(STALE)
    new = _stored(_copied(user, source, name))
    _copy_cases(source, new, step)
    user.record("quota.copied", new, name=name, source=source.pk)
    return new


def _copied(user: User, source: QuotaDraft, name: str) -> QuotaDraft:
    values = {"year": source.year, "kind": source.kind, "groups": source.groups}
    about = {"name": name, "raised": source.raised, "copied_from": source, "by": user}
    return QuotaDraft(committee=source.committee, **about, **values)


def _copy_cases(source: QuotaDraft, new: QuotaDraft, step: Step) -> None:
    taken = {}
    for file in QuotaFile.objects.filter(draft=source).order_by("pk"):
        taken[file.pk] = QuotaFile(
            draft=new,
            meeting_id=file.meeting_id,
            sending=file.sending,
            decision=file.decision,
            is_open=file.is_open,
        )
    QuotaFile.objects.bulk_create(taken.values(), batch_size=BATCH)
    lines = list(QuotaLine.objects.filter(draft=source).order_by("pk"))
    for line in lines:
        line.pk, line.draft, line.version = None, new, 0
        line.file = taken[line.file_id]
    _write(lines, step)


@transaction.atomic(durable=True)
def delete(user: User, draft: QuotaDraft) -> None:
    """Xoá dự thảo with all that was moved in it; that it was is recorded, and copies of it stay.

    Refused for whoever did not make it, and where a decision took its levels.
    """
    must_lead(user, draft.committee)
    now = QuotaDraft.objects.select_for_update().filter(pk=draft.pk).first()
    if now is None:
        raise Refused(STALE)
    if now.by_id != user.pk:
        raise Refused(NOT_YOURS)
    act = now.acts.first()
    if act is not None:
        raise Refused(TAKEN_FROM.format(act))
    moves = QuotaMove.objects.filter(line__draft=now).count()
    about = {"name": now.name, "year": now.year, "kind": now.kind}
    user.record("quota.deleted", draft.committee, **about, files=now.files.count(), moves=moves)
    QuotaDraft.objects.filter(copied_from=now).update(copied_from=None)
    now.delete()


@transaction.atomic(durable=True)
def move(user: User, line: QuotaLine, seen: int, level: str, reason: str) -> QuotaMove:
    """Đổi mức of one case of a draft; `seen`: how often it had been moved on the page that asks.

    Refused where somebody has moved it since, where its file was returned, sent again or decided, without a level,
    and without a reason where the level departs from what the cell proposes.
    """
    must_lead(user, line.draft.committee)
    now = QuotaLine.objects.select_for_update(no_key=True).filter(pk=line.pk).first()
    if now is None or now.version != seen:
        raise Refused(STALE)
    _must_be_movable(now)
    if level not in Level.values:
        raise Refused(NO_LEVEL)
    if now.needs_reason(level) and not reason:
        raise Refused(f"{now.called}: {WHY_OTHERWISE}")
    if (level, reason) == (now.level, now.reason):
        raise Refused(SAME)
    about = {"number": seen + 1, "before": now.level, "after": level, "reason": reason}
    row = QuotaMove(line=now, by=user, **about)
    row.clean_fields(exclude={"line", "by"})
    row.save(force_insert=True)
    QuotaLine.objects.filter(pk=now.pk).update(level=level, reason=reason, version=seen + 1)
    user.record("quota.moved", line.draft, line=now.pk, **about)
    return row


def _must_be_movable(line: QuotaLine) -> None:
    """A file that changed since it was taken holds its cases where they are, and so does what is decided."""
    changed = QuotaFile.objects.changed().filter(pk=line.file_id).first()
    if changed is not None:
        raise Refused(Change.of(changed).sentence)
    if line.is_decided:
        raise Refused(DECIDED.format(line.called))


def may_refresh(user: User, draft: QuotaDraft, seen: int) -> None:
    """Raise what `refresh` would."""
    must_lead(user, draft.committee)
    if draft.version != seen:
        raise Refused(STALE)


@transaction.atomic(durable=True)
def refresh(user: User, draft: QuotaDraft, seen: int, step: Step = unwatched) -> int:
    """Cập nhật dự thảo with files sent or decided since and with the groups in force; how many cases were changed.

    A case that its cell proposes as before keeps the level it was moved to. A file that was returned stays as it was,
    left out, until it comes again.
    """
    must_lead(user, draft.committee)
    step(0, 1)
    room = Room.load(draft.committee, draft.period)
    now = _next_version(draft, seen, groups=room.groups.stored)
    lines = QuotaLine.objects.select_for_update(no_key=True, of=("self",)).filter(draft=now)
    former = {key_of(line): line for line in lines.select_related("file").order_by("pk")}
    sendings = list(waiting_files(now.committee, now.period))
    fresh = {key_of(line): line for line in _gathered(now, sendings, room)}
    changed = _bring_up(user, former, fresh)
    here = {row.meeting_id for row in sendings}
    gone = [
        line.pk
        for who, line in former.items()
        if who not in fresh and line.file.meeting_id in here
    ]
    QuotaLine.objects.filter(pk__in=gone).delete()
    QuotaLine.objects.bulk_create(
        [line for who, line in fresh.items() if who not in former], batch_size=BATCH
    )
    user.record("quota.refreshed", now, files=len(sendings), changed=changed, seen=seen)
    step(1, 1)  # stopped until here, nothing is changed
    return changed + len(gone) + len(fresh.keys() - former.keys())


def _gathered(draft: QuotaDraft, sendings: Iterable[Submission], room: Room) -> list[QuotaLine]:
    """The lines of these files as they stand now; the files are stored, the lines are not."""
    by_meeting = {file.meeting_id: file for file in files(draft, sendings)}
    stored = {file.meeting_id: file for file in QuotaFile.objects.filter(draft=draft)}
    for meeting, file in by_meeting.items():
        if meeting in stored:
            file.pk = stored[meeting].pk
    QuotaFile.objects.bulk_create(
        [file for file in by_meeting.values() if file.pk is None], batch_size=BATCH
    )
    QuotaFile.objects.bulk_update(
        [file for pk, file in by_meeting.items() if pk in stored],
        ["sending", "decision", "is_open"],
        batch_size=BATCH,
    )
    return Gathering(draft.period, by_meeting, room.groups, room.leaders).lines()


def _bring_up(
    user: User, former: dict[tuple[str, int], QuotaLine], fresh: dict[tuple[str, int], QuotaLine]
) -> int:
    """Write what the files say anew over the lines that were there; how many changed."""
    changed, moves = [], []
    for who in former.keys() & fresh.keys():
        old, new = former[who], fresh[who]
        _keep_level(old, new)
        if new.level != old.level:
            new.version = old.version + 1
            why = new.reason or OTHER_LEVEL
            moves.append(_moved(user, old, new, why))
        if any(getattr(old, column) != getattr(new, column) for column in TAKEN):
            new.pk = old.pk
            changed.append(new)
    columns = [column.removesuffix("_id") for column in TAKEN]
    QuotaLine.objects.bulk_update(changed, columns, batch_size=100)
    QuotaMove.objects.bulk_create(moves, batch_size=BATCH)
    return len(changed)


def _keep_level(old: QuotaLine, new: QuotaLine) -> None:
    """What was moved stays moved, where nothing is decided and the cell proposes what it did."""
    new.version = old.version
    if not new.is_decided and not old.is_decided and new.proposed == old.proposed:
        new.level, new.reason = old.level, old.reason


def _moved(user: User, old: QuotaLine, new: QuotaLine, why: str) -> QuotaMove:
    return QuotaMove(
        line_id=old.pk,
        number=new.version,
        before=old.level,
        after=new.level,
        reason=why[:LONGEST],
        by=user,
    )


@transaction.atomic(durable=True)
def raise_cap(user: User, draft: QuotaDraft, seen: int, group: str, reason: str) -> None:
    """Nâng trần of one group of a draft, as far as the guidance lets; Refused without a reason."""
    must_lead(user, draft.committee)
    if not Room.load(draft.committee, draft.period).raised:
        raise Refused(NOT_RAISED)
    if not reason:
        raise Refused(WHY_RAISED)
    _set_raised(user, draft, seen, group, reason)


@transaction.atomic(durable=True)
def lower_cap(user: User, draft: QuotaDraft, seen: int, group: str) -> None:
    """Hold the group to the cap in force again."""
    must_lead(user, draft.committee)
    _set_raised(user, draft, seen, group, "")


def _set_raised(user: User, draft: QuotaDraft, seen: int, group: str, reason: str) -> None:
    if group not in {each.name for each in draft.post_groups.groups}:
        raise Refused(NO_GROUP)
    others = {name: why for name, why in draft.raised.items() if name != group}
    _next_version(draft, seen, raised=others | ({group: reason} if reason else {}))
    user.record("quota.raised", draft, group=group, reason=reason)


def _next_version(draft: QuotaDraft, seen: int, **changes: object) -> QuotaDraft:
    """The draft with these changes; Refused where another page has changed it since `seen`."""
    rows = QuotaDraft.objects.filter(pk=draft.pk, version=seen)
    if not rows.update(version=F("version") + 1, **changes):
        raise Refused(STALE)
    return QuotaDraft.objects.select_related("committee").get(pk=draft.pk)


def lock(committee: Committee) -> None:
    """Let whoever changes drafts of the committee wait: of two with one name the second is told."""
    list(
        Committee.objects.select_for_update(no_key=True).filter(pk=committee.pk).values_list("pk")
    )


def _checked(draft: QuotaDraft) -> QuotaDraft:
    draft.clean_fields(exclude={"committee", "by", "copied_from", "groups"})
    draft.validate_constraints()
    return draft


def _stored(draft: QuotaDraft) -> QuotaDraft:
    _checked(draft).save(force_insert=True)
    return draft


def _take(draft: QuotaDraft, sendings: Iterable[Submission], room: Room, step: Step) -> None:
    """Read the files, then write their cases."""
    step(0, 1)
    _write(_gathered(draft, sendings, room), step)


def _write(lines: list[QuotaLine], step: Step) -> None:
    """Part by part: a step for each; stopped until the last, none is written."""
    for start in range(0, len(lines), BATCH):
        step(start, len(lines))
        QuotaLine.objects.bulk_create(lines[start : start + BATCH])
    step(len(lines), len(lines))
