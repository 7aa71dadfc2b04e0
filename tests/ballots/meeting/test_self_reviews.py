"""Each member's self-review and answer to the comments, one line each, for the minutes."""

import re

import pytest
from django.urls import reverse

from cells.stale import STALE
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


def test_an_old_page_overwrites_no_line_that_was_written_meanwhile(client, running):
    """What the page left alone stays as it is; a line changed on both is refused once, with what is stored."""
    one, two, three, *_ = Attendance.objects.of(running)
    address = reverse("ballots:self_reviews", args=[running.pk])
    drawn = client.get(address).content.decode()
    old = dict(re.findall(r'name="(\d+-was)" value="(\w+)"', drawn))
    old |= {
        f"{row.pk}-{name}": "" for row in (one, two, three) for name in ("self_review", "reply")
    }
    for row in (one, two):
        Attendance.objects.filter(pk=row.pk).update(self_review="Viết ở thẻ kia")
    typed = old | {f"{two.pk}-reply": "Thẻ này", f"{three.pk}-reply": "Thẻ này"}
    refused = client.post(address, typed).content.decode()
    assert f"{STALE} Đang lưu: Viết ở thẻ kia." in refused
    assert f'name="{one.pk}-self_review" value="Viết ở thẻ kia"' in refused
    rows = {row.pk: row for row in Attendance.objects.of(running)}
    assert (rows[one.pk].self_review, rows[two.pk].self_review) == ("Viết ở thẻ kia",) * 2
    assert rows[three.pk].reply == "Thẻ này"
    again = typed | dict(re.findall(r'name="(\d+-was)" value="(\w+)"', refused))
    again |= {f"{one.pk}-self_review": "Viết ở thẻ kia"}
    assert client.post(address, again).status_code == 302
    rows = {row.pk: row for row in Attendance.objects.of(running)}
    assert (rows[two.pk].self_review, rows[two.pk].reply) == ("", "Thẻ này")
    assert rows[one.pk].self_review == "Viết ở thẻ kia"
