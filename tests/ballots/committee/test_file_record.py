"""Ai đã làm gì với hồ sơ: the officer above reads who did what to one file, and nothing of who came or of a ballot."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.kit import factories, sendings
from tests.kit.clients import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("undrawn")]


def test_a_file_tells_who_did_what_to_it_and_nothing_of_another(django_assert_num_queries):
    meeting = sendings.make_sent()
    secretary = factories.secretary_of(meeting)
    other = factories.make_meeting(cell=factories.make_cell(meeting.cell.committee))
    secretary.record("cell.renamed", other)
    secretary.record("attendance.marked_here", meeting)
    officer = factories.make_user(committee=meeting.cell.committee)
    address = reverse("ballots:file_record", args=[meeting.pk])
    with CaptureQueriesContext(connection) as asked:
        words = browser(officer).get(address).content.decode()
    assert words.count("Gửi hồ sơ lên cấp trên") == 1
    assert "Khai mạc hội nghị" in words
    assert "Đổi tên chi bộ" not in words
    assert "attendance.marked_here" not in words.lower()
    for _ in range(20):
        secretary.record("meeting.report_saved", meeting)
    with django_assert_num_queries(len(asked)):
        browser(officer).get(address)
