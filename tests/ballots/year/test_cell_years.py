"""The years: a member's own on the phone, the cell's line for its officers, the cell's own promises."""

import pytest
from django.utils import timezone

from cells.models import Meeting
from cells.stale import STALE
from members.models import SelfReview, SelfReviewVersion
from tests.kit import factories, verbs
from tests.kit.clients import phone

pytestmark = pytest.mark.django_db
MINE, OTHERS = "Tôi còn đi họp muộn", "Đồng chí kia ít phát biểu"


@pytest.fixture
def closed_meeting() -> Meeting:
    """HTXS for the first member, HTT for the second and the cell; these two have handed in a review."""
    meeting = factories.make_open_meeting(5)
    secretary = factories.secretary_of(meeting)
    first, second = factories.members_of(meeting)[:2]
    for member, level in ((first, "HTXS"), (second, "HTT"), (None, "HTT")):
        verbs.conclude(secretary, meeting, member, level, "Theo thảo luận")
    for member, text in ((first, MINE), (second, OTHERS)):
        written = {
            "kind": "member",
            "texts": {"weaknesses": text},
            "answers": {"1": {"item": "Việc cũ", "state": "open", "why": "Chưa kịp"}},
        }
        review = SelfReview.objects.create(
            cell=member.cell,
            member=member,
            campaign=meeting.campaign,
            state="submitted",
            submitted_at=timezone.now(),
            **written,
        )
        SelfReviewVersion.objects.create(review=review, number=1, pack="2025.1", **written)
    return meeting


def own_page(meeting: Meeting, place: int) -> str:
    token = factories.make_device(factories.members_of(meeting)[place])
    return phone(token=token).get("/hop/cac-nam/").content.decode()


def test_a_member_reads_the_own_years_and_nobody_elses(closed_meeting):
    factories.make_paper(closed_meeting, "minutes")
    page = own_page(closed_meeting, 0)
    assert MINE in page
    assert "Chi bộ đề nghị: Hoàn thành xuất sắc nhiệm vụ." in page
    assert OTHERS not in page
    assert "Hoàn thành tốt nhiệm vụ" not in page
    assert "Chưa có năm nào" in own_page(closed_meeting, 4)


def test_of_a_returned_review_the_member_reads_what_was_handed_in(closed_meeting):
    new = {"weaknesses": "Chữ đang sửa"}
    SelfReview.objects.update(state="returned", remark="Xin ghi rõ", texts=new)
    page = own_page(closed_meeting, 0)
    assert MINE in page
    assert "Việc cũ" in page
    assert "Chữ đang sửa" not in page


def test_of_a_paper_the_draft_left_beside_it_is_not_shown(closed_meeting):
    SelfReviewVersion.objects.update(on_paper=True)
    page = own_page(closed_meeting, 0)
    assert "Đồng chí đã nộp bản giấy." in page
    assert MINE not in page


def test_a_level_is_shown_once_the_minutes_are_passed(closed_meeting):
    page = own_page(closed_meeting, 0)
    assert MINE in page
    assert "Chi bộ đề nghị" not in page


def test_a_rehearsal_leaves_no_trace_in_the_years(closed_meeting, client):
    factories.make_paper(closed_meeting, "minutes")
    Meeting.objects.update(kind=Meeting.Kind.REHEARSAL)
    assert "Chi bộ đề nghị" not in own_page(closed_meeting, 0)
    client.force_login(factories.secretary_of(closed_meeting))
    page = client.get(f"/hop/chi-bo/{closed_meeting.cell_id}/cac-nam/").content.decode()
    assert "Chưa có năm nào" in page


def test_the_cells_line_counts_its_members_per_level_and_names_open_promises(
    closed_meeting, client
):
    factories.make_paper(closed_meeting, "minutes")
    client.force_login(factories.secretary_of(closed_meeting))
    page = client.get(f"/hop/chi-bo/{closed_meeting.cell_id}/cac-nam/").content.decode()
    numbers = page[
        page.index('<th scope="row">2026</th>') : page.index(
            "</tr>", page.index('<th scope="row">')
        )
    ]
    assert [numbers.count(f">{n}</td>") for n in (1, 0)] == [2, 2]
    assert '<abbr title="Hoàn thành tốt nhiệm vụ">HTT</abbr>' in numbers
    assert '<td data-label="2026">HTXS</td>' in page
    assert "Việc cũ — <strong>Chưa khắc phục: Chưa kịp</strong>" in page


def test_officers_above_see_levels_and_no_words_of_a_review(closed_meeting, client):
    factories.make_paper(closed_meeting, "minutes")
    client.force_login(factories.make_user(committee=closed_meeting.cell.committee))
    page = client.get(f"/hop/chi-bo/{closed_meeting.cell_id}/cac-nam/").content.decode()
    assert '<td data-label="2026">HTXS</td>' in page
    assert "Việc cũ" not in page


@pytest.fixture
def following(client) -> str:
    """The page of this year's meeting that asks about last year's two shortcomings of the cell; signed in."""
    meeting = factories.make_meeting(5)
    former = factories.make_campaign(meeting.cell.committee, year=2025)
    last = Meeting.objects.create(
        cell=meeting.cell,
        campaign=former,
        starts_at=meeting.starts_at,
        state="closed",
        opened_at=meeting.starts_at,
        closed_at=meeting.starts_at,
    )
    factories.set_report(last, texts={"weaknesses": "- Sinh hoạt chưa đều\n- Chậm báo cáo"})
    client.force_login(factories.secretary_of(meeting))
    return f"/hop/hoi-nghi/{meeting.pk}/han-che-nam-truoc/"


def seen(page: str) -> str:
    return page.split('name="seen" value="')[1].split('"')[0]


def test_the_cell_answers_its_own_shortcomings_one_by_one(client, following):
    page = client.get(following).content.decode()
    assert "1. Sinh hoạt chưa đều" in page
    half = {"seen": seen(page), "answer-1": "done", "answer-2": "open"}
    answer = client.post(following, half)
    assert answer.status_code == 422
    assert "Xin ghi vì sao chưa khắc phục được." in answer.content.decode()
    whole = half | {"seen": seen(answer.content.decode()), "why-2": "Thiếu người"}
    assert client.post(following, whole).status_code == 302
    stored = Meeting.objects.get(campaign__year=2026).report.answers
    assert stored["2"] == {"item": "Chậm báo cáo", "state": "open", "why": "Thiếu người"}


def test_of_two_windows_the_second_is_told_and_keeps_its_words(client, following):
    page = client.get(following).content.decode()
    one = {"seen": seen(page), "answer-1": "done", "answer-2": "done"}
    assert client.post(following, one).status_code == 302
    answer = client.post(following, one | {"answer-2": "open", "why-2": "Lời của cửa sổ hai"})
    assert answer.status_code == 422
    assert STALE in answer.content.decode()
    assert "Lời của cửa sổ hai" in answer.content.decode()
    assert Meeting.objects.get(campaign__year=2026).report.answers["2"]["state"] == "done"
