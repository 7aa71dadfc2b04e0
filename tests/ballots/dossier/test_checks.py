"""The checks before the file is sent up: each shown by one defect, with the page that cures it."""

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.dossier import checks
from ballots.dossier.evidence import Check
from ballots.models import Classification, Paper, Poll, Submission
from cells.models import Meeting
from members.models import Attachment, Attendance, Member, ReviewLine, SelfReview
from tests.kit import factories, sendings, verbs

pytestmark = pytest.mark.django_db
LOOK, MEND = checks.State.LOOK, checks.State.MEND


def update(model, meeting: Meeting, **values) -> None:
    model.objects.filter(meeting=meeting).update(**values)


def unmark(meeting: Meeting) -> None:
    row = Attendance.objects.of(meeting).last()
    Attendance.objects.filter(pk=row.pk).update(state=Attendance.State.EXPECTED)


def forget_level(meeting: Meeting) -> None:
    member = factories.members_of(meeting)[1]
    Classification.objects.filter(meeting=meeting, member=member).delete()


def change_line(meeting: Meeting, place: int, **values) -> None:
    ReviewLine.objects.filter(pk=sendings.line_of(meeting, place).pk).update(**values)


def set_report(**values):
    return lambda meeting: factories.set_report(meeting, **values)


def set_meeting(**values):
    return lambda meeting: Meeting.objects.filter(pk=meeting.pk).update(**values)


# A defect, how its line then stands, its sentence, and where its cure is: a page and an anchor.
DEFECTS = {
    "not closed": (
        set_meeting(state="open", closed_at=None),
        MEND,
        "chưa bế mạc",
        "ballots:meeting",
    ),
    "minutes not passed": (
        lambda m: Paper.objects.filter(meeting=m, kind="minutes").delete(),
        MEND,
        "Biên bản hội nghị chưa được thông qua",
        "ballots:minutes",
    ),
    "count not locked": (
        lambda m: Paper.objects.filter(meeting=m, kind="count").delete(),
        MEND,
        "Biên bản kiểm phiếu chưa được thông qua",
        "ballots:minutes",
    ),
    "nothing signed": (
        lambda m: Attachment.objects.all().delete(),
        LOOK,
        "ký sau cũng được",
        "members:attachments#them-tep",
    ),
    "somebody unmarked": (unmark, MEND, "Chưa điểm danh đ/c", "ballots:checkin"),
    "ballots that do not add up": (
        lambda m: update(Poll, m, valid=3, invalid=1),
        MEND,
        "cộng lại được 4, không bằng 3 phiếu hợp lệ",
        "ballots:results#luot-2",
    ),
    "levels that do not add up": (
        lambda m: update(Classification, m, source="vote", level="HT"),
        MEND,
        "không bằng số được xếp loại",
        "ballots:results#de-nghi",
    ),
    "no level": (
        forget_level,
        LOOK,
        "Biên bản ghi “chưa kết luận”: đ/c",
        "ballots:results#de-nghi",
    ),
    "subject of the review but not rated": (
        lambda m: change_line(m, -1, status="subject"),
        MEND,
        "thuộc diện xếp loại mà hội nghị chưa xếp loại",
        "line -1",
    ),
    "rated but no subject any more": (
        lambda m: change_line(m, 1, status="unrated", reason="Chuyển đi", basis="Bí thư ghi"),
        MEND,
        "danh sách kiểm điểm thì ghi chưa xếp loại",
        "line 1",
    ),
    "no basis": (
        lambda m: change_line(m, -1, basis=""),
        MEND,
        "chưa có lý do hoặc căn cứ",
        "line -1",
    ),
    "self-review missing": (
        lambda m: SelfReview.objects.filter(member=factories.members_of(m)[1]).delete(),
        MEND,
        "Chưa nộp: đ/c",
        "ballots:reviews#chua-nop",
    ),
    "report not written": (
        set_report(texts={}),
        LOOK,
        "Còn để trống: “Việc chấp hành nguyên tắc tổ chức",
        "ballots:report",
    ),
    "no level of its own": (
        set_report(self_level="", self_score=None),
        LOOK,
        "Chưa ghi điểm và mức",
        "ballots:report",
    ),
    "points and level that disagree": (
        set_report(self_score=95),
        MEND,
        "01 điều không khớp chưa ghi lý do",
        "subject",
    ),
    "numbers without a term": (
        lambda m: Paper.objects.filter(meeting=m, kind="minutes").update(number=5, series="BB"),
        LOOK,
        "chưa ghi nhiệm kỳ",
        "cells:cell#nhiem-ky",
    ),
}


def cure(meeting: Meeting, where: str) -> str:
    """The address that these words stand for."""
    if where.startswith("line "):
        line = sendings.line_of(meeting, int(where.removeprefix("line ")))
        where, args = f"ballots:review_list#dv-{line.pk}", [meeting.cell_id, 2026]
    elif where == "subject":
        where, args = "ballots:appraisal_subject#reasons", [meeting.pk, "chi-bo"]
    elif where.startswith("cells:"):
        args = [meeting.cell_id]
    elif where.startswith(("members:", "ballots:reviews")):
        args = [meeting.cell_id, 2026]
    else:
        args = [meeting.pk]
    name, _, anchor = where.partition("#")
    return reverse(name, args=args) + (f"#{anchor}" if anchor else "")


@pytest.fixture
def ready() -> Meeting:
    return sendings.make_ready(voted=True)


def checks_of(meeting: Meeting) -> list[checks.Check]:
    meeting = Meeting.objects.select_related("cell__committee", "campaign").get(pk=meeting.pk)
    return [check for group in checks.groups_for(meeting) for check in group.checks]


def test_a_file_without_a_gap_is_green_throughout_and_every_line_says_what_was_looked_at(ready):
    lines = checks_of(ready)
    assert [line for line in lines if not line.ok or line.cure_url] == []
    assert all(line.title and line.sentence for line in lines)
    assert {line.title: line.sentence for line in lines}["Triệu tập = có mặt + vắng"] == (
        "04 = 04 + 00."
    )


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_shows_in_its_line_with_the_page_of_its_cure(ready, name):
    break_it, state, sentence, where = DEFECTS[name]
    expected = cure(ready, where)
    break_it(ready)
    (line,) = [check for check in checks_of(ready) if sentence in check.sentence]
    assert (line.state, line.cure_url) == (state, expected)
    assert line.cure_label


def test_paper_taken_in_cures_its_line_and_leaving_a_rated_member_out_does_not(ready, client):
    secretary, members = factories.secretary_of(ready), factories.members_of(ready)
    SelfReview.objects.filter(member=members[2]).delete()
    assert f"Chưa nộp: đ/c {members[2]}." in next(c.sentence for c in checks_of(ready) if not c.ok)
    line = sendings.line_of(ready, 2)
    verbs.set_line(secretary, line, ReviewLine.Status.UNRATED, "Nghỉ ốm dài ngày", None)
    (still,) = checks.lines_of(checks.groups_for(ready), MEND)
    assert f"Hội nghị đã xếp loại đ/c {members[2]}" in still.sentence
    verbs.follow_rules(secretary, line)
    client.force_login(secretary)
    page = reverse("ballots:reviews", args=[ready.cell_id, 2026])
    client.post(page, {"member": members[2].pk, "do": "paper"})
    assert not checks.lines_of(checks.groups_for(ready), MEND)


def test_who_left_or_joined_after_the_meeting_is_spoken_of_by_name(ready):
    newcomer = factories.make_member(ready.cell, "Đỗ Thị Mới")
    Member.objects.filter(pk=factories.members_of(ready)[2].pk).update(left_on="2026-12-20")
    secretary = factories.secretary_of(ready)
    verbs.make_list(secretary, ready.cell, ready.campaign)
    red = [line.sentence for line in checks_of(ready) if line.state == MEND]
    assert red == [
        f"Đ/c {newcomer} thuộc diện xếp loại mà hội nghị chưa xếp loại. "
        "Xin ghi “Chưa xếp loại” kèm lý do.",
        f"Chưa nộp: đ/c {newcomer}. Đồng chí nào đã nộp bản giấy thì bấm “Nộp giấy, đổi mẫu”, rồi “Đã nhận bản giấy”.",
    ]


def test_what_was_sent_is_explained_no_more_and_holds_nothing_back(ready):
    set_report(self_score=95)(ready)
    Submission.objects.create(meeting=ready, by=factories.secretary_of(ready))
    assert [(line.state, line.cure_label) for line in checks_of(ready) if not line.ok] == [
        (LOOK, "Ghi lý do")
    ]


def test_every_line_says_what_it_is_about_the_second_of_a_kind_too():
    line = Check("Đánh giá", LOOK, "Chi bộ: 1 điều không khớp chưa ghi lý do.")
    shown = render_to_string("ballots/parts/checks.html", {"checks": [line, line]})
    assert shown.count('<th scope="row">Đánh giá</th>') == 2


def test_a_pack_without_points_asks_for_no_score():
    meeting = sendings.make_ready(year=2023, pack="2023")
    set_report(self_score=None)(meeting)
    assert "Chi bộ tự nhận mức" in [line.title for line in checks_of(meeting)]
    assert not checks.lines_of(checks.groups_for(meeting), MEND)


FINE = checks.State.FINE
SUMMARIES = {
    "everything is fine": ([FINE] * 17, "cả 17 mục đều đạt"),
    "some must be mended, some looked at": (
        [LOOK, MEND, FINE, LOOK, LOOK, LOOK],
        "01 mục phải sửa trước, 04 mục nên xem lại, 01 mục đạt",
    ),
    "some are to be looked at": ([FINE, LOOK], "01 mục nên xem lại, 01 mục đạt"),
    "nothing is fine": ([MEND, MEND], "02 mục phải sửa trước"),
}


@pytest.mark.parametrize(("states", "words"), SUMMARIES.values(), ids=SUMMARIES)
def test_what_must_be_mended_is_counted_apart_from_what_is_to_be_looked_at(states, words):
    lines = tuple(Check("Mục", state, "Câu.") for state in states)
    groups = [checks.Group("Nhóm", lines[:1]), checks.Group("Nhóm khác", lines[1:])]
    assert checks.summary_of(groups) == words


def test_checking_costs_the_same_queries_for_a_large_cell_as_for_a_small_one():
    def queries(size: int) -> int:
        meeting = sendings.make_ready(size)
        SelfReview.objects.filter(campaign=meeting.campaign).delete()
        with CaptureQueriesContext(connection) as caught:
            checks_of(meeting)
        return len(caught)

    assert queries(4) == queries(12)
