"""The result pages: the two percentages kept apart, sums in red, the cap as a warning, the chair's conclusions."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.core.tables import BAR, bar_of
from ballots.models import Classification
from cells.models import Meeting
from cells.stale import STALE, fingerprint
from members.models import Attendance, Member, ReviewLine
from tests.kit import polls, verbs
from tests.kit.factories import make_open_meeting, members_of, secretary_of
from tests.kit.made_once import made_once

pytestmark = pytest.mark.django_db

EXCELLENT, GOOD, FULFILLED = 1, 2, 3


def url(meeting: Meeting, name: str = "results") -> str:
    return reverse(f"ballots:{name}", args=[meeting.pk])


def page(client, meeting: Meeting, name: str = "results") -> str:
    client.force_login(secretary_of(meeting))
    answer = client.get(url(meeting, name))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
@made_once
def voted() -> Meeting:
    """Eight members; the cell at HTT by all, the fourth member at HTXS by seven, the others at HTT by all."""
    meeting = make_open_meeting(8)
    polls.play(polls.poll_of(meeting, 1), *[[GOOD]] * 8)
    fourth = [[EXCELLENT if row == 3 else GOOD for row in range(8)]] * 7
    polls.play(polls.poll_of(meeting, 2), *fourth, [GOOD] * 8)
    return meeting


def test_both_percentages_are_shown_each_with_its_base(client, voted):
    shown = page(client, voted)
    assert "Tỷ lệ % tính trên số đảng viên chính thức được triệu tập" in shown
    assert "Tỷ lệ này tính trên <strong>08</strong> đảng viên được xếp loại" in shown
    assert "<strong>07/08</strong> <span>87,5%</span>" in shown
    assert "<strong>01/08</strong> <span>12,5%</span>" in shown
    assert shown.count("KHT: không hoàn thành nhiệm vụ.") == 2
    assert "Số liệu không khớp" not in shown


def test_a_sum_that_does_not_hold_is_shown_in_red_with_its_line(client, voted):
    polls.poll_of(voted, 2).rows.filter(position=3).update(good=6)
    shown = page(client, voted)
    assert 'class="sum-wrong" role="alert"' in shown
    assert f"Dòng 3 “{members_of(voted)[2]}”" in shown


def test_the_cap_warns_and_blocks_nothing(client):
    meeting = make_open_meeting(5)
    polls.play(polls.poll_of(meeting, 2), *[[EXCELLENT] * 5] * 5)
    shown = page(client, meeting)
    assert "vượt mức trần 20%" in shown
    assert (
        "tính trên số hoàn thành tốt nhiệm vụ được 00; tính trên số từ hoàn thành tốt nhiệm vụ trở lên được 01"
        in shown
    )
    assert "khi vượt tỷ lệ, trang “Kết quả bỏ phiếu”" in meeting.rules.origin("cap.reading").words
    data = {"member": "cell", "level": "HTT", "reason": "Nhất trí."}
    assert client.post(url(meeting, "conclude"), data).status_code == 302


def test_who_is_not_rated_is_called_as_in_the_papers(client, voted):
    *_, waiting, outside = members_of(voted)
    for member, status in ((waiting, "unrated"), (outside, "not_subject")):
        listed = Attendance.objects.filter(meeting=voted, member=member)
        listed.update(rated=False, unrated_reason="Lý do")
        about = {"cell": voted.cell, "member": member, "campaign": voted.campaign}
        ReviewLine.objects.update_or_create(
            **about, defaults={"status": status, "reason": "Lý do", "basis": "QĐ"}
        )
    shown = page(client, voted)
    for label in ("Chưa xếp loại", "Không thuộc diện"):
        assert f"{label}: Lý do" in shown
        assert f"<strong>01</strong> {label.lower()}" in shown


def test_the_distribution_waits_for_a_word_on_members(client):
    meeting = make_open_meeting(4)
    client.force_login(secretary_of(meeting))
    polls.play(polls.poll_of(meeting), *[[GOOD]] * 4)
    assert "Chi bộ đề nghị xếp loại" in page(client, meeting)
    assert 'class="shares"' not in page(client, meeting)
    verbs.conclude(secretary_of(meeting), meeting, members_of(meeting)[0], "HTT", "Nhất trí")
    assert 'class="shares"' in page(client, meeting)


def test_before_any_count_the_page_says_so(client):
    assert "Chưa có lượt bỏ phiếu nào kiểm xong" in page(client, make_open_meeting(4))


def test_a_void_poll_is_one_line_without_numbers(client):
    meeting = make_open_meeting(4)
    polls.issue(polls.poll_of(meeting))
    verbs.void(secretary_of(meeting), polls.poll_of(meeting), "Mất điện.")
    shown = page(client, meeting)
    assert "không có số liệu. Lý do: Mất điện." in shown
    assert "<table" not in shown


def test_a_poll_of_one_level_says_agree_and_disagree(client):
    meeting = make_open_meeting(4)
    secretary = secretary_of(meeting)
    second = verbs.plan_poll(secretary, meeting, "Vòng hai", members_of(meeting)[:1], ["HTXS"])
    polls.play(second, [1], [1], [1], [0])
    shown = page(client, meeting)
    assert "Không đồng ý" in shown
    assert "<strong>03</strong> <span>75%</span>" in shown
    assert "KHT:" not in shown


@pytest.fixture
def tied(client) -> Meeting:
    """Four members, the cell's own row without a majority; the secretary is signed in."""
    meeting = make_open_meeting(4)
    polls.play(polls.poll_of(meeting), [EXCELLENT], [EXCELLENT], [GOOD], [GOOD])
    client.force_login(secretary_of(meeting))
    return meeting


def test_the_chair_concludes_where_no_level_has_the_majority(client, tied):
    assert "Chưa mức nào đủ tỷ lệ" in page(client, tied)
    assert "Chưa kết luận" in page(client, tied)
    data = {"member": "cell", "level": "HTT", "reason": "Theo ý kiến đa số."}
    client.post(url(tied, "conclude"), data)
    made = Classification.objects.current().get(meeting=tied, member=None)
    assert (made.level, made.source, made.reason) == ("HTT", "chair", "Theo ý kiến đa số.")
    assert "Chủ trì kết luận: Theo ý kiến đa số." in page(client, tied)


REFUSED = [
    ({"member": "cell", "level": "", "reason": "x"}, "bắt buộc"),
    ({"member": "cell", "level": "HTT", "reason": ""}, "bắt buộc"),
    ({"member": "cell", "level": "XS", "reason": "x"}, "không"),
    ({"member": "0", "level": "HTT", "reason": "x"}, "không thuộc danh sách được xếp loại"),
    ({"level": "HTT", "reason": "x"}, "không thuộc danh sách được xếp loại"),
]


@pytest.mark.parametrize(("data", "sentence"), REFUSED)
def test_a_refused_conclusion_says_why_and_is_not_written(client, tied, data, sentence):
    answer = client.post(url(tied, "conclude"), data, follow=True)
    assert sentence in answer.content.decode()
    assert not Classification.objects.exists()


def test_no_conclusion_before_the_tellers_confirmed(client):
    meeting = make_open_meeting(4)
    polls.play(polls.poll_of(meeting), *[[GOOD]] * 4, confirmed=False)
    data = {"member": "cell", "level": "HTXS", "reason": "Lý do còn đây."}
    client.force_login(secretary_of(meeting))
    shown = client.post(url(meeting, "conclude"), data).content.decode()
    assert "Xin tổ kiểm phiếu xác nhận kết quả" in shown
    assert "Lý do còn đây." in shown


def test_no_number_before_the_tellers_confirmed_and_the_page_asks_until_they_have(client):
    meeting = make_open_meeting(4)
    poll = polls.poll_of(meeting)
    polls.play(poll, *[[GOOD]] * 4, confirmed=False)
    shown = page(client, meeting)
    assert "100%" not in shown
    asked = f"?trang-thai={poll.pk}-counted"
    assert f'hx-get="{url(meeting)}{asked}"' in shown
    live = {"HX-Request": "true"}
    assert client.get(url(meeting) + asked, headers=live).status_code == 204
    polls.count(poll)
    assert client.get(url(meeting) + asked, headers=live).headers["HX-Refresh"] == "true"
    shown = page(client, meeting)
    assert "100%" in shown
    assert "hx-get" not in shown


def test_where_every_row_has_a_level_nothing_asks_to_be_pressed(client, tied):
    assert "Mọi dòng đã có mức" not in page(client, tied, "conclude")
    for subject in (None, *members_of(tied)):
        verbs.conclude(secretary_of(tied), tied, subject, "HTT", "Hội nghị thống nhất")
    shown = page(client, tied, "conclude")
    assert "Mọi dòng đã có mức" in shown
    assert "<summary>Ghi kết luận" not in shown
    assert "<summary>Kết luận khác" in shown


def test_the_closing_words_are_kept_and_the_page_says_so_at_its_top(client, tied):
    answer = client.post(url(tied, "conclusion_text"), {"text": "Hội nghị nhất trí."})
    assert answer.url == url(tied, "conclude")
    assert "Đã lưu lời kết luận" in page(client, tied, "conclude")
    assert Meeting.objects.get(pk=tied.pk).conclusion == "Hội nghị nhất trí."


def test_an_old_page_does_not_write_over_the_closing_words(client, tied):
    old = fingerprint("")
    client.post(url(tied, "conclusion_text"), {"text": "Hội nghị nhất trí.", "seen": old})
    answer = client.post(url(tied, "conclusion_text"), {"text": "", "seen": old}, follow=True)
    assert STALE in answer.content.decode()
    assert Meeting.objects.get(pk=tied.pk).conclusion == "Hội nghị nhất trí."


def test_names_and_reasons_are_escaped(client, tied):
    Member.objects.filter(pk=members_of(tied)[1].pk).update(name="<script>x</script>")
    verbs.conclude(secretary_of(tied), tied, None, "HTT", "<img src=x>")
    for name in ("results", "conclude"):
        shown = page(client, tied, name)
        assert "<script>x" not in shown
        assert "<img" not in shown


@pytest.mark.parametrize(
    ("numbers", "whole", "expected"),
    [
        ([("HTT", 8)], 8, [(0, BAR)]),
        ([("HTXS", 1), ("HTT", 7)], 8, [(0, 25), (25, 175)]),
        ([("HTXS", 0), ("HTT", 3)], 4, [(0, 150)]),
        ([("HTT", 3)], 2, [(0, BAR)]),
        ([], 0, []),
    ],
)
def test_the_pieces_of_a_bar_are_whole_units_and_fill_their_share(numbers, whole, expected):
    assert [(piece.x, piece.width) for piece in bar_of(numbers, whole)] == expected


def queries_of(client, name: str, size: int) -> int:
    meeting = make_open_meeting(size)
    polls.play(polls.poll_of(meeting, 2), *[[GOOD] * size] * size)
    client.force_login(secretary_of(meeting))
    with CaptureQueriesContext(connection) as spent:
        assert client.get(url(meeting, name)).status_code == 200
    return len(spent)


@pytest.mark.parametrize("name", ["results", "conclude", "polls"])
def test_pages_cost_the_same_queries_for_few_and_many(client, name):
    assert queries_of(client, name, 3) == queries_of(client, name, 12)


@pytest.mark.parametrize(
    ("who", "results", "conclude"),
    [("secretary", 200, 200), ("officer", 200, 403), ("outsider", 404, 404)],
)
def test_who_may_see_results_and_who_may_conclude(
    client, meeting, request, who, results, conclude
):
    client.force_login(request.getfixturevalue(who))
    assert client.get(url(meeting)).status_code == results
    assert client.get(url(meeting, "conclude")).status_code == conclude
    data = {"member": "cell", "level": "HTT", "reason": "x"}
    expected = 302 if conclude == 200 else conclude
    assert client.post(url(meeting, "conclude"), data).status_code == expected
