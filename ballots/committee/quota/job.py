"""Long quota drafts as jobs: made, copied, brought up to date once, whole or not at all; and their Excel file."""

from typing import IO

from django.core.exceptions import ValidationError

from ballots.committee.downloads.job import committee_of
from ballots.committee.quota import verbs
from ballots.core.guard import sentence
from ballots.core.verbs import Refused
from ballots.jobs import asking
from ballots.jobs.kinds import Step
from ballots.models import Job, QuotaDraft, QuotaFile, QuotaLine
from ballots.results.row_counts import count_rows
from cells import wording
from cells.law.periods import Period
from cells.models import Committee
from members.models import AuditEntry, User

# Files of which a draft is made, copied, brought up to date or written while the page waits: of a hundred each lasts a
# second or two, of seven hundred from three to fourteen.
AT_ONCE = 100
MADE, COPIED = "Đã lập dự thảo “{}”.", "Đã chép thành dự thảo “{}”."
REFRESHED = "Đã cập nhật dự thảo: {} dòng thay đổi."
GONE = "Dự thảo này không còn nữa, hoặc đồng chí không còn phụ trách đảng bộ ấy."
# Of two jobs about these the second is refused while the first is unfinished.
WHICH = ("committee", "period", "name")
# What a long draft fills; its room is opened next, or it is compared.
FILLED = (QuotaFile, QuotaLine)


def ask(user: User, committee: Committee, period: Period, name: str) -> Job:
    """Have it made by what the files say then; what would be refused later is refused now."""
    verbs.may_make(user, committee, period, name)
    args = {"committee": committee.pk, "period": str(period), "name": name}
    about = f"Lập dự thảo tỷ lệ “{name}” {period.words} của {committee}"[:300]
    return asking.ask(user, Job.Kind.DRAFT, about, args, same=WHICH)


def being_made(committee: Committee, period: Period) -> list[Job]:
    """The jobs that are making drafts of this period, or copying one."""
    which = {"args__committee": committee.pk, "args__period": str(period)}
    kinds = (Job.Kind.DRAFT, Job.Kind.COPY)
    return list(Job.objects.unfinished().filter(kind__in=kinds, **which).order_by("pk"))


def make(job: Job, file: IO[bytes], step: Step) -> tuple[str, str]:
    """Make it; who comes again for what a killed process has made is told that it is made."""
    committee, period = committee_of(job), Period.parse(job.args["period"])
    user, name = job.asked_by, job.args["name"]
    assert user  # noqa: S101 - or there was no committee
    made = QuotaDraft.objects.of(committee, period).filter(
        name=name, by=user, at__gte=job.created_at
    )
    try:
        if not made.exists():
            verbs.make(user, committee, period, name, step)
    except (
        ValidationError
    ) as error:  # the name was taken meanwhile, by another beginning or another officer
        if not made.exists():
            raise Refused(sentence(error)) from error
    count_rows(*FILLED)
    return MADE.format(name), ""


def is_long(draft: QuotaDraft) -> bool:
    """Whether so many files are in the draft that what is done to all of it is done by a job."""
    return QuotaFile.objects.filter(draft=draft).count() > AT_ONCE


def being_done(draft: QuotaDraft) -> Job | None:
    """The job that brings the draft up to date; None where there is none."""
    jobs = Job.objects.unfinished().filter(kind=Job.Kind.REFRESH, args__draft=draft.pk)
    return jobs.first()


def ask_copy(user: User, draft: QuotaDraft, name: str) -> Job:
    """Have it copied as it stands then; what would be refused later is refused now."""
    verbs.may_copy(user, draft, name)
    return _ask(user, Job.Kind.COPY, draft, f"Chép dự thảo “{draft}” thành “{name}”", name=name)


def ask_refresh(user: User, draft: QuotaDraft, seen: int) -> Job:
    """Have it brought up to date, as long as it is the one that was seen."""
    verbs.may_refresh(user, draft, seen)
    return _ask(user, Job.Kind.REFRESH, draft, f"Cập nhật dự thảo “{draft}”", seen=seen)


def ask_room(user: User, draft: QuotaDraft) -> Job:
    """Have its Excel file written."""
    return _ask(user, Job.Kind.ROOM, draft, f"Dự thảo “{draft}” (Excel)")


def _ask(user: User, kind: Job.Kind, draft: QuotaDraft, about: str, **more: object) -> Job:
    about_it = {"period": str(draft.period), "draft": draft.pk}
    args: dict[str, object] = {"committee": draft.committee_id, **about_it, **more}
    words = f"{about}, {draft.period.words}, {draft.committee}"
    return asking.ask(user, kind, wording.shortened(words, 300), args, same=tuple(args))


def copy(job: Job, file: IO[bytes], step: Step) -> tuple[str, str]:
    """Copy it; who comes again for what a killed process has copied is told that it is."""
    draft, user, name = _draft_of(job), job.asked_by, job.args["name"]
    assert user  # noqa: S101 - or there was no committee
    made = QuotaDraft.objects.filter(copied_from=draft, name=name, by=user, at__gte=job.created_at)
    try:
        if not made.exists():
            verbs.copy(user, draft, name, step)
    except ValidationError as error:  # as of `make`
        if not made.exists():
            raise Refused(sentence(error)) from error
    count_rows(*FILLED)
    return COPIED.format(name), ""


def refresh(job: Job, file: IO[bytes], step: Step) -> tuple[str, str]:
    """Bring it up to date; what an earlier beginning has done is read from the record."""
    draft, user, seen = _draft_of(job), job.asked_by, job.args["seen"]
    assert user  # noqa: S101 - or there was no committee
    changed = _refreshed(job, draft, seen)
    if changed is None:
        try:
            changed = verbs.refresh(user, draft, seen, step)
        except Refused:
            changed = _refreshed(job, draft, seen)
            if changed is None:
                raise
    return REFRESHED.format(changed), ""


def _refreshed(job: Job, draft: QuotaDraft, seen: int) -> int | None:
    """How many cases this very job has changed already; None where it has not."""
    lines = AuditEntry.objects.about([draft]).filter(
        verb="quota.refreshed",
        user=job.asked_by,
        at__gte=job.created_at,
        note__seen=seen,
    )
    return lines.values_list("note__changed", flat=True).first()


def write_room(job: Job, file: IO[bytes], step: Step) -> tuple[str, str]:
    """Write the draft as Excel."""
    from ballots.committee.quota.reading import RoomView
    from ballots.committee.quota.workbook import workbook  # on first use: tests/test_start.py

    step(0, 1)
    draft = _draft_of(job)
    file.write(workbook(RoomView.load(draft)))
    step(1, 1)
    return "", f"{file_name(draft)}.xlsx"


def file_name(draft: QuotaDraft) -> str:
    """What its Excel file is called, without ending."""
    return wording.file_name(f"Du thao HTXS {draft.period} {draft}")


def _draft_of(job: Job) -> QuotaDraft:
    """The draft that the job is about; Refused where it is gone, or lost to whoever asked."""
    drafts = QuotaDraft.objects.filter(committee=committee_of(job), pk=job.args["draft"])
    draft = drafts.select_related("committee", "copied_from").first()
    if draft is None:
        raise Refused(GONE)
    return draft
