"""A report or a quota draft of many files is made by a job: watched, stopped, once, and whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

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
    address: str
    watched: str
    typed: dict[str, object]
    shown: str
    verb: str
    made: Callable[[], list[int]]

    def officer(self) -> User:
        return factories.make_user(committee=self.committee)

    def ask(self, user: User):
        return browser(user).post(self.address, self.typed)


def report() -> Work:
    top = factories.make_committee("Đảng bộ tỉnh Mẫu")
    ward = factories.make_committee("Đảng bộ phường Hoa Sen", top)
    trees.count_file(factories.make_cell(ward), factories.make_campaign(top))
    factories.make_user(committee=top)
    typed = {"sending": 1, "post": "Bí thư", "dated": "20/12/2026"}

    def made() -> list[int]:
        return [CommitteeFile.objects.count(), CommitteePaper.objects.count()]

    page = reverse("ballots:upward", args=[ward.pk, "2026"])
    return Work(ward, page, page, typed, "Máy đang soạn và gửi báo cáo", "report.sent", made)


def lines() -> list[int]:
    return [QuotaDraft.objects.count(), QuotaLine.objects.count()]


def draft() -> Work:
    ward = sendings.make_sent().cell.committee
    page = reverse("ballots:quota", args=[ward.pk, "2026"])
    return Work(ward, page, page, {"name": "Lần 1"}, "Máy đang lập", "quota.drafted", lines)


def copied() -> Work:
    row = drafts.make_draft()
    pages = reverse("ballots:quota", args=[row.committee_id, "2026"])
    page = reverse("ballots:quota_copy", args=[row.pk])
    typed = {"name": "Lần 2"}
    return Work(row.committee, page, pages, typed, "Máy đang lập", "quota.copied", lines)


def refreshed() -> Work:
    row = drafts.make_draft()
    drafts.send(row.committee)
    room = reverse("ballots:quota_draft", args=[row.pk])
    page, typed = reverse("ballots:quota_refresh", args=[row.pk]), {"version": row.version}
    said = "Máy đang cập nhật dự thảo này"
    return Work(row.committee, page, room, typed, said, "quota.refreshed", lines)


MADE = {report: [1, 7], draft: [1, 4], copied: [2, 8], refreshed: [1, 8]}
WORKS = pytest.mark.parametrize(
    ("make", "whole"), MADE.items(), ids=[make.__name__ for make in MADE]
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
    before, job = work.made(), asked(work)
    assert work.made() == before != whole
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
    assert work.shown in words_of(browser(second).get(work.watched))
    refused = work.ask(second)
    assert refused.status_code == 422
    assert Job.objects.count() == 1
    running.run(job.pk)
    assert work.shown not in words_of(browser(second).get(work.watched))
    assert work.made() == whole


@WORKS
def test_stopped_at_any_step_nothing_of_it_is_there(make, whole):
    work = make()
    before, job, steps = work.made(), asked(work), []

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
            assert work.made() == before
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
    before, job, statement = work.made(), asked(work), 1
    while dying_at(statement, lambda: running.run(job.pk)):
        assert work.made() in (before, whole)
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


def test_a_draft_that_changes_before_it_is_brought_up_to_date_is_left_as_it_is():
    work = refreshed()
    job = asked(work)
    QuotaDraft.objects.update(version=7)
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.state, work.made()) == ("failed", [1, 4])
    assert "Trang này đã cũ" in job.error


def test_a_draft_that_is_gone_meanwhile_says_so():
    job = asked(copied())
    QuotaDraft.objects.get().delete()
    running.run(job.pk)
    job.refresh_from_db()
    assert "Dự thảo này không còn nữa" in job.error


def test_a_long_room_is_written_beside_the_page_and_fetched_by_its_committee_alone():
    row = drafts.make_draft()
    officer, stranger = (factories.make_user(committee=at) for at in (row.committee, None))
    address = reverse("ballots:quota_xlsx", args=[row.pk])
    room = reverse("ballots:quota_draft", args=[row.pk])
    assert browser(officer).get(address).url == room  # only a press has it written
    assert browser(officer).post(address).url == reverse("ballots:jobs")
    job = Job.objects.get()
    running.run(job.pk)
    file = reverse("ballots:job_file", args=[job.pk])
    written = load_workbook(BytesIO(browser(officer).get(file).getvalue()))
    assert written["Từng trường hợp"].max_row == 5
    assert browser(stranger).get(file).status_code == 404


@pytest.mark.parametrize("kind", [draft, copied])
def test_the_database_learns_how_many_rows_a_long_draft_has_before_it_is_opened_or_compared(kind):
    work = kind()
    work.ask(work.officer())
    with CaptureQueriesContext(connection) as asked:
        running.run(Job.objects.get().pk)
    counted = [query["sql"] for query in asked if query["sql"].startswith("ANALYZE")]
    assert counted == ['ANALYZE "ballots_quotafile"', 'ANALYZE "ballots_quotaline"']


LONG_PAPERS = [each for each in composing.LISTED if each[0] != "report"]


def test_a_long_reports_tables_are_drawn_by_jobs_that_its_page_leads_to():
    work = report()
    officer = work.officer()
    assert len(LONG_PAPERS) == 5
    for kind, ending in LONG_PAPERS:
        address = reverse("ballots:upward_draft", args=[work.committee.pk, "2026", kind, ending])
        assert browser(officer).get(address).url == f"{work.address}#drafts"
        assert browser(officer).post(address).url == f"{work.address}#drafts"
    assert "Đang chờ" in words_of(browser(officer).get(work.address))
    assert 'hx-trigger="every 3s"' in browser(officer).get(work.address).content.decode()
    jobs = list(Job.objects.order_by("pk"))
    for job in jobs:
        running.run(job.pk)
        assert f"/{job.pk}/" in browser(officer).get(work.address).content.decode()
    part = browser(officer).get(work.address, headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="drafts">')
    assert part.count("số chưa đổi từ đó") == 5
    files = [
        browser(officer).get(reverse("ballots:job_file", args=[job.pk])).getvalue() for job in jobs
    ]
    assert [data[:2] for data in files] == [b"%P", b"PK", b"%P", b"PK", b"PK"]


def test_a_table_drawn_before_a_number_changed_says_so_and_is_drawn_again():
    work = report()
    officer, of = browser(work.officer()), [work.committee.pk, "2026", "bodies", "pdf"]
    officer.post(reverse("ballots:upward_draft", args=of))
    running.run(Job.objects.get().pk)
    above = work.committee.above
    trees.count_file(factories.make_cell(work.committee), factories.make_campaign(above))
    page = words_of(officer.get(work.address))
    assert ("01 tệp: Số đã đổi từ lúc soạn" in page, page.count("Soạn lại")) == (True, 2)
    officer.post(reverse("ballots:upward_draft", args=of))
    running.run(Job.objects.first().pk)
    page = words_of(officer.get(work.address))
    assert ("số chưa đổi từ đó" in page, "Soạn lại" in page) == (True, False)


def test_what_is_wrong_with_many_files_is_said_once_with_their_number():
    work = report()
    officer = browser(work.officer())
    for kind, ending in LONG_PAPERS:
        of = [work.committee.pk, "2026", kind, ending]
        officer.post(reverse("ballots:upward_draft", args=of))
    for job in Job.objects.order_by("pk"):
        running.run(job.pk)
    trees.count_file(
        factories.make_cell(work.committee), factories.make_campaign(work.committee.above)
    )
    page = words_of(officer.get(work.address))
    assert page.count("Số đã đổi từ lúc soạn") == page.count("05 tệp: Số đã đổi") == 1
    assert page.count("số cũ") == 5
    some = Job.objects.order_by("pk").values_list("pk", flat=True)[:2]
    Job.objects.filter(pk__in=list(some)).update(state="failed", error="Đĩa của máy chủ đầy.")
    page = words_of(officer.get(work.address))
    assert page.count("Đĩa của máy chủ đầy.") == page.count("02 tệp: Đĩa của máy chủ đầy.") == 1
    assert (page.count("03 tệp: Số đã đổi"), page.count("Chưa soạn được")) == (1, 2)


def test_of_two_presses_on_one_table_the_second_is_told():
    work = report()
    officer, of = browser(work.officer()), [work.committee.pk, "2026", "people", "docx"]
    for _ in range(2):
        officer.post(reverse("ballots:upward_draft", args=of))
    assert Job.objects.count() == 1
    assert "đang được làm rồi" in words_of(officer.get(work.address))
