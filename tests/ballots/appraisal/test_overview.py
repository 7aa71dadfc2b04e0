"""The appraisal's overview before and after there is something to ask about."""

import pytest

from members.models import Attendance
from tests.kit import verbs
from tests.kit.appraising import overview, page
from tests.kit.factories import make_open_meeting, members_of, secretary_of, set_report

pytestmark = pytest.mark.django_db


def test_before_anything_is_decided_the_overview_says_what_is_awaited(client):
    meeting = make_open_meeting(4)
    client.force_login(secretary_of(meeting))
    nothing = "Chưa hỏi lý do nào: 05 dòng chưa tự nhận mức, 05 dòng chưa có mức chi bộ đề nghị."
    assert nothing in overview(client, meeting)
    assert overview(client, meeting).count(">chưa hỏi<") == 5
    Attendance.objects.filter(meeting=meeting).update(self_level="HTT")
    set_report(meeting, self_level="HTT")
    for subject in (None, *members_of(meeting)):
        verbs.conclude(secretary_of(meeting), meeting, subject, "HTT", "Thống nhất")
    assert "Không dòng nào còn thiếu lý do." in overview(client, meeting)
    assert ">chưa hỏi<" not in overview(client, meeting)
    assert "không có gì trái nhau" in page(client, meeting)
