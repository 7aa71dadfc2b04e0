"""Thư báo việc mới: says how many and where, to who wants it; a server that refuses is tried again."""

import os
import re
import smtplib
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as own
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone

from ballots.jobs import running
from ballots.management.commands import worker
from ballots.models import Job
from ballots.news import mailing
from ballots.service.doctor import machine
from members.models import AuditEntry, News, User
from tests.kit import factories
from tests.kit.clients import browser, words_of

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()


@pytest.fixture
def served(settings):
    """A server that sends mail."""
    settings.NEWS_MAIL = True
    settings.HTTPS_URL = "https://hop.xa.example/"


@pytest.fixture
def user() -> User:
    member = factories.make_member(name="Lê Thị Hạnh", office="secretary")
    return factories.make_user(member, email="hanh@xa.example")


def make_news(user: User, *ages: int, kind: str = "file.returned") -> None:
    """Lines of so many minutes ago."""
    for age in ages:
        line = News.objects.create(account=user, kind=kind, about="Chi bộ 4, năm 2026", key=1)
        News.objects.filter(pk=line.pk).update(at=timezone.now() - timedelta(minutes=age))


class Refusing(EmailBackend):
    """A server that takes letters to nobody but these."""

    takes: tuple[str, ...] = ()

    def send_messages(self, messages):
        if messages[0].to[0] not in self.takes:
            raise smtplib.SMTPRecipientsRefused({})
        return super().send_messages(messages)


class Away(EmailBackend):
    """A server that is not there."""

    def open(self):
        raise ConnectionRefusedError


def refusing(settings, backend) -> None:
    settings.EMAIL_BACKEND = f"{backend.__module__}.{backend.__qualname__}"


def let_work() -> None:
    """A round of the worker, and what it then finds to do."""
    worker.round_once()
    for job in Job.objects.unfinished():
        running.run(job.pk)


def later(time_machine, minutes: int) -> None:
    time_machine.shift(timedelta(minutes=minutes))


def test_the_letter_says_how_many_and_where_and_nothing_else(served, user):
    make_news(user, 20, 15, 11)
    mailing.ask_if_due()
    (letter,) = mail.outbox
    assert letter.to == ["hanh@xa.example"]
    assert letter.subject == "Đồng chí có 03 việc mới"
    assert "https://hop.xa.example/hop/viec-moi/" in letter.body
    told = letter.subject + letter.body
    assert not re.search("Hạnh|Chi bộ 4|trả lại|quyết định|HTXS|HTT", told)
    mailing.ask_if_due()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "change",
    [{"email": ""}, {"by_mail": False}, {"is_active": False}],
)
def test_who_has_no_address_or_wants_none_gets_none(change, served, user):
    make_news(user, 20)
    User.objects.filter(pk=user.pk).update(**change)
    assert mailing.ask_if_due() is None
    assert not mail.outbox


@pytest.mark.parametrize(
    ("age", "is_read"), [(5, False), (4 * 24 * 60, False), (20, True)], ids=str
)
def test_news_gather_and_what_is_read_or_old_is_not_written_about(age, is_read, served, user):
    make_news(user, age)
    News.objects.update(is_read=is_read)
    assert mailing.ask_if_due() is None


def test_nobody_has_more_than_one_in_an_hour(served, user, time_machine):
    time_machine.move_to(NOW, tick=False)
    make_news(user, 11)
    mailing.ask_if_due()
    make_news(user, 11)
    later(time_machine, 50)
    assert mailing.ask_if_due() is None
    later(time_machine, 11)
    mailing.ask_if_due()
    assert [letter.subject[-11:] for letter in mail.outbox] == ["01 việc mới"] * 2


def test_what_was_refused_goes_with_the_next_round_and_others_have_theirs(
    served, user, settings, time_machine, monkeypatch
):
    time_machine.move_to(NOW, tick=False)
    other = factories.make_user(email="khac@xa.example")
    for each in (user, other):
        make_news(each, 20)
    monkeypatch.setattr(Refusing, "takes", ("khac@xa.example",))
    refusing(settings, Refusing)
    mailing.ask_if_due()
    assert [letter.to for letter in mail.outbox] == [["khac@xa.example"]]
    assert Job.objects.get().state == "done"
    monkeypatch.setattr(Refusing, "takes", ("khac@xa.example", "hanh@xa.example"))
    later(time_machine, 61)
    mailing.ask_if_due()
    assert [letter.to for letter in mail.outbox] == [["khac@xa.example"], ["hanh@xa.example"]]


def test_a_server_that_is_away_is_told_to_the_operator_and_tried_again(
    served, user, settings, time_machine
):
    time_machine.move_to(NOW, tick=False)
    make_news(user, 20)
    before = settings.EMAIL_BACKEND
    refusing(settings, Away)
    let_work()
    job = Job.objects.get()
    assert (job.state, job.error) == ("failed", mailing.SILENT)
    let_work()
    assert Job.objects.count() == 1
    settings.EMAIL_BACKEND = before
    later(time_machine, 61)
    let_work()
    assert len(mail.outbox) == 1


def test_a_server_without_mail_sends_and_offers_none(user, settings):
    settings.NEWS_MAIL = False
    make_news(user, 20)
    assert mailing.ask_if_due() is None
    User.objects.update(email="")
    page = words_of(browser(user).get(reverse("members:account")))
    assert "Thư báo việc mới" not in page


def test_an_officer_puts_in_an_address_and_takes_it_back(settings):
    settings.NEWS_MAIL = True
    user = factories.make_user(committee=factories.make_committee())
    page, address = browser(user), reverse("members:account_mail")
    refused = page.post(address, {"email": "a@", "by_mail": "on"})
    assert refused.status_code == 422
    assert "Địa chỉ chưa đúng" in words_of(refused)
    page.post(address, {"email": "van-phong@xa.example", "by_mail": "on"})
    user.refresh_from_db()
    assert (user.email, user.by_mail) == ("van-phong@xa.example", True)
    page.post(address, {"email": "van-phong@xa.example"})
    user.refresh_from_db()
    assert (user.email, user.by_mail) == ("van-phong@xa.example", False)
    assert "example" not in str(list(AuditEntry.objects.values_list("note", flat=True)))


@pytest.mark.parametrize(
    ("backend", "bad"), [(EmailBackend, False), (Away, True)], ids=["lets in", "away"]
)
def test_the_doctor_says_whether_the_server_lets_the_program_in(backend, bad, settings):
    assert list(machine.mail()) == []
    settings.EMAIL_URL = mailing.settings.EMAIL_URL._replace(scheme="smtp")
    refusing(settings, backend)
    (line,) = machine.mail()
    assert (line.state is machine.State.BAD) == bad
    assert bool(line.cure) == bad


@pytest.mark.parametrize(
    ("environment", "starts"),
    [
        ({}, "False"),
        ({"EMAIL_URL": "smtp://a.example:25"}, "False"),
        ({"EMAIL_URL": "smtp://a.example:25", "HTTPS_URL": "https://a.example"}, "True"),
        ({"NEWS_MAIL": "on"}, "NEWS_MAIL=on needs EMAIL_URL and HTTPS_URL"),
    ],
)
def test_mail_is_on_only_where_it_can_be_sent_and_name_its_address(environment, starts):
    code = "from partyreview import settings; print(settings.NEWS_MAIL)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=own.BASE_DIR,
        env={key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        | {"SECRET_KEY": "x", "ALLOWED_HOSTS": "a.example", "DATABASE_URL": "sqlite://"}
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert starts in done.stdout + done.stderr
