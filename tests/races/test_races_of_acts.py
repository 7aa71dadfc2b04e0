"""Two officers who decide the same files at once, and one who decides while the other returns: never half."""

from collections import Counter
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from ballots.committee.acts.levels import Basis
from ballots.models import Classification, CommitteeDecision, Decision, Submission
from ballots.results import recording
from ballots.results.decisions import cases_of
from tests.kit import factories, verbs, waiting
from tests.kit.hostile_files import picture
from tests.kit.threads import press

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def ward():
    ward = factories.make_committee()
    campaign = factories.make_campaign(ward)
    for _ in range(3):
        waiting.make_file(ward, campaign, size=2)
    return ward


def decide(ward, symbol, chosen):
    officer = factories.make_user(committee=ward)
    return partial(
        verbs.decide_together, officer, ward, waiting.YEAR, waiting.paper(symbol), chosen, Basis()
    )


def nothing_is_half_decided() -> None:
    assert list(recording.differences()) == []
    levels = Classification.objects.decided().count()
    assert levels == 3 * Decision.objects.count()
    returned = Submission.objects.exclude(returned_at=None).values("meeting")
    assert not Decision.objects.filter(meeting__in=returned).exists()


def test_the_same_files_are_decided_by_one_paper_and_the_other_press_is_told(ward):
    seen = waiting.shown(ward)
    calls = [decide(ward, symbol, seen) for symbol in ("1-QĐ/ĐU", "2-QĐ/ĐU", "2-QĐ/ĐU")]
    assert press(*calls) == Counter(done=1, refused=2)
    assert CommitteeDecision.objects.count() == 1
    assert Decision.objects.count() == 3
    nothing_is_half_decided()


def test_files_in_another_order_wait_for_each_other_and_are_decided_once(ward):
    first, second, third = waiting.shown(ward)
    done = press(
        decide(ward, "1-QĐ/ĐU", [first, second]),
        decide(ward, "2-QĐ/ĐU", [third, second, first]),
    )
    assert done["done"] >= 1
    assert Decision.objects.values("meeting").distinct().count() == Decision.objects.count()
    nothing_is_half_decided()


def test_a_file_that_is_returned_meanwhile_is_decided_or_left_out(ward):
    seen = waiting.shown(ward)
    meeting = Submission.objects.get(meeting=seen[0].meeting).meeting
    officer = factories.make_user(committee=ward)
    back = partial(verbs.return_file, officer, meeting, 1, {waiting.SUMS: "Cộng lại"})
    done = press(decide(ward, "1-QĐ/ĐU", seen), back)
    assert done["done"] >= 1
    assert Decision.objects.count() in (2, 3)
    nothing_is_half_decided()


def test_a_file_decided_alone_and_with_others_at_once_is_decided_by_one_of_the_papers(ward):
    seen = waiting.shown(ward)
    meeting = Submission.objects.get(meeting=seen[0].meeting).meeting
    verdicts = {case.key: verbs.LevelDecision("HTT") for case in cases_of(meeting)}
    act = verbs.Act(1, "9-QĐ/ĐU", timezone.localdate(), sending=1)
    alone = partial(verbs.decide, factories.make_user(committee=ward), meeting, act, verdicts)
    done = press(decide(ward, "1-QĐ/ĐU", seen), alone)
    assert done["done"] in (1, 2)
    assert Decision.objects.filter(meeting=meeting).count() == 1
    nothing_is_half_decided()


def test_a_file_reopened_and_decided_with_others_at_once_is_neither_lost_nor_decided_twice(ward):
    seen = waiting.shown(ward)
    meeting = Submission.objects.get(meeting=seen[0].meeting).meeting
    officer = factories.make_user(committee=ward)
    Submission.objects.filter(meeting=meeting).approve_all(officer)
    scan = SimpleUploadedFile("cv.jpg", picture(), "image/jpeg")
    act = verbs.ReopeningAct(1, "1-CV/ĐU", timezone.localdate(), "Nhầm", scan)
    press(decide(ward, "1-QĐ/ĐU", seen), partial(verbs.reopen, officer, meeting, act))
    assert Decision.objects.filter(meeting=meeting).count() <= 1
    nothing_is_half_decided()
