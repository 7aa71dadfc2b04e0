"""Each member's self-review and answer to the comments, one line each, for the minutes."""

import pytest
from django.urls import reverse

from members.models import Attendance

pytestmark = pytest.mark.django_db


def test_each_members_review_and_answer_are_kept_and_what_is_wrong_is_said_in_its_line(
    client, running
):
    one, two, *_ = Attendance.objects.of(running)
    page = reverse("ballots:self_reviews", args=[running.pk])
    form = {
        f"{row.pk}-{name}": ""
        for row in Attendance.objects.of(running)
        for name in ("self_review", "reply")
    }
    lines = {f"{one.pk}-self_review": "Nêu hai hạn chế.", f"{one.pk}-reply": "Tiếp thu."}
    assert client.post(page, form | lines).status_code == 302
    one.refresh_from_db()
    assert (one.self_review, one.reply) == ("Nêu hai hạn chế.", "Tiếp thu.")
    wrong = form | lines | {f"{two.pk}-reply": "a" * 1001}
    shown = client.post(page, wrong).content.decode()
    assert "Tiếp thu: " in shown
    assert "1000" in shown
