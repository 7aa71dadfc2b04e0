"""The file's page and the numbers of papers: next, changed, taken, blank, per term, and never in a rehearsal."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.models import Paper
from ballots.papers import lock, numbers
from ballots.papers.kinds import KINDS
from cells.models import Cell, Meeting
from members.models import SelfReview, SelfReviewVersion
from tests.kit import factories, verbs
from tests.kit.factories import make_open_meeting, make_paper, members_of, secretary_of

TERM = date(2025, 3, 15)
FORM = {"yes": "3", "of": "3", "ends_on": "2026-12-05", "ends_time": "21:30"}


@pytest.fixture
def running(transactional_db, client, undrawn) -> Meeting:
    """An open meeting of three without polls; its secretary is signed in."""
    meeting = make_open_meeting(3)
    for poll in meeting.poll_set.all():
        verbs.drop_poll(secretary_of(meeting), poll)
    for subject in (None, *members_of(meeting)):
        verbs.conclude(secretary_of(meeting), meeting, subject, "HTT", "Thống nhất")
    client.force_login(secretary_of(meeting))
    return meeting


def used(meeting: Meeting, number: int, term: date | None = None, series: str = "BB") -> None:
    """Another meeting of the cell has minutes under this number."""
    other = Meeting.objects.create(
        cell=meeting.cell, campaign=meeting.campaign, kind="extra", starts_at=meeting.starts_at
    )
    make_paper(other, Paper.Kind.MINUTES, number=number, series=series, term=term)


def proposed(client, meeting: Meeting) -> object:
    return (
        client.get(reverse("ballots:minutes", args=[meeting.pk])).context["form"]["number"].value()
    )


def send(client, meeting: Meeting, **fields: str):
    """Pass the minutes, and say yes to what is asked once because they are thin."""
    address = reverse("ballots:minutes_pass", args=[meeting.pk])
    asked = client.post(address, FORM | fields)
    sure = asked.context["sure"] if asked.status_code == 200 else ""
    return client.post(address, FORM | fields | {"sure": sure}) if sure else asked


def stored_numbers(meeting: Meeting) -> dict[str, tuple]:
    papers = Paper.objects.filter(meeting=meeting)
    return {paper.kind: (paper.series, paper.term, paper.number) for paper in papers}


def test_a_cell_that_numbers_nothing_is_proposed_nothing_and_the_papers_have_none(client, running):
    assert proposed(client, running) is None
    assert send(client, running, number="").status_code == 302
    assert set(stored_numbers(running).values()) == {("", None, None)}


def test_within_a_term_the_next_number_is_proposed_and_the_count_takes_the_one_after(
    client, running
):
    Cell.objects.update(term_since=TERM)
    used(running, 4, TERM)
    used(running, 9, date(2020, 3, 1))  # of the term before
    assert proposed(client, running) == 5
    assert send(client, running, number="5").status_code == 302
    assert stored_numbers(running) == {"minutes": ("BB", TERM, 5), "count": ("BB", TERM, 6)}
    minutes = Paper.objects.get(meeting=running, kind="minutes")
    assert "Số 05-BB/CB" in bytes(minutes.pdf).decode()
    assert minutes.shown_number == "Số 05-BB/CB"
    page = client.get(reverse("ballots:minutes", args=[running.pk])).content.decode()
    assert "Số 06-BB/CB" in page


@pytest.mark.parametrize("query", ["4", "3"])  # the minutes' own number, and that of the count
def test_a_number_that_is_taken_gets_one_sentence_and_nothing_is_locked(client, running, query):
    used(running, 4)
    page = send(client, running, number=query).content.decode()
    assert "Số 04-BB/CB đã dùng cho một văn bản khác của nhiệm kỳ." in page
    assert "số tiếp theo là 05" in page
    assert f'name="number" value="{query}"' in page
    assert stored_numbers(running) == {}


@pytest.mark.parametrize("typed", ["0", "năm", "10000"])
def test_a_number_is_a_number(client, running, typed):
    assert "is-invalid" in send(client, running, number=typed).content.decode()
    assert stored_numbers(running) == {}


def test_a_number_taken_while_the_papers_were_rendered_is_refused(running, monkeypatch):
    draft = lock.draft

    def slow(meeting, kind, site, number=None):
        if kind == "count":
            used(running, 1)
        return draft(meeting, kind, site, number)

    monkeypatch.setattr(lock, "draft", slow)
    ends = running.starts_at.replace(hour=21)
    with pytest.raises(verbs.Refused, match="Số 01-BB/CB đã dùng"):
        verbs.pass_minutes(secretary_of(running), running, 3, 3, ends, number=1)
    assert stored_numbers(running) == {}


def test_a_rehearsal_never_takes_a_number(client, running):
    copy = verbs.start_rehearsal(secretary_of(running), running)
    assert (
        'name="number"'
        not in client.get(reverse("ballots:minutes", args=[copy.pk])).content.decode()
    )


def test_numbers_of_a_series_follow_each_other_and_lists_have_none(running):
    used(running, 2, series="BC")
    kinds = ["report", "summary", "upward", "minutes"]
    assert numbers.next_numbers(running.cell, kinds) == {"report": 3, "upward": 4, "minutes": 1}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "stored", "status"),
    [
        ("2025-03-15", TERM, 302),
        ("15/03/2025", TERM, 302),
        ("", None, 302),
        ("2990-01-01", None, 422),
    ],
)
def test_the_term_is_set_on_the_cells_page(client, typed, stored, status):
    meeting = factories.make_meeting(3)
    client.force_login(secretary_of(meeting))
    cell = meeting.cell
    answer = client.post(reverse("cells:cell_term", args=[cell.pk]), {"term_since": typed})
    cell.refresh_from_db()
    assert (answer.status_code, cell.term_since) == (status, stored)
    if status == 422:
        assert "Ngày này chưa đến" in answer.content.decode()
        assert f'value="{typed}"' in answer.content.decode()


def hand_in(meeting: Meeting, member, on_paper: bool = False) -> None:
    review = SelfReview.objects.create(
        cell=member.cell, member=member, campaign=meeting.campaign, kind="member"
    )
    SelfReviewVersion.objects.create(
        review=review, number=1, pack="2025.1", kind="member", on_paper=on_paper
    )


@pytest.mark.django_db
def test_the_file_lists_every_paper_form_and_ballot_with_its_state(client):
    meeting = make_open_meeting(3)
    client.force_login(secretary_of(meeting))
    locked = make_paper(meeting, Paper.Kind.MINUTES, number=5, series="BB")
    first, second, _ = members_of(meeting)
    hand_in(meeting, first)
    hand_in(meeting, second, on_paper=True)
    page = client.get(reverse("ballots:dossier", args=[meeting.pk])).content.decode()
    for kind in KINDS:
        assert Paper.Kind(kind).label in page
    assert reverse("ballots:paper", args=[locked.pk, "pdf"]) in page
    assert "Số 05-BB/CB" in page
    assert reverse("ballots:paper_draft", args=[meeting.pk, "summary", "docx"]) in page
    assert reverse("ballots:personal_form", args=[meeting.pk, first.pk, "pdf"]) in page
    assert reverse("ballots:personal_form", args=[meeting.pk, second.pk, "pdf"]) not in page
    assert "Đã nộp bản giấy" in page
    for poll in meeting.poll_set.all():
        assert reverse("ballots:ballot_word", args=[poll.pk]) in page
    form = reverse("ballots:personal_form", args=[meeting.pk, second.pk, "pdf"])
    assert client.get(form).status_code == 404


@pytest.mark.django_db
def test_the_page_costs_the_same_queries_for_3_members_and_for_20(client):
    costs = []
    for size in (3, 20):
        meeting = make_open_meeting(size)
        for member in members_of(meeting):
            hand_in(meeting, member)
        client.force_login(secretary_of(meeting))
        client.get(reverse("ballots:dossier", args=[meeting.pk]))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("ballots:dossier", args=[meeting.pk]))
        costs.append(len(captured))
    assert costs[0] == costs[1]
