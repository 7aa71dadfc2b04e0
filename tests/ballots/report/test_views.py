"""The collective report: written section by section, scored, kept for two writers, frozen at the opening."""

from decimal import Decimal

import pytest
from django.urls import reverse

from ballots.meeting.minutes_checks import open_points
from ballots.papers.composing import compose
from ballots.papers.minutes.gather import gather_minutes
from cells.models import AgendaItem, Meeting
from cells.stale import STALE
from tests.kit import factories, verbs
from tests.kit.reports import FULL, POINTS, TEXTS, write_report

pytestmark = pytest.mark.django_db


def url(name: str, meeting: Meeting, *more: str) -> str:
    return reverse(f"ballots:{name}", args=[meeting.pk, *more])


@pytest.fixture
def planned(client) -> Meeting:
    """A meeting of five that is not yet open; its secretary is signed in."""
    meeting = factories.make_meeting(5)
    client.force_login(factories.secretary_of(meeting))
    return meeting


def opened(meeting: Meeting) -> Meeting:
    factories.arrive(meeting)
    verbs.open_meeting(factories.secretary_of(meeting), meeting)
    meeting.refresh_from_db()
    return meeting


def passed(meeting: Meeting) -> Meeting:
    for kind in ("minutes", "count"):
        factories.make_paper(meeting, kind)
    return meeting


# Written and scored


def test_a_report_is_kept_by_section_and_its_score_is_the_sum(client, planned):
    sent = FULL | {
        "text": "Tóm tắt",
        "text-strengths": "Một năm\r\nnhiều việc. ",
        "self_score": "",
    }
    assert client.post(url("report", planned), sent).status_code == 302
    planned.refresh_from_db()
    assert planned.report.texts["strengths"] == "Một năm\nnhiều việc."
    assert planned.report.texts["direction"] == "Viết ở mục direction."
    assert planned.report.scores["tasks"] == "41.5"
    assert (planned.report.summary, planned.report.self_level) == ("Tóm tắt", "HTT")
    assert planned.report.self_score == Decimal("86.5")
    page = client.get(url("report", planned)).content.decode()
    for words in ("Mẫu 01-HD KĐ.ĐG 2025", ">30</span>/30", ">56,5</span>/70", ">86,5</span>/100"):
        assert words in page
    assert "Tổng điểm 86,5 thuộc khung: Hoàn thành tốt nhiệm vụ." in page
    assert "Hoàn thành 100% nhiệm vụ, đúng tiến độ, bảo đảm chất lượng, hiệu quả" in page
    assert "tên các điểm I.1 đến I.4, II.1, II.2 là lời tóm tắt (" in page


@pytest.mark.parametrize(
    ("sent", "score", "sentence"),
    [
        ({"self_score": "86,5"}, "86.5", "Đã lưu báo cáo."),
        ({"self_score": "86.50"}, "86.5", "Đã lưu báo cáo."),
        ({"self_score": "100"}, "100", "Đã lưu báo cáo."),
        ({"self_score": ""}, None, "Đã lưu báo cáo."),
        ({"score-tasks": "40"}, None, "Còn 7 tiêu chí chưa chấm nên chưa có tổng điểm."),
        ({"score-tasks": "40", "self_score": "84"}, None, "Số “84” ghi riêng không dùng nữa"),
        (POINTS | {"self_score": "84"}, "86.5", "Số “84” ghi riêng không dùng nữa"),
        (POINTS | {"self_score": "86,5"}, "86.5", "Đã lưu báo cáo."),
        (POINTS | {"self_score": "nhiều"}, "86.5", "Số “nhiều” ghi riêng không dùng nữa"),
    ],
)
def test_a_score_stands_alone_only_where_no_criterion_is_scored(
    client, planned, sent, score, sentence
):
    page = client.post(url("report", planned), sent, follow=True).content.decode()
    assert sentence in page
    planned.refresh_from_db()
    assert planned.report.self_score == (score and Decimal(score))


@pytest.mark.parametrize("pressed", ["all-common", "save", ""])
def test_one_press_passes_a_whole_group_and_saves(client, planned, pressed):
    client.post(url("report", planned), {"do": pressed})
    planned.refresh_from_db()
    assert len(planned.report.scores) == (6 if pressed == "all-common" else 0)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"score-tasks": "50,5"}, "Xin ghi số điểm từ 0 đến 50"),
        ({"score-common-1": "3"}, "Xin chọn “Đảm bảo” hoặc “Không đảm bảo”."),
        ({"text-strengths": "dài " * 6000}, "Mục này quá dài"),
        ({"text": "dài " * 6000}, "Mục này quá dài"),
        ({"self_score": "100,5"}, "Xin ghi số điểm từ 0 đến 100"),
        ({"self_score": "-1"}, "Xin ghi số điểm từ 0 đến 100"),
        ({"self_score": "nhiều"}, "Xin ghi số điểm từ 0 đến 100"),
        ({"self_level": "A"}, "Xin chọn mức"),
    ],
)
def test_a_refused_report_keeps_what_was_typed(client, planned, change, sentence):
    sent = TEXTS | {"text": "Bản tóm tắt", "self_level": "HTT", "seen": "cũ"} | change
    answer = client.post(url("report", planned), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    for name in ("text", "text-direction", *change):
        assert name == "self_level" or sent[name].strip() in page
    assert 'value="cũ"' in page  # what was saved elsewhere is still noticed
    planned.refresh_from_db()
    assert (planned.report.texts, planned.report.summary, planned.report.scores) == ({}, "", {})


def test_hidden_characters_are_left_out_and_marks_escaped(client, planned):
    write_report(planned, text_strengths="Chữ cũ.")
    meeting = opened(planned)
    client.post(url("report", meeting), {"text-strengths": "Chữ\u200b <script>mới</script>."})
    meeting.refresh_from_db()
    assert meeting.report.texts["strengths"] == "Chữ <script>mới</script>."
    page = client.get(url("report", meeting)).content.decode()
    assert "<ins>&lt;script&gt;mới&lt;/script&gt;.</ins>" in page


def test_a_pack_without_points_shows_no_criteria(client):
    meeting = factories.make_meeting(5, pack="2023")
    client.force_login(factories.secretary_of(meeting))
    page = client.get(url("report", meeting)).content.decode()
    assert "Mẫu 01-HD KĐ.ĐG 2023" in page
    assert "data-scored" not in page
    assert "B. Nội dung tự đánh giá, xếp loại</h2>" in page
    client.post(url("report", meeting), {"self_score": "80", "text-strengths": "Tốt."})
    meeting.refresh_from_db()
    assert (meeting.report.texts, meeting.report.self_score) == ({"strengths": "Tốt."}, 80)


# Two writers


def test_two_people_write_different_sections_and_both_are_kept(client, planned):
    write_report(planned)
    seen = client.get(url("report", planned)).context["seen"]
    write_report(planned, text_strengths="Người thứ nhất sửa.", score_tasks="45")
    mine = FULL | {"text-direction": "Người thứ hai sửa.", "seen": seen, "text": ""}
    assert client.post(url("report", planned), mine).status_code == 302
    planned.refresh_from_db()
    assert planned.report.texts["strengths"] == "Người thứ nhất sửa."
    assert planned.report.texts["direction"] == "Người thứ hai sửa."
    assert (planned.report.scores["tasks"], planned.report.self_score) == ("45", 90)


@pytest.mark.parametrize(
    ("name", "theirs", "mine", "shown"),
    [
        ("text-strengths", "Bản thứ nhất", "Bản thứ hai", "Bản thứ nhất"),
        ("score-tasks", "45", "48", ">45<"),
        ("score-common-2", "0", "", "Không đảm bảo</p>"),
        ("self_level", "HTXS", "HT", "Hoàn thành xuất sắc nhiệm vụ</p>"),
    ],
)
def test_a_stale_tab_replaces_a_field_only_when_asked_twice(
    client, planned, name, theirs, mine, shown
):
    write_report(planned)
    seen = client.get(url("report", planned)).context["seen"]
    write_report(planned, **{name.replace("-", "_"): theirs})
    planned.refresh_from_db()
    before = (planned.report.texts, planned.report.scores, planned.report.self_level)
    stale = client.post(url("report", planned), FULL | {name: mine, "seen": seen})
    page = stale.content.decode()
    assert stale.status_code == 409
    assert STALE in page
    assert shown in page
    planned.refresh_from_db()
    assert (planned.report.texts, planned.report.scores, planned.report.self_level) == before
    again = FULL | {name: mine, "seen": stale.context["seen"]}
    assert client.post(url("report", planned), again).status_code == 302
    planned.refresh_from_db()
    assert (planned.report.texts, planned.report.scores, planned.report.self_level) != before


# At the opening and after


def test_opening_freezes_the_draft_and_marks_what_is_changed_since(client, planned):
    write_report(planned, text_strengths="Chi bộ hoàn thành tốt nhiệm vụ.")
    meeting = opened(planned)
    assert meeting.report.texts_before == meeting.report.texts
    assert "Chỗ đã sửa trong hội nghị" not in client.get(url("report", meeting)).content.decode()
    write_report(meeting, text_strengths="Chi bộ hoàn thành xuất sắc nhiệm vụ.")
    meeting.refresh_from_db()
    assert meeting.report.texts_before["strengths"] == "Chi bộ hoàn thành tốt nhiệm vụ."
    marked = "Chi bộ hoàn thành <del>tốt </del><ins>xuất sắc </ins>nhiệm vụ."
    page = client.get(url("report", meeting)).content.decode()
    assert marked in page
    assert page.count("<ins>") == 2  # the other says what the underline means
    step = meeting.items.get(kind=AgendaItem.Kind.REPORT).position
    Meeting.objects.filter(pk=meeting.pk).update(step=step)
    assert marked in client.get(url("projector", meeting)).content.decode()
    Meeting.objects.filter(pk=meeting.pk).update(step=1)
    assert marked not in client.get(url("projector", meeting)).content.decode()


def test_a_report_first_written_in_the_meeting_is_not_called_changed(client, planned):
    meeting = opened(planned)
    write_report(meeting)
    meeting.refresh_from_db()
    assert (meeting.report.texts_before, len(meeting.report.texts)) == ({}, len(TEXTS))
    assert "Chỗ đã sửa trong hội nghị" not in client.get(url("report", meeting)).content.decode()


def test_a_rehearsal_works_on_a_copy_of_the_draft(planned):
    write_report(planned)
    planned.refresh_from_db()
    stored = (planned.report.texts, planned.report.scores, planned.report.self_score)
    user = factories.secretary_of(planned)
    rehearsal = opened(verbs.start_rehearsal(user, planned))
    assert (rehearsal.report.texts, rehearsal.report.scores, rehearsal.report.self_score) == stored
    assert rehearsal.report.texts_before == rehearsal.report.texts
    write_report(rehearsal, text_strengths="Sửa thử.", score_tasks="10")
    planned.refresh_from_db()
    assert (planned.report.texts, planned.report.scores, planned.report.self_score) == stored
    assert planned.report.texts_before == {}


def test_a_passed_report_is_read_and_no_more_written(client, planned):
    write_report(planned)
    meeting = passed(opened(planned))
    page = client.get(url("report", meeting)).content.decode()
    assert "đã được hội nghị thông qua cùng biên bản, không sửa được nữa" in page
    assert "Viết ở mục strengths." in page
    assert "<textarea" not in page
    refused = client.post(url("report", meeting), FULL | {"text-strengths": "Muộn."})
    assert refused.status_code == 409
    assert "không sửa được nữa" in refused.content.decode()
    meeting.refresh_from_db()
    assert meeting.report.texts["strengths"] == "Viết ở mục strengths."


def test_passing_the_minutes_asks_once_about_a_report_scored_in_part(planned):
    write_report(planned, score_tasks="")
    meeting = opened(planned)
    text = "Báo cáo kiểm điểm tập thể còn 1 tiêu chí chưa chấm nên chưa có tổng điểm."
    assert text in open_points(meeting, meeting.starts_at)
    write_report(meeting)
    meeting.refresh_from_db()
    assert text not in open_points(meeting, meeting.starts_at)


# What the minutes say


@pytest.mark.parametrize(
    ("summary", "amended", "sentence", "unsaid"),
    [
        ("", "", ["năm 2026 (kèm theo).", "Báo cáo được thông qua cùng biên bản"], "sửa đổi"),
        ("Gọn.", "", ["(kèm theo), tóm tắt như sau: Gọn.", "tự chấm 86,5/100"], "sửa đổi"),
        (
            "",
            "Đã sửa.",
            [
                "sửa đổi, bổ sung tại hội nghị ở mục I.2 “Kết quả lãnh đạo, thực hiện nhiệm vụ, chỉ tiêu của năm”."
            ],
            "mục II “",
        ),
    ],
)
def test_the_minutes_enclose_the_report(planned, summary, amended, sentence, unsaid):
    write_report(planned, text=summary)
    meeting = opened(planned)
    if amended:
        write_report(meeting, text=summary, text_strengths=amended)
        meeting.refresh_from_db()
    blocks = compose(gather_minutes(meeting)).blocks
    words = " ".join(b.text for b in blocks if b.kind != "table").replace("\u00a0", " ")
    for phrase in sentence:
        assert phrase in words
    assert unsaid not in words
    assert "Viết ở mục direction." not in words
