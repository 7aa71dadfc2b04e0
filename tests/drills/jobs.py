"""Jobs whose workers are killed: taken up again and done once, as an undisturbed one of the same kind is."""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

from django.apps import apps
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from ballots.core.verbs import Refused
from ballots.jobs import asking, running
from ballots.models import Job, JobPart, WorkerSign
from ballots.models.jobs import ATTEMPTS, STALE
from ballots.results import recording
from members.models import AuditChain, AuditEntry, AuditLink, News
from tests.drills import works
from tests.drills.evening import Outcome
from tests.drills.installation import Installation
from tests.drills.mortal import Points, work
from tests.kit.processes import until

PATIENCE = 120  # seconds
# By table: how many rows more, or fewer.
Changes = dict[str, int]
# What is about the jobs themselves is judged by itself.
LEFT_OUT = (Job, JobPart, News, WorkerSign, AuditChain, AuditLink)
OURS = ("cells", "members", "ballots")


def counted() -> Counter[str]:
    """How many rows there are of everything that jobs are to change."""
    rows = Counter(
        {
            table.__name__: table._base_manager.count()
            for table in apps.get_models()
            if table._meta.app_label in OURS and table not in LEFT_OUT
        }
    )
    rows["AuditEntry"] -= AuditEntry.objects.filter(verb__startswith="job.").count()
    return rows


def changed_since(before: Counter[str]) -> Changes:
    """How many rows there are more, or fewer, than there were."""
    now = counted()
    return {name: n for name in now if (n := now[name] - before[name])}


@dataclass
class Killed:
    """One job of each kind after the other, in the stead of a meeting; killed once or twice, or stopped."""

    place: Installation
    size: int
    polls: int
    name: str

    def hold(self, trouble: AbstractContextManager[None]) -> Outcome:
        """All kinds of work, each beside an undisturbed one of its kind."""
        outcome = Outcome()
        with trouble:
            for name in self.place.works or works.WORKS:
                outcome.broken += [f"{name}: {words}" for words in self._tried(name)]
                outcome.papers += 1
        outcome.broken += [str(each) for each in recording.differences()]
        return outcome

    def _tried(self, name: str) -> Iterator[str]:
        whole, points, pattern = _undisturbed(name)
        above = works.Above.make()
        WorkerSign.give()
        job = works.WORKS[name](above)
        before, chance = counted(), self.place.chance
        yield from self._killed(name, job, points, before, whole)
        stopped = chance.random() < 0.2 and _stopped(job)
        if stopped:
            self.place.struck["stopped"] += 1
        with self._workers([0] * chance.choice([1, 2])):
            if not until(lambda: not _seen(job).is_unfinished, PATIENCE):
                yield f"{_seen(job).state} for ever"
        job = _seen(job)
        done = changed_since(before)
        if stopped:
            yield from _wrong_with_stopped(job, done, whole)
        else:
            yield from _wrong_with(job, done, whole, pattern)

    def _killed(
        self, name: str, job: Job, points: int, before: Counter[str], whole: Changes
    ) -> Iterator[str]:
        """Killed at a point drawn by chance; what it leaves is all or nothing, and so is what pages show of it."""
        chance = self.place.chance
        for _ in range(chance.randint(1, ATTEMPTS - 1)):
            with self._workers([chance.randint(1, points)]) as (worker,):
                until(lambda: not worker.is_alive() or not _seen(job).is_unfinished, PATIENCE)
            left = changed_since(before)
            if job.kind not in Job.IN_PIECES and left not in ({}, whole):
                yield f"half-written: {left} of {whole}"
            yield from (f"totals: {each}" for each in recording.differences())
            if _seen(job).is_unfinished:
                self.place.struck[name] += 1
                if JobPart.objects.filter(job=job).exists():
                    yield "a file is shown of what is not done"
            _let_time_pass(job)

    @contextmanager
    def _workers(self, deaths: list[int]) -> Iterator[list[BaseProcess]]:
        """So many workers, each with the point at which it dies."""
        url = self.place.environ["DATABASE_URL"]
        connection.close()
        started = [CONTEXT.Process(target=work, args=(url, at), daemon=True) for at in deaths]
        for worker in started:
            worker.start()
        try:
            yield started
        finally:
            for worker in started:
                worker.kill()
                worker.join()


CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.drills.ready"])


def _seen(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def _let_time_pass(job: Job) -> None:
    silent = timezone.now() - timedelta(seconds=STALE + 1)
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(heartbeat_at=silent)


def _undisturbed(name: str) -> tuple[Changes, int, list[str]]:
    """What it writes, at how many points it could be killed, and what its file holds."""
    WorkerSign.give()
    job, points = works.WORKS[name](works.Above.make()), Points()
    DBTaskResult.objects.all().delete()
    before = counted()
    points.during(lambda: running.run(job.pk))
    job = _seen(job)
    assert job.state == Job.State.DONE, job.error
    return changed_since(before), points.passed, _content(job)


def _content(job: Job) -> list[str]:
    """How many entries its file has, and of which endings; that they can be read."""
    data = b"".join(bytes(part.data) for part in job.parts.all())
    if not data.startswith(b"PK"):
        return [data[:4].decode()]
    with closing(zipfile.ZipFile(io.BytesIO(data))) as file:
        assert file.testzip() is None
        return sorted(name.rpartition(".")[2] for name in file.namelist())


def _stopped(job: Job) -> bool:
    try:
        asking.cancel(job.asked_by, job)
    except Refused:
        return False
    return True


def _wrong_with(job: Job, done: Changes, whole: Changes, content: list[str]) -> Iterator[str]:
    if job.state != Job.State.DONE:
        yield f"{job.state}: {job.error}"
    elif _content(job) != content:
        yield f"another file: {_content(job)} of {content}"
    if done != whole:
        yield f"{done} of {whole}"
    told = News.objects.filter(kind=News.Kind.JOB_DONE, key=job.pk).count()
    if told != 1:
        yield f"told {told} times that it is done"
    if job.attempts > ATTEMPTS or job.done > job.of:
        yield f"begun {job.attempts} times, {job.done}/{job.of}"


def _wrong_with_stopped(job: Job, done: Changes, whole: Changes) -> Iterator[str]:
    lines = AuditEntry.objects.about([job]).filter(verb="job.cancelled").count()
    if (job.state, lines) != (Job.State.CANCELLED, 1):
        yield f"stopped {lines} times, and {job.state}"
    if done and done == whole and not job.answer:
        yield "stopped, and not a word of what was done"
    if job.kind not in Job.IN_PIECES and done not in ({}, whole):
        yield f"stopped, and half-written: {done} of {whole}"
