"""Two officers who remind at once, and two workers that write letters at once: nobody is told twice."""

import io
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.core import mail
from django.utils import timezone

from ballots.committee.reminding.verbs import remind
from ballots.jobs.kinds import unwatched
from ballots.models import Job
from ballots.news import mailing
from cells.law.periods import Period
from members.models import AuditEntry, News
from tests.kit import factories
from tests.kit.threads import press, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_a_reminder_pressed_by_several_officers_at_once_is_told_once():
    ward = factories.make_committee()
    over = timezone.localdate() - timedelta(days=1)
    year = over.year
    factories.make_campaign(ward, year=year, deadlines={"list": over.isoformat()})
    secretary = factories.make_user(
        factories.make_member(factories.make_cell(ward), office="secretary")
    )
    officers = [factories.make_user(committee=ward) for _ in range(3)]
    calls = [partial(remind, officer, ward, Period(year)) for officer in officers]
    assert press(*calls) == Counter(done=1, refused=2)
    assert News.objects.get().account == secretary
    assert AuditEntry.objects.filter(verb="cells.reminded").count() == 1


def test_two_workers_that_write_letters_at_once_send_one(settings):
    settings.NEWS_MAIL, settings.HTTPS_URL = True, "https://hop.xa.example"
    user = factories.make_user(email="van-phong@xa.example")
    News.objects.create(account=user, kind="file.sent", about="Chi bộ 4, năm 2026", key=1)
    News.objects.update(at=timezone.now() - timedelta(minutes=20))
    together(*[lambda: mailing.write(Job(), io.BytesIO(), unwatched)] * 3)
    assert [letter.to for letter in mail.outbox] == [["van-phong@xa.example"]]
