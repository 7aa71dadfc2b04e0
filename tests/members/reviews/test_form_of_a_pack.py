"""What a pack says of its form is asked and printed: parts, points of a section, grades, who writes below."""

from datetime import date
from typing import Any

import pytest

from ballots.papers.composing import compose
from ballots.papers.personal.gather import gather_form, meeting_of
from ballots.papers.press.document import Signing, Table, TextBlock
from cells.law import guidance
from members.models import Office, SelfReview
from tests.kit import factories
from tests.kit.clients import phone
from tests.kit.law import Law
from tests.kit.paper_readers import words
from tests.kit.reviews import ADDRESS

pytestmark = pytest.mark.django_db
GRADES = ["Xuất sắc", "Tốt", "Trung bình", "Kém"]
PARTS = {"review": "Nội dung kiểm điểm", "rating": "Nội dung xếp loại", "level": "Đề xuất mức"}
MERITS = "Ưu điểm, kết quả đạt được"
SECTIONS = [
    {"key": "strengths", "group": MERITS, "title": "Về phẩm chất", "graded": True},
    {"key": "tasks", "group": MERITS, "title": "Về nhiệm vụ", "graded": True},
    {"key": "remedied", "title": "Kết quả khắc phục"},
]
FACTS = ["name", "born", "party_post", "state_post", "union_post", "workplace", "cell"]
TYPED = {"text-strengths": "Tốt.", "text-tasks": "Đủ.", "text-remedied": "Đã sửa."}
TYPED |= {"self_level": "HTT", "do": "submit", "version": "0"}


def sourced(value: Any) -> dict[str, Any]:
    return {"value": value, "source": "Mẫu", "certainty": "own"}


@pytest.fixture
def law(monkeypatch):
    """The pack of 2023 with a form that has parts, points and grades, and nothing for others."""
    law = Law(monkeypatch)
    version = guidance.version_of("2023")
    pack = dict(law.written[version])
    review = pack["review"] = dict(pack["review"])
    leader = review["forms"]["leader"] | {"facts": sourced(FACTS), "others": sourced(False)}
    review["forms"] = review["forms"] | {"leader": leader | {"sections": "led"}}
    review["sections"] = review["sections"] | {"led": sourced(SECTIONS)}
    review["parts"] = {"led": sourced(PARTS)}
    review["grades"] = sourced(GRADES)
    law.say(version, pack)
    yield law
    law.forget()


@pytest.fixture
def leader(law):
    """The secretary of a cell, who holds a post in the agency too."""
    meeting = factories.make_meeting(5, pack="2023")
    member = Office.objects.get(member__cell=meeting.cell).member
    member.post = "Trưởng phòng Tổng hợp"
    member.save()
    posts = {"union": "Chủ tịch Công đoàn cơ sở", "party": "Đảng ủy viên"}
    for kind, title in posts.items():
        Office.objects.create(member=member, kind=kind, title=title, since=date(2020, 1, 1))
    return member


def test_each_point_asks_for_its_grade_and_keeps_it(leader):
    own = phone(leader)
    answer = own.post(ADDRESS, TYPED | {"grade-strengths": "Giỏi"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "1. Về phẩm chất" in page
    assert "Đề xuất mức" in page
    assert page.count("Xin tự đánh giá mục này.") == 2  # one is no grade, one is missing
    assert "grade-remedied" not in page
    graded = {"grade-strengths": "Tốt", "grade-tasks": "Kém", "version": "1"}
    assert own.post(ADDRESS, TYPED | graded).status_code == 302
    review = SelfReview.objects.get()
    assert review.versions.get().grades == {"strengths": "Tốt", "tasks": "Kém"}
    assert "Tự đánh giá: <strong>Kém</strong>" in own.get(ADDRESS).content.decode()


def test_the_paper_follows_the_form_part_by_part(leader):
    graded = {"grade-strengths": "Tốt", "grade-tasks": "Kém"}
    assert phone(leader).post(ADDRESS, TYPED | graded).status_code == 302
    version = SelfReview.objects.get().versions.get()
    paper = compose(gather_form(meeting_of(version), version))
    assert (paper.subject, paper.whom) == (
        "Năm 2026",
        "(Cá nhân giữ chức vụ lãnh đạo, quản lý)",
    )
    texts = [words(block.text) for block in paper.blocks if isinstance(block, TextBlock)]
    assert [text.partition(":")[0] for text in texts[:7]] == [
        "Họ và tên",
        "Năm sinh",
        "Chức vụ Đảng",
        "Chức vụ chính quyền",
        "Chức vụ đoàn thể",
        "Đơn vị công tác",
        "Chi bộ",
    ]
    assert "Chức vụ Đảng: Bí thư, Đảng ủy viên" in texts
    assert "Chức vụ đoàn thể: Chủ tịch Công đoàn cơ sở" in texts
    assert "Chức vụ chính quyền: Trưởng phòng Tổng hợp" in texts
    assert [words(b.text) for b in paper.blocks if b.kind in ("section", "heading")] == [
        "A. NỘI DUNG KIỂM ĐIỂM",
        f"I. {MERITS}",
        "1. Về phẩm chất",
        "2. Về nhiệm vụ",
        "II. Kết quả khắc phục",
        "B. NỘI DUNG XẾP LOẠI",
    ]
    first, second, levels = (block for block in paper.blocks if isinstance(block, Table))
    assert [column.title for column in first.columns] == GRADES
    assert (first.rows, second.rows) == ((("", "x", "", ""),), (("", "", "", "x"),))
    assert levels.rows == (("", "x", "", ""),)
    assert not any(isinstance(block, Signing) for block in paper.blocks)
    assert [signature.post for signature in paper.signatures] == ["NGƯỜI TỰ KIỂM ĐIỂM"]
