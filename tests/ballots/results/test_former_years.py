"""Last year's levels and promises beside this year's: on the board of reviews, at the comments, at the report."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ballots.models import Classification, Paper
from cells.models import Meeting
from members.models import Comment, Member, SelfReview
from members.rules import promises
from tests.kit import factories

pytestmark = pytest.mark.django_db
ANSWERS = {
    "1": {"item": "Đi họp muộn", "state": "done", "why": ""},
    "2": {"item": "Ít phát biểu", "state": "open", "why": "Còn ngại"},
    "3": {"item": "Chậm nộp đảng phí", "state": "done", "why": ""},
}
LEVEL = "Năm 2025 chi bộ đề nghị: Hoàn thành tốt nhiệm vụ"
COUNTED = "Hạn chế năm trước: 2 đã khắc phục, 1 chưa khắc phục"


def hold(meeting: Meeting, year: int = 2025, level: str = "HTT", **values) -> Meeting:
    """An earlier meeting of the same cell, its minutes passed: the cell and all members have this level."""
    values = {"starts_at": timezone.now() - timedelta(days=365)} | values
    former = Meeting.objects.create(
        cell=meeting.cell,
        campaign=factories.make_campaign(meeting.cell.committee, year=year),
        state="closed",
        opened_at=values["starts_at"],
        closed_at=values["starts_at"],
        **values,
    )
    for subject in (None, *factories.members_of(meeting)):
        Classification.objects.create(
            meeting=former, member=subject, level=level, source="chair", reason="Thảo luận"
        )
    factories.make_paper(former, "minutes")
    return former


def answer(meeting: Meeting, member: Member, **values) -> None:
    values = {"state": "submitted", "answers": ANSWERS, "kind": "member"} | values
    SelfReview.objects.create(
        cell=member.cell,
        member=member,
        campaign=meeting.campaign,
        submitted_at=timezone.now(),
        **values,
    )


@pytest.fixture
def pages(client) -> dict[str, str]:
    """Addresses of the three pages; the secretary is signed in."""
    meeting = factories.make_open_meeting(5)
    client.force_login(factories.secretary_of(meeting))
    at = f"/hop/hoi-nghi/{meeting.pk}/"
    board = f"/hop/chi-bo/{meeting.cell_id}/2026/ban-kiem-diem/"
    return {"board": board, "comments": f"{at}gop-y/", "report": f"{at}bao-cao/"}


@pytest.fixture
def closed_meeting(pages) -> Meeting:
    """This year's open meeting; the former year is remembered."""
    meeting = Meeting.objects.get()
    hold(meeting)
    return meeting


def test_the_board_shows_last_years_level_and_how_many_promises_were_kept(
    client, pages, closed_meeting
):
    answer(closed_meeting, factories.members_of(closed_meeting)[2])
    page = client.get(pages["board"]).content.decode()
    assert page.count(LEVEL) == 5
    assert page.count(f"{LEVEL} · {COUNTED}") == 1


@pytest.mark.parametrize(
    "values", [{"state": "draft"}, {"state": "returned", "remark": "Ghi rõ"}, {"on_paper": True}]
)
def test_answers_that_were_not_handed_in_here_are_nobody_elses(
    client, pages, closed_meeting, values
):
    answer(closed_meeting, factories.members_of(closed_meeting)[2], **values)
    for name in pages:
        assert "Hạn chế năm trước:" not in client.get(pages[name]).content.decode()
    years = client.get(f"/hop/chi-bo/{closed_meeting.cell_id}/cac-nam/").content.decode()
    assert ("Đi họp muộn" in years) == (
        "on_paper" not in values and values["state"] == "submitted"
    )


def test_at_the_comments_it_stands_with_each_subject_and_in_one_list(
    client, pages, closed_meeting
):
    first, second, *_ = factories.members_of(closed_meeting)
    answer(closed_meeting, second)
    Comment.objects.create(meeting=closed_meeting, by=first, on=second, text="Đồng ý")
    page = client.get(pages["comments"]).content.decode()
    listed, text = page.split('id="said-title"')
    assert listed.count(LEVEL) == 6, "the cell and its five members"
    assert f"{LEVEL} · {COUNTED}" in listed
    assert f'<p class="quiet">{LEVEL} · {COUNTED}</p>' in text
    assert "Còn ngại" not in page, "numbers, not the words of a review"


def test_at_the_report_the_cells_own_stand_and_what_is_not_answered_yet(
    client, pages, closed_meeting
):
    former = Meeting.objects.get(campaign__year=2025)
    factories.set_report(former, texts={"weaknesses": "- Một\n- Hai\n- Ba"})
    factories.set_report(
        closed_meeting, answers={"1": {"item": "Một", "state": "done", "why": ""}}
    )
    page = client.get(pages["report"]).content.decode()
    assert f"{LEVEL} · Hạn chế năm trước: 1 đã khắc phục, 2 chưa trả lời." in page


@pytest.mark.parametrize(
    "change", ["nothing held", "not passed", "rehearsal", "same year", "elsewhere"]
)
def test_where_no_former_year_is_known_nothing_is_shown(client, pages, change):
    meeting = Meeting.objects.get()
    if change != "nothing held":
        former = hold(meeting, year=2026 if change == "same year" else 2025, kind="extra")
    if change == "not passed":
        Paper.objects.all().delete()
    elif change == "rehearsal":
        Meeting.objects.filter(pk=former.pk).update(kind="rehearsal")
    elif change == "elsewhere":
        Meeting.objects.filter(pk=former.pk).update(cell=factories.make_cell())
    for name in pages:
        page = client.get(pages[name]).content.decode()
        assert "chi bộ đề nghị:" not in page
        assert "Năm trước của từng đồng chí" not in page


def test_of_several_years_the_last_stands_and_what_was_decided_above(
    client, pages, closed_meeting
):
    hold(closed_meeting, year=2024, level="HT")
    last = Meeting.objects.get(campaign__year=2025)
    officer = factories.make_user(committee=last.cell.committee)
    who = [row.member for row in Classification.objects.filter(meeting=last)]
    factories.make_decision(last, officer, *who, level="HTXS")
    page = client.get(pages["board"]).content.decode()
    assert page.count("Năm 2025 cấp trên quyết định: Hoàn thành xuất sắc nhiệm vụ") == 5
    assert "Năm 2024" not in page


def test_the_pages_cost_the_same_queries_for_3_members_and_for_30(client):
    def queries(size: int) -> list[int]:
        meeting = factories.make_open_meeting(size)
        hold(meeting)
        for member in factories.members_of(meeting):
            answer(meeting, member)
            Comment.objects.create(meeting=meeting, by=member, on=member, text="Đồng ý")
        client.force_login(factories.secretary_of(meeting))
        counts = []
        for page in (
            f"chi-bo/{meeting.cell_id}/2026/ban-kiem-diem/",
            f"hoi-nghi/{meeting.pk}/gop-y/",
        ):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(f"/hop/{page}").status_code == 200
            counts.append(len(captured))
        return counts

    assert queries(30) == queries(3)


def test_the_sum_names_only_what_there_is():
    assert promises.summed(()) == ""
    assert promises.summed(promises.stored(ANSWERS)) == COUNTED
    promises_asked = promises.promises(("Một", "Hai"), {}, {})
    assert promises.summed(promises_asked) == "Hạn chế năm trước: 2 chưa trả lời"
