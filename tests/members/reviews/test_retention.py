"""Personal reviews stay as long as the guidance says: the command lists first, and removes when told."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from members.models import AuditEntry, SelfReview, SelfReviewVersion
from tests.kit import factories

pytestmark = pytest.mark.django_db
YEARS = [2022, 2023, 2024, 2025, 2026]


@pytest.fixture
def member():
    """A member who has handed in every year."""
    member = factories.make_member()
    for year in YEARS:
        campaign = factories.make_campaign(member.cell.committee, year=year)
        row = SelfReview.objects.create(
            cell=member.cell,
            member=member,
            campaign=campaign,
            kind="member",
            texts={"strengths": "Bí mật riêng"},
            state="submitted",
            submitted_at=timezone.now(),
        )
        SelfReviewVersion.objects.create(review=row, number=1, pack="2025.1", kind="member")
    return member


def years_stored() -> list[int]:
    return sorted(SelfReview.objects.values_list("campaign__year", flat=True))


def test_it_lists_first_and_removes_nothing(member, capsys):
    call_command("retention")
    told = capsys.readouterr().out
    assert "năm 2022: 1 bản" in told
    assert "năm 2023: 1 bản" in told
    assert "năm 2024" not in told
    assert "Bí mật" not in told
    assert years_stored() == YEARS


def test_told_to_it_removes_what_it_listed_once_and_writes_that_down(member, capsys):
    user = factories.make_user()
    call_command("retention", remove=True, user=user.username)
    assert years_stored() == [2024, 2025, 2026]
    assert SelfReviewVersion.objects.count() == 3
    assert [e.note["year"] for e in AuditEntry.objects.order_by("pk")] == [2022, 2023]
    call_command("retention", remove=True, user=user.username)
    assert "Đã xoá: 0 bản" in capsys.readouterr().out
    assert years_stored() == [2024, 2025, 2026]


def test_a_draft_is_no_year_and_pushes_none_out(member, capsys):
    campaign = factories.make_campaign(member.cell.committee, year=2027)
    SelfReview.objects.create(cell=member.cell, member=member, campaign=campaign, kind="member")
    call_command("retention", remove=True, user=factories.make_user().username)
    assert years_stored() == [2024, 2025, 2026, 2027]


def test_drafts_and_quarters_before_the_oldest_kept_year_go_with_it(member, capsys):
    for year in (2021, 2023, 2024):
        quarter = factories.make_campaign(member.cell.committee, year=year, kind="q1", pack="quy")
        SelfReview.objects.create(cell=member.cell, member=member, campaign=quarter, kind="member")
    call_command("retention", remove=True, user=factories.make_user().username)
    assert years_stored() == [2024, 2024, 2025, 2026]


def test_nobody_is_no_one_to_remove_it(member, capsys):
    with pytest.raises(SystemExit) as end:
        call_command("retention", remove=True)
    assert end.value.code == 1
    assert "--user" in capsys.readouterr().err
    assert years_stored() == YEARS
