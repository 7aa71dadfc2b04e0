"""Duyệt hồ sơ: a step of its own, taken once, of the file that was seen; a decision takes it too, a return ends it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from ballots.dossier import checks
from ballots.dossier.contents import sections_of
from ballots.models import Standing, Submission
from cells.models import Meeting
from cells.stale import STALE
from members.models import Attachment, AuditEntry, SelfReview, User
from tests.kit import factories, sendings, verbs
from tests.kit.clients import browser
from tests.kit.verbs import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("undrawn")]


@pytest.fixture
def sent() -> Meeting:
    return sendings.make_sent()


@pytest.fixture
def officer(sent) -> User:
    return factories.make_user(committee=sent.cell.committee)


def send(meeting: Meeting, note: str) -> Submission:
    return verbs.send_up(factories.secretary_of(meeting), meeting, note)


def give_back(officer: User, meeting: Meeting) -> Submission:
    sections = sections_of(checks.Evidence.load(meeting))
    sums = next(fact for each in sections for fact in each.facts if fact.place.key == "sums")
    return verbs.return_file(officer, meeting, 1, {sums: "Cộng lại"})


def page_of(user: User, name: str, *args: object) -> str:
    return browser(user).get(reverse(name, args=args)).content.decode()


def approve(officer: User, meeting: Meeting, **fields: str):
    address = reverse("ballots:approve", args=[meeting.pk])
    return browser(officer).post(address, {"number": "1"} | fields)


def test_the_officer_approves_what_is_right_and_everybody_reads_that(sent, officer):
    assert Submission.objects.standing_of(sent) == Standing.SENT
    assert approve(officer, sent).status_code == 302
    last = Submission.objects.last_of(sent)
    assert (last.standing, last.approved_by) == (Standing.APPROVED, officer)
    assert list(Submission.objects.standing(Standing.APPROVED)) == [last]
    assert AuditEntry.objects.get(verb="file.approved").note == {"number": 1}
    assert "Đã duyệt lúc" in page_of(officer, "ballots:submission", sent.pk)
    assert "Duyệt lúc" in page_of(factories.secretary_of(sent), "ballots:sending", sent.pk)


def test_an_approved_file_is_not_sent_again_but_may_be_returned_which_ends_the_approval(
    sent, officer
):
    verbs.approve(officer, sent, 1)
    with pytest.raises(Refused, match="đã duyệt hồ sơ này"):
        send(sent, "Bổ sung")
    came_back = give_back(officer, sent)
    assert (came_back.standing, came_back.approved_by) == (Standing.RETURNED, officer)
    send(sent, "Đã sửa")
    assert Submission.objects.standing_of(sent) == Standing.SENT
    assert not Submission.objects.standing(Standing.RETURNED)


NOT_APPROVED = {
    "it was approved": (
        lambda officer, sent: verbs.approve(officer, sent, 1),
        "1",
        "được duyệt rồi",
    ),
    "it was returned": (give_back, "1", "đã được trả lại"),
    "the cell has sent again": (lambda officer, sent: send(sent, "Bổ sung"), "1", STALE),
    "a check is red": (
        lambda officer, sent: SelfReview.objects.all().delete(),
        "1",
        "Chưa duyệt được. Chưa nộp",
    ),
}


@pytest.mark.parametrize("name", NOT_APPROVED)
def test_a_file_is_not_approved_when(sent, officer, name):
    happens, number, sentence = NOT_APPROVED[name]
    happens(officer, sent)
    lines = AuditEntry.objects.count()
    answer = approve(officer, sent, number=number)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert AuditEntry.objects.count() == lines


# What happens to the file, how its page and the preview of many call it, and whether "Duyệt hồ sơ" stands there.
STANDS = {
    "must be mended": (SelfReview, "01 mục phải sửa trước, ", "Phải sửa trước", False),
    "is to be looked at": (Attachment, "01 mục nên xem lại, ", "Nên xem lại", True),
}


@pytest.mark.parametrize("name", STANDS)
def test_a_line_is_called_alike_on_the_files_page_and_in_the_preview_of_many(sent, officer, name):
    model, counted, called, may_approve = STANDS[name]
    model.objects.all().delete()
    page = page_of(officer, "ballots:submission", sent.pk)
    assert (f"Máy kiểm tra: {counted}" in page, called in page) == (True, True)
    assert ("Duyệt hồ sơ</button>" in page) == may_approve
    assert ("nên chưa duyệt được" in page) != may_approve
    assert called in page_of(officer, "ballots:batch")


def test_what_was_written_is_not_lost_by_a_press_on_approve(sent, officer):
    answer = approve(officer, sent, sums="Cộng lại giúp")
    page = answer.content.decode()
    assert ("Đã ghi chỗ cần sửa nên chưa duyệt" in page, "Cộng lại giúp" in page) == (True, True)
    assert Submission.objects.standing_of(sent) == Standing.SENT


def test_what_is_decided_counts_as_approved(sent, officer):
    act = verbs.Act(1, "1-QĐ/ĐU", timezone.localdate(), 1)
    verbs.decide(officer, sent, act, {"chi-bo": verbs.LevelDecision("HTT")})
    last = Submission.objects.last_of(sent)
    assert (last.standing, last.approved_by) == (Standing.APPROVED, officer)
