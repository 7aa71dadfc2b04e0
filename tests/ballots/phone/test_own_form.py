"""A member's own form on the own phone: read as a page, taken along as PDF, and nobody else's."""

import pytest
from django.test import Client
from django.utils import timezone

from cells.models import Meeting
from members.models import Assessment, Member, SelfReview
from tests.kit import factories, verbs
from tests.kit.clients import phone
from tests.kit.paper_readers import pages_in

pytestmark = pytest.mark.django_db
PAGE = "/hop/cac-nam/{}/ban-in/"
PDF = "/hop/cac-nam/{}/ban-in.pdf"
DRAFT, WORDS, REMARK = "BẢN DỰ THẢO", "Tôi làm tốt việc được giao.", "Chi ủy nhất trí với tự nhận."
PROPOSED = "Chi bộ đề xuất xếp loại mức chất lượng: Hoàn thành xuất sắc nhiệm vụ."


def hand_in(member: Member, campaign, on_paper: bool = False, **values) -> SelfReview:
    values = {"kind": "member", "texts": {"strengths": WORDS}, "on_paper": on_paper} | values
    now = timezone.now()
    review = SelfReview.objects.create(
        cell=member.cell,
        member=member,
        campaign=campaign,
        state="submitted",
        submitted_at=now,
        **values,
    )
    review.versions.create(number=1, pack="2025.1", self_level="HTT", **values)
    return review


@pytest.fixture
def concluded() -> Meeting:
    """An open meeting that proposes HTXS for its third member, of whom the executive has made a remark."""
    meeting = factories.make_open_meeting(5)
    member = factories.members_of(meeting)[2]
    hand_in(member, meeting.campaign)
    Assessment.objects.create(
        cell=member.cell,
        member=member,
        campaign=meeting.campaign,
        body="executive",
        level="HTXS",
        remark=REMARK,
    )
    secretary = factories.secretary_of(meeting)
    verbs.conclude(secretary, meeting, member, "HTXS", "Theo thảo luận")
    return meeting


def own(meeting: Meeting, place: int = 2) -> Client:
    return phone(factories.members_of(meeting)[place])


def test_until_the_minutes_are_passed_it_is_a_draft_without_what_others_write(concluded):
    page = own(concluded).get(PAGE.format(2026)).content.decode()
    assert DRAFT in page
    assert WORDS in page
    assert "Mẫu 2B-HD KĐ.ĐG 2025" in page
    assert REMARK not in page
    assert PROPOSED not in page
    assert "do cơ quan, chi ủy và cấp ủy ghi" in page.partition("NGƯỜI TỰ KIỂM ĐIỂM")[2]


def test_once_they_are_passed_it_holds_what_the_official_form_holds(concluded):
    factories.make_paper(concluded, "minutes")
    page = own(concluded).get(PAGE.format(2026)).content.decode()
    for words in (WORDS, REMARK, PROPOSED):
        assert words in page
    assert DRAFT not in page
    assert "do cơ quan, chi ủy và cấp ủy ghi" not in page


def test_the_pdf_says_the_same_under_a_name_without_accents(concluded):
    member = factories.members_of(concluded)[2]
    Member.objects.filter(pk=member.pk).update(name="Đỗ Thị Ấm")
    client = own(concluded)
    draft = client.get(PDF.format(2026))
    assert 'filename="Du thao Ban kiem diem Do Thi Am_' in draft["Content-Disposition"]
    text = " ".join(pages_in(draft.content))
    assert DRAFT in text
    assert WORDS in text
    assert REMARK not in text
    factories.make_paper(concluded, "minutes")
    locked = client.get(PDF.format(2026))
    assert 'filename="Ban kiem diem Do Thi Am_' in locked["Content-Disposition"]
    assert DRAFT not in " ".join(pages_in(locked.content))
    assert "no-store" in locked["Cache-Control"]


@pytest.mark.parametrize("address", [PAGE, PDF])
def test_another_phone_gets_nothing_and_no_phone_is_sent_to_join(concluded, address):
    assert own(concluded, 3).get(address.format(2026)).status_code == 404
    for stranger in (phone(), phone(token="no-such-token")):
        assert stranger.get(address.format(2026)).url == "/hop/vao/"
    waiting = factories.make_device(factories.members_of(concluded)[2], state="pending", number=47)
    assert phone(token=waiting).get(address.format(2026)).url == "/hop/vao/"


def test_before_a_meeting_is_planned_there_is_a_draft_to_take_along():
    member = factories.make_member(post="Tổ trưởng")
    hand_in(member, factories.make_campaign(member.cell.committee))
    client = phone(member)
    page = client.get(PAGE.format(2026)).content.decode()
    for words in (DRAFT, WORDS, "Tổ trưởng", member.cell.name):
        assert words in page
    assert client.get(PDF.format(2026)).content.startswith(b"%PDF")


def test_a_paper_that_was_handed_in_cannot_be_printed_here(concluded):
    member = factories.members_of(concluded)[3]
    hand_in(member, concluded.campaign, on_paper=True)
    assert own(concluded, 3).get(PAGE.format(2026)).status_code == 404


def test_a_rehearsal_neither_marks_nor_passes_it(concluded):
    factories.make_paper(concluded, "minutes")
    Meeting.objects.update(kind=Meeting.Kind.REHEARSAL)
    page = own(concluded).get(PAGE.format(2026)).content.decode()
    assert DRAFT in page
    assert REMARK not in page


def test_whom_a_later_meeting_rated_reads_what_that_meeting_proposed(concluded):
    member = factories.members_of(concluded)[2]
    Meeting.objects.filter(pk=concluded.pk).update(kind=Meeting.Kind.EXTRA)
    main = Meeting.objects.create(
        cell=concluded.cell, campaign=concluded.campaign, starts_at=timezone.now()
    )
    member.attendance_set.create(
        meeting=main, standing=member.status, rated=False, unrated_reason="Ốm"
    )
    factories.make_paper(main, "minutes")
    assert DRAFT in own(concluded).get(PAGE.format(2026)).content.decode()
    factories.make_paper(concluded, "minutes")
    member.device_set.all().delete()
    assert PROPOSED in own(concluded).get(PAGE.format(2026)).content.decode()


def test_the_page_of_the_review_and_the_years_lead_there(concluded):
    client = own(concluded)
    for address in ("/hop/ban-kiem-diem/", "/hop/cac-nam/"):
        assert f'href="{PAGE.format(2026)}"' in client.get(address).content.decode()
    SelfReview.objects.update(state="returned", remark="Ghi rõ")
    assert PAGE.format(2026) not in client.get("/hop/ban-kiem-diem/").content.decode()


def test_a_leader_has_one_of_the_quarter_too(concluded):
    member = factories.members_of(concluded)[0]
    quarter = factories.make_campaign(concluded.cell.committee, kind="q3", pack="quy")
    review = hand_in(member, quarter, kind="leader")
    review.versions.update(pack="quy.1")
    page = own(concluded, 0).get(PAGE.format("2026-q3")).content.decode()
    assert "quý III năm 2026" in page
    assert own(concluded, 1).get(PAGE.format("2026-q3")).status_code == 404
