"""What has changed since a file was sent is read from the rows themselves, whoever kept a log of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ballots.dossier import changes
from ballots.models import Submission
from cells.models import Campaign
from members.models import AuditEntry, AuditLink
from members.reviews.remarks import Entry, keep
from tests.kit import factories, sendings, verbs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent() -> Submission:
    """A file that was just sent up, past the verb."""
    meeting = sendings.make_ready(4)
    return Submission.objects.create(meeting=meeting, by=factories.secretary_of(meeting))


def change_all(sent: Submission) -> list[str]:
    """A remark, a line of the list and the report; the sentences that name them."""
    meeting, user = sent.meeting, sent.by
    member, line = factories.members_of(meeting)[1], sendings.line_of(meeting, -1)
    campaign = Campaign.objects.get(pk=meeting.campaign_id)
    typed = {f"executive-{member.pk}-mark": "0.x", f"executive-{member.pk}-remark": "Gương mẫu"}
    keep(user, meeting.cell, campaign, Entry.read(member, "executive", None, typed))
    verbs.set_line(user, line, "unrated", "Nghỉ ốm dài ngày", None)
    factories.set_report(meeting, saved_at=timezone.now())
    return [
        "Báo cáo kiểm điểm tập thể được sửa.",
        f"Danh sách kiểm điểm: đ/c {line.member}, chưa xếp loại.",
        f"Nhận xét về đ/c {member}: Chi ủy.",
    ]


def test_what_changed_after_a_sending_is_named_without_the_log(sent):
    assert changes.since(sent) == []
    sentences = change_all(sent)
    AuditLink.objects.all().delete()
    AuditEntry.objects.all().delete()
    assert changes.since(Submission.objects.get(pk=sent.pk)) == sentences


def test_what_changed_before_a_sending_is_not(sent):
    change_all(sent)
    Submission.objects.filter(pk=sent.pk).update(at=timezone.now() + timedelta(seconds=1))
    assert changes.since(Submission.objects.get(pk=sent.pk)) == []
