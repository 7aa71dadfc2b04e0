"""Sending, returning, deciding and petitioning at once: one winner, and the others get one sentence."""

from collections import Counter
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from ballots.dossier.places import FileFact, Place, PlaceKind
from ballots.models import (
    Classification,
    Decision,
    Paper,
    Pin,
    Reopening,
    Standing,
    Submission,
)
from ballots.results.decisions import cases_of
from members.models import Attachment, AuditEntry
from tests.kit import factories, sendings, verbs
from tests.kit.hostile_files import picture
from tests.kit.threads import meanwhile, press

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.slow
def test_a_file_sent_twice_at_once_is_one_sending(undrawn):
    meeting = sendings.make_ready()
    call = partial(verbs.send_up, factories.secretary_of(meeting), meeting)
    assert press(*[partial(call, note="Gửi lại")] * 3) == Counter(done=1, refused=2)
    assert [sent.number for sent in Submission.objects.all()] == [1]
    assert Paper.objects.filter(kind="upward").count() == 1
    assert press(*[partial(call, note="Gửi lại")] * 3) == Counter(done=1, refused=2)
    assert Paper.objects.current().filter(kind="upward").count() == 1


@pytest.mark.slow
def test_a_file_returned_twice_at_once_comes_back_once_and_is_not_sent_between(undrawn):
    meeting = sendings.make_ready()
    secretary = factories.secretary_of(meeting)
    officer = factories.make_user(committee=meeting.cell.committee)
    verbs.send_up(secretary, meeting)
    sums = FileFact(Place.mint(PlaceKind.SUMS), "", "Số đảng viên theo mức", "HTT 03")
    back = partial(verbs.return_file, officer, meeting, 1, {sums: "Cộng lại"})
    assert press(back, back, back) == Counter(done=1, refused=2)
    assert Pin.objects.count() == 1
    again = partial(verbs.send_up, secretary, meeting, "Đã sửa")
    verbs.return_file(officer, again().meeting, 2, {sums: "Vẫn sai"})
    late = partial(verbs.return_file, officer, meeting, 2, {sums: "Sai"})
    assert press(again, late, late) == Counter(done=1, refused=2)
    assert Submission.objects.is_above(meeting)


@pytest.mark.slow
def test_a_file_is_decided_once_or_returned_or_sent_again_never_two_of_these(undrawn):
    meeting = sendings.make_ready(voted=True)
    secretary = factories.secretary_of(meeting)
    officer = factories.make_user(committee=meeting.cell.committee)
    verbs.send_up(secretary, meeting)
    verdicts = {case.key: verbs.LevelDecision("HTT") for case in cases_of(meeting)}
    act = verbs.Act(1, "125-QĐ/ĐU", timezone.localdate(), sending=1)
    decide = partial(verbs.decide, officer, meeting, act, verdicts)
    back = {
        FileFact(Place.mint(PlaceKind.SUMS), "", "Số đảng viên theo mức", "HTT 03"): "Cộng lại"
    }
    give_back = partial(verbs.return_file, officer, meeting, 1, back)
    assert press(decide, give_back, decide)["done"] == 1
    assert Decision.objects.exists() != Pin.objects.exists()
    levels = Classification.objects.decided().filter(meeting=meeting).count()
    assert levels == len(verdicts) * Decision.objects.count()


@pytest.mark.slow
def test_nobody_is_taken_off_the_list_once_decided(undrawn):
    meeting = sendings.make_ready(voted=True)
    secretary = factories.secretary_of(meeting)
    officer = factories.make_user(committee=meeting.cell.committee)
    verbs.send_up(secretary, meeting)
    line = sendings.line_of(meeting, 1)
    verdicts = {str(line.member_id): verbs.LevelDecision("HTT")}
    act = verbs.Act(1, "125-QĐ/ĐU", timezone.localdate(), sending=1)
    decide = partial(verbs.decide, officer, meeting, act, verdicts)
    take_off = partial(verbs.set_line, secretary, line, "not_subject", "Chuyển đi", None)
    meanwhile(take_off, "ballots.meeting.roster._must_be_undecided", decide)
    decided = AuditEntry.objects.get(verb="file.decided")
    later = AuditEntry.objects.filter(verb="review.line_set", pk__gt=decided.pk)
    assert not later.exists()


@pytest.mark.slow
def test_a_petition_answered_twice_at_once_keeps_one_answer():
    meeting = factories.make_open_meeting(4)
    officer = factories.make_user(committee=meeting.cell.committee)
    petition = factories.make_petition(meeting, factories.members_of(meeting)[1], officer)
    answers = [partial(verbs.answer_petition, officer, petition, f"Trả lời {n}") for n in "123"]
    assert press(*answers) == Counter(done=1, refused=2)
    assert AuditEntry.objects.filter(verb="petition.answered").count() == 1


def lies_above():
    """A file that waits, its officer and another one, and what a return would ask."""
    meeting = sendings.make_ready(voted=True)
    verbs.send_up(factories.secretary_of(meeting), meeting)
    officers = [factories.make_user(committee=meeting.cell.committee) for _ in range(2)]
    return meeting, officers, sendings.asked_of(meeting)


@pytest.mark.slow
def test_a_file_is_approved_once_however_many_press(undrawn):
    meeting, officers, _ = lies_above()
    calls = [partial(verbs.approve, officer, meeting, 1) for officer in officers * 2]
    assert press(*calls) == Counter(done=1, refused=3)
    assert AuditEntry.objects.filter(verb="file.approved").count() == 1


@pytest.mark.slow
def test_of_sending_again_and_approving_at_once_the_file_that_was_seen_is_approved_or_none(
    undrawn,
):
    meeting, (officer, _), _ = lies_above()
    again = partial(verbs.send_up, factories.secretary_of(meeting), meeting, "Bổ sung")
    assert press(again, partial(verbs.approve, officer, meeting, 1)) == Counter(done=1, refused=1)
    last = Submission.objects.last_of(meeting)
    assert (last.number, last.standing) in ((1, Standing.APPROVED), (2, Standing.SENT))


@pytest.mark.slow
def test_an_approval_a_return_and_a_decision_at_once_leave_one_true_standing(undrawn):
    """A return ends an approval, a decision takes it: whichever comes last stands, and nothing is noted twice."""
    meeting, (officer, other), asked = lies_above()
    verdicts = {case.key: verbs.LevelDecision("HTT") for case in cases_of(meeting)}
    act = verbs.Act(1, "125-QĐ/ĐU", timezone.localdate(), sending=1)
    press(
        partial(verbs.approve, officer, meeting, 1),
        partial(verbs.return_file, other, meeting, 1, asked),
        partial(verbs.decide, officer, meeting, act, verdicts),
    )
    last = Submission.objects.last_of(meeting)
    decided = Decision.objects.exists()
    assert last.is_returned is not decided
    assert Pin.objects.exists() is last.is_returned
    assert last.is_approved is decided


@pytest.mark.slow
def test_a_file_is_reopened_once_and_what_was_stored_for_the_other_press_is_gone(undrawn):
    meeting, officers, _ = lies_above()
    verbs.approve(officers[0], meeting, 1)

    def reopen(officer):
        paper = SimpleUploadedFile("cv.jpg", picture(), "image/jpeg")
        about = ("18-CV/ĐU", timezone.localdate(), "Nhầm", paper)
        return verbs.reopen(officer, meeting, verbs.ReopeningAct(1, *about))

    assert press(*[partial(reopen, officer) for officer in officers]) == Counter(done=1, refused=1)
    assert Reopening.objects.count() == Attachment.objects.filter(kind="reopening").count() == 1
