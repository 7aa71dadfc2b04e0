"""Asking for a job, stopping it, having it done at once, and what is to be done about those left lying."""

import datetime
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from ballots.core.verbs import Refused
from ballots.jobs import running
from ballots.models import Job, WorkerSign
from ballots.models.jobs import ATTEMPTS
from cells.models import Committee
from members.models import User

ALREADY = "Việc này đang được làm rồi, xin xem ở danh sách dưới đây."
OVER = "Việc này đã kết thúc, không dừng được nữa."
ALIVE = "Tiến trình nền đang làm việc này. Xin chờ, trang tự cập nhật."
DEADLY = (
    "Chương trình dừng đột ngột ba lần khi làm việc này nên không thử nữa. "
    "Xin báo người quản trị xem bộ nhớ và nhật ký."
)


def ask(
    user: User | None,
    kind: Job.Kind,
    about: str,
    args: dict[str, object],
    same: Sequence[str] = (),
) -> Job:
    """Have it done by the worker, or now where none is there; `user`: nobody, for what the program does by itself.

    `same`: the args that tell which work it is, whoever asks and however the others read; without any, all.
    """
    job = _ask(user, kind, about, args, same)
    if job.state == Job.State.QUEUED and not WorkerSign.is_fresh():
        running.run(job.pk)
    return job


@transaction.atomic(durable=True)
def _ask(
    user: User | None,
    kind: Job.Kind,
    about: str,
    args: dict[str, object],
    same: Sequence[str],
) -> Job:
    """One row, and with it the worker's own."""
    Job.objects.outdated().delete()
    if user is not None and user.committee_id:
        # Of two officers of a committee who ask at once, the second finds what the first has asked for.
        Committee.objects.select_for_update(no_key=True).get(pk=user.committee_id)
        if Job.objects.of(user).unfinished().filter(kind=kind, args=args).exists():
            raise Refused(ALREADY)
    which = {f"args__{name}": args[name] for name in same}
    if which and Job.objects.unfinished().filter(kind=kind, **which).exists():
        raise Refused(ALREADY)
    try:
        with transaction.atomic():
            job = Job.objects.create(kind=kind, about=about, args=args, asked_by=user)
    except IntegrityError as error:
        raise Refused(ALREADY) from error
    if user is not None:
        user.record("job.asked", job, kind=kind)
    if WorkerSign.is_fresh():
        running.run_job.enqueue(job.pk)
    return job


@transaction.atomic(durable=True)
def cancel(user: User, job: Job) -> None:
    """Stop it: at once while it waits or lies abandoned, else at its next step. Once: a second press adds nothing."""
    rows = Job.objects.filter(pk=job.pk)
    # Nobody takes it up between these: one that waits and is to be stopped would never be begun, nor end.
    list(rows.select_for_update().values_list("pk"))
    ended = {"state": Job.State.CANCELLED, "runner": "", "ended_at": timezone.now()}
    waiting = rows.filter(state=Job.State.QUEUED).update(cancel_requested=True, **ended)
    cut_short = {"answer": job.of_what_was_cut_short, **ended}
    abandoned = rows.abandoned().update(cancel_requested=True, **cut_short)
    going_on = rows.unfinished().filter(cancel_requested=False).update(cancel_requested=True)
    if waiting or abandoned or going_on:
        user.record("job.cancelled", job)
    elif not rows.unfinished().exists():
        raise Refused(OVER)


def run_now(job: Job) -> None:
    """Do it in this process: for one that waits for a worker which is not there, or was left lying."""
    if WorkerSign.is_fresh() and not job.is_abandoned:
        raise Refused(ALIVE)
    running.run(job.pk)


def sweep() -> None:
    """What a worker does every half minute: take up again what was left lying, and let go what is old."""
    for job in Job.objects.abandoned():
        _take_up(job)
    for job in Job.objects.filter(state=Job.State.QUEUED) if not _tasks_wait() else ():
        running.run_job.enqueue(
            job.pk
        )  # its task was lost with the worker that had just picked it up
    Job.objects.outdated().delete()
    oldest = timezone.now() - datetime.timedelta(days=1)
    DBTaskResult.objects.filter(enqueued_at__lt=oldest).delete()


def _tasks_wait() -> bool:
    return DBTaskResult.objects.ready().exists()


@transaction.atomic(durable=True)
def _take_up(job: Job) -> None:
    """Give it back to the workers, unless it was to be stopped or ends every process that does it."""
    now = timezone.now()
    row = Job.objects.filter(pk=job.pk, runner=job.runner).abandoned()
    if job.cancel_requested:
        answer = job.of_what_was_cut_short
        row.update(state=Job.State.CANCELLED, runner="", ended_at=now, answer=answer)
    elif job.attempts >= ATTEMPTS:
        row.update(state=Job.State.FAILED, runner="", ended_at=now, error=DEADLY)
    elif row.update(state=Job.State.QUEUED, runner=""):
        running.run_job.enqueue(job.pk)
