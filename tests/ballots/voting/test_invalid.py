"""Why ballots are invalid: written down, added up, and printed in both minutes."""

import pytest
from django.urls import reverse

from ballots.models import Poll
from ballots.papers.minutes.gather import gather_count, gather_minutes
from ballots.papers.press import render
from tests.kit import polls
from tests.kit.paper_readers import words

pytestmark = pytest.mark.django_db

GOOD = 2


def post(client, poll: Poll, **data: str) -> str:
    """Write the reasons down; the page that comes then."""
    address = reverse("ballots:poll_invalid", args=[poll.pk])
    return client.post(address, data, follow=True).content.decode()


def test_why_ballots_are_invalid_stands_in_both_minutes(client, poll):
    """Without a paper ballot it can only be for want of a mark; else the tellers say so."""
    polls.play(poll, [GOOD], [GOOD], [GOOD], [0], [0])
    assert "Lý do phiếu không hợp lệ: không đánh dấu dòng nào (02 phiếu)." in in_both(poll)
    assert "02 phiếu không hợp lệ, các lý do cộng lại là 01" in post(
        client, poll, reason_0="gạch xoá", count_0="1"
    )
    lines = {"reason_0": "không đánh dấu", "count_0": "1", "reason_2": "rách", "count_2": "1"}
    assert "Đã ghi vào biên bản." in post(client, poll, **lines)
    assert "không đánh dấu (01 phiếu); rách (01 phiếu)." in in_both(poll)
    page = client.get(reverse("ballots:poll_invalid", args=[poll.pk])).content.decode()
    assert 'value="rách"' in page


def in_both(poll: Poll) -> str:
    """What stands in the minutes of the meeting and of the count alike."""
    minutes, count = (
        words(render.html(gather(poll.meeting))) for gather in (gather_minutes, gather_count)
    )
    place = minutes.find("Lý do phiếu không hợp lệ")
    sentence = minutes[place : minutes.index(".", place) + 1]
    assert sentence in count
    return sentence


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"reason_0": "rách", "count_0": "1"}, "Lượt này có 02 phiếu"),
        ({"reason_0": "rách"}, "mỗi lý do kèm số phiếu"),
        ({"reason_0": "rách", "count_0": "hai"}, "bằng chữ số"),
    ],
)
def test_reasons_that_do_not_add_up_are_refused_and_stay_as_typed(client, poll, data, sentence):
    polls.play(poll, [GOOD], [GOOD], [GOOD], [0], [0])
    page = post(client, poll, **data)
    assert sentence in page
    assert 'value="rách"' in page
    assert not poll.invalid_reasons.exists()


def test_no_reason_is_written_down_before_the_result_is_confirmed(client, poll):
    assert "xác nhận kết quả" in post(client, poll, reason_0="rách", count_0="1")
