"""An empty place of a reason: refused where it explains nothing, and the way to take a reason back."""

import pytest

from members.models import Finding
from tests.kit import verbs
from tests.kit.appraising import address, page, seen, submitted
from tests.kit.factories import make_open_meeting, members_of, secretary_of

pytestmark = pytest.mark.django_db

NONE = "Chưa ghi lý do nào: xin viết lý do vào ô rồi bấm Lưu lý do."


@pytest.fixture
def press(client):
    """Save one reason for a member of 85 points at HTXS; returns the answer."""
    meeting = make_open_meeting(5)
    member = members_of(meeting)[4]
    verbs.conclude(secretary_of(meeting), meeting, member, "HTXS", "Thống nhất")
    submitted(meeting, member)
    client.force_login(secretary_of(meeting))
    assert "</span> chưa ghi lý do" in page(client, meeting, member)

    def send(text: str):
        sent = {"do": "reasons", "reason-band-HTT-HTXS": text}
        sent["seen"] = seen(meeting, member, "reason")
        return client.post(address(meeting, member), sent, follow=True)

    return send


def test_a_press_that_writes_no_reason_is_told_so(press):
    refused = press(" ")
    assert refused.status_code == 422
    assert NONE in refused.content.decode()
    assert "Đã lưu" not in refused.content.decode()
    assert not Finding.objects.exists()


def test_a_reason_on_record_is_taken_back_by_an_empty_place(press):
    assert "</span> đã ghi lý do" in press("Có sáng kiến").content.decode()
    taken_back = press("").content.decode()
    assert "Đã lưu" in taken_back
    assert NONE not in taken_back
    assert not Finding.objects.exists()
