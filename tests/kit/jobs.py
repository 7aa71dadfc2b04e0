"""Jobs that are asked for, left lying, and done, and the page that shows them."""

import datetime

from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from ballots.jobs import asking
from ballots.models import Job
from ballots.models.jobs import STALE
from members.models import User
from tests.kit.clients import browser, words_of


def asked(user: User | None, **args: object) -> Job:
    job = asking.ask(user, Job.Kind.PAPERS, "Văn bản", args)
    job.refresh_from_db()
    return job


def seen(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def let_lie(job: Job, **values: object) -> None:
    """Whoever does it has been silent for too long."""
    silent = timezone.now() - datetime.timedelta(seconds=STALE + 1)
    begun = {"state": "running", "runner": "dead", "attempts": 1, "heartbeat_at": silent}
    Job.objects.filter(pk=job.pk).update(**begun | values)


def let_work() -> None:
    """What a worker does with what it is told, until nothing is left."""
    for result in DBTaskResult.objects.ready():
        result.task.call(*result.args_kwargs["args"])
        result.delete()


def page_of(user: User, **headers: str) -> str:
    return words_of(browser(user).get(reverse("ballots:jobs"), headers=headers))
