"""The appraisal pages: what they show and to whom, what is put on record, and that no level ever changes by it."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ballots.appraisal import subjects
from ballots.models import Classification, Submission
from cells.models import Meeting
from cells.stale import STALE
from members.devices import cookies
from members.models import Attendance, AuditEntry, Finding, Member, Office
from tests.kit import verbs
from tests.kit.appraising import SCORES, address, overview, page, seen, submitted
from tests.kit.factories import (
    make_device,
    make_meeting,
    make_member,
    make_open_meeting,
    make_remark,
    make_user,
    members_of,
    secretary_of,
)
from tests.kit.threads import together

pytestmark = pytest.mark.django_db

BAND = "Mức HTXS cao hơn khung điểm: 85 điểm thuộc khung HTT."


@pytest.fixture
def concluded(client) -> Meeting:
    """Five members, all concluded at HTT but the fifth, at HTXS with 85 points; the secretary is signed in."""
    meeting = make_open_meeting(5)
    secretary = secretary_of(meeting)
    for subject in (None, *members_of(meeting)):
        verbs.conclude(secretary, meeting, subject, "HTT", "Thống nhất")
    fifth = members_of(meeting)[4]
    verbs.conclude(secretary, meeting, fifth, "HTXS", "Thống nhất")
    submitted(meeting, fifth)
    client.force_login(secretary)
    return meeting


@pytest.fixture
def fifth(concluded) -> Member:
    return members_of(concluded)[4]


def explain(meeting: Meeting, member: Member) -> None:
    """Give the reason that the fifth member's level asks for."""
    reason, token = {"band-HTT-HTXS": "Có sáng kiến"}, seen(meeting, member, "reason")
    verbs.give_reasons(secretary_of(meeting), meeting, member, reason, token)


# Each block: what is sent, and the kind and key of the row that it writes.
BLOCKS = {
    "conditions": (
        {
            "do": "conditions",
            "answer-member-HTT-1": "yes",
            "evidence-member-HTT-1": "Sổ giao việc",
        },
        ("condition", "member-HTT-1"),
        "",
    ),
    "reasons": (
        {"do": "reasons", "reason-band-HTT-HTXS": "Có sáng kiến cấp tỉnh"},
        ("reason", "band-HTT-HTXS"),
        "",
    ),
    "flag": (
        {"do": "confirm", "flag": "disciplined", "evidence": "QĐ số 5, ngày 02/3/2026"},
        ("flag", "disciplined"),
        "disciplined",
    ),
}
BLOCK = pytest.mark.parametrize(("sent", "of", "key"), BLOCKS.values(), ids=BLOCKS)


def send(client, meeting: Meeting, member: Member | None, sent: dict, token: str | None = None):
    return client.post(address(meeting, member), sent | {"seen": token or ""})


def test_the_overview_puts_points_votes_and_level_of_each_subject_in_one_row(
    client, concluded, fifth
):
    make_remark(concluded, fifth, level="HTT", score="88.50")
    shown = overview(client, concluded)
    assert "Xin đừng chiếu lên màn hình chung" in shown
    assert "85 điểm" in shown
    assert "88,5 điểm, HTT" in shown
    assert "</span> 01 điều chưa ghi lý do" in shown
    assert "Còn 01 dòng chưa ghi lý do." in shown
    assert shown[shown.index("<table") :].count("danh-gia/") == 6


def test_the_page_of_a_subject_tells_where_its_values_come_from(client, concluded, fifth):
    shown = page(client, concluded, fifth)
    assert "85 điểm (tự chấm): khung Hoàn thành tốt nhiệm vụ" in shown
    assert BAND in shown
    assert "QĐ 366-QĐ/TW, điều 11" in shown
    assert "Còn 4 điều kiện chưa trả lời" in shown
    assert "Chủ trì kết luận: Thống nhất" in shown
    assert "Chưa đủ điểm" in shown
    assert "Không có đơn vị trực thuộc" in page(client, concluded)  # the cell's own conditions


@BLOCK
def test_one_press_saves_one_block_with_an_audit_line_and_no_level_changes(
    client, concluded, fifth, sent, of, key
):
    before = list(Classification.objects.values_list())
    assert (
        send(client, concluded, fifth, sent, seen(concluded, fifth, *of[:1], key)).status_code
        == 302
    )
    row = Finding.objects.get()
    assert (row.kind, row.key, row.holds, row.member) == (*of, True, fifth)
    assert row.by == secretary_of(concluded)
    line = AuditEntry.objects.get(verb="finding.kept")
    assert (line.note["key"], line.note["evidence"]) == (of[1], row.evidence)
    assert row.evidence in page(client, concluded, fifth)
    assert list(Classification.objects.values_list()) == before


@BLOCK
def test_a_stale_tab_overwrites_nothing_unseen_and_keeps_what_was_typed(
    client, concluded, fifth, sent, of, key
):
    stale = seen(concluded, fifth, of[0], key)
    send(client, concluded, fifth, sent, stale)
    first = Finding.objects.get().evidence
    other = {name: "Chữ của trang cũ" if text == first else text for name, text in sent.items()}
    refused = send(client, concluded, fifth, other, stale)
    assert refused.status_code == 422
    assert STALE in refused.content.decode()
    assert Finding.objects.get().evidence == first
    again = seen(concluded, fifth, of[0], key)
    if of[0] != "flag":  # what is confirmed by now is withdrawn first
        assert "Chữ của trang cũ" in refused.content.decode()
        assert f'value="{again}"' in refused.content.decode()
    send(client, concluded, fifth, other, again)
    assert Finding.objects.get().evidence == "Chữ của trang cũ"


@BLOCK
def test_the_same_press_twice_is_no_conflict(client, concluded, fifth, sent, of, key):
    token = seen(concluded, fifth, of[0], key)
    assert [send(client, concluded, fifth, sent, token).status_code for _ in range(2)] == [302] * 2
    assert AuditEntry.objects.filter(verb="finding.kept").count() == 1


@BLOCK
def test_once_the_file_is_sent_up_nothing_is_written_any_more(
    client, concluded, fifth, sent, of, key
):
    Submission.objects.create(meeting=concluded, by=secretary_of(concluded))
    refused = send(client, concluded, fifth, sent, seen(concluded, fifth, of[0], key))
    assert refused.status_code == 422
    assert "đã gửi cấp trên" in refused.content.decode()
    assert not Finding.objects.exists()
    assert 'name="do"' not in page(client, concluded, fifth)


def test_a_phone_that_votes_writes_nothing_while_the_cell_meets(client, concluded, fifth):
    client.cookies[cookies.COOKIE] = make_device(fifth)
    refused = send(
        client, concluded, fifth, BLOCKS["reasons"][0], seen(concluded, fifth, "reason")
    )
    assert refused.status_code == 422
    assert cookies.WAIT in refused.content.decode()
    assert not Finding.objects.exists()


def test_a_rehearsal_writes_nothing_into_the_real_file(concluded, fifth):
    Meeting.objects.filter(pk=concluded.pk).update(kind=Meeting.Kind.REHEARSAL)
    concluded.refresh_from_db()
    assert subjects.unexplained(concluded) == []
    with pytest.raises(verbs.Refused, match="họp thử"):
        verbs.give_reasons(secretary_of(concluded), concluded, fifth, {"a": "b"}, "")


@pytest.mark.parametrize("state", ["planned", "closed"])
def test_it_is_written_before_the_meeting_and_after_it(client, state):
    meeting = make_meeting(4)
    if state == "closed":
        now = timezone.now()
        Meeting.objects.filter(pk=meeting.pk).update(state=state, opened_at=now, closed_at=now)
    client.force_login(secretary_of(meeting))
    sent = {"do": "conditions", "answer-collective-HTT-1": "no"}
    assert send(client, meeting, None, sent, seen(meeting, None, "condition")).status_code == 302
    row = Finding.objects.get()
    assert (row.member, row.holds, row.key) == (None, False, "collective-HTT-1")
    assert "Thiếu điều kiện" in page(client, meeting)


REFUSED = [
    (
        {"do": "conditions", "evidence-member-HTT-1": "Sổ giao việc"},
        "Đã ghi minh chứng thì xin chọn",
    ),
    ({"do": "conditions", "answer-member-HTT-1": "maybe"}, "Xin chọn một trong ba ô."),
    ({"do": "confirm", "flag": "disciplined", "evidence": "  "}, "Xin ghi căn cứ"),
    ({"do": "confirm", "flag": "disciplined", "evidence": "a\u202eb"}, "ký tự ẩn"),
    ({"do": "reasons", "reason-gone": "Chữ còn đây."}, STALE),
]


@pytest.mark.parametrize(("sent", "sentence"), REFUSED)
def test_what_is_wrong_is_said_at_its_place_and_nothing_typed_is_lost(
    client, concluded, fifth, sent, sentence
):
    refused = send(client, concluded, fifth, sent)
    shown = refused.content.decode()
    assert refused.status_code == 422
    assert sentence in shown
    assert all(text.strip() in shown for name, text in sent.items() if "answer" not in name)
    assert not Finding.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"do": "confirm"},
        {"do": "confirm", "flag": "no-such"},
        {"do": "withdraw", "flag": "disciplined"},
    ],
)
def test_a_press_that_names_no_block_saves_nothing(client, concluded, fifth, sent):
    answer = client.post(address(concluded, fifth), sent, follow=True)
    assert "Chưa lưu gì" in answer.content.decode()
    assert not Finding.objects.exists()


def test_a_confirmed_case_is_withdrawn_and_what_it_rested_on_stays_on_record(
    client, concluded, fifth
):
    secretary = secretary_of(concluded)
    token = seen(concluded, fifth, "flag", "disciplined")
    flag = next(f for f in concluded.rules.flags_for("member") if f.key == "disciplined")
    verbs.confirm_flag(secretary, concluded, fifth, flag, "QĐ số 5", token)
    shown = page(client, concluded, fifth)
    assert "</span> Đã xác nhận. Căn cứ: QĐ số 5" in shown
    assert "trường hợp đã xác nhận phải xếp KHT" in shown
    sent = {"do": "withdraw", "flag": "disciplined"}
    send(client, concluded, fifth, sent, seen(concluded, fifth, "flag", "disciplined"))
    row = Finding.objects.get()
    assert (row.holds, row.evidence) == (False, "QĐ số 5")
    shown = page(client, concluded, fifth)
    assert "Đã xác nhận rồi rút lại" in shown
    assert "trường hợp đã xác nhận" not in shown
    lines = AuditEntry.objects.filter(verb="finding.kept").order_by("pk")
    assert [(line.note["holds"], line.note["evidence"]) for line in lines] == [
        (True, "QĐ số 5"),
        (False, "QĐ số 5"),
    ]


def test_an_answer_and_a_reason_are_taken_back_and_stay_in_the_audit(client, concluded, fifth):
    for sent, of, key in (BLOCKS["conditions"], BLOCKS["reasons"]):
        send(client, concluded, fifth, sent, seen(concluded, fifth, of[0], key))
        back = {"do": sent["do"]}
        send(client, concluded, fifth, back, seen(concluded, fifth, of[0], key))
    assert not Finding.objects.exists()
    removed = AuditEntry.objects.filter(verb="finding.removed").order_by("pk")
    assert [line.note["was"] for line in removed] == ["Sổ giao việc", "Có sáng kiến cấp tỉnh"]


def test_what_is_not_handed_in_stays_its_writers_alone(client, concluded):
    for number, values in enumerate(({"state": "draft"}, {"on_paper": True})):
        writer = members_of(concluded)[number]
        submitted(concluded, writer, scores=SCORES | {"result": "47"}, **values)
        assert "không có điểm" in page(client, concluded, writer)
    assert "77 điểm" not in overview(client, concluded)


def test_the_head_above_the_collective_is_asked_for_the_reason(client, concluded):
    head = members_of(concluded)[0]
    verbs.conclude(secretary_of(concluded), concluded, head, "HTXS", "Thống nhất")
    assert "Người đứng đầu ở mức HTXS, cao hơn mức HTT của chi bộ." in page(
        client, concluded, head
    )


def test_the_chairs_page_counts_the_reasons_asked_and_folds_the_points_away(
    client, concluded, fifth
):
    conclude = reverse("ballots:conclude", args=[concluded.pk])
    shown = client.get(conclude).content.decode()
    before, after = shown.split(BAND)
    assert "01 điều chưa ghi lý do" in before
    assert "01 dòng có điều chưa ghi lý do" in before
    assert before.rindex("<details>") > before.rindex(
        "</details>"
    )  # closed until somebody opens it
    assert f"{address(concluded, fifth)}#reasons" in after
    explain(concluded, fifth)
    assert "1 điều đã ghi lý do" in client.get(conclude).content.decode()


def test_before_the_minutes_are_passed_those_without_a_reason_are_named_without_points(
    client, concluded, fifth
):
    (text,) = subjects.unexplained(concluded)
    assert text == f"Đ/c {fifth}: 01 điều chưa ghi lý do ở trang “Đánh giá”."
    form = {"yes": "5", "of": "5", "ends_on": "2026-12-05", "ends_time": "21:30"}
    response = client.post(reverse("ballots:minutes_pass", args=[concluded.pk]), form)
    assert text in response.content.decode()
    explain(concluded, fifth)
    assert subjects.unexplained(concluded) == []


def test_officers_above_read_and_find_nothing_to_press(client, concluded, fifth):
    for sent, of, key in BLOCKS.values():
        send(client, concluded, fifth, sent, seen(concluded, fifth, of[0], key))
    client.force_login(make_user(committee=concluded.cell.committee))
    shown = page(client, concluded, fifth)
    assert "<textarea" not in shown
    for words in (
        "</span> Đạt",
        "Sổ giao việc",
        "Có sáng kiến cấp tỉnh",
        "QĐ số 5, ngày 02/3/2026",
    ):
        assert words in shown


def test_who_does_not_run_the_meeting_writes_nothing(concluded, fifth):
    stranger = make_user(make_member(office=Office.Kind.SECRETARY))
    for officer in (stranger, make_user(committee=concluded.cell.committee)):
        with pytest.raises(PermissionDenied):
            verbs.give_reasons(officer, concluded, fifth, {"a": "b"}, "")


def test_who_is_not_rated_has_no_page_and_no_finding(client, concluded, fifth):
    listed = Attendance.objects.filter(meeting=concluded, member=fifth)
    listed.update(rated=False, unrated_reason="Nghỉ ốm dài ngày")
    assert client.get(address(concluded, fifth)).status_code == 404
    with pytest.raises(verbs.Refused, match="không thuộc danh sách"):
        verbs.give_reasons(secretary_of(concluded), concluded, fifth, {"a": "b"}, "")


def test_the_year_without_points_asks_for_none(client):
    meeting = make_meeting(4, year=2023, pack="2023.1")
    client.force_login(secretary_of(meeting))
    shown = page(client, meeting, members_of(meeting)[1])
    assert "Khung điểm" not in shown
    assert "Điều kiện của từng mức" not in shown
    assert "Chưa hỏi gì: còn chờ mức chi bộ đề nghị." in shown


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_answer_at_once_one_is_told():
    meeting = make_meeting(4)
    secretary, token = secretary_of(meeting), seen(meeting, None, "condition")
    answers = ({"collective-HTT-1": (True, text)} for text in ("Một", "Hai"))
    by_name = {"collective-HTT-1": "Hoàn thành 100% nhiệm vụ"}
    calls = [
        lambda each=each: verbs.answer_conditions(secretary, meeting, None, each, by_name, token)
        for each in answers
    ]
    results = together(*calls)
    refused = [result for result in results if result is not None]
    assert [type(result) for result in refused] == [verbs.Refused]
    assert Finding.objects.count() == 1


def queries_of(client, size: int, name: str) -> int:
    meeting = make_meeting(size)
    secretary = secretary_of(meeting)
    for member in members_of(meeting):
        submitted(meeting, member)
        make_remark(meeting, member, score=Decimal(80))
        Finding.objects.create(
            cell=meeting.cell,
            campaign=meeting.campaign,
            member=member,
            kind="flag",
            key="disciplined",
            evidence="QĐ 5",
            by=secretary,
        )
    client.force_login(secretary)
    args = [meeting.pk] if name == "appraisal" else [meeting.pk, members_of(meeting)[0].pk]
    with CaptureQueriesContext(connection) as captured:
        assert client.get(reverse(f"ballots:{name}", args=args)).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["appraisal", "appraisal_subject"])
def test_the_pages_cost_the_same_queries_for_few_and_many(client, name):
    assert queries_of(client, 3, name) == queries_of(client, 12, name)
