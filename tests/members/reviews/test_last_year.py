"""Last year's self-review on the page of this year's: its shortcomings are asked, and repeating it is pointed out."""

import pytest
from django.test import Client
from django.utils import timezone

from cells.models import Setting
from members.models import AuditEntry, Member, SelfReview, User
from tests.kit import factories
from tests.kit.clients import phone
from tests.kit.reviews import ADDRESS, FULL, board, hand_in, save

pytestmark = pytest.mark.django_db
STATES = SelfReview.State


@pytest.fixture
def member(db) -> Member:
    """A member of a cell whose campaign runs."""
    return factories.members_of(factories.make_meeting(5))[4]


@pytest.fixture
def own(member) -> Client:
    """The member's phone."""
    return phone(member)


@pytest.fixture
def former(member) -> SelfReview:
    """What the member handed in last year: two shortcomings."""
    campaign = factories.make_campaign(member.cell.committee, year=2025)
    written = {"kind": "member", "texts": {"weaknesses": "- Đi họp muộn\n- Ít phát biểu"}}
    review = SelfReview.objects.create(
        cell=member.cell,
        member=member,
        campaign=campaign,
        state=STATES.SUBMITTED,
        submitted_at=timezone.now(),
        **written,
    )
    review.versions.create(number=1, pack="2025.1", self_level="HTT", **written)
    return review


def test_last_years_shortcomings_are_asked_one_by_one_and_nothing_of_them_is_pasted(own, former):
    page = own.get(ADDRESS).content.decode()
    assert "1. Đi họp muộn" in page
    assert "2. Ít phát biểu" in page
    assert page.count("Đi họp muộn") == 1, "shown, not pasted"
    assert "Xem bản kiểm điểm năm 2025" in page


def test_handing_in_asks_for_each_answer_and_stores_those_given(own, former):
    page = hand_in(own, **{"answer-1": "done", "answer-2": "open", "self_level": "HTXS"})
    page = own.get(page.url)
    assert "Xin ghi vì sao chưa khắc phục được." in page.content.decode()
    assert "mức này có điều kiện: đã khắc phục 100%" in page.content.decode()
    row = SelfReview.objects.get(campaign__year=2026)
    assert row.answers["1"] == {"item": "Đi họp muộn", "state": "done", "why": ""}
    answers = {"answer-1": "done", "answer-2": "open", "why-2": "Còn ngại"}
    assert hand_in(own, version=row.version, **answers).status_code == 302
    review = SelfReview.objects.get(campaign__year=2026).versions.get()
    assert review.answers["2"] == {"item": "Ít phát biểu", "state": "open", "why": "Còn ngại"}
    assert "Chưa khắc phục: Còn ngại" in own.get(ADDRESS).content.decode()


def test_a_review_returned_after_the_year_still_asks_what_was_handed_in(own, former):
    SelfReview.objects.update(state=STATES.RETURNED, remark="Ghi rõ", texts={"weaknesses": "Khác"})
    page = own.get(ADDRESS).content.decode()
    assert "1. Đi họp muộn" in page
    assert "Khác</" not in page


def test_the_draft_of_who_handed_in_a_paper_is_not_asked(own, former):
    former.versions.update(on_paper=True)
    assert "Đi họp muộn" not in own.get(ADDRESS).content.decode()


def test_who_wrote_nothing_here_last_year_is_asked_nothing(own):
    assert "năm trước: đã khắc phục chưa" not in own.get(ADDRESS).content.decode()


# Taken over from last year


LAST_YEAR = "Tôi chấp hành nghiêm mọi sự phân công của chi bộ"
TOLD = "Giống bản năm 2025 khoảng {}%. Đồng chí nên viết lại cho sát với năm nay."


@pytest.fixture
def repeated(own, former) -> SelfReview:
    """This year's draft: ten of its twelve words as they stood last year."""
    former.versions.update(texts={"strengths": LAST_YEAR})
    save(own, **{"text-strengths": f"{LAST_YEAR} và rất"})
    return SelfReview.objects.get(campaign__year=2026)


def test_the_writer_is_told_how_much_was_taken_over_from_last_year(own, repeated):
    assert TOLD.format(85) in own.get(ADDRESS).content.decode()
    save(own, version=1, **{"text-strengths": "Năm nay tôi nhận thêm hai việc mới"})
    assert "Giống bản năm" not in own.get(ADDRESS).content.decode()


def test_nobody_but_the_writer_is_told(own, repeated, member, client):
    client.force_login(User.objects.get(member__cell=member.cell))
    own.post(ADDRESS, FULL | {"version": 1, "do": "submit", "text-strengths": LAST_YEAR * 40})
    repeated.refresh_from_db()
    assert repeated.state == STATES.SUBMITTED
    assert "Giống bản năm 2025" in own.get(ADDRESS).content.decode()
    for address in (board(member), f"{ADDRESS}{repeated.pk}/"):
        assert "Giống bản năm" not in client.get(address).content.decode()
    columns = {field.name for field in SelfReview._meta.get_fields()}
    assert not any("like" in name for name in columns)
    assert "like" not in str(list(AuditEntry.objects.values_list("note", flat=True)))


def test_from_when_on_the_writer_is_told_is_the_committees_to_set(own, repeated, member):
    Setting.objects.create(
        committee=member.cell.committee, key="likeness", value=90, basis="HD 05-HD/ĐU"
    )
    assert "Giống bản năm" not in own.get(ADDRESS).content.decode()


def test_a_draft_beside_a_paper_and_a_quarter_are_compared_with_nothing(own, repeated):
    repeated.promise_paper()
    assert "Giống bản năm" in own.get(ADDRESS).content.decode()
    repeated.receive_paper("2025.1")
    assert "Giống bản năm" not in own.get(ADDRESS).content.decode()
    repeated.campaign.kind = "q3"
    assert SelfReview(campaign=repeated.campaign, texts=repeated.texts).likeness == 0
