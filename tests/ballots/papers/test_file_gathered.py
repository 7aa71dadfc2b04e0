"""The papers of a real meeting's file: what the rows say stands in the data, in a fixed number of queries."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ballots.models import Paper
from ballots.papers import heads, lock
from ballots.papers.data import Points, SectionText
from ballots.papers.kinds import KINDS, OF_FILE
from ballots.papers.lists.gather import gather_proposals, gather_summary, gather_unrated
from ballots.papers.personal.gather import gather_form, last_submitted
from ballots.papers.press import render
from cells.models import Meeting
from members.models import (
    Assessment,
    Attachment,
    Attendance,
    Member,
    ReviewLine,
    SelfReview,
)
from members.models import SelfReviewVersion as Version
from tests.kit import polls, verbs
from tests.kit.factories import (
    loaded,
    make_cell,
    make_member,
    make_open_meeting,
    make_paper,
    members_of,
    secretary_of,
)
from tests.kit.made_once import made_once

pytestmark = pytest.mark.django_db

GOOD = 2


@pytest.fixture
def counted() -> Meeting:
    """Six members and the exempt one vote; all at HTT with six of seven, the last one concluded on by the chair."""
    return loaded(make_counted())


@made_once
def make_counted() -> Meeting:
    cell = make_cell(name="Chi bộ 4")
    make_member(cell, "Quách Văn Ý", status=Member.Status.EXEMPT)
    meeting = make_open_meeting(6, cell=cell)
    polls.play(polls.poll_of(meeting, 1), *[[GOOD]] * 6)
    polls.play(polls.poll_of(meeting, 2), *[[GOOD] * 6] * 6)
    verbs.conclude(secretary_of(meeting), meeting, members_of(meeting)[5], "HT", "Kỷ luật")
    return meeting


@pytest.fixture
def concluded() -> Meeting:
    """Four members and an exempt one; on the cell and the four the chair concluded HTT without a vote."""
    return loaded(make_concluded())


@made_once
def make_concluded() -> Meeting:
    cell = make_cell(name="Chi bộ 4")
    make_member(cell, "Quách Văn Ý", status=Member.Status.EXEMPT)
    meeting = make_open_meeting(4, cell=cell)
    for subject in (None, *members_of(meeting)[:4]):
        verbs.conclude(secretary_of(meeting), meeting, subject, "HTT", "Thống nhất")
    return meeting


def test_each_body_stands_in_its_own_column(concluded):
    member = members_of(concluded)[2]
    for body, level in (("manager", "HTXS"), ("unions", "HT"), ("executive", "HTT")):
        Assessment.objects.create(
            cell=member.cell,
            member=member,
            campaign=concluded.campaign,
            body=body,
            level=level,
            score=Decimal("82.50"),
        )
    Attendance.objects.filter(member=member).update(self_level="HTXS")
    row = gather_proposals(concluded).rows[2]
    assert (row.self_level, row.manager, row.executive, row.unions, row.cell) == (
        "HTXS",
        "HTXS",
        "HTT",
        "HT",
        "HTT",
    )
    assert "Cơ quan, đơn vị chấm 82,5 điểm" in row.remark


def test_the_summary_has_the_ballots_of_the_proposing_poll_and_the_chairs_word(counted):
    made = gather_summary(counted)
    (cell,) = made.bodies
    assert (cell.level, cell.share, cell.counts["HTT"]) == (
        "HTT",
        Fraction(6, 7),
        6,
    )
    assert {row.level for row in made.rows[:5]} == {"HTT"}
    concluded = made.rows[5]
    assert (concluded.level, concluded.share, concluded.remark) == (
        "HT",
        0,
        "Chủ trì kết luận: Kỷ luật",
    )
    unrated = made.rows[6]
    assert (unrated.name, unrated.level, unrated.is_rated) == ("Quách Văn Ý", "", False)
    assert "Không thuộc diện: " in unrated.remark


def test_a_round_of_one_level_is_named_and_has_no_other_ballots(counted):
    secretary, first = secretary_of(counted), members_of(counted)[0]
    poll = verbs.plan_poll(secretary, counted, "Lượt hai", [first], ["HTXS"])
    polls.play(poll, *[[1]] * 6)
    row = gather_summary(counted).rows[0]
    assert (row.counts, row.share, row.level) == ({"HTXS": 6}, Fraction(6, 7), "HTXS")
    assert row.remark == "Lượt “Lượt hai”"


def test_who_is_left_out_is_listed_with_reason_basis_and_day(concluded):
    member = members_of(concluded)[1]
    line = ReviewLine.objects.get(member=member)
    Attendance.objects.filter(member=member).update(
        rated=False, unrated_reason="Chờ kết luận kiểm tra"
    )
    line.status, line.reason, line.basis = "unrated", "Chờ kết luận kiểm tra", "NQ 05"
    line.return_on, line.by_hand = date(2027, 3, 1), True
    line.save()
    rows = {row.name: row for row in gather_unrated(concluded).rows}
    assert set(rows) == {member.name, "Quách Văn Ý"}
    assert (rows[member.name].basis, rows[member.name].return_on) == ("NQ 05", date(2027, 3, 1))
    assert not rows[member.name].is_unreviewed  # was there, and reviewed itself
    assert rows["Quách Văn Ý"].is_unreviewed


def test_the_paper_cites_the_basis_without_saying_how_certain_it_is(concluded):
    line = ReviewLine.objects.get(member__name="Quách Văn Ý")
    assert line.basis.endswith("(chắc chắn, đọc trong văn bản)")
    (row,) = gather_unrated(concluded).rows
    assert row.basis == "QĐ 366-QĐ/TW, điều 5.2.1"


def test_the_report_goes_to_the_executive_counts_by_post_and_adds_up(concluded):
    concluded.cell.committee.executive = "Đảng ủy phường"
    made = KINDS["upward"].gather(concluded)
    assert (made.to, made.head.series, made.signer.post) == ("Đảng ủy phường", "BC", "BÍ THƯ")
    assert [(g.label, g.total, g.unrated) for g in made.groups] == [
        ("Đảng viên giữ chức vụ lãnh đạo, quản lý", 1, 0),
        ("Đảng viên không giữ chức vụ lãnh đạo, quản lý", 4, 0),
    ]
    assert [g.outside for g in made.groups] == [0, 1]
    assert made.cap.startswith("Mức trần hoàn thành xuất sắc nhiệm vụ: 20% số hoàn thành tốt")
    for group in made.groups:
        assert (
            group.total
            == sum(group.counts.values()) + group.unrated + group.outside + group.undecided
        )
    assert made.head.day == max(
        timezone.localdate(), timezone.localtime(concluded.starts_at).date()
    )


@pytest.mark.parametrize(("pack", "form"), [("2025", "Mẫu 04-HD KĐ.ĐG 2025"), ("2023", "")])
def test_the_checklist_counts_what_there_is_under_the_packs_own_form(pack, form):
    meeting = loaded(make_open_meeting(3, pack=pack))
    Attachment.objects.create(
        cell=meeting.cell,
        campaign=meeting.campaign,
        kind="prompt",
        content_type="application/pdf",
        content=b"%PDF",
        sha256="0" * 64,
        by=secretary_of(meeting),
    )
    for place, member in enumerate(members_of(meeting)[:2]):
        SelfReview.objects.create(
            cell=member.cell,
            member=member,
            campaign=meeting.campaign,
            kind="member",
            state="submitted",
            submitted_at=timezone.now(),
            on_paper=place == 0,
        )
    made = KINDS["checklist"].gather(meeting)
    lines = {line.title: (line.copies, line.remark) for line in made.lines}
    assert made.form == form
    assert lines["Bản kiểm điểm cá nhân"] == (2, "trong đó bản giấy: 01")
    assert lines["Gợi ý kiểm điểm của cấp trên"] == (1, "Tệp kèm theo")
    assert "Báo cáo kiểm điểm tập thể" not in lines


def submit(meeting: Meeting, member: Member, **values) -> Version:
    review = SelfReview.objects.create(
        cell=member.cell, member=member, campaign=meeting.campaign, kind="member"
    )
    values = {"kind": "member", "pack": "2025.1", "self_level": "HTT"} | values
    return Version.objects.create(review=review, number=1, **values)


def test_a_form_is_filled_in_as_submitted_and_below_it_what_the_others_say(concluded):
    member = members_of(concluded)[2]
    submit(
        concluded,
        member,
        texts={"strengths": "Làm tốt."},
        scores={"result": "61.5", "conduct-1": "2"},
        answers={"1": {"item": "Chậm báo cáo", "state": "done", "why": "Đã sửa"}},
    )
    Assessment.objects.create(
        cell=member.cell,
        member=member,
        campaign=concluded.campaign,
        body="executive",
        level="HTT",
        remark="Nhất trí.",
    )
    version = last_submitted(concluded)[member.pk]
    made = gather_form(concluded, version)
    assert made.form == "Mẫu 2B-HD KĐ.ĐG 2025"
    assert made.sections[0] == SectionText("Ưu điểm, kết quả đạt được", "Làm tốt.")
    assert made.sums[-1] == Points("Tổng điểm", Decimal(100), Decimal("63.5"))
    assert made.answers[0].result == "Đã khắc phục"
    assert "khắc phục" in made.answered_in
    assert (made.executive.text, made.cell_level) == (
        "Nhất trí.",
        "",
    )  # the minutes are not passed
    make_paper(concluded, Paper.Kind.MINUTES)
    assert gather_form(concluded, version).cell_level == "HTT"
    text = render.fragment(made)
    assert "Làm tốt." in text


def test_a_form_of_2023_has_no_points(concluded):
    version = submit(concluded, members_of(concluded)[2], pack="2023.1", kind="leader")
    made = gather_form(concluded, version)
    assert (made.form, made.groups, made.sums) == ("Mẫu 02B-HD KĐ.ĐG 2023", (), ())


def test_a_paper_handed_in_has_no_form(concluded):
    version = submit(concluded, members_of(concluded)[2], on_paper=True)
    with pytest.raises(ValueError, match="Bản giấy"):
        gather_form(concluded, version)


@pytest.mark.parametrize("kind", OF_FILE)
def test_a_draft_is_marked_and_a_locked_paper_has_its_number_and_code(concluded, kind, undrawn):
    assert KINDS[kind].gather(concluded).head.mark == heads.DRAFT
    made = lock.draft(concluded, kind, "https://x", 7 if KINDS[kind].series else None)
    head = made.data.head
    assert (head.mark, head.check.code) == ("", made.paper.check_code)
    assert head.number == ("07" if KINDS[kind].series else "")
    assert lock.still_true(made, "https://x")
    Attendance.objects.filter(meeting=concluded).update(self_level="HT")
    assert lock.still_true(made, "https://x") == (kind not in ("proposals", "summary"))


def test_a_paper_of_the_file_costs_the_same_queries_for_3_members_and_for_12():
    costs = []
    for size in (3, 12):
        meeting = make_open_meeting(size)
        polls.play(polls.poll_of(meeting, 1), *[[GOOD]] * size)
        cost = {}
        for kind in OF_FILE:
            fresh = loaded(meeting)
            with CaptureQueriesContext(connection) as queries:
                KINDS[kind].gather(fresh)
            cost[kind] = len(queries)
        costs.append(cost)
    assert costs[0] == costs[1]
