"""The member's page for the own self-review, and the secretary's board, without a browser."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cells.models import Meeting
from cells.stale import STALE
from members.devices import links
from members.models import AuditEntry, Member, Office, ReviewLine, SelfReview
from tests.kit import factories
from tests.kit.clients import phone
from tests.kit.reviews import ADDRESS, FULL, board, hand_in, save

pytestmark = pytest.mark.django_db
CALM = "/hop/hop/"
NOW = timezone.now()
STATES = SelfReview.State


@pytest.fixture
def member(db) -> Member:
    """A member of a cell whose campaign runs."""
    meeting = factories.make_meeting(5)
    return factories.members_of(meeting)[4]


@pytest.fixture
def own(member) -> Client:
    """The member's phone."""
    return phone(member)


@pytest.fixture
def secretary(member, client) -> Client:
    """The browser of who runs the cell."""
    head = Office.objects.get(member__cell=member.cell).member
    client.force_login(head.user)
    return client


def handed_in(client: Client) -> SelfReview:
    assert hand_in(client).status_code == 302
    return SelfReview.objects.get()


@pytest.mark.parametrize(
    ("office", "pack", "number"),
    [
        ("", "2025", "Mẫu 02B-HD KĐ.ĐG 2025"),
        (Office.Kind.DEPUTY, "2025", "Mẫu 02A-HD KĐ.ĐG 2025"),
        ("", "2023", "Mẫu 02A-HD KĐ.ĐG 2023"),
        (Office.Kind.SECRETARY, "2023", "Mẫu 02B-HD KĐ.ĐG 2023"),
    ],
)
def test_the_form_suits_the_member_and_the_year_and_its_head_is_filled_in(office, pack, number):
    member = factories.make_member(office=office, post="Tổ trưởng", born_year=1960)
    factories.make_campaign(member.cell.committee, pack=pack)
    page = phone(member).get(ADDRESS).content.decode()
    for words in (number, member.name, "1960", "Tổ trưởng", member.cell.name):
        assert words in page
    assert page.count("B. Nội dung tự đánh giá, xếp loại") == 1
    assert ("I. Đánh giá theo các nhóm tiêu chí" in page) == (pack == "2025")
    level = "II. Đề xuất xếp loại" if pack == "2025" else "Đề xuất xếp loại"
    assert f"<legend>{level} mức chất lượng</legend>" in page
    assert "checked" not in page, "nothing is chosen beforehand"
    assert not SelfReview.objects.exists(), "looking writes nothing"


@pytest.mark.parametrize("status", ["exempt", "suspended"])
def test_who_is_not_reviewed_has_nothing_to_write(status):
    member = factories.make_member(status=status)
    factories.make_campaign(member.cell.committee)
    client = phone(member)
    assert "chưa phải viết" in client.get(ADDRESS).content.decode()
    save(client)
    assert not SelfReview.objects.exists()


def test_without_a_campaign_there_is_nothing_to_write(db):
    client = phone(factories.make_member())
    assert "chưa phải viết" in client.get(ADDRESS).content.decode()


def test_a_plain_form_saves_and_shows_what_was_written(own):
    assert (
        save(own, **{"text-strengths": "Đoàn kết\r\n\r\ntốt", "score-result": "61,5"}).status_code
        == 302
    )
    page = own.get(ADDRESS).content.decode()
    assert "Đoàn kết\n\ntốt</textarea>" in page
    assert 'value="61,5"' in page
    assert "Đã lưu lúc" in page


def test_one_press_passes_a_group_without_a_script(own):
    save(own, do="all-conduct")
    assert len(SelfReview.objects.get().scores) == 10


def test_a_script_hears_the_version_the_time_and_what_is_wrong(own):
    answer = own.post(
        ADDRESS, {"version": 0, "score-result": "99"}, headers={"accept": "application/json"}
    )
    body = answer.json()
    assert (answer.status_code, body["version"], len(body["saved"])) == (200, 1, 5)
    assert "từ 0 đến 70" in body["problems"]["score-result"]


def test_a_stale_page_is_told_keeps_its_words_and_may_then_be_stored(own):
    save(own, **{"text-strengths": "Bản thứ nhất"})
    answer = save(own, **{"text-strengths": "Bản thứ hai"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert STALE in page
    assert "Bản thứ hai</textarea>" in page
    assert SelfReview.objects.get().texts == {"strengths": "Bản thứ nhất"}
    save(own, version=1, **{"text-strengths": "Bản thứ hai"})
    assert SelfReview.objects.get().texts == {"strengths": "Bản thứ hai"}


def test_a_stale_script_is_told_what_is_stored(own):
    save(own, **{"text-strengths": "Bản thứ nhất"})
    answer = own.post(ADDRESS, {"version": 0}, headers={"accept": "application/json"})
    assert answer.status_code == 409
    assert answer.json()["fields"]["text-strengths"] == "Bản thứ nhất"
    assert answer.json()["version"] == 1


def test_handing_in_says_what_is_missing_and_stores_the_rest(own):
    answer = hand_in(own, **{"text-direction": "", "self_level": ""})
    assert answer.status_code == 302, (
        "so that the page can be drawn anew without asking to send again"
    )
    page = own.get(answer.url).content.decode()
    assert "còn 2 chỗ phải sửa" in page
    assert 'href="#text-direction"' in page
    row = SelfReview.objects.get()
    assert (row.state, row.texts["strengths"]) == (STATES.DRAFT, FULL["text-strengths"])


def test_points_that_cannot_be_stored_stay_in_the_refused_page(own):
    answer = hand_in(own, **{"score-result": "bảy", "self_level": ""})
    assert answer.status_code == 422
    assert 'value="bảy"' in answer.content.decode()


@pytest.mark.parametrize("left", [{}, {"text-causes": "Ba"}])
def test_a_page_that_empties_several_sections_is_asked_about_before_it_is_stored(own, left):
    save(own, **{"text-strengths": "Một", "text-weaknesses": "Hai", "text-causes": "Ba"})
    row = SelfReview.objects.get()
    answer = save(own, version=row.version, **left)
    assert answer.status_code == 409
    assert f"bỏ trống 0{3 - len(left)} mục mà bản đã lưu có viết" in answer.content.decode()
    script = {"accept": "application/json"}
    told = own.post(ADDRESS, {"version": row.version, **left}, headers=script).json()
    assert (told["emptier"], told["fields"]["text-strengths"]) == (True, "Một")
    row.refresh_from_db()
    assert len(row.texts) == 3
    assert save(own, version=row.version, do="bo-trong", **left).status_code == 302
    row.refresh_from_db()
    assert len(row.texts) == len(left)


def test_one_section_may_be_emptied_unasked(own):
    save(own, **{"text-strengths": "Một", "text-weaknesses": "Hai"})
    version = SelfReview.objects.get().version
    assert save(own, version=version, **{"text-strengths": "Một"}).status_code == 302
    assert SelfReview.objects.get().texts == {"strengths": "Một"}


def test_after_handing_in_the_page_is_only_read(own, member):
    row = handed_in(own)
    assert (row.state, row.self_level, row.scores["result"]) == (STATES.SUBMITTED, "HTT", "55")
    page = own.get(ADDRESS).content.decode()
    assert "Đã nộp lúc" in page
    assert "<textarea" not in page
    assert save(own, version=row.version).status_code == 409
    assert AuditEntry.objects.filter(verb="review.submitted", member=member).count() == 1


def test_hostile_words_stay_words(own):
    save(own, **{"text-strengths": "</textarea><x-evil>", "score-result": '"><x-evil>'})
    assert b"<x-evil" not in own.get(ADDRESS).content
    answer = save(own, version=1, **{"score-result": '"><x-evil>', "self_level": "<x-evil>"})
    assert (answer.status_code, b"<x-evil" in answer.content) == (422, False)


def test_hidden_characters_are_left_out_when_it_is_handed_in(own):
    hand_in(own, **{"text-strengths": "Đoàn\u200b kết\u202e"})
    assert SelfReview.objects.get().texts["strengths"] == "Đoàn kết"


def test_while_the_cell_meets_nothing_is_written_and_nothing_typed_is_lost(meeting, member):
    member = factories.members_of(meeting)[4]
    client = phone(member)
    assert "<textarea" not in client.get(ADDRESS).content.decode()
    answer = save(client, **{"text-strengths": "Chữ của tôi"})
    assert answer.status_code == 409
    assert "Chữ của tôi" in answer.content.decode()
    assert SelfReview.objects.get().saved_at is None


def test_the_calm_page_leads_there_only_while_no_meeting_is_held(own, member, meeting):
    assert ADDRESS in own.get("/hop/hop/").content.decode()
    sitting = phone(factories.members_of(meeting)[4])
    assert ADDRESS not in sitting.get("/hop/hop/").content.decode()


def test_a_level_above_the_sum_is_pointed_out_and_not_forbidden(own, member, secretary):
    row = handed_in(own)
    address = f"{ADDRESS}{row.pk}/"
    assert "Mức tự nhận cần từ" not in secretary.get(address).content.decode()
    SelfReview.objects.update(self_level="HTXS")
    assert (
        "Mức tự nhận cần từ 90 điểm, tổng điểm tự chấm là 85."
        in secretary.get(address).content.decode()
    )


def test_a_page_whose_form_was_changed_meanwhile_is_told(own, member, secretary):
    secretary.post(board(member), {"member": member.pk, "kind": "outside"})
    answer = save(own, **{"text-strengths": "Chữ của tôi"})
    assert answer.status_code == 409
    assert STALE in answer.content.decode()
    assert "Chữ của tôi</textarea>" in answer.content.decode()


def test_the_message_with_the_personal_link_tells_where_to_write(member, secretary):
    secretary.post(f"/hop/dang-vien/{member.pk}/lien-ket/")
    page = secretary.get(f"/hop/dang-vien/{member.pk}/lien-ket/").content.decode()
    assert "Bản kiểm điểm năm 2026 cũng viết trên máy ấy" in page


@pytest.mark.parametrize(
    ("changes", "leads_to"),
    [
        ({}, ADDRESS),
        ({"review": "handed in"}, CALM),
        ({"review": "on paper"}, CALM),
        ({"meeting": {"code": "482913"}}, CALM),
        ({"meeting": {"state": "open", "opened_at": NOW}}, CALM),
        ({"meeting": {"state": "closed", "opened_at": NOW, "closed_at": NOW}}, ADDRESS),
    ],
)
def test_the_personal_link_leads_to_the_form_at_home_and_to_the_calm_page_in_the_hall(
    own, member, changes, leads_to
):
    if changes.get("review") == "handed in":
        handed_in(own)
    if changes.get("review") == "on paper":
        save(own, do="paper")
    Meeting.objects.update(**{"state": "planned"} | changes.get("meeting", {}))
    link = links.personal_link(member, "")
    fresh = phone()
    assert fresh.post(link).url == leads_to
    assert fresh.get(link).url == leads_to, "tapped again on the same phone"


# The board


def test_the_board_counts_and_names_who_is_in_and_who_is_missing(own, member, secretary):
    Member.objects.filter(pk=member.pk).update(phone="0912345678")
    page = secretary.get(board(member)).content.decode()
    assert "đã nộp 00/05" in page
    assert 'href="tel:0912345678"' in page
    handed_in(own)
    page = secretary.get(board(member)).content.decode()
    assert "đã nộp 01/05" in page
    assert '<td data-label="Tự nhận">Hoàn thành tốt nhiệm vụ</td>' in page
    assert 'href="tel:0912345678"' not in page


@pytest.mark.parametrize("way", ["by the rules", "by hand"])
def test_who_is_left_out_of_the_list_is_asked_for_nothing(own, member, secretary, way):
    if way == "by the rules":
        Member.objects.filter(pk=member.pk).update(
            status=Member.Status.PROBATIONARY, admitted_on=date(2026, 11, 3)
        )
    else:
        out = {"status": "not_subject", "by_hand": True, "reason": "Đi nước ngoài"}
        campaign = Meeting.objects.get().campaign
        ReviewLine.objects.update_or_create(
            member=member, campaign=campaign, defaults={"cell": member.cell, **out}
        )
    page = secretary.get(board(member)).content.decode()
    assert "đã nộp 00/04" in page
    assert member.name not in page
    assert "Đã nộp bản kiểm điểm: 00/04." in secretary.get("/hop/").content.decode()
    assert "Nộp bản kiểm điểm" not in own.get(ADDRESS).content.decode()


def test_the_secretary_reads_and_sends_back_with_a_remark(own, member, secretary):
    row = handed_in(own)
    address = f"{ADDRESS}{row.pk}/"
    assert FULL["text-strengths"] in secretary.get(address).content.decode()
    assert secretary.post(address, {"remark": " "}).status_code == 422
    assert secretary.post(address, {"remark": "Mục II quá ngắn."}).status_code == 302
    assert "Mục II quá ngắn." in own.get(ADDRESS).content.decode()
    assert hand_in(own, version=SelfReview.objects.get().version).status_code == 302
    verbs = AuditEntry.objects.filter(verb__startswith="review").values_list("verb", flat=True)
    assert sorted(verbs) == ["review.returned", "review.submitted", "review.submitted"]


def test_what_is_not_handed_in_is_its_writers_alone(own, secretary):
    save(own, **{"text-strengths": "Chưa xong"})
    assert secretary.get(f"{ADDRESS}{SelfReview.objects.get().pk}/").status_code == 404


def test_a_paper_is_promised_on_the_phone_and_taken_in_on_the_board(own, member, secretary):
    own.post(ADDRESS, {"do": "paper"})
    assert "Sẽ nộp bản giấy" in secretary.get(board(member)).content.decode()
    secretary.post(board(member), {"member": member.pk, "do": "paper"})
    page = secretary.get(board(member)).content.decode()
    assert "Đã nộp bản giấy" in page
    again = secretary.post(board(member), {"member": member.pk, "do": "paper"}, follow=True)
    assert "Không làm được việc này" in again.content.decode()


@pytest.mark.parametrize(("level", "expected"), [("HTXS", "HTXS"), ("", "HT"), ("không", "HT")])
def test_the_level_a_paper_claims_is_put_in_with_the_same_press(
    own, member, secretary, level, expected
):
    save(own, self_level="HT")
    assert "Bản giấy tự nhận mức" in secretary.get(board(member)).content.decode()
    secretary.post(board(member), {"member": member.pk, "do": "paper", "level": level})
    row = SelfReview.objects.get()
    assert (row.state, row.self_level) == ("submitted", expected)
    assert row.versions.get().self_level == expected
    if level == "HTXS":
        assert set(member.attendance_set.values_list("self_level", flat=True)) == {"HTXS"}


def test_the_board_makes_a_personal_link_and_never_replaces_one_that_waits(own, member, secretary):
    address = f"/hop/dang-vien/{member.pk}/lien-ket/"
    own_phones = member.device_set.all()
    assert f'"{address}"' not in secretary.get(board(member)).content.decode()
    own_phones.delete()
    assert (
        f'<form method="post" action="{address}">' in secretary.get(board(member)).content.decode()
    )
    shown = secretary.post(address, follow=True).content.decode()
    assert "Chép tin nhắn Zalo" in shown
    assert f'href="{board(member)}"' in shown
    page = secretary.get(board(member)).content.decode()
    assert f'href="{address}"' in page
    assert f'action="{address}"' not in page


def test_the_secretary_gives_a_member_another_form(own, member, secretary):
    secretary.post(board(member), {"member": member.pk, "kind": "outside"})
    assert "Mẫu 02C-HD KĐ.ĐG 2025" in own.get(ADDRESS).content.decode()


@pytest.mark.parametrize("data", [{}, {"member": "x"}, {"member": "0"}, {"kind": "collective"}])
def test_nonsense_on_the_board_is_answered_and_changes_nothing(member, secretary, data):
    data = data if "kind" not in data else data | {"member": member.pk}
    assert secretary.post(board(member), data, follow=True).context["messages"]
    assert not SelfReview.objects.exclude(kind="member").exists()


def test_the_board_costs_as_many_queries_for_30_members_as_for_3(client):
    def queries(size: int) -> int:
        cell = factories.make_cell()
        campaign = factories.make_campaign(cell.committee)
        head, *others = factories.make_members(cell, size)
        for member in others[::2]:
            SelfReview.objects.create(
                cell=member.cell, member=member, campaign=campaign, kind="member"
            )
        client.force_login(factories.make_user(head))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(f"/hop/chi-bo/{cell.pk}/2026/ban-kiem-diem/").status_code == 200
        return len(captured)

    assert queries(30) == queries(3)
