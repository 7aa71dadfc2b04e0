"""Mẫu 01 on paper: what the meeting has stands in the PDF and in Word."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.models import Paper
from ballots.papers import lock, parts
from ballots.papers.composing import compose
from ballots.papers.kinds import KINDS
from ballots.papers.press import render
from ballots.papers.report.gather import gather_report
from cells.models import Meeting
from tests.kit import factories
from tests.kit.paper_readers import fonts_in, pages_in, text_of_word, words
from tests.kit.reports import write_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting() -> Meeting:
    """A planned meeting with a full report, nothing to say on what was prompted."""
    made = factories.make_meeting(5, cell=factories.make_cell(name="Chi bộ 4"))
    write_report(made, text_prompts="", text_strengths="Đoạn một.\n\nĐoạn hai.")
    return factories.loaded(made)


def test_the_pdf_and_word_say_what_the_meeting_has(meeting):
    data = gather_report(meeting)
    pdf = render.pdf(render.html(data))
    printed, typed = " ".join(pages_in(pdf)), text_of_word(render.docx(data))
    paper = compose(data)
    paragraphs = [block.text for block in paper.blocks if block.kind != "table"]
    cells = [
        text
        for block in paper.blocks
        if block.kind == "table"
        for row in block.rows
        for text in row
    ]
    head = [" ".join(paper.frame.above), "CHI BỘ 4", "-BC/CB", "BÁO CÁO", paper.subject]
    foot = ["T/M CHI BỘ", "BÍ THƯ", "Trần Thị Ánh", "Nơi nhận:", "- Lưu Chi bộ.", "-----"]
    for text in [
        *head,
        *paragraphs,
        *cells,
        *foot,
        "Mẫu 01-HD KĐ.ĐG 2025",
        "ĐẢNG CỘNG SẢN VIỆT NAM",
    ]:
        assert words(text) in printed
        assert words(text) in typed
    assert "BẢN DỰ THẢO" in printed
    assert {str(font["/BaseFont"]).split("+")[1].split("-")[0] for font in fonts_in(pdf)} == {
        "Liberation"
    }


def test_its_sections_points_and_level_stand_in_the_order_of_the_form(meeting):
    paper = compose(gather_report(meeting))
    assert paper.subject == "kiểm điểm, tự đánh giá, xếp loại chất lượng của tập thể năm 2026"
    headings = [words(b.text) for b in paper.blocks if b.kind in ("section", "heading")]
    assert headings[:2] == ["A. NỘI DUNG KIỂM ĐIỂM", "I. Ưu điểm, kết quả đạt được"]
    assert [each[:2] for each in headings[2:6]] == ["1.", "2.", "3.", "4."]
    assert headings[6:9] == [
        "II. Hạn chế, khuyết điểm và nguyên nhân",
        "1. Hạn chế, khuyết điểm",
        "2. Nguyên nhân của hạn chế, khuyết điểm",
    ]
    assert headings[10] == "IV. Giải trình những vấn đề được gợi ý kiểm điểm"
    assert headings[13:] == [
        "B. NỘI DUNG TỰ ĐÁNH GIÁ, XẾP LOẠI",
        "I. Đánh giá theo các nhóm tiêu chí",
        "II. Đề xuất xếp loại mức chất lượng",
    ]
    texts = [words(block.text) for block in paper.blocks if block.kind == "text"]
    assert "Không có." in texts
    assert "Tổng điểm tự chấm: 30 + 56,5 = 86,5/100 điểm." in texts
    assert words(texts[-1]).endswith("chất lượng năm 2026: Hoàn thành tốt nhiệm vụ.")
    (table,) = (block for block in paper.blocks if block.kind == "table")
    assert [row for row in table.rows if not row[0].isdecimal()] == [
        ("I", "NHÓM TIÊU CHÍ CHUNG", "30", "30"),
        ("II", "KẾT QUẢ THỰC HIỆN NHIỆM VỤ", "70", "56,5"),
        ("", "TỔNG ĐIỂM", "100", "86,5"),
    ]


@pytest.mark.parametrize(
    ("values", "table", "text"),
    [
        (
            {"scores": {}, "self_score": Decimal("84.5")},
            False,
            "Tổng điểm tự chấm: 84,5/100 điểm.",
        ),
        ({"scores": {}, "self_score": None}, True, "Tổng điểm tự chấm: …/100 điểm."),
        ({"scores": {"tasks": "40"}, "self_score": None}, True, "chấm: … + … = …/100 điểm."),
        ({"texts": {}, "self_level": ""}, True, "xếp loại chất lượng năm 2026: …."),
    ],
)
def test_what_is_missing_leaves_dots(meeting, values, table, text):
    factories.set_report(meeting, **values)
    blocks = compose(gather_report(factories.loaded(meeting))).blocks
    assert any(block.kind == "table" for block in blocks) == table
    assert text in " ".join(words(block.text) for block in blocks if block.kind != "table")


def test_last_years_shortcomings_are_answered_under_their_section(meeting):
    answers = {
        "1": {"item": "Sinh hoạt chuyên đề còn ít.", "state": "done", "why": "Mỗi quý một lần."},
        "10": {"item": "Chậm báo cáo", "state": "open", "why": ""},
    }
    factories.set_report(meeting, answers=answers)
    texts = gather_report(factories.loaded(meeting)).texts
    (text,) = (each.text for each in texts if "Viết ở mục remedied." in each.text)
    assert text.splitlines() == [
        "Viết ở mục remedied.",
        "- Sinh hoạt chuyên đề còn ít. Đã khắc phục: Mỗi quý một lần.",
        "- Chậm báo cáo. Chưa khắc phục.",
    ]


@pytest.mark.parametrize(
    ("executive", "line"),
    [
        ("Đảng ủy phường", f"- Đảng ủy phường {parts.FOR_REPORT},"),
        ("", f"- Đảng ủy phường Hoa Sen {parts.FOR_REPORT},"),
    ],
)
def test_both_reports_of_a_cell_go_to_the_same_committee_by_name(meeting, executive, line):
    committee = meeting.cell.committee
    committee.executive, committee.name = executive, "Đảng bộ phường Hoa Sen"
    for data in (gather_report(meeting), KINDS["upward"].gather(meeting)):
        assert compose(data).recipients == (line, "- Lưu Chi bộ.")


def test_a_locked_report_has_no_draft_mark_but_a_check_code(meeting):
    made = lock.draft(meeting, Paper.Kind.REPORT, "https://kiemdiem.example")
    printed = " ".join(pages_in(bytes(made.paper.pdf)))
    assert "BẢN DỰ THẢO" not in printed
    assert made.paper.shown_code in printed
    assert lock.still_true(made, "https://kiemdiem.example")
    write_report(meeting, text_strengths="Sửa sau.")
    made.paper.meeting = factories.loaded(meeting)
    assert not lock.still_true(made, "https://kiemdiem.example")


def test_a_rehearsals_report_says_so(meeting):
    Meeting.objects.filter(pk=meeting.pk).update(kind=Meeting.Kind.REHEARSAL)
    assert gather_report(factories.loaded(meeting)).head.mark == "BẢN HỌP THỬ"


@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_the_draft_is_opened_from_the_page(client, meeting, ending):
    client.force_login(factories.secretary_of(meeting))
    address = reverse("ballots:paper_draft", args=[meeting.pk, "report", ending])
    assert address in client.get(reverse("ballots:report", args=[meeting.pk])).content.decode()
    answer = client.get(address)
    assert answer.content[:2] in (b"%P", b"PK")
    assert "Du thao Bao cao kiem diem tap the" in answer["Content-Disposition"]


def test_the_report_takes_as_many_queries_for_thirty_members_as_for_three():
    def queries(size: int) -> int:
        meeting = factories.loaded(factories.make_meeting(size))
        with CaptureQueriesContext(connection) as queries:
            gather_report(meeting)
        return len(queries)

    assert queries(3) == queries(30)
