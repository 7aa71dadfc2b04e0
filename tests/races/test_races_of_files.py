"""Sending, returning, deciding and petitioning at once: one winner, and the others get one sentence."""

from collections import Counter
from functools import partial

import pytest
from django.utils import timezone

from ballots.dossier.places import FileFact, Place, PlaceKind
from ballots.models import Classification, Decision, Paper, Pin, Submission
from ballots.results.decisions import cases_of
from members.models import AuditEntry
from tests.kit import factories, sendings, verbs
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
