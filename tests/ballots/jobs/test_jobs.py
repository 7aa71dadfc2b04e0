"""Jobs: begun by one, stopped at a step, taken up when left lying, and a result that is written once."""

import datetime
import io
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from ballots.core.verbs import Refused
from ballots.jobs import asking, kinds, running
from ballots.management.commands import worker
from ballots.models import Job, JobPart, WorkerSign
from ballots.models.jobs import ABSENT, ATTEMPTS, KEPT
from members.models import User
from tests.kit import factories
from tests.kit.clients import browser
from tests.kit.jobs import asked, let_lie, let_work, page_of, seen

pytestmark = pytest.mark.django_db(transaction=True)


def content_of(job: Job) -> bytes:
    return b"".join(bytes(part.data) for part in job.parts.all())


def test_where_no_worker_is_a_job_is_done_at_once(user, work):
    job = asked(user)
    assert (job.state, job.answer, job.file_name) == ("done", "Xong.", "a.zip")
    assert content_of(job) == b"ZIP"
    assert not DBTaskResult.objects.exists()


def test_where_a_worker_is_the_page_answers_before_the_work_is_done(user, work, alive):
    job = asked(user)
    assert job.state == "queued"
    let_work()
    assert content_of(seen(job)) == b"ZIP"


def test_a_result_larger_than_a_part_comes_back_whole(user, work, monkeypatch):
    monkeypatch.setattr(running, "PART", 10)
    work(lambda job, file, step: (file.write(bytes(range(25))), ("", "a.bin"))[1])
    job = asked(user)
    assert job.parts.count() == 3
    answer = browser(user).get(reverse("ballots:job_file", args=[job.pk]))
    assert b"".join(answer) == bytes(range(25))


def test_the_same_work_is_not_asked_for_twice_at_once(user, work, alive):
    asked(user, committee=1)
    with pytest.raises(Refused, match="đang được làm"):
        asked(user, committee=1)
    asked(user, committee=2)
    let_work()
    asked(user, committee=1)
    assert Job.objects.count() == 3


def test_of_two_officers_of_a_committee_the_second_finds_what_the_first_has_asked_for(
    user, work, alive
):
    job = asked(user, committee=user.committee_id)
    other = factories.make_user(committee=user.committee)
    with pytest.raises(Refused, match="đang được làm"):
        asked(other, committee=user.committee_id)
    page = page_of(other)
    assert "yêu cầu lúc" in page
    assert "Cán bộ" in page
    let_work()
    answer = browser(other).get(reverse("ballots:job_file", args=[job.pk]))
    assert b"".join(answer) == b"ZIP"
    stranger = factories.make_user(committee=factories.make_committee())
    asked(stranger, committee=user.committee_id)
    assert browser(stranger).get(reverse("ballots:job_file", args=[job.pk])).status_code == 404


ENDS = [
    (Refused("Không được."), "Không được."),
    (OSError(28, "No space left on device"), running.NO_ROOM),
    (RuntimeError("Nguyễn Văn A"), running.UNEXPECTED),
]


@pytest.mark.parametrize(("error", "sentence"), ENDS)
def test_what_cannot_be_done_says_why_and_leaves_nothing(user, work, error, sentence):
    def fail(job, file, step):
        file.write(b"half")
        raise error

    work(fail)
    job = asked(user)
    assert (job.state, job.error, job.parts.count()) == ("failed", sentence, 0)


def test_the_work_of_an_account_that_was_locked_is_not_done(user, work, alive):
    done: list[Job] = []
    work(lambda job, file, step: (done.append(job), ("Xong.", ""))[1])
    job = asked(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    let_work()
    assert (seen(job).state, seen(job).error, done) == ("failed", running.LOCKED, [])


def test_no_error_of_a_job_stands_in_the_rows_of_the_worker(user, work, alive):
    work(lambda *_: 1 / 0)
    asked(user)
    call_command("db_worker", batch=True, startup_delay=False, interval=0, verbosity=0)
    (row,) = DBTaskResult.objects.all()
    assert (row.status, row.traceback) == ("SUCCESSFUL", "")
    assert row.args_kwargs == {"args": [Job.objects.get().pk], "kwargs": {}}


def test_a_job_left_lying_is_taken_up_by_the_next_worker(user, work, alive):
    job = asked(user)
    DBTaskResult.objects.all().delete()
    let_lie(job)
    asking.sweep()
    assert seen(job).state == "queued"
    let_work()
    assert (seen(job).state, seen(job).attempts) == ("done", 2)


def test_a_job_whose_worker_died_before_it_began_is_taken_up_too(user, work, alive):
    job = asked(user)
    DBTaskResult.objects.update(status="RUNNING")
    asking.sweep()
    let_work()
    assert seen(job).state == "done"


def test_a_job_that_someone_is_doing_is_left_alone(user, work, alive):
    job = asked(user)
    let_lie(job, heartbeat_at=timezone.now())
    asking.sweep()
    running.run(job.pk)
    assert (seen(job).state, seen(job).runner) == ("running", "dead")


ABANDONED = [
    ({"attempts": ATTEMPTS}, "failed", asking.DEADLY),
    ({"cancel_requested": True}, "cancelled", ""),
]


@pytest.mark.parametrize(("values", "state", "error"), ABANDONED)
def test_what_is_not_begun_again(user, work, alive, values, state, error):
    job = asked(user)
    let_lie(job, **values)
    asking.sweep()
    assert (seen(job).state, seen(job).error) == (state, error)


def test_who_was_taken_for_dead_writes_nothing(user, work, alive):
    """Its machine slept in the middle of the work; another worker has done it meanwhile."""

    def sleep(job, file, step):
        let_lie(job, runner=job.runner)
        work(lambda job, file, step: (file.write(b"other"), ("", "other.zip"))[1])
        running.run(job.pk)
        file.write(b"late")
        return "Muộn.", "late.zip"

    work(sleep)
    job = asked(user)
    let_work()
    job = seen(job)
    assert (job.state, job.file_name, content_of(job)) == ("done", "other.zip", b"other")


def test_a_result_that_cannot_be_stored_leaves_no_part(user, work):
    with mock.patch.object(JobPart.objects, "create", side_effect=DatabaseError):
        job = asked(user)
    assert (job.state, job.parts.count(), job.error) == ("failed", 0, running.UNEXPECTED)


def test_a_result_goes_after_some_days_with_its_row(user, work):
    old, young = asked(user, committee=1), asked(user, committee=2)
    ended = timezone.now() - datetime.timedelta(days=KEPT, minutes=1)
    Job.objects.filter(pk=old.pk).update(ended_at=ended)
    asking.sweep()
    assert list(Job.objects.all()) == [young]
    assert set(JobPart.objects.values_list("job", flat=True)) == {young.pk}


IMPOSSIBLE = [
    ("job_ends_once", {"state": "lost"}),
    ("job_has_a_runner_while_it_runs", {"state": "running"}),
    ("job_has_a_runner_while_it_runs", {"runner": "somebody"}),
    ("job_ends_once", {"state": "done"}),
    ("job_ends_once", {"ended_at": timezone.now()}),
    ("job_says_why_it_failed", {"state": "failed", "ended_at": timezone.now()}),
    ("job_does_no_more_than_all", {"done": 2, "of": 1}),
]


@pytest.mark.parametrize(("name", "values"), IMPOSSIBLE)
def test_what_no_row_of_a_job_can_say(user, alive, name, values):
    job = asked(user)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**values)


def test_every_kind_of_job_has_its_work():
    assert set(kinds.WORKS) == set(Job.Kind.values)
    assert all(callable(kinds.work_of(Job(kind=kind))) for kind in Job.Kind.values)


# The page.


def test_the_page_shows_the_jobs_of_the_own_committee_alone_and_how_far_they_are(
    user, work, alive
):
    job = asked(user)
    let_lie(job, heartbeat_at=timezone.now(), done=12, of=300)
    assert "12/300" in page_of(user)
    assert "Không có việc nào" in page_of(
        factories.make_user(committee=factories.make_committee())
    )
    assert "Không có việc nào" in page_of(factories.make_user())
    part = browser(user).get(reverse("ballots:jobs"), headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert b'hx-trigger="every 3s"' in part.content


def test_what_an_officer_asked_for_elsewhere_is_nothing_to_the_new_colleagues(user, work, alive):
    job = asked(user, committee=user.committee_id)
    assert "Văn bản" in page_of(user)
    User.objects.filter(pk=user.pk).update(committee=factories.make_committee())
    colleague = factories.make_user(committee=User.objects.get(pk=user.pk).committee)
    for account in (user, colleague):
        assert "Không có việc nào" in page_of(account)
        for act in ("job_cancel", "job_run"):
            assert (
                browser(account).post(reverse(f"ballots:{act}", args=[job.pk])).status_code == 404
            )
    assert seen(job).is_unfinished


def test_the_page_says_that_no_worker_is_there_and_does_the_work_when_told(user, work, alive):
    job = asked(user)
    silent = timezone.now() - datetime.timedelta(seconds=ABSENT + 1)
    WorkerSign.objects.update(at=silent)
    assert "Tiến trình nền của máy chủ không chạy" in page_of(user)
    browser(user).post(reverse("ballots:job_run", args=[job.pk]))
    assert seen(job).state == "done"
    assert "Tải về" in page_of(user)


def test_what_is_being_done_in_another_tab_waits_for_no_worker(user, work, alive):
    job = asked(user)
    WorkerSign.objects.all().delete()
    let_lie(job, heartbeat_at=timezone.now())
    assert "Đang làm" in page_of(user)
    assert "Làm ngay" not in page_of(user)
    assert "không chạy" not in page_of(user)


def test_nothing_is_done_twice_beside_a_worker(user, work, alive):
    job = asked(user)
    with pytest.raises(Refused, match="đang làm việc này"):
        asking.run_now(job)


def test_each_round_of_a_worker_leaves_a_sign_and_bears_a_silent_database(user):
    worker.round_once()
    assert WorkerSign.is_fresh()
    with mock.patch.object(asking, "sweep", side_effect=DatabaseError):
        worker.round_once()
    connection.ensure_connection()


def test_a_worker_does_not_begin_on_tables_of_another_version(capsys):
    with (
        mock.patch.object(worker.schema, "refusal", return_value="Bảng cũ."),
        pytest.raises(SystemExit),
    ):
        call_command("worker", stderr=io.StringIO())
