"""Hồ sơ chờ duyệt: the next file opens by one press, clean ones are approved together, each as it was seen."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ballots.committee.queue import batch
from ballots.committee.queue.waiting import following, waiting_files
from ballots.models import Standing, Submission
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
    assert "01 hồ sơ chờ duyệt, 01 của kỳ khác" in words_of(browser(above).get(board))
    assert "01 hồ sơ chờ duyệt, " not in words_of(browser(above).get(f"{board}?nam=2026"))
    top = factories.make_user(committee=factories.make_committee())
    Committee.objects.move(committee, top.committee, "first-child")
    page = words_of(browser(top).get(f"{board}?nam=2027"))
    assert "hồ sơ chờ duyệt" not in page
    assert "01 hồ sơ chờ duyệt" in words_of(browser(top).get(f"{board}?nam=2026"))
