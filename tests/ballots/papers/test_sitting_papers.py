"""The papers of a committee's own meeting: whose they are, in whose words, and as readable for sixty as for three."""

import pytest

from ballots.committee.sitting import verbs as sitting
from ballots.models import Poll
from ballots.papers.ballots.gather import gather_ballot_sheets
from ballots.papers.minutes.gather import gather_count, gather_minutes
from ballots.papers.press import render
from ballots.results.concluded import concluded_at
from cells.models import Level, Meeting
from members.models import Attendance
from tests.kit import factories, verbs
from tests.kit.paper_readers import text_of_word, words
from tests.kit.sittings import cases_before, make_planned_sitting, vote

pytestmark = pytest.mark.django_db
# What a committee is not, and what its voters are not called.
OF_CELLS = ("T/M CHI BỘ", "đảng viên chính thức", "điện thoại của đảng viên", "Lưu Chi bộ")


@pytest.fixture
def held() -> Meeting:
    """A meeting of five that has voted on a cell and its members, and concludes otherwise on the last."""
    meeting = make_planned_sitting(5)
    officer = factories.secretary_of(meeting)
    people = [case for case in cases_before(meeting) if case.member]
    sitting.plan_case_poll(officer, meeting, "Xếp loại đảng viên", people, Level.values)
    factories.convene(meeting)
    vote(meeting, *[[2]] * 5)
    last = concluded_at(meeting)[-1]
    sitting.conclude_case(officer, meeting, last.key, "HT", "Chưa bàn giao sổ sách.")
    meeting.refresh_from_db()
    return meeting


def composed(meeting: Meeting) -> dict[str, object]:
    poll = Poll.objects.filter(meeting=meeting).latest("number")
    return {
        "minutes": gather_minutes(meeting),
        "count": gather_count(meeting),
        "ballot": gather_ballot_sheets(poll, 2),
    }


@pytest.mark.parametrize("kind", ["minutes", "count", "ballot"])
def test_a_committees_papers_are_never_those_of_a_cell(held, kind):
    said = words(render.fragment(composed(held)[kind]))
    assert "ĐẢNG ỦY PHƯỜNG AN PHÚ" in said
    assert [phrase for phrase in OF_CELLS if phrase in said] == []


def test_the_chair_is_introduced_by_the_post_held_in_the_committee(held):
    chair = Attendance.objects.get(meeting=held, duty=Attendance.Duty.CHAIR).member
    chair.post = "Đảng viên"
    chair.save()
    for data in (gather_minutes(held), gather_count(held)):
        assert data.sitting.chair.post == "Bí thư"


def test_rows_of_minutes_and_count_have_name_and_cell_each_in_its_place(held):
    first = concluded_at(held)[1]
    for data in (gather_minutes(held), gather_count(held)):
        row = data.sitting.polls[1].rows[0]
        assert (row.subject, row.post) == (first.name, "Bí thư, Chi bộ 1")
    last = gather_minutes(held).of_cases.cases[-1]
    assert (last.voted, last.level, last.reason) == ("HTT", "HT", "Chưa bàn giao sổ sách.")


def test_the_blank_ballot_says_in_each_row_what_the_phones_say_and_nothing_twice(held):
    poll = Poll.objects.filter(meeting=held).latest("number")
    data = gather_ballot_sheets(poll, 2)
    labels = [row.label for row in poll.subjects.all()]
    assert [row.subject.name for row in data.rows] == labels
    said = text_of_word(render.docx(data))
    assert "PHIẾU XẾP LOẠI" in said
    assert "ĐỀ NGHỊ XẾP LOẠI" not in said
    assert "Tự nhận" not in said


def test_the_reason_of_the_chair_stands_below_the_table_of_conclusions(held):
    verbs.set_conclusion_text(factories.secretary_of(held), held, "Nhất trí.")
    held.refresh_from_db()
    said = text_of_word(render.docx(gather_minutes(held)))
    name = concluded_at(held)[-1].name
    assert f"{name} (Chi bộ 1): Hoàn thành nhiệm vụ; lý do: Chưa bàn giao sổ sách." in said
    assert "T/M BAN THƯỜNG VỤ" in said
