"""Jobs wanted by many at once, and a worker killed in the middle of one."""

import datetime
import os
import signal
import subprocess
import sys
import threading

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from ballots.core.verbs import Refused
from ballots.jobs import asking, kinds, running
from ballots.models import Job, JobPart, WorkerSign
from ballots.models.jobs import STALE
from tests.kit import factories
from tests.kit.threads import meanwhile, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job(monkeypatch) -> Job:
    """Waits for a worker; its work counts how often it is done."""
    monkeypatch.setattr(kinds, "work_of", lambda job: work)
    times.clear()
    WorkerSign.give()
    return ask(factories.make_user())


times: list[int] = []


def work(job, file, step):
    times.append(job.attempts)
    file.write(f"{job.attempts}".encode())
    return "", "a.zip"


def ask(user) -> Job:
    return asking.ask(user, Job.Kind.PAPERS, "Văn bản", {"committee": 1})


def silent() -> datetime.datetime:
    return timezone.now() - datetime.timedelta(seconds=STALE + 1)


def test_of_four_workers_that_want_a_job_one_does_it(job):
    together(*[lambda: running.run(job.pk)] * 4)
    assert times == [1]
    assert (Job.objects.get().state, JobPart.objects.count()) == ("done", 1)


def test_of_four_workers_that_find_a_job_left_lying_one_takes_it_up(job):
    Job.objects.update(state="running", runner="dead", attempts=1, heartbeat_at=silent())
    together(*[lambda: running.run(job.pk)] * 4)
    assert times == [2]
    assert bytes(JobPart.objects.get().data) == b"2"


def test_of_two_who_finish_the_same_job_one_writes_its_result(job, monkeypatch):
    """One was taken for dead while it worked; both hold their whole result in their hands."""
    both = threading.Barrier(2)

    def work_until_both(job, file, step):
        if job.attempts == 1:
            Job.objects.filter(pk=job.pk).update(heartbeat_at=silent())
        both.wait(20)
        file.write(f"{job.attempts}".encode())
        return "", f"{job.attempts}.zip"

    monkeypatch.setattr(kinds, "work_of", lambda job: work_until_both)
    ready = threading.Event()

    def second():
        while Job.objects.filter(pk=job.pk).abandoned().count() == 0:
            ready.wait(0.01)
        running.run(job.pk)

    together(lambda: running.run(job.pk), second)
    assert (Job.objects.get().file_name, Job.objects.get().attempts) == ("2.zip", 2)
    assert bytes(JobPart.objects.get().data) == b"2"


def test_of_four_presses_of_one_officer_one_asks():
    WorkerSign.give()
    user = factories.make_user()
    answers = together(*[lambda: ask(user)] * 4)
    assert sum(isinstance(answer, Job) for answer in answers) == 1
    assert sum(isinstance(answer, Refused) for answer in answers) == 3


def test_of_two_officers_of_one_committee_one_asks():
    WorkerSign.give()
    committee = factories.make_committee()
    officers = [factories.make_user(committee=committee) for _ in range(4)]
    answers = together(*[lambda officer=officer: ask(officer) for officer in officers])
    assert sum(isinstance(answer, Job) for answer in answers) == 1
    assert sum(isinstance(answer, Refused) for answer in answers) == 3


def test_a_job_is_either_cancelled_or_begun(job):
    user = job.asked_by
    cancelled, _ = together(lambda: asking.cancel(user, job), lambda: running.run(job.pk))
    state = Job.objects.get().state
    assert state in ("cancelled", "done")
    assert JobPart.objects.count() == (state == "done")
    assert cancelled is None or state == "done"


def test_a_job_that_is_stopped_while_it_is_taken_up_does_not_wait_for_ever(job):
    """Who takes it up comes between two looks at it of who stops it."""
    Job.objects.update(state="running", runner="dead", attempts=1, heartbeat_at=silent())
    free = {"state": "queued", "runner": ""}
    meanwhile(
        lambda: asking.cancel(job.asked_by, job),
        "ballots.models.jobs._before",
        lambda: Job.objects.filter(state="running").update(**free),
    )
    assert Job.objects.get().state == "cancelled"


WORKER = """
import django
django.setup()
from ballots.jobs import kinds, running
def work(job, file, step):
    file.write(b"half")
    step(1, 2)
    print("begun", flush=True)
    input()
kinds.work_of = lambda job: work
running.BEAT = 0.05
running.run({pk})
"""


def test_a_worker_killed_in_the_middle_leaves_nothing_half_written_and_the_next_does_it_all(job):
    database = connection.settings_dict
    url = f"sqlite:///{database['NAME']}"
    if connection.vendor == "postgresql":
        place = f"{database['USER']}@{database['HOST']}:{database['PORT']}"
        url = f"postgres://{place}/{database['NAME']}"
    environ = dict(os.environ) | {
        "DJANGO_SETTINGS_MODULE": "partyreview.settings",
        "DATABASE_URL": url,
        "SECRET_KEY": "of this test",
        "ALLOWED_HOSTS": "127.0.0.1",
    }
    with subprocess.Popen(
        [sys.executable, "-c", WORKER.format(pk=job.pk)],
        cwd=settings.BASE_DIR,
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGKILL)
    assert Job.objects.get().state == "running"
    assert not JobPart.objects.exists()
    asking.sweep()
    assert Job.objects.get().state == "running"  # it may be alive yet
    Job.objects.update(heartbeat_at=silent())
    asking.sweep()
    running.run(job.pk)
    assert (Job.objects.get().state, times) == ("done", [2])
    assert bytes(JobPart.objects.get().data) == b"2"
