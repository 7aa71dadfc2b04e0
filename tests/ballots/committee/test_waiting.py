"""Hồ sơ chờ duyệt: the next file opens by one press, clean ones are approved together, each as it was seen."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ballots.committee.queue import batch
from ballots.committee.queue import job as approving
from ballots.committee.queue.waiting import following, part_of, waiting_files
from ballots.jobs import running
from ballots.models import Job, Standing, Submission, WorkerSign
from cells.models import Cell, Committee, Meeting
from members.models import Attachment, SelfReview, User
from tests.kit import factories, sendings, verbs
from tests.kit.clients import browser, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("undrawn")]


@pytest.fixture
def sent() -> Meeting:
    return sendings.make_sent()


@pytest.fixture
def officer(sent) -> User:
    return factories.make_user(committee=sent.cell.committee)


def make_waiting(sent: Meeting, committee: Committee, days: float = 0) -> Meeting:
    """The file of another cell, sent so many days ago; none of its pages is opened."""
    cell = Cell.objects.create(name=f"Tổ {Cell.objects.count()}", committee=committee)
    meeting = Meeting.objects.create(cell=cell, campaign=sent.campaign, starts_at=sent.starts_at)
    row = Submission.objects.create(meeting=meeting, by=factories.secretary_of(sent))
    Submission.objects.filter(pk=row.pk).update(at=timezone.now() - timedelta(days=days))
    return meeting


def opened(user: User, **query: int) -> str:
    return browser(user).get(reverse("ballots:next_file"), query)["Location"]


def page(meeting: Meeting) -> str:
    return reverse("ballots:submission", args=[meeting.pk])


def test_files_come_own_cells_first_then_who_waits_longest_and_from_the_first_again(sent, officer):
    committee = sent.cell.committee
    ward = factories.make_committee(parent=committee)
    below, older = make_waiting(sent, ward, 9), make_waiting(sent, committee, 2)
    order = [row.meeting_id for row in waiting_files(committee)]
    assert order == [older.pk, sent.pk, below.pk]
    assert opened(officer) == page(older)
    assert [opened(officer, sau=meeting.pk) for meeting in (older, sent, below)] == [
        page(sent),
        page(below),
        page(older),
    ]


@pytest.mark.parametrize("part", [(0, 1), (0, 3), (1, 3), (2, 5), (3, 5), (9, 12)])
def test_a_part_of_the_list_is_that_part_of_the_order_whatever_it_cuts(sent, part):
    committee = sent.cell.committee
    ward = factories.make_committee(parent=committee)
    for days in (3, 1):
        make_waiting(sent, ward, days)
    make_waiting(sent, committee, 2)
    rows, (start, stop) = waiting_files(committee), part
    assert len(rows) == 4
    assert part_of(rows, committee, start, stop) == list(rows)[start:stop]


def test_what_was_returned_approved_or_lies_elsewhere_waits_for_nobody_here(sent, officer):
    beside = make_waiting(sent, factories.make_committee(), 5)
    verbs.approve(officer, sent, 1)
    assert following(sent.cell.committee, 0) is None
    assert opened(officer) == reverse("ballots:queue")
    listed = browser(officer).get(reverse("ballots:queue")).content.decode()
    assert "Không còn hồ sơ nào chờ duyệt" in listed
    assert beside.cell.name not in listed


def test_approving_opens_the_next_file(sent, officer):
    older = make_waiting(sent, sent.cell.committee, 2)
    answer = browser(officer).post(reverse("ballots:approve", args=[sent.pk]), {"number": 1})
    assert opened(officer, sau=sent.pk) == page(older)
    assert answer["Location"] == f"{reverse('ballots:next_file')}?sau={sent.pk}"


@pytest.mark.parametrize("number", [3, 30])
def test_the_list_costs_the_same_whatever_waits(
    sent, officer, number, django_assert_max_num_queries
):
    for _ in range(number):
        make_waiting(sent, sent.cell.committee)
    user = browser(officer)
    with django_assert_max_num_queries(11):  # one of them is what every page asks: how many news
        words = words_of(user.get(reverse("ballots:queue")))
    assert f"{number + 1:02} hồ sơ chờ duyệt" in words


def press(officer: User, *files: str):
    address = reverse("ballots:batch")
    return browser(officer).post(address, {"file": files}, follow=True)


def test_the_preview_lists_what_is_clean_and_says_why_another_is_not(sent, officer):
    assert [each.exceptions for each in batch.preview(sent.cell.committee)] == [()]
    words = words_of(browser(officer).get(reverse("ballots:batch")))
    assert "Máy vừa xem 01/01 hồ sơ chờ duyệt: 01 hồ sơ mọi mục đều đạt" in words
    Attachment.objects.all().delete()
    words = words_of(browser(officer).get(reverse("ballots:batch")))
    assert ("00 hồ sơ mọi mục đều đạt" in words, "Ảnh trang ký: Chưa có" in words) == (True, True)


def test_the_preview_of_no_file_says_that_none_waits(sent):
    stranger = factories.make_user(committee=factories.make_committee("Đảng bộ khác"))
    words = words_of(browser(stranger).get(reverse("ballots:batch")))
    assert "Không còn hồ sơ nào chờ duyệt." in words
    assert "00/00" not in words


def test_clean_files_are_approved_together_each_once(sent, officer):
    words = words_of(press(officer, f"{sent.pk}:1", f"{sent.pk}:1"))
    assert "Đã duyệt 01 hồ sơ." in words
    assert Submission.objects.standing_of(sent) == Standing.APPROVED
    assert "được duyệt rồi" in words_of(press(officer, f"{sent.pk}:1"))


CHANGED = {
    "the cell has sent again": (
        lambda sent: verbs.send_up(factories.secretary_of(sent), sent, "Bổ sung"),
        "Trang này đã cũ",
    ),
    "something is to be looked at": (
        lambda sent: Attachment.objects.all().delete(),
        "cần xem riêng nên không duyệt hàng loạt. Ảnh trang ký",
    ),
    "a check is red": (
        lambda sent: SelfReview.objects.all().delete(),
        "Chưa duyệt được. Chưa nộp",
    ),
}


@pytest.mark.parametrize("name", CHANGED)
def test_what_has_changed_since_the_preview_is_left_out_and_named_when(sent, officer, name):
    happens, sentence = CHANGED[name]
    happens(sent)
    words = words_of(press(officer, f"{sent.pk}:1"))
    assert f"Chưa duyệt hồ sơ của {sent.cell}: " in words
    assert sentence in words
    assert Submission.objects.standing_of(sent) == Standing.SENT


@pytest.mark.parametrize("files", [(), ("x:1",), tuple(f"{n}:1" for n in range(1, 52))])
def test_a_batch_is_of_files_that_were_listed_and_of_fifty_at_most(sent, officer, files):
    assert press(officer, *files).status_code == 422


def test_a_file_of_another_committee_is_approved_by_no_batch(sent, officer):
    beside = make_waiting(sent, factories.make_committee(), 5)
    assert press(officer, f"{sent.pk}:1", f"{beside.pk}:1").status_code == 404
    assert not Submission.objects.standing(Standing.APPROVED).exists()


@pytest.mark.usefixtures("undrawn")
def test_the_link_to_the_queue_counts_what_the_queue_shows_whatever_period_the_board_shows():
    sent = sendings.make_sent()
    committee = sent.cell.committee
    above = factories.make_user(committee=committee)
    factories.make_campaign(committee, year=2027)
    board = f"/hop/dang-bo/{committee.pk}/"
    later = words_of(browser(above).get(f"{board}?nam=2027"))
    assert "01 hồ sơ chờ duyệt, 01 của kỳ khác" in later
    assert "01 hồ sơ chờ duyệt, " not in words_of(browser(above).get(f"{board}?nam=2026"))
    top = factories.make_user(committee=factories.make_committee())
    Committee.objects.move(committee, top.committee, "first-child")
    page = words_of(browser(top).get(f"{board}?nam=2027"))
    assert "hồ sơ chờ duyệt" not in page
    assert "01 hồ sơ chờ duyệt" in words_of(browser(top).get(f"{board}?nam=2026"))


def test_the_preview_comes_part_by_part_and_each_part_leads_to_the_next(sent, officer):
    for days in range(batch.PART + 1):
        make_waiting(sent, sent.cell.committee, 1 + days)
    user, address = browser(officer), reverse("ballots:batch")
    first = user.get(address).content.decode()
    assert "05/07 hồ sơ chờ duyệt" in words_of(user.get(address))
    assert 'hx-get="?tu=5&amp;dat=0"' in first
    assert f'value="{sent.pk}:1"' not in first
    part = user.get(address, {"tu": 5, "dat": 0}, headers={"HX-Request": "true"})
    last = part.content.decode()
    assert "07/07 hồ sơ chờ duyệt: 01 hồ sơ mọi mục đều đạt, 06 hồ sơ cần mở xem" in words_of(part)
    assert f'value="{sent.pk}:1" checked' in last
    assert "hx-get" not in last  # nothing more comes
    alone = user.get(address, {"tu": 5}).content.decode()  # without a script
    assert f'value="{sent.pk}:1" checked' in alone


@pytest.mark.parametrize("start", ["-1", "x", "9" * 30, "50"])
def test_a_part_that_there_is_not_is_empty_or_the_first(sent, officer, start):
    assert browser(officer).get(reverse("ballots:batch"), {"tu": start}).status_code == 200


@pytest.fixture
def many(monkeypatch) -> None:
    """One file is many, and a worker is there."""
    monkeypatch.setattr(approving, "AT_ONCE", 0)
    WorkerSign.give()


@pytest.mark.usefixtures("many")
def test_many_files_are_approved_by_a_job_that_names_what_it_left(sent, officer):
    other = make_waiting(sent, sent.cell.committee)
    assert "Duyệt 02 hồ sơ chi bộ" in words_of(press(officer, f"{sent.pk}:1", f"{other.pk}:1"))
    assert Submission.objects.standing_of(sent) == Standing.SENT
    assert "đang được làm rồi" in words_of(press(officer, f"{sent.pk}:1", f"{other.pk}:1"))
    job = Job.objects.get()
    running.run(job.pk)
    job.refresh_from_db()
    assert Submission.objects.standing_of(sent) == Standing.APPROVED
    assert job.answer.startswith(f"Đã duyệt 01 hồ sơ. Để lại 01: {other.cell}: Chưa duyệt được")
    assert len(job.answer) <= approving.LONGEST


@pytest.mark.usefixtures("many")
def test_begun_again_after_its_process_was_killed_the_job_counts_what_it_has_approved(
    sent, officer
):
    press(officer, f"{sent.pk}:1")
    job = Job.objects.get()
    approving.approve(job, None, lambda done, of: None)
    answer, _ = approving.approve(job, None, lambda done, of: None)
    assert answer == "Đã duyệt 01 hồ sơ."


@pytest.mark.usefixtures("many")
def test_the_job_of_an_officer_who_has_lost_the_committee_approves_nothing(sent, officer):
    press(officer, f"{sent.pk}:1")
    User.objects.filter(pk=officer.pk).update(committee=factories.make_committee())
    job = Job.objects.get()
    answer, _ = approving.approve(job, None, lambda done, of: None)
    assert answer == f"Đã duyệt 00 hồ sơ. Để lại 01: {approving.GONE}"
    assert Submission.objects.standing_of(sent) == Standing.SENT
