"""The self-reviews of a sample province: with them an officer who tries it can approve a file."""

import pytest

from ballots.demo.handed_in import receive_papers
from ballots.models import Standing, Submission
from members.models import SelfReview, SelfReviewVersion
from tests.kit import factories, sendings, verbs
from tests.kit.verbs import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("undrawn")]


def test_with_the_papers_of_its_members_a_file_is_approved():
    meeting = sendings.make_sent()
    officer = factories.make_user(committee=meeting.cell.committee)
    SelfReview.objects.all().delete()
    with pytest.raises(Refused, match="Chưa nộp"):
        verbs.approve(officer, meeting, 1)
    receive_papers(meeting.cell.committee)
    assert SelfReviewVersion.objects.count() == SelfReview.objects.count() == 3
    assert set(SelfReview.objects.values_list("on_paper", "state")) == {(True, "submitted")}
    verbs.approve(officer, meeting, 1)
    assert Submission.objects.standing_of(meeting) == Standing.APPROVED
