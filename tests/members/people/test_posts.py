"""Posts outside the cell's executive: held over dates, and leadership where the committee's list says so."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cells.law.guidance import Layer
from cells.law.posts import LEADER, LeaderPosts, leader_posts
from cells.models import Setting
from members.models import Office, ReviewLine, SelfReview
from members.people.posts import begin_post, end_post
from members.reviews.views import own_review
from tests.kit import factories
from tests.kit.clients import browser
from tests.kit.verbs import eligibility_of

pytestmark = pytest.mark.django_db
BEGAN = date(2021, 3, 1)
LISTED = ["Phó Cục trưởng", "Trưởng phòng"]

COVERED = [
    ("Phó Cục trưởng", True),
    ("phó  cục TRƯỞNG", True),
    ("Trưởng phòng Nghiệp vụ 1", True),
    ("Phó Trưởng phòng", False),
    ("Trưởng phòngan", False),
    ("", False),
]


@pytest.mark.parametrize(("title", "leads"), COVERED)
def test_a_listed_title_covers_what_begins_with_its_words(title, leads):
    assert LeaderPosts(tuple(LISTED)).covers(title) is leads


def test_the_list_of_the_nearest_body_stands_alone():
    far, near = Layer("Đảng ủy", {LEADER: LISTED}), Layer("Chi bộ", {LEADER: ["Tổ trưởng"]})
    assert leader_posts([far, near]).titles == ("Tổ trưởng",)
    assert leader_posts([]).titles == ()


@pytest.fixture
def member():
    """A member of a cell whose campaign runs, and who holds a post in the agency."""
    member = factories.members_of(factories.make_meeting(5))[4]
    begin_post(_secretary(member), member, "agency", "Phó Cục trưởng", BEGAN)
    return member


def _secretary(member):
    return factories.secretary_of(member.attendance_set.get().meeting)


def _set_list(member, titles=LISTED):
    committee = member.cell.committee
    Setting.objects.create(committee=committee, key=LEADER, value=titles, basis="QĐ 05")


def test_the_form_follows_the_post_once_the_committee_counts_it(member):
    campaign = factories.make_campaign(member.cell.committee)
    assert own_review(member, campaign).kind == "member"
    _set_list(member)
    assert own_review(member, campaign).kind == "leader"
    end_post(_secretary(member), Office.objects.get(title="Phó Cục trưởng"), BEGAN)
    assert own_review(member, campaign).kind == "member"


def test_a_post_runs_nothing_in_the_cell(member):
    _set_list(member)
    user = factories.make_user(member)
    assert not user.own_cells().exists()
    assert not Office.objects.held().filter(member=member).exists()


def test_a_quarter_reviews_whom_the_list_makes_a_leader(member):
    campaign = factories.make_campaign(member.cell.committee, kind="q1", pack="quy")
    _set_list(member)
    ReviewLine.objects.make(member.cell, campaign, eligibility_of(campaign))
    assert ReviewLine.objects.get(campaign=campaign, member=member).is_rated


def test_a_post_ends_once_and_not_before_it_began(member):
    post, secretary = Office.objects.get(title="Phó Cục trưởng"), _secretary(member)
    with pytest.raises(ValidationError, match="không thể trước ngày"):
        end_post(secretary, post, BEGAN - timedelta(days=1))
    post.refresh_from_db()
    end_post(secretary, post, BEGAN)
    post.until = None  # as an old page has it
    with pytest.raises(ValidationError, match="từ trước"):
        end_post(secretary, post, timezone.localdate())
    post.refresh_from_db()
    assert post.until == BEGAN


@pytest.mark.parametrize(
    "values", [{"kind": "agency", "title": ""}, {"kind": "deputy", "title": "Phó"}]
)
def test_only_a_post_outside_the_cell_has_a_title_of_its_own(member, values):
    with pytest.raises(IntegrityError, match="has_a_title"), transaction.atomic():
        Office.objects.create(member=member, since=BEGAN, **values)


def test_the_secretary_writes_a_post_and_its_end_on_one_page(member):
    secretary = browser(_secretary(member))
    page = reverse("members:member_posts", args=[member.pk])
    form = {"kind": "union", "title": "Chủ tịch Công đoàn", "since": "01/05/2022"}
    assert secretary.post(page, form | {"title": ""}).status_code == 422
    assert secretary.post(page, form).status_code == 302
    post = Office.objects.get(title="Chủ tịch Công đoàn")
    end = reverse("members:member_post_end", args=[member.pk, post.pk])
    assert secretary.post(end, {"until": "30/04/2022"}).status_code == 422
    assert secretary.post(end, {"until": "31/12/2022"}).status_code == 302
    assert "đến 31/12/2022" in secretary.get(page).content.decode()


def test_a_post_that_is_held_is_not_begun_once_more(member):
    held = {"kind": "agency", "title": "Phó Cục trưởng"}
    with pytest.raises(ValidationError, match="đang giữ chức vụ này rồi"):
        begin_post(_secretary(member), member, **held, since=timezone.localdate())
    end_post(_secretary(member), Office.objects.get(**held), date(2023, 1, 1))
    begin_post(_secretary(member), member, **held, since=timezone.localdate())
    assert Office.objects.filter(**held).count() == 2


def test_the_committee_sets_the_list_with_its_basis_and_the_cell_reads_it(member):
    committee = member.cell.committee
    officer = browser(factories.make_user(committee=committee))
    page = reverse("cells:committee_posts", args=[committee.pk])
    form = {"titles": "Phó Cục trưởng\nTrưởng phòng\n\nTrưởng phòng", "basis": "QĐ 05-QĐ/ĐU"}
    assert officer.post(page, form | {"basis": ""}).status_code == 422
    assert officer.post(page, form).status_code == 302
    assert Setting.objects.get(key=LEADER).value == LISTED
    cell_page = browser(_secretary(member)).get(reverse("cells:cell_posts", args=[member.cell_id]))
    assert "QĐ 05-QĐ/ĐU" in cell_page.content.decode()
    assert SelfReview.objects.count() == 0
