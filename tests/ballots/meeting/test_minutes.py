"""The minutes page: what its form proposes, what it asks once more, and what is then locked."""

from datetime import time, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ballots.models import Paper, Poll
from cells.models import Meeting
from cells.stale import STALE
from members.models import Attendance
from tests.kit import polls, verbs
from tests.kit.factories import members_of, secretary_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("undrawn")]

FORM = {"yes": "5", "of": "5", "ends_on": "2026-12-05", "ends_time": "21:30", "copies": "3"}


def conclude(meeting: Meeting) -> None:
    """Everything done and written down: no poll is left, and each row has its level."""
    secretary = secretary_of(meeting)
    for poll in Poll.objects.filter(meeting=meeting):
        verbs.drop_poll(secretary, poll)
    for subject in (None, *members_of(meeting)):
        verbs.conclude(secretary, meeting, subject, "HTT", "Hội nghị thống nhất")
    verbs.set_conclusion_text(secretary, meeting, "Hội nghị nhất trí.")
    first = Attendance.objects.of(meeting)[:1]
    Attendance.objects.filter(pk__in=first).update(presents=True, reply="Tiếp thu các ý kiến.")


def send(client: Client, meeting: Meeting, **fields: str):
    return client.post(reverse("ballots:minutes_pass", args=[meeting.pk]), FORM | fields)


def proposed(client: Client, meeting: Meeting) -> dict:
    return client.get(reverse("ballots:minutes", args=[meeting.pk])).context["form"].initial


def test_a_finished_meeting_is_passed_with_one_press(client, running):
    conclude(running)
    assert send(client, running).status_code == 302
    running.refresh_from_db()
    assert timezone.localtime(running.ends_at).strftime("%H:%M %d/%m/%Y") == "21:30 05/12/2026"
    assert Paper.objects.filter(meeting=running).count() == 2


def test_what_is_missing_is_named_and_asked_once_more(client, running):
    response = send(client, running)
    page = response.content.decode()
    assert page.count("Chưa bỏ phiếu lượt") == 2
    assert f"Chưa kết luận mức xếp loại của {running.cell.name} và 05 đảng viên." in page
    assert "Vẫn thông qua và khoá biên bản" in page
    assert 'value="21:30"' in page
    assert not Paper.objects.exists()
    assert send(client, running, sure=response.context["sure"]).status_code == 302
    assert Paper.objects.filter(meeting=running).count() == 2


def test_the_hours_of_the_count_the_copies_and_their_places_are_written_down(client, running):
    conclude(running)
    ending = {"count_starts": "20:45", "count_ends": "21:05", "filed": "Lưu Chi bộ; Đảng ủy ;"}
    assert send(client, running, **ending).status_code == 302
    running.refresh_from_db()
    times = [timezone.localtime(at) for at in (running.count_starts_at, running.count_ends_at)]
    assert [f"{at:%H:%M %d/%m}" for at in times] == ["20:45 05/12", "21:05 05/12"]
    assert (running.copies, running.filed) == (3, ["Lưu Chi bộ", "Đảng ủy"])


def test_a_count_before_midnight_of_a_meeting_that_ends_after_it_is_on_the_day_before(
    client, running
):
    conclude(running)
    late = {"ends_on": "2026-12-06", "ends_time": "00:30"}
    late |= {"count_starts": "23:40", "count_ends": "00:10"}
    sure = send(client, running, **late).context["sure"]
    assert send(client, running, **late, sure=sure).status_code == 302
    running.refresh_from_db()
    times = [timezone.localtime(at) for at in (running.count_starts_at, running.count_ends_at)]
    assert [f"{at:%H:%M %d/%m}" for at in times] == ["23:40 05/12", "00:10 06/12"]


def test_what_makes_the_minutes_thin_is_named_in_one_sentence(client, running):
    page = send(client, running, copies="").content.decode()
    assert (
        "Biên bản chưa ghi: ai trình bày báo cáo; tự kiểm điểm và tiếp thu của các đồng chí "
        "(trang “Góp ý”); lời kết luận của chủ trì; số bản và nơi lưu. Không bắt buộc."
    ) in page


def test_a_refused_press_offers_no_way_to_the_page_one_is_on(client, running):
    conclude(running)
    Meeting.objects.filter(pk=running.pk).update(step=running.items.last().position)
    minutes = reverse("ballots:minutes", args=[running.pk])
    elsewhere = client.get(reverse("ballots:results", args=[running.pk]))
    assert elsewhere.context["step"].url == minutes
    refused = send(client, running, yes="")
    assert refused.context["form"].errors
    assert refused.context["step"] == client.get(minutes).context["step"]


def test_fewer_hands_than_there_are_voters_are_asked_about_once(client, running):
    conclude(running)
    asked = send(client, running, yes="4", of="4")
    assert asked.context["asked"] == [
        "Ghi 04 người biểu quyết, mà đang có mặt 05 đồng chí có quyền biểu quyết."
    ]
    assert send(client, running, yes="4", of="4", sure=asked.context["sure"]).status_code == 302


def test_who_was_not_marked_is_named_before_standing_as_absent_without_a_reason(client, running):
    conclude(running)
    rows = Attendance.objects.filter(meeting=running, member__in=members_of(running)[3:])
    rows.update(state=Attendance.State.EXPECTED)
    one, two = members_of(running)[3:5]
    page = send(client, running, yes="3", of="3").content.decode()
    assert f"Chưa điểm danh đ/c {one}, đ/c {two}: biên bản sẽ ghi là vắng không có lý do." in page
    assert not Paper.objects.exists()


def test_an_answer_to_one_question_is_none_to_another(client, running):
    sure = send(client, running).context["sure"]
    again = send(client, running, ends_on="2026-12-07", sure=sure)
    assert "khai mạc ngày 05/12/2026 mà kết thúc ngày 07/12/2026" in again.content.decode()
    assert not Paper.objects.exists()


@pytest.mark.parametrize(
    ("left", "is_asked"), [("21:15", False), ("21:30", True), ("23:59", True), ("19:29", True)]
)
def test_who_left_when_the_meeting_was_over_is_asked_about(client, running, left, is_asked):
    """An hour before the beginning is one of the night after it."""
    conclude(running)
    row = Attendance.objects.of(running).present().last()
    verbs.leave(secretary_of(running), row, time.fromisoformat(left))
    page = send(client, running, yes="4", of="4").content.decode()
    assert ("sau giờ kết thúc hội nghị: xin xem lại ở trang “Điểm danh”" in page) == is_asked


def test_numbers_that_do_not_add_up_are_named(client, running):
    poll = polls.poll_of(running)
    polls.play(poll, *[[2]] * 5)
    Poll.objects.filter(pk=poll.pk).update(valid=4, invalid=1)
    page = send(client, running).content.decode()
    assert f"Số liệu của lượt “{poll.title}” không khớp." in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"yes": "6"}, "không thể nhiều hơn"),
        ({"yes": "400", "of": "400"}, "Đang có mặt 05 đồng chí có quyền biểu quyết"),
        ({"yes": "2"}, "Biên bản cần quá nửa số người biểu quyết đồng ý"),
        ({"ends_time": "19:30"}, "phải sau giờ bắt đầu"),
        ({"ends_time": ""}, "Xin ghi giờ kết thúc hội nghị"),
        ({"ends_on": "hôm qua"}, "Xin ghi ngày/tháng/năm, như 20/12/2026."),
        ({"count_starts": "20:00"}, "Xin ghi cả giờ bắt đầu và giờ kiểm phiếu xong"),
        ({"count_starts": "20:30", "count_ends": "20:10"}, "không được trước giờ bắt đầu"),
        ({"count_starts": "19:00", "count_ends": "20:10"}, "không trước giờ khai mạc"),
        ({"copies": "0"}, "từ 1 đến 99"),
    ],
)
def test_a_refused_ending_keeps_what_was_typed(client, running, change, sentence):
    conclude(running)
    page = send(client, running, **change).content.decode()
    assert sentence in page
    assert f'name="of" value="{change.get("of", 5)}"' in page
    assert not Paper.objects.exists()


def test_all_hands_and_the_meetings_own_day_are_proposed_and_the_hour_is_not_guessed(
    client, running
):
    with time_machine.travel(running.starts_at + timedelta(days=1), tick=False):
        initial = proposed(client, running)
    assert (initial["yes"], initial["of"]) == (5, 5)
    assert f"{initial['ends_on']:%d/%m/%Y}" == "05/12/2026"
    assert initial["ends_time"] is None


def test_on_the_day_itself_the_hour_is_now(client, running):
    with time_machine.travel(running.starts_at + timedelta(hours=2), tick=False):
        assert f"{proposed(client, running)['ends_time']:%H:%M}" == "21:30"


def test_minutes_that_are_passed_are_not_passed_again(client, running):
    conclude(running)
    send(client, running)
    again = client.post(reverse("ballots:minutes_pass", args=[running.pk]), FORM, follow=True)
    assert STALE in again.content.decode()
