"""A quarter's review of leaders, from the list to the minutes, beside the review of the year."""

from datetime import date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from ballots.meeting.minutes_checks import open_points
from ballots.models import Poll
from ballots.papers.minutes.gather import gather_minutes
from ballots.papers.press import render
from members.models import Attendance, Office
from members.reviews.asked import campaigns_of
from tests.kit import factories, verbs
from tests.kit.clients import phone, words_of
from tests.kit.paper_readers import pages_in

pytestmark = pytest.mark.django_db

LEADERS = "cán bộ lãnh đạo, quản lý"


@pytest.fixture
def cell():
    """Seven members: the secretary, a deputy, and five without office; a year and a quarter are open."""
    cell = factories.make_cell()
    factories.make_members(cell, 6)
    factories.make_member(cell, "Đỗ Thị Dung", office=Office.Kind.DEPUTY)
    factories.make_campaign(cell.committee)
    return cell


@pytest.fixture
def quarter(cell):
    return factories.make_campaign(cell.committee, kind="q3", pack="quy")


@pytest.fixture
def heads(cell):
    return {office.kind: office.member for office in Office.objects.filter(member__cell=cell)}


@pytest.fixture
def browser(client, heads):
    client.force_login(factories.make_user(heads["secretary"]))
    return client


@pytest.fixture
def planned(browser, cell, quarter, heads):
    return verbs.plan_meeting(
        heads["secretary"].user,
        cell,
        quarter,
        starts_at=datetime(2026, 9, 10, 19, 30, tzinfo=timezone.get_default_timezone()),
        venue="Nhà văn hóa",
        chair=heads["secretary"],
        clerk=heads["deputy"],
    )


def test_the_list_of_a_quarter_has_the_leaders_and_says_why_not_the_others(browser, cell, quarter):
    shown = browser.get(reverse("ballots:review_list", args=[cell.pk, quarter.span]))
    page = shown.content.decode()
    assert "Danh sách kiểm điểm quý III năm 2026" in page
    assert "02/07 đồng chí được kiểm điểm, xếp loại" in page
    assert "Không giữ chức vụ lãnh đạo, quản lý" in page
    of_the_year = browser.get(reverse("ballots:review_list", args=[cell.pk, 2026]))
    assert "07/07 đồng chí" in of_the_year.content.decode()


def test_a_quarters_meeting_votes_on_leaders_alone(planned, heads):
    rated = {row.member for row in Attendance.objects.of(planned) if row.rated}
    assert rated == set(heads.values())
    polls = Poll.objects.filter(meeting=planned)
    assert [poll.title for poll in polls] == [f"Xếp loại chất lượng {LEADERS} quý III năm 2026"]
    assert "report" not in {item.kind for item in planned.items.all()}


def test_nothing_asks_for_the_level_of_the_cell_in_a_quarter(browser, planned):
    text = " ".join(open_points(planned, planned.starts_at))
    assert "Chưa kết luận mức xếp loại của 02 đảng viên." in text
    page = browser.get(reverse("ballots:conclude", args=[planned.pk]))
    assert [subject.key for subject in page.context["undecided"]] == [
        str(row.member_id) for row in Attendance.objects.of(planned) if row.rated
    ]


def test_a_quarters_pages_and_papers_name_the_quarter(browser, planned):
    page = browser.get(reverse("ballots:meeting", args=[planned.pk])).content.decode()
    assert "Hội nghị kiểm điểm quý III năm 2026" in page
    text = " ".join(pages_in(render.pdf(render.html(gather_minutes(planned)))))
    occasion = "xếp loại chất lượng cán bộ lãnh đạo, quản lý quý III năm 2026"
    assert occasion in text
    assert "Báo cáo kiểm điểm của tập thể" not in text
    assert "05 đồng chí (" in text
    assert "Kết luận số 198-KL/TW" in text


def test_the_secretary_is_led_through_both(browser, cell, quarter):
    page = browser.get("/hop/").content.decode()
    assert "Kiểm điểm năm 2026" in page
    assert "Kiểm điểm quý III năm 2026" in page
    plan = reverse("ballots:meeting_plan", args=[cell.pk])
    form = browser.get(plan + "?ky=2026-q3").context["form"]
    assert form.initial["campaign"] == quarter


def test_the_board_of_the_committee_keeps_year_and_quarter_apart(client, cell, planned):
    client.force_login(factories.make_user(committee=cell.committee))
    board = reverse("ballots:committee", args=[cell.committee_id])
    assert "Đang làm: 0" in words_of(client.get(board))
    assert "Đang làm: 1" in words_of(client.get(board + "?nam=2026-q3"))
    sheet = client.get(reverse("ballots:committee_xlsx", args=[cell.committee_id, "2026-q3"]))
    assert sheet.status_code == 200


def test_self_reviews_of_a_quarter_are_asked_of_leaders_alone(browser, cell, quarter):
    board = reverse("ballots:reviews", args=[cell.pk, quarter.span])
    page = browser.get(board).content.decode()
    assert "đã nộp 00/02" in page
    assert "Không giữ chức vụ lãnh đạo" not in page, "the quarter has one form"


@pytest.mark.parametrize(
    ("today", "first"),
    [(date(2026, 9, 12), "2026-q3"), (date(2026, 10, 20), "2026-q3"), (date(2026, 12, 1), "2026")],
)
def test_a_leaders_phone_shows_the_nearer_of_the_two(cell, quarter, heads, today, first):
    result = campaigns_of(heads["deputy"], today)
    assert (str(result[0].span), len(result)) == (first, 2)


def test_a_quarter_whose_meeting_is_over_stands_behind(planned, heads):
    type(planned).objects.filter(pk=planned.pk).update(
        state="closed", opened_at=timezone.now(), closed_at=timezone.now()
    )
    assert str(campaigns_of(heads["deputy"], date(2026, 9, 12))[0].span) == "2026"


def test_the_phone_leads_from_one_to_the_other(cell, quarter, heads):
    own = phone(heads["deputy"])
    page = own.get(reverse("members:review_of", args=["2026-q3"])).content.decode()
    assert "Mẫu 05-HD KĐ.ĐG 2025" in page
    assert "Quý III năm 2026" in page
    assert "Trục kết quả trọng tâm thứ sáu" in page
    assert "Bản kiểm điểm năm 2026" in page
    text = {"text-strengths": "Xong việc quý ba", "version": 0, "do": "save"}
    assert own.post(reverse("members:review_of", args=["2026-q3"]), text).url.endswith("2026-q3/")
    assert (
        "Xong việc quý ba"
        not in own.get(reverse("members:review_of", args=[2026])).content.decode()
    )


def test_who_holds_no_office_has_only_the_year_to_write(cell, quarter):
    member = cell.member_set.get(name="Lê Văn An")
    own = phone(member)
    assert "Mẫu 02B" in own.get("/hop/ban-kiem-diem/").content.decode()
    refused = own.get(reverse("members:review_of", args=["2026-q3"])).content.decode()
    assert "Kỳ này đồng chí không phải viết bản kiểm điểm" in refused
