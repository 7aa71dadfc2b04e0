"""A report or a quota draft of many files is made by a job: watched, stopped, once, and whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pytest
from django.urls import reverse

from ballots.committee.quota import job as drafting
from ballots.committee.upward import composing
from ballots.committee.upward import job as reporting
from ballots.jobs import asking, kinds, running
from ballots.models import CommitteeFile, CommitteePaper, Job, QuotaDraft, QuotaLine, WorkerSign
from cells.models import Committee
from members.models import AuditEntry, News, User
from tests.kit import drafts, factories, sendings, trees
from tests.kit.clients import browser, words_of
from tests.kit.dying import dying_at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("undrawn", "long")]


@pytest.fixture
def long(monkeypatch) -> None:
    """One file is many, and a worker is there."""
    monkeypatch.setattr(composing, "AT_ONCE", 0)
    monkeypatch.setattr(drafting, "AT_ONCE", 0)
    WorkerSign.give()


@dataclass
class Work:
    """What a committee's officer has made: the page that asks for it, what is typed, and what it leaves."""

    committee: Committee
    page: str
    typed: dict[str, object]
    shown: str
    verb: str
    made: Callable[[], list[int]]

    def officer(self) -> User:
        return factories.make_user(committee=self.committee)

    def ask(self, user: User):
        return browser(user).post(self.address, self.typed)

    @property
    def address(self) -> str:
        return reverse(self.page, args=[self.committee.pk, "2026"])


def report() -> Work:
    top = factories.make_committee("Đảng bộ tỉnh Mẫu")
    ward = factories.make_committee("Đảng bộ phường Hoa Sen", top)
    trees.count_file(factories.make_cell(ward), factories.make_campaign(top))
    factories.make_user(committee=top)
    typed = {"sending": 1, "post": "Bí thư", "dated": "20/12/2026"}

    def made() -> list[int]:
        return [CommitteeFile.objects.count(), CommitteePaper.objects.count()]

    return Work(ward, "ballots:upward", typed, "Máy đang soạn và gửi báo cáo", "report.sent", made)


def draft() -> Work:
    ward = sendings.make_sent().cell.committee

    def made() -> list[int]:
        return [QuotaDraft.objects.count(), QuotaLine.objects.count()]

    return Work(ward, "ballots:quota", {"name": "Lần 1"}, "Máy đang lập", "quota.drafted", made)


WORKS = pytest.mark.parametrize(
    ("make", "whole"), [(report, [1, 7]), (draft, [1, 4])], ids=["report", "draft"]
)


def asked(work: Work) -> Job:
    assert work.ask(work.officer()).url == reverse("ballots:jobs")
    return Job.objects.get()


def left_lying(job: Job) -> None:
    """Its process is dead for so long that the next one takes it up."""
    Job.objects.filter(pk=job.pk, state="running").update(heartbeat_at="2026-01-01T00:00Z")


@WORKS
def test_the_page_answers_at_once_and_the_worker_makes_it_and_tells_who_asked(make, whole):
    work = make()
    job = asked(work)
    assert work.made() == [0, 0]
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error, work.made()) == ("done", "", whole)
    assert News.objects.filter(account=job.asked_by, kind=News.Kind.JOB_DONE).count() == 1
    assert job.answer in words_of(browser(job.asked_by).get(reverse("ballots:jobs")))


@WORKS
def test_of_two_officers_the_second_reads_that_it_is_being_made(make, whole):
    work = make()
    job = asked(work)
    second = work.officer()
    assert work.shown in words_of(browser(second).get(work.address))
    refused = work.ask(second)
    assert refused.status_code == 422
    assert Job.objects.count() == 1
    running.run(job.pk)
    assert work.shown not in words_of(browser(second).get(work.address))
    assert work.made() == whole


@WORKS
def test_stopped_at_any_step_nothing_of_it_is_there(make, whole):
    work = make()
    job, steps = asked(work), []

    class Stop:
        def __init__(self, at: int) -> None:
            self.at = at

        def __call__(self, done: int, of: int) -> None:
            steps.append((done, of))
            if len(steps) == self.at:
                raise running.Stopped

    at = 0
    while True:
        at += 1
        steps.clear()
        try:
            kinds.work_of(job)(job, BytesIO(), Stop(at))
        except running.Stopped:
            assert work.made() == [0, 0]
            continue
        break
    assert at > 2
    assert steps[-1][0] == steps[-1][1]
    assert work.made() == whole


@WORKS
def test_a_report_that_is_sent_or_a_draft_that_is_made_is_done_however_late_it_is_stopped(
    make, whole, monkeypatch
):
    work = make()
    job = asked(work)
    of_kind = kinds.work_of(job)

    def stopped_after(job, file, step):
        answer = of_kind(job, file, step)
        asking.cancel(job.asked_by, job)
        step.tell()
        return answer

    monkeypatch.setattr(kinds, "work_of", lambda job: stopped_after)
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.state, work.made()) == ("done", whole)


@pytest.mark.slow
@WORKS
def test_killed_at_any_statement_it_is_made_once_by_the_next_worker(make, whole):
    work = make()
    job, statement = asked(work), 1
    while dying_at(statement, lambda: running.run(job.pk)):
        assert work.made() in ([0, 0], whole)
        left_lying(job)
        statement += 1
    job.refresh_from_db()
    assert statement > 20
    assert (job.state, job.error, work.made()) == ("done", "", whole)
    assert AuditEntry.objects.filter(verb=work.verb).count() == 1
    assert News.objects.filter(kind=News.Kind.JOB_DONE).count() == 1


def test_a_number_that_changes_before_the_report_is_drawn_sends_nothing():
    work = report()
    job = asked(work)
    trees.count_file(
        factories.make_cell(work.committee), factories.make_campaign(work.committee.above)
    )
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.state, work.made()) == ("failed", [0, 0])
    assert "Số vừa thay đổi" in job.error


def test_an_officer_who_has_lost_the_committee_meanwhile_sends_nothing():
    work = report()
    job = asked(work)
    User.objects.filter(pk=job.asked_by_id).update(committee=factories.make_committee())
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.state, work.made()) == ("failed", [0, 0])


def test_a_draft_whose_name_is_taken_meanwhile_says_so():
    work = draft()
    job = asked(work)
    drafting.verbs.make(work.officer(), work.committee, drafts.PERIOD, "Lần 1")
    before = work.made()
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.state, work.made()) == ("failed", before)
    assert "tên" in job.error


def test_what_is_typed_wrong_is_said_on_the_page_and_no_job_is_asked_for():
    work = report()
    old = browser(work.officer()).post(work.address, work.typed | {"sending": 3})
    assert old.status_code == 422
    assert not Job.objects.exists()
    assert reporting.being_sent(work.committee, drafts.PERIOD) is None
