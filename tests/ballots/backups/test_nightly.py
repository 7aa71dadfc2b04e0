"""The backup of each night: once, in the small hours, where nothing else has made one and a passphrase is set."""

import io
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine as clock
from django.conf import settings
from django.core.management import call_command

from ballots.backups import archive, locks, nightly
from ballots.models import Job, WorkerSign

pytestmark = pytest.mark.django_db(transaction=True)
PASSPHRASE = "bốn từ không liền"
NIGHT = datetime(2026, 12, 5, 3, 20, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path)
    return tmp_path


@pytest.fixture
def locked(home) -> Path:
    """A passphrase is set."""
    locks.make(nightly.key(), PASSPHRASE)
    return home


def test_it_is_made_once_in_a_night_and_told_by_its_job(locked):
    with clock.travel(NIGHT):
        nightly.ask_if_due()
        nightly.ask_if_due()
    job = Job.objects.get()
    (path,) = archive.listed(nightly.folder())
    assert (job.state, job.answer, job.asked_by) == ("done", f"Đã sao lưu: {path.name}.", None)


def test_a_worker_is_told_to_make_it(locked):
    with clock.travel(NIGHT):
        WorkerSign.give()
        job = nightly.ask_if_due()
    assert (job.state, archive.listed(nightly.folder())) == ("queued", [])


@pytest.mark.parametrize("hour", [0, 2, 6, 12, 23])
def test_it_is_not_made_at_another_hour(locked, hour):
    with clock.travel(NIGHT.replace(hour=hour)):
        assert nightly.ask_if_due() is None


def test_it_is_not_made_twice_where_the_timer_of_the_machine_has_made_it(locked):
    call_command("backup", stdout=io.StringIO())
    now = datetime.now(NIGHT.tzinfo)
    with clock.travel(now.replace(hour=3) if now.hour < 3 else now, tick=False):
        nightly.ask_if_due()
    assert not Job.objects.exists()


def test_without_a_passphrase_nothing_is_made(home):
    with clock.travel(NIGHT):
        assert nightly.ask_if_due() is None


def test_a_full_disk_is_told_by_the_job_and_leaves_no_half(locked, monkeypatch):
    monkeypatch.setattr(archive, "_write", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with clock.travel(NIGHT):
        nightly.ask_if_due()
    job = Job.objects.get()
    assert (job.state, archive.listed(nightly.folder())) == ("failed", [])
    assert "Không ghi được bản sao lưu" in job.error
