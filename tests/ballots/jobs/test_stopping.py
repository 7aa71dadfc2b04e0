"""“Dừng” on a job that waits, goes on, is done, or whose process died: it stops, and the page says what is left."""

import threading

import pytest
from django.urls import reverse
from django.utils import timezone

from ballots.core.verbs import Refused
from ballots.jobs import asking, running
from ballots.models import Job, WorkerSign
from ballots.models.jobs import CUT_SHORT
from members.models import AuditEntry
from tests.kit.clients import browser
from tests.kit.jobs import asked, let_lie, let_work, page_of, seen

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_job_stops_at_its_next_step(user, work, alive, monkeypatch):
    monkeypatch.setattr(running, "BEAT", 0.01)
    steps = []

    def work_on(job, file, step):
        for number in range(10_000):
            steps.append(number)
            step(number, 10_000)
            if number == 3:
                asking.cancel(user, job)
            if number >= 3:
                threading.Event().wait(0.01)
        return "", "a.zip"

    work(work_on)
    job = asked(user)
    let_work()
    job = seen(job)
    assert (job.state, job.parts.count()) == ("cancelled", 0)
    assert 4 <= len(steps) < 5_000
    assert (job.done, job.of) <= (len(steps), 10_000)


def test_a_job_that_waits_is_cancelled_and_never_begins(user, work, alive):
    work(lambda *_: pytest.fail("begun"))
    job = asked(user)
    asking.cancel(user, job)
    let_work()
    assert seen(job).state == "cancelled"
    with pytest.raises(Refused, match="đã kết thúc"):
        asking.cancel(user, job)
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == [
        "job.cancelled",
        "job.asked",
    ]


def test_a_job_that_goes_on_is_told_to_stop_once_however_often_it_is_pressed(user, work, alive):
    job = asked(user)
    let_lie(job, heartbeat_at=timezone.now())
    for _ in range(2):
        asking.cancel(user, job)
    assert seen(job).cancel_requested
    assert AuditEntry.objects.filter(verb="job.cancelled").count() == 1


def test_what_was_done_before_it_could_be_stopped_says_so(user, work, alive):
    def work_on(job, file, step):
        asking.cancel(user, job)
        return "Đã gửi.", ""

    work(work_on)
    asked(user)
    let_work()
    page = page_of(user)
    assert "Đã gửi. Xong" in page.replace("Đã làm xong trước khi kịp dừng. ", "")
    assert "Đã làm xong trước khi kịp dừng." in page


PIECES = [("approval", "Dừng sau 3/10; phần đã làm vẫn còn."), ("draft", "")]


@pytest.mark.parametrize(("kind", "answer"), PIECES)
def test_what_is_done_in_pieces_says_after_how_many_it_stopped(user, work, alive, kind, answer):
    def work_on(job, file, step):
        step.tell()
        for number in range(10):
            if number == 3:
                asking.cancel(user, job)
                step(number, 10)
                step.tell()
            step(number, 10)
        return "", ""

    work(work_on)
    asking.ask(user, kind, "Việc", {})
    let_work()
    job = Job.objects.get()
    assert (job.state, job.answer) == ("cancelled", answer)


CUT = [("report", CUT_SHORT), ("papers", "")]


@pytest.mark.parametrize("stop", ["press", "sweep"])
@pytest.mark.parametrize(("kind", "answer"), CUT)
def test_what_died_and_is_stopped_then_says_that_it_may_have_been_done(
    user, work, alive, kind, answer, stop
):
    job = asking.ask(user, kind, "Việc", {})
    let_lie(job, cancel_requested=stop == "sweep")
    asking.cancel(user, job) if stop == "press" else asking.sweep()
    assert (seen(job).state, seen(job).answer) == ("cancelled", answer)


def test_what_was_to_stop_and_died_is_stopped_by_another_press_where_no_worker_is(user, work):
    WorkerSign.give()
    job = asked(user)
    WorkerSign.objects.all().delete()
    let_lie(job, cancel_requested=True)
    page = page_of(user)
    assert "Dừng: Văn bản" in page
    assert "Làm ngay: Văn bản" not in page
    browser(user).post(reverse("ballots:job_cancel", args=[job.pk]))
    assert seen(job).state == "cancelled"
    assert asked(user).state == "done"
