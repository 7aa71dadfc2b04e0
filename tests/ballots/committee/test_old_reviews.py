"""A committee's officer looks at the reviews that have been kept long enough, and has them removed."""

import pytest
from django.urls import reverse
from django.utils import timezone

from ballots.committee.retention import job as retention_job
from ballots.models import Job
from members.models import AuditEntry, Member, SelfReview, SelfReviewVersion, User
from members.reviews import retention
from tests.kit import factories
from tests.kit.clients import browser, words_of

pytestmark = pytest.mark.django_db(transaction=True)
YEARS = range(2022, 2027)


def write(member: Member) -> None:
    """The member has handed in every year."""
    for year in YEARS:
        campaign = factories.make_campaign(member.cell.committee, year=year)
        row = SelfReview.objects.create(
            **{"cell": member.cell, "member": member, "campaign": campaign, "kind": "member"},
            state="submitted",
            submitted_at=timezone.now(),
        )
        SelfReviewVersion.objects.create(review=row, number=1, pack="2025.1", kind="member")


@pytest.fixture
def user() -> User:
    """Of a committee with one cell; beside it another one, in which as much is old."""
    for _ in range(2):
        member = factories.make_member()
        write(member)
    return factories.make_user(committee=member.cell.committee)


def address(user: User) -> str:
    return reverse("ballots:retention", args=[user.committee_id])


def years_of(user: User) -> list[int]:
    own = SelfReview.objects.filter(cell__committee=user.committee)
    return sorted(own.values_list("campaign__year", flat=True))


def remove(user: User):
    """Press, and say yes to what is asked."""
    own = browser(user)
    asked = own.post(address(user))
    assert asked.status_code == 422
    assert "không lấy lại được" in words_of(asked)
    return own.post(address(user), {"sure": asked.context["sure"]}, follow=True)


def test_the_list_names_own_cells_alone_and_asks_before_it_removes(user):
    page = words_of(browser(user).get(address(user)))
    assert "Năm 2022: 1 bản" in page
    assert "Xoá 2 bản này" in page
    page = words_of(remove(user))
    assert "Đã xoá 2 bản kiểm điểm cá nhân." in page
    assert years_of(user) == [2024, 2025, 2026]
    assert SelfReview.objects.count() == 3 + len(YEARS)
    removed = AuditEntry.objects.filter(verb="reviews.removed", user=user)
    assert sorted(line.note["year"] for line in removed) == [2022, 2023]


def test_nothing_that_was_not_seen_is_removed(user, monkeypatch):
    late = factories.make_member(factories.make_cell(user.committee))
    monkeypatch.setattr("ballots.jobs.asking.running.run", lambda pk: None)
    remove(user)
    for year in YEARS:
        campaign = user.committee.campaign_set.get(year=year)
        row = SelfReview.objects.create(
            **{"cell": late.cell, "member": late, "campaign": campaign, "kind": "member"},
            state="submitted",
            submitted_at=timezone.now(),
        )
        SelfReviewVersion.objects.create(review=row, number=1, pack="2025.1", kind="member")
    monkeypatch.undo()
    browser(user).post(reverse("ballots:job_run", args=[Job.objects.get().pk]))
    job = Job.objects.get()
    assert job.state == "failed"
    assert "đã cũ" in job.error
    assert years_of(user).count(2022) == 2


def test_what_another_officer_has_removed_meanwhile_is_not_told_as_removed_again(
    user, monkeypatch
):
    monkeypatch.setattr("ballots.jobs.asking.running.run", lambda pk: None)
    remove(user)
    monkeypatch.undo()
    other = factories.make_user(committee=user.committee)
    for old in retention_job.old_reviews(user.committee)[:1]:
        retention.remove(other, old)
    browser(user).post(reverse("ballots:job_run", args=[Job.objects.get().pk]))
    assert Job.objects.get().answer == "Đã xoá 1 bản kiểm điểm cá nhân."
    assert years_of(user) == [2024, 2025, 2026]


def test_where_nothing_is_old_there_is_nothing_to_press():
    user = factories.make_user(committee=factories.make_committee())
    page = browser(user).get(address(user))
    assert "Không có bản nào quá hạn lưu" in words_of(page)
    assert browser(user).post(address(user)).status_code == 200
    assert not Job.objects.exists()
