"""What bodies say of a member before the vote: kept over what was seen, refused at the place, read by few."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cells.stale import STALE
from members.devices import cookies
from members.models import Assessment, Attachment, AuditEntry, Member, SelfReview
from members.reviews import remarks
from members.rules import fields
from tests.kit import factories
from tests.kit import hostile_files as files
from tests.kit.clients import browser

pytestmark = pytest.mark.django_db
Body = Assessment.Body


@pytest.fixture
def member() -> Member:
    """A member of a cell whose campaign runs."""
    return factories.members_of(factories.make_meeting(5))[4]


@pytest.fixture
def secretary(member) -> Client:
    """The browser of who runs the cell."""
    return browser(factories.secretary_of(member.attendance_set.get().meeting))


def page_of(member: Member) -> str:
    return f"/hop/dang-vien/{member.pk}/2026/nhan-xet/"


def list_of(member: Member) -> str:
    return f"/hop/chi-bo/{member.cell_id}/2026/chi-uy/"


def shown(client: Client, place: str) -> dict[str, str]:
    """Every field of the page with what stands in it, as a browser would send it back."""
    page = client.get(place)
    parts = page.context.get("blocks") or page.context["lines"]
    fields = {}
    for entry in (part.entry for part in parts):
        fields[entry.mark_name] = entry.mark
        fields |= {name: value for _, name, value, _ in entry.places}
    return fields


def typed(member: Member, body: str, **values: str) -> dict[str, str]:
    return {f"{body}-{member.pk}-{place}": text for place, text in values.items()}


def save(client: Client, place: str, *changes: dict[str, str]):
    data = shown(client, place)
    for change in changes:
        data |= change
    return client.post(place, data)


def row_of(member: Member, body: str) -> Assessment:
    return Assessment.objects.get(member=member, body=body)


def hand_in(member: Member, **values) -> SelfReview:
    values = {"kind": "member", "self_level": "HTT", "state": "submitted"} | values
    return SelfReview.objects.create(
        cell=member.cell,
        member=member,
        campaign=factories.make_campaign(member.cell.committee),
        submitted_at=timezone.now(),
        **values,
    )


def test_each_body_says_what_it_may_and_only_what_was_changed_is_written(secretary, member):
    answer = save(
        secretary,
        page_of(member),
        typed(member, "manager", level="HTT", remark="Hoàn thành tốt\r\nchuyên môn"),
        typed(member, "residence", remark="Gương mẫu nơi cư trú"),
        typed(member, "executive", level="HTXS", score="86,5", remark=""),
    )
    assert answer.status_code == 302
    assert row_of(member, "manager").remark == "Hoàn thành tốt\nchuyên môn"
    assert row_of(member, "residence").remark == "Gương mẫu nơi cư trú"
    assert row_of(member, "executive").score == Decimal("86.5")
    assert not Assessment.objects.filter(body="unions").exists(), "nothing was said"
    assert AuditEntry.objects.filter(verb="assessment.written").count() == 3
    page = secretary.get(page_of(member)).content.decode()
    assert "Đã lưu: Cơ quan, đơn vị, Nơi cư trú (213), Chi ủy." in page
    assert 'value="86,5"' in page


def test_saving_what_nobody_changed_writes_nothing(secretary, member):
    save(secretary, page_of(member), typed(member, "unions", remark="Tốt"))
    assert save(secretary, page_of(member)).status_code == 302
    assert row_of(member, "unions").version == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("86,5", Decimal("86.5")),
        ("86.5", Decimal("86.5")),
        (" 100 ", Decimal(100)),
        ("0", Decimal(0)),
        ("", None),
    ],
)
def test_points_are_read_as_people_write_them(text, value):
    assert fields.score(text) == value


# What is typed → the field, and what is said beside it.
WRONG = {
    "too many points": ({"score": "100,5"}, "score", "từ 0 đến 100"),
    "less than none": ({"score": "-1"}, "score", "từ 0 đến 100"),
    "two commas": ({"score": "8,6,5"}, "score", "ví dụ 86,5"),
    "three decimals": ({"score": "86,555"}, "score", "hai chữ số sau dấu phẩy"),
    "other figures": ({"score": "٨٦"}, "score", "từ 0 đến 100"),
    "a level that is none": ({"level": "GIOI"}, "level", "Xin chọn một mức"),
    "a novel": ({"remark": "x" * 5001}, "remark", "quá dài"),
}


@pytest.mark.parametrize(("change", "place", "words"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_at_its_place_and_the_rest_is_kept(
    secretary, member, change, place, words
):
    good = typed(member, "unions", remark="Đoàn viên tích cực")
    answer = save(secretary, page_of(member), good, typed(member, "executive", **change))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="executive-{member.pk}-{place}-error"' in page
    assert words in page
    assert "Chưa lưu hết: Chi ủy." in page
    assert change[place] in page or place == "level", "what was typed stands there still"
    assert not Assessment.objects.filter(body="executive").exists()
    assert row_of(member, "unions").remark == "Đoàn viên tích cực"


def test_a_residence_cannot_propose_a_level_even_by_a_forged_form(secretary, member):
    save(secretary, page_of(member), typed(member, "residence", remark="Tốt", level="HTXS"))
    assert row_of(member, "residence").level == ""


def test_a_stale_tab_is_told_loses_nothing_and_may_then_be_kept(secretary, member):
    before = shown(secretary, page_of(member))
    save(secretary, page_of(member), typed(member, "executive", level="HTXS", remark="Bản một"))
    late = before | typed(member, "executive", level="HTT", remark="Bản hai")
    late |= typed(member, "unions", remark="Công đoàn viên tốt")
    answer = secretary.post(page_of(member), late)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert STALE in page
    assert "Bản hai</textarea>" in page
    assert "Bản một" in page, "what is stored is shown beside it"
    assert row_of(member, "executive").remark == "Bản một"
    assert row_of(member, "unions").version == 1, "another block is no conflict"
    entry = next(b.entry for b in answer.context["blocks"] if b.entry.body == "executive")
    again = late | {entry.mark_name: entry.mark}
    assert secretary.post(page_of(member), again).status_code == 302
    assert row_of(member, "executive").remark == "Bản hai"


def test_a_tab_that_left_a_block_alone_does_not_undo_it(secretary, member):
    before = shown(secretary, page_of(member))
    save(secretary, page_of(member), typed(member, "executive", remark="Chi ủy viết"))
    late = before | typed(member, "manager", remark="Cơ quan viết")
    assert secretary.post(page_of(member), late).status_code == 302
    assert row_of(member, "executive").remark == "Chi ủy viết"
    assert secretary.post(page_of(member), late).status_code == 302, "sent twice, it is the same"


def test_of_two_that_store_at_once_one_is_told(secretary, member):
    user = factories.secretary_of(member.attendance_set.get().meeting)
    campaign = factories.make_campaign(member.cell.committee)
    form = {f"executive-{member.pk}-mark": "0.x"} | typed(member, "executive", remark="Một")
    entries = [
        remarks.Entry.read(member, "executive", None, form | typed(member, "executive", remark=r))
        for r in ("Một", "Hai")
    ]
    first, second = (remarks.keep(user, member.cell, campaign, entry) for entry in entries)
    assert (first.is_stale, second.is_stale) == (False, True)
    assert second.typed["remark"] == "Hai"
    assert row_of(member, "executive").remark == "Một"


def test_what_was_handed_in_stands_beside_and_what_was_not_is_not_told(secretary, member):
    assert "Chưa nộp bản kiểm điểm" in secretary.get(page_of(member)).content.decode()
    review = hand_in(member, scores={"result": "61.5"}, state="draft")
    assert "61,5" not in secretary.get(page_of(member)).content.decode()
    SelfReview.objects.filter(pk=review.pk).update(state="submitted")
    for place in (page_of(member), list_of(member)):
        page = secretary.get(place).content.decode()
        assert "Tự nhận: Hoàn thành tốt nhiệm vụ, 61,5/100 điểm" in page
    assert f"/hop/ban-kiem-diem/{review.pk}/" in secretary.get(page_of(member)).content.decode()


def test_a_paper_of_the_workplace_comes_with_its_remark(secretary, member):
    data = shown(secretary, page_of(member)) | typed(member, "manager", level="HTT")
    photo = SimpleUploadedFile("a.jpg", files.photograph())
    answer = secretary.post(page_of(member), data | {"manager-file": photo})
    assert answer.status_code == 302
    row = Attachment.objects.get()
    assert (row.kind, row.member) == ("manager", member)
    assert f"/hop/tep-kem/{row.pk}/" in secretary.get(page_of(member)).content.decode()


def test_a_bad_paper_is_told_in_its_block_and_the_remark_is_kept(secretary, member):
    data = shown(secretary, page_of(member)) | typed(member, "residence", remark="Tốt")
    page = SimpleUploadedFile("a.jpg", b"<!doctype html>")
    answer = secretary.post(page_of(member), data | {"residence-file": page})
    assert answer.status_code == 422
    assert 'id="residence-file-error">Chỉ nhận ảnh' in answer.content.decode()
    assert row_of(member, "residence").remark == "Tốt"


def test_the_list_keeps_every_line_it_can_and_says_which_it_cannot(secretary, member):
    people = list(Member.objects.in_cell(member.cell))
    lines = [
        typed(person, "executive", level="HTT", remark=f"Tốt {n}")
        for n, person in enumerate(people)
    ]
    wrong = typed(member, "executive", level="HTXS", score="101")
    answer = save(secretary, list_of(member), *lines, wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Đã lưu nhận xét về 04 đồng chí." in page
    assert "Còn 1 dòng chưa lưu" in page
    assert f'id="executive-{member.pk}-score-error"' in page
    assert Assessment.objects.filter(level="HTT").count() == 4
    assert (
        save(secretary, list_of(member), typed(member, "executive", level="HTXS")).status_code
        == 302
    )
    assert row_of(member, "executive").level == "HTXS"
    assert set(Assessment.objects.values_list("version", flat=True)) == {1}


def test_a_year_without_points_asks_for_none_and_keeps_those_there_are(member):
    old = factories.make_meeting(3, year=2023, pack="2023")
    person = factories.members_of(old)[2]
    client = browser(factories.secretary_of(old))
    place = f"/hop/chi-bo/{old.cell_id}/2023/chi-uy/"
    assert "Điểm/100" not in client.get(place).content.decode()
    score = {"body": "executive", "score": Decimal(80)}
    Assessment.objects.create(cell=person.cell, member=person, campaign=old.campaign, **score)
    data = shown(client, place) | typed(person, "executive", remark="Tốt")
    del data[f"executive-{person.pk}-score"]
    assert client.post(place, data).status_code == 302
    assert (row_of(person, "executive").score, row_of(person, "executive").remark) == (80, "Tốt")


def test_who_is_not_reviewed_is_not_on_the_list(secretary, member):
    Member.objects.filter(pk=member.pk).update(status="exempt")
    assert member.name not in secretary.get(list_of(member)).content.decode()


def test_above_one_reads_what_was_said_and_writes_nothing(secretary, member):
    save(
        secretary,
        page_of(member),
        typed(member, "executive", level="HTT", score="86,5", remark="Tốt"),
    )
    above = browser(factories.make_user(committee=member.cell.committee))
    for place in (page_of(member), list_of(member)):
        page = above.get(place).content.decode()
        assert "86,5/100 điểm" in page
        assert "<textarea" not in page
        assert 'type="submit" class="btn btn-primary' not in page
        assert above.post(place, typed(member, "executive", remark="Khác")).status_code == 403
    assert row_of(member, "executive").remark == "Tốt"


def test_a_phone_that_votes_writes_nothing_while_the_cell_meets_and_keeps_its_words():
    meeting = factories.make_open_meeting(3)
    member = factories.members_of(meeting)[0]
    client = browser(factories.secretary_of(meeting))
    client.cookies[cookies.COOKIE] = factories.make_device(member)
    for place in (page_of(member), list_of(member)):
        answer = save(client, place, typed(member, "executive", remark="Viết dở"))
        assert answer.status_code == 409
        assert "sau khi bế mạc" in answer.content.decode()
        assert "Viết dở</textarea>" in answer.content.decode()
    assert not Assessment.objects.exists()


def test_the_list_costs_as_many_queries_for_many_members(secretary, member):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            secretary.get(list_of(member))
        return len(queries)

    hand_in(member)
    save(secretary, list_of(member), typed(member, "executive", remark="Tốt"))
    secretary.get(list_of(member))
    few = cost()
    for _ in range(6):
        person = factories.make_member(member.cell)
        hand_in(person)
        save(secretary, list_of(member), typed(person, "executive", remark="Tốt"))
    secretary.get(list_of(member))
    assert cost() == few


def test_the_boards_lead_there(secretary, member):
    review = hand_in(member)
    board = secretary.get(f"/hop/chi-bo/{member.cell_id}/2026/ban-kiem-diem/").content.decode()
    read = secretary.get(f"/hop/ban-kiem-diem/{review.pk}/").content.decode()
    cell = secretary.get(f"/hop/chi-bo/{member.cell_id}/").content.decode()
    assert page_of(member) in board
    assert page_of(member) in read
    for page in (board, cell):
        assert list_of(member) in page
        assert f"/hop/chi-bo/{member.cell_id}/2026/tep-kem/" in page


def test_the_level_as_leader_is_kept_with_its_body_and_a_file_beside_the_others(member, secretary):
    """QĐ 366, điều 3: a basis of the cell's level, which it never stands for."""
    body = Body.POST.value
    assert body not in {
        entry.entry.body for entry in secretary.get(page_of(member)).context["blocks"]
    }
    factories.Office.objects.create(member=member, kind="executive", since="2020-01-01")
    bare = typed(member, body, level="HTXS", remark="")
    answer = save(secretary, page_of(member), bare)
    assert answer.status_code == 422
    assert "Xin ghi tập thể nào đã kiểm điểm" in answer.content.decode()
    named = bare | typed(member, body, by_body="Tập thể lãnh đạo Cục")
    answer = save(secretary, page_of(member), named)
    assert answer.status_code == 302
    row = Assessment.objects.get(body=body)
    assert (row.by_body, row.level) == ("Tập thể lãnh đạo Cục", "HTXS")
    assert member.classification_set.count() == 0
