"""Danh sách kiểm điểm: made from the rules, changed with a reason, and followed by the meeting."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ballots.models import Poll
from members.models import Attendance, AuditEntry, Member, Office, ReviewLine
from tests.kit import factories, verbs
from tests.kit.polls import poll_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cell():
    """Five members: the secretary, a full one, an exempt one, a new one, and one who has moved away."""
    cell = factories.make_cell()
    factories.make_member(cell, "Trần Thị Ánh", office=Office.Kind.SECRETARY, post="Bí thư")
    factories.make_member(cell, "Lê Văn Bình")
    factories.make_member(cell, "Bùi Văn Cường", status=Member.Status.EXEMPT)
    factories.make_member(
        cell, "Đỗ Thị Dung", status=Member.Status.PROBATIONARY, admitted_on=date(2026, 11, 3)
    )
    factories.make_member(cell, "Vũ Văn Đức", left_on=date(2026, 3, 1))
    factories.make_campaign(cell.committee)
    return cell


@pytest.fixture
def secretary(cell):
    return factories.make_user(Member.objects.get(cell=cell, name="Trần Thị Ánh"))


def address(cell) -> str:
    return reverse("ballots:review_list", args=[cell.pk, 2026])


@pytest.fixture
def page(client, cell, secretary):
    client.force_login(secretary)
    return lambda: client.get(address(cell)).content.decode()


def line_of(name: str) -> ReviewLine:
    return ReviewLine.objects.get(member__name=name)


def test_the_list_is_made_from_the_rules_with_reason_and_basis(page):
    shown = page()
    assert "02/04 đồng chí được kiểm điểm, xếp loại" in shown
    assert "Mới kết nạp, chưa đủ 6 tháng" in shown
    assert "Căn cứ: QĐ 366-QĐ/TW" in shown
    assert "Vũ Văn Đức" not in shown


def test_each_list_says_what_it_decides_and_which_one_comes_after_it(
    client, page, cell, secretary
):
    assert "Lập hội nghị thì danh sách xếp loại lấy từ đây." in page()
    members = client.get(reverse("members:member_list", args=[cell.pk])).content.decode()
    assert "ai được xếp loại thì xem danh sách kiểm điểm của từng kỳ" in members
    meeting = plan(cell, secretary)
    roster = reverse("ballots:roster", args=[meeting.pk])
    assert roster in page()
    assert "Lập hội nghị thì" not in page()
    shown = client.get(roster).content.decode()
    assert "Danh sách xếp loại</" in shown
    assert "Danh sách này quyết định ai có tên trên lá phiếu." in shown


def test_a_change_needs_a_reason_and_stays_when_the_list_is_made_again(client, page):
    page()
    line = line_of("Lê Văn Bình")
    change = reverse("ballots:review_line", args=[line.pk])
    refused = client.post(change, {"status": "unrated", "reason": " ", "return_on": ""})
    assert refused.status_code == 422
    assert "Xin ghi lý do" in refused.content.decode()
    assert line_of("Lê Văn Bình").status == "subject"
    by_name = {"status": "unrated", "reason": "Nghỉ ốm dài ngày", "return_on": "01/3/2027"}
    assert client.post(change, by_name).status_code == 302
    assert "xem lại ngày 01/03/2027" in page()
    assert AuditEntry.objects.filter(verb="review.line_set").exists()


def test_a_day_to_return_to_is_only_for_who_is_not_yet_rated(client, page):
    page()
    change = reverse("ballots:review_line", args=[line_of("Lê Văn Bình").pk])
    by_name = {"status": "not_subject", "reason": "Chuyển đi", "return_on": "01/3/2027"}
    refused = client.post(change, by_name)
    assert "Chỉ đồng chí chưa xếp loại mới có ngày xem lại" in refused.content.decode()
    assert line_of("Lê Văn Bình").status == "subject"


def test_a_change_is_taken_back_to_the_rules(client, page):
    page()
    line = line_of("Bùi Văn Cường")
    change = reverse("ballots:review_line", args=[line.pk])
    client.post(change, {"status": "subject", "reason": "Đồng chí xin kiểm điểm"})
    assert line_of("Bùi Văn Cường").is_rated
    client.post(reverse("ballots:review_line_reset", args=[line.pk]))
    again = line_of("Bùi Văn Cường")
    assert (again.status, again.by_hand) == ("not_subject", False)


def test_who_is_no_longer_new_or_exempt_is_reviewed_again(page):
    page()
    Member.objects.filter(name="Bùi Văn Cường").update(status=Member.Status.FULL)
    page()
    assert line_of("Bùi Văn Cường").is_rated
    assert line_of("Bùi Văn Cường").reason == ""


def plan(cell, secretary):
    members = {member.name: member for member in Member.objects.filter(cell=cell)}
    return verbs.plan_meeting(
        secretary,
        cell,
        cell.committee.campaign_set.get(),
        starts_at=datetime(2026, 12, 5, 19, 30, tzinfo=UTC),
        venue="",
        chair=members["Trần Thị Ánh"],
        clerk=members["Lê Văn Bình"],
    )


def test_the_meeting_begins_with_the_list_of_the_year(cell, secretary, page):
    meeting = plan(cell, secretary)
    rows = {row.member.name: row for row in Attendance.objects.of(meeting)}
    assert {name for name, row in rows.items() if row.rated} == {"Trần Thị Ánh", "Lê Văn Bình"}
    assert rows["Đỗ Thị Dung"].unrated_reason == "Mới kết nạp, chưa đủ 6 tháng"


def test_what_the_meeting_changes_stands_in_the_list_of_the_year(cell, secretary):
    meeting = plan(cell, secretary)
    row = Attendance.objects.get(meeting=meeting, member__name="Lê Văn Bình")
    verbs.set_review(secretary, row, False, "Chờ kết luận", "")
    assert (line_of("Lê Văn Bình").status, line_of("Lê Văn Bình").reason) == (
        "unrated",
        "Chờ kết luận",
    )


def leave_out(secretary, name: str) -> None:
    verbs.set_line(secretary, line_of(name), "not_subject", "Đi nước ngoài", None)


def on_the_ballot(meeting) -> set[str]:
    poll = poll_of(meeting, 2)
    return set(poll.subjects.values_list("member__name", flat=True))


def test_what_the_list_of_the_year_changes_reaches_the_ballot_of_a_planned_meeting(
    cell, secretary
):
    meeting = plan(cell, secretary)
    leave_out(secretary, "Lê Văn Bình")
    row = Attendance.objects.get(meeting=meeting, member__name="Lê Văn Bình")
    assert (row.rated, row.unrated_reason) == (False, "Đi nước ngoài")
    assert on_the_ballot(meeting) == {"Trần Thị Ánh"}
    verbs.follow_rules(secretary, line_of("Lê Văn Bình"))
    row.refresh_from_db()
    assert (row.rated, row.unrated_reason) == (True, "")
    assert on_the_ballot(meeting) == {"Trần Thị Ánh", "Lê Văn Bình"}


@pytest.mark.parametrize(("number", "follows"), [(1, True), (2, False)])
def test_only_a_ballot_with_members_on_it_fixes_who_is_rated(
    cell, secretary, client, number, follows
):
    meeting = plan(cell, secretary)
    Poll.objects.filter(pk=poll_of(meeting, number).pk).update(state="counted")
    row = Attendance.objects.get(meeting=meeting, member__name="Lê Văn Bình")
    client.force_login(secretary)
    change = reverse("ballots:review_line", args=[line_of("Lê Văn Bình").pk])
    data = {"status": "not_subject", "reason": "Đi nước ngoài"}
    page = client.post(change, data, follow=True).content.decode()
    row.refresh_from_db()
    assert row.rated is not follows
    assert ("giữ nguyên" in page) is not follows
    if not follows:
        with pytest.raises(verbs.Refused, match="không đổi được nữa"):
            verbs.set_review(secretary, row, False, "Chờ kết luận", "")
    roster = client.get(reverse("ballots:roster", args=[meeting.pk])).content.decode()
    assert ("chỉ còn sửa được mức tự nhận" in roster) is not follows


def test_a_planned_poll_on_a_few_keeps_to_them_when_the_list_changes(cell, secretary):
    third = factories.make_member(cell, "Phạm Văn Cường").name
    meeting = plan(cell, secretary)
    few = [Member.objects.get(cell=cell, name="Trần Thị Ánh")]
    second = verbs.plan_poll(secretary, meeting, "Bình chọn", few, ["HTXS"])
    leave_out(secretary, "Lê Văn Bình")
    verbs.follow_rules(secretary, line_of("Lê Văn Bình"))
    assert [row.member for row in second.subjects.all()] == few
    assert on_the_ballot(meeting) == {"Trần Thị Ánh", "Lê Văn Bình", third}
    leave_out(secretary, "Trần Thị Ánh")
    assert not second.subjects.exists()


def test_the_list_of_a_closed_meeting_is_only_read(client):
    meeting = factories.make_open_meeting(3)
    client.force_login(factories.secretary_of(meeting))
    address = reverse("ballots:roster", args=[meeting.pk])
    before = client.get(address).content.decode()
    type(meeting).objects.update(state="closed", closed_at=timezone.now())
    after = client.get(address).content.decode()
    for offered in ("Lưu danh sách", "Lưu phân công"):
        assert (offered in before, offered in after) == (True, False)
    assert "chỉ để xem" in after


def test_who_only_looks_changes_nothing_and_makes_no_list(client, cell):
    officer = factories.make_user(committee=cell.committee)
    client.force_login(officer)
    assert "Chi bộ chưa lập danh sách" in client.get(address(cell)).content.decode()
    assert not ReviewLine.objects.exists()


@pytest.mark.parametrize("year", [1999, 2031])
def test_a_year_without_a_campaign_is_not_found(client, cell, secretary, year):
    client.force_login(secretary)
    assert client.get(reverse("ballots:review_list", args=[cell.pk, year])).status_code == 404


def test_the_list_costs_the_same_queries_for_three_and_for_thirty(cell, page):
    def queries(more: int) -> int:
        for number in range(more):
            factories.make_member(cell, f"Ngô Văn {more} {number}")
        page()
        with CaptureQueriesContext(connection) as caught:
            page()
        return len(caught)

    assert queries(0) == queries(27)


def test_a_line_without_a_reason_is_refused_by_the_database_too(cell, page):
    page()
    line = line_of("Lê Văn Bình")
    line.status = "unrated"
    with pytest.raises(ValidationError, match="Xin ghi lý do"):
        line.validate_constraints()
