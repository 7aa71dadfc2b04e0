"""Mở lại hồ sơ: by a paper with its reason, both sides read it, and everything may be done once more."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from ballots.models import Decision, Reopening, Standing, Submission
from ballots.results.decisions import cases_of
from cells.models import Meeting
from cells.stale import STALE
from members.files import keeping
from members.models import Attachment, AuditEntry, User
from tests.kit import factories, sendings, verbs
from tests.kit.clients import browser
from tests.kit.hostile_files import picture
from tests.kit.verbs import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("undrawn")]


@pytest.fixture
def sent() -> Meeting:
    return sendings.make_sent()


@pytest.fixture
def officer(sent) -> User:
    return factories.make_user(committee=sent.cell.committee)


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("cv.jpg", picture(), "image/jpeg")


def act(days: int = 0, **values) -> verbs.ReopeningAct:
    """Dated so many days from today."""
    dated = timezone.localdate() + timedelta(days)
    about = {"number": 1, "symbol": "18-CV/ĐU", "dated": dated, "file": paper()}
    return verbs.ReopeningAct(**({"reason": "Thiếu một đồng chí"} | about | values))


def decide(
    officer: User, meeting: Meeting, level: str, number: int = 1, note: str = "", sending: int = 1
):
    about = verbs.Act(number, f"{number}-QĐ/ĐU", timezone.localdate(), sending, note)
    verdicts = {"chi-bo": verbs.LevelDecision(level, "" if level == "HTT" else "Có vi phạm")}
    return verbs.decide(officer, meeting, about, verdicts)


def page_of(user: User, name: str, meeting: Meeting) -> str:
    return browser(user).get(reverse(name, args=[meeting.pk])).content.decode()


def test_a_decided_file_is_reopened_returned_sent_and_decided_again_and_every_level_stays_readable(
    sent, officer
):
    secretary = factories.secretary_of(sent)
    decide(officer, sent, "HTT")
    with pytest.raises(Refused, match="mở lại hồ sơ, kèm văn bản"):
        verbs.return_file(officer, sent, 1, sendings.asked_of(sent))
    row = verbs.reopen(officer, sent, act())
    assert (row.was_decided, row.approved_by, row.paper.kind) == (True, officer, "reopening")
    assert Submission.objects.standing_of(sent) == Standing.SENT
    assert AuditEntry.objects.get(verb="file.reopened").note == {"number": 1, "symbol": "18-CV/ĐU"}
    for user, name in ((officer, "ballots:submission"), (secretary, "ballots:sending")):
        page = page_of(user, name, sent)
        assert ("Thiếu một đồng chí" in page, "18-CV/ĐU" in page) == (True, True)
    verbs.return_file(officer, sent, 1, sendings.asked_of(sent))
    verbs.send_up(secretary, sent, "Đã sửa")
    decide(officer, sent, "HT", 2, "Xem lại", sending=2)
    assert Decision.objects.count() == 2
    cell = cases_of(sent)[0]
    assert (cell.proposed, cell.decided, cell.because) == ("HTT", "HT", "Có vi phạm")
    for user, name in ((officer, "ballots:decision"), (secretary, "ballots:sending")):
        assert "Có vi phạm" in page_of(user, name, sent)


def test_an_approved_file_is_reopened_and_waits_again(sent, officer):
    verbs.approve(officer, sent, 1)
    assert verbs.reopen(officer, sent, act()).was_decided is False
    verbs.send_up(factories.secretary_of(sent), sent, "Bổ sung")
    assert verbs.approve(officer, sent, 2).is_approved


REFUSED = {
    "it was never approved": (lambda officer, sent: None, {}, "không có gì để mở lại"),
    "it was reopened": (
        lambda officer, sent: [
            verbs.approve(officer, sent, 1),
            verbs.reopen(officer, sent, act()),
        ],
        {},
        "không có gì để mở lại",
    ),
    "another sending was seen": (
        lambda officer, sent: verbs.approve(officer, sent, 1),
        {"number": 7},
        STALE,
    ),
    "the paper is of tomorrow": (
        lambda officer, sent: verbs.approve(officer, sent, 1),
        {"days": 1},
        "sau hôm nay",
    ),
    "the file is none": (
        lambda officer, sent: verbs.approve(officer, sent, 1),
        {"file": SimpleUploadedFile("cv.txt", b"x")},
        "Chỉ nhận ảnh",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_not_reopened_when(sent, officer, name):
    happens, values, sentence = REFUSED[name]
    happens(officer, sent)
    before = Reopening.objects.count(), Attachment.objects.count()
    with pytest.raises(Refused, match=sentence):
        verbs.reopen(officer, sent, act(**values))
    assert (Reopening.objects.count(), Attachment.objects.count()) == before


def test_the_page_keeps_what_was_typed_and_asks_for_each_part(sent, officer):
    verbs.approve(officer, sent, 1)
    address = reverse("ballots:reopening", args=[sent.pk])
    typed = {"number": 1, "symbol": "18-CV/ĐU", "dated": "01/12/2026", "reason": ""}
    answer = browser(officer).post(address, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert ("Xin ghi lý do mở lại." in page, "Xin đính kèm tệp" in page) == (True, True)
    assert 'value="18-CV/ĐU"' in page
    typed |= {"reason": "Nhầm", "dated": f"{timezone.localdate():%d/%m/%Y}", "file": paper()}
    assert browser(officer).post(address, typed).status_code == 302
    assert Reopening.objects.get().reason == "Nhầm"


def test_the_cell_neither_reopens_nor_replaces_the_paper(sent, officer):
    verbs.approve(officer, sent, 1)
    secretary = factories.secretary_of(sent)
    with pytest.raises(PermissionDenied):
        verbs.reopen(secretary, sent, act())
    row = verbs.reopen(officer, sent, act())
    with pytest.raises(PermissionDenied):
        keeping.supersede(secretary, row.paper, paper())
