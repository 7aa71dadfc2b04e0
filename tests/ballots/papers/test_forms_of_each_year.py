"""Each year's forms on paper, heading by heading, as the packs have them: personal forms, and Mẫu 01."""

import pytest

from ballots.papers.composing import compose
from ballots.papers.personal.gather import gather_form
from ballots.papers.press.document import Document, Signing, Table
from ballots.papers.report.gather import gather_report
from cells.law.guidance import load_pack
from cells.law.review_forms import ReviewForm
from cells.models import Meeting
from members.models import SelfReview
from tests.kit import factories
from tests.kit.paper_readers import words

pytestmark = pytest.mark.django_db

A, B = "A. NỘI DUNG KIỂM ĐIỂM", "B. NỘI DUNG TỰ ĐÁNH GIÁ, XẾP LOẠI"
SCORES, LEVEL = "I. Đánh giá theo các nhóm tiêu chí", "II. Đề xuất xếp loại mức chất lượng"
OF_A_YEAR = ["I.", "1.", "2.", "3.", "II.", "1.", "2.", "III.", "IV.", "V.", "VI."]
OTHERS = ["Nhận xét, đánh giá của người đứng đầu", "Nhận xét, đánh giá của chi ủy"]
POSTS = ["Chức vụ Đảng", "Chức vụ chính quyền", "Chức vụ đoàn thể"]
NO_POST = ["Họ và tên", "Năm sinh", "Đơn vị công tác", "Chi bộ"]
WITH_POST = [*NO_POST[:2], "Chức vụ", *NO_POST[2:]]
WITH_POSTS = [*NO_POST[:2], *POSTS, *NO_POST[2:]]
# Kind, year: number and for whom; what is asked; how many texts take a grade; whether points; whether others write.
FORMS = {
    ("leader", "2023"): ("Mẫu 02B", "Cá nhân giữ chức vụ", WITH_POSTS, 4, False, True),
    ("member", "2023"): ("Mẫu 02A", "Cá nhân không giữ", WITH_POST, 4, False, True),
    ("leader", "2025"): ("Mẫu 02A", "Cá nhân giữ chức vụ", WITH_POSTS, 0, True, True),
    ("member", "2025"): ("Mẫu 02B", "Cá nhân không giữ", WITH_POST, 0, True, True),
    ("outside", "2025"): ("Mẫu 02C", "Đảng viên không làm", NO_POST, 0, True, False),
}


def headings(paper: Document) -> list[str]:
    return [words(b.text) for b in paper.blocks if b.kind in ("section", "heading")]


@pytest.fixture
def meeting(request) -> Meeting:
    return factories.make_meeting(5, factories.make_cell(name="Chi bộ 4"), pack=request.param)


def form_on_paper(meeting: Meeting, kind: str) -> Document:
    """Handed in by the secretary with nothing written in it."""
    member, pack = factories.members_of(meeting)[0], meeting.rules.version
    form = ReviewForm.from_pack(load_pack(pack), kind, meeting.rules)
    about = {"cell": meeting.cell, "member": member, "campaign": meeting.campaign, "kind": kind}
    handed_in = {"number": 1, "pack": pack, "kind": kind, "criteria": form.stored_criteria()}
    return compose(
        gather_form(meeting, SelfReview.objects.create(**about).versions.create(**handed_in))
    )


@pytest.mark.parametrize(
    ("kind", "meeting"), list(FORMS), indirect=["meeting"], ids=[" ".join(key) for key in FORMS]
)
def test_a_personal_form_stands_as_its_year_has_it(kind, meeting):
    number, whom, facts, graded, has_points, has_others = FORMS[kind, meeting.campaign.pack[:4]]
    paper = form_on_paper(meeting, kind)
    assert paper.form.startswith(number)
    assert paper.subject == "Năm 2026"
    assert paper.whom.startswith(f"({whom}")
    asked = [words(block.text).partition(":")[0] for block in paper.blocks[: len(facts)]]
    assert asked == facts
    told = headings(paper)
    at = told.index(B)
    assert told[0] == A
    assert [heading.split(" ")[0] for heading in told[1:at]] == OF_A_YEAR
    own, below = told[at + 1 :][: 2 * has_points], told[at + 1 :][2 * has_points :]
    assert own == [SCORES, LEVEL] * has_points
    assert len(below) == len(OTHERS) * has_others
    assert all(line.startswith(begins) for line, begins in zip(below, OTHERS, strict=False))
    tables = [block for block in paper.blocks if isinstance(block, Table)]
    grades = [t for t in tables if [c.title for c in t.columns][:2] == ["Xuất sắc", "Tốt"]]
    assert len(grades) == graded
    signed = [s.post for b in paper.blocks if isinstance(b, Signing) for s in b.signatures]
    signed += [signature.authority or signature.post for signature in paper.signatures]
    ends = ["THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ", "BÍ THƯ", "T/M ĐẢNG ỦY"]
    assert signed == ["NGƯỜI TỰ KIỂM ĐIỂM", *ends[: len(ends) * has_others]]


@pytest.mark.parametrize("meeting", ["2023", "2025"], indirect=True)
def test_a_collective_report_has_its_two_parts(meeting):
    paper = compose(gather_report(Meeting.objects.get(pk=meeting.pk)))
    told = headings(paper)
    at = told.index(B)
    assert told[0] == A
    sections = [heading.split(" ")[0] for heading in told[1:at]]
    assert sections == ["I.", "1.", "2.", "3.", "4.", *OF_A_YEAR[4:]]
    has_points = meeting.campaign.pack.startswith("2025")
    assert told[at + 1 :] == (
        [SCORES, LEVEL] if has_points else ["Đề xuất xếp loại mức chất lượng"]
    )
