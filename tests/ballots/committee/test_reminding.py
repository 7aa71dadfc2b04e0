"""Nhắc trong chương trình: who runs a late cell reads it among the news, once in a day."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from ballots.committee.reminding.verbs import ALL_TOLD, NOBODY_LATE, Reminded, remind
from ballots.core.verbs import Refused
from cells.law.periods import Period
from members.models import AuditEntry, News
from tests.kit import factories
from tests.kit.clients import browser, words_of

pytestmark = pytest.mark.django_db
YEAR = Period(2026)
DAYS = {"list": "2026-11-01", "sending": "2026-11-05"}


@pytest.fixture
def ward(time_machine):
    """A committee with two late cells, one of them with an account, and one that has ended."""
    time_machine.move_to("2026-11-20T09:00:00+07:00", tick=False)
    ward = factories.make_committee("Đảng bộ phường Hoa Sen")
    factories.make_campaign(ward, deadlines=DAYS)
    secretary = factories.make_member(factories.make_cell(ward, "Chi bộ 1"), office="secretary")
    factories.make_user(secretary)
    factories.make_cell(ward, "Chi bộ 2")
    gone = factories.make_cell(ward, "Chi bộ 3")
    type(gone).objects.filter(pk=gone.pk).update(ended_on=date(2026, 10, 1))
    return ward


def test_late_cells_are_told_once_in_a_day(ward, time_machine):
    officer = factories.make_user(committee=ward)
    assert remind(officer, ward, YEAR) == Reminded(told=1, unreached=1)
    line = News.objects.get()
    assert line.about == "Đảng ủy phường Hoa Sen, kiểm điểm năm 2026"
    with pytest.raises(Refused) as refusal:
        remind(officer, ward, YEAR)
    assert str(refusal.value) == ALL_TOLD
    time_machine.move_to("2026-11-21T00:30:00+07:00", tick=False)
    assert remind(officer, ward, YEAR).told == 1
    assert News.objects.count() == 2
    assert AuditEntry.objects.filter(verb="cells.reminded").count() == 2


def test_nobody_late_has_nobody_told_and_no_stranger_tells(ward):
    with pytest.raises(PermissionDenied):
        remind(factories.make_user(is_superuser=True), ward, YEAR)
    officer = factories.make_user(committee=ward)
    with pytest.raises(Refused) as refusal:
        remind(officer, ward, Period(2025))
    assert str(refusal.value) == NOBODY_LATE
    assert not News.objects.exists()


def test_the_page_tells_them_and_says_how_many_it_did_not_reach(ward):
    page = browser(factories.make_user(committee=ward))
    address = reverse("ballots:reminder_send", args=[ward.pk, "2026"])
    answer = words_of(page.post(address, follow=True))
    assert "Đã nhắc 01 chi bộ" in answer
    assert "01 chi bộ chưa có ai có tài khoản" in answer
    assert ALL_TOLD in words_of(page.post(address, follow=True))
