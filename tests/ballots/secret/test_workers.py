"""Who asks whom for fresh workers, and when."""

import os
import signal
import time
from itertools import count
from types import SimpleNamespace
from unittest import mock

import pytest

from ballots.secret import hygiene, key_files, keys, workers
from ballots.secret.key_store import Unreachable
from tests.kit.ports import quiet_port

pytestmark = pytest.mark.django_db
DOOR = 1_000_001


class Over(Exception):
    """The worker under test was told to end."""


@pytest.fixture
def killed(monkeypatch) -> list[tuple[int, int]]:
    """Whom the watcher sent a signal, instead of sending it; a worker ends with its own."""
    sent = []

    def kill(pid: int, number: int) -> None:
        sent.append((pid, number))
        if pid == os.getpid():
            raise Over

    monkeypatch.setattr(os, "kill", kill)
    return sent


def watch_while(monkeypatch, *steps, master: int, generation: str) -> None:
    """Run the watcher, with one step in each of its pauses, until its master is gone."""
    left = count()
    monkeypatch.setattr(time, "sleep", lambda _: steps[next(left)]())
    parents = iter([master] * len(steps))
    monkeypatch.setattr(os, "getppid", lambda: next(parents, 1))
    monkeypatch.setattr(workers, "connection", SimpleNamespace(close=lambda: None))
    with pytest.raises(Over):
        workers._watch(master, generation)


@pytest.mark.usefixtures("key_store")
def test_every_master_is_asked_once_for_a_confirmation_and_a_worker_ends_with_its_master(
    killed, monkeypatch
):
    site, told = 1_000_000, (os.getpid(), signal.SIGTERM)
    steps = (lambda: None, workers.replace_all, lambda: None)
    watch_while(monkeypatch, *steps, master=site, generation="")
    assert killed == [(site, signal.SIGHUP), told]
    killed.clear()
    nothing = (lambda: None, lambda: None)
    watch_while(monkeypatch, *nothing, master=site, generation="")  # a sibling, which looks later
    assert killed == [told]
    killed.clear()
    watch_while(monkeypatch, *nothing, master=DOOR, generation="")
    assert killed == [(DOOR, signal.SIGHUP), told]
    killed.clear()
    fresh = workers._generation()
    watch_while(monkeypatch, *nothing, master=DOOR, generation=fresh)
    assert killed == [told]
    watch_while(monkeypatch, workers.replace_all, master=DOOR, generation=fresh)
    assert killed == [told, (DOOR, signal.SIGHUP), told]


def test_a_mark_that_was_swept_away_asks_for_nothing(killed, monkeypatch):
    workers.replace_all()
    seen = workers._generation()
    monkeypatch.setattr(key_files, "age", lambda path: keys.HALF)
    watch_while(monkeypatch, hygiene.sweep, lambda: None, master=DOOR, generation=seen)
    assert workers._generation() == ""
    assert killed == [(os.getpid(), signal.SIGTERM)]


def test_a_folder_that_cannot_be_written_hinders_no_step(settings, tmp_path, caplog):
    settings.KEY_DIR = tmp_path / "file"
    settings.KEY_DIR.touch()
    workers.replace_all()
    assert "were not told" in caplog.text


@pytest.mark.key_server
def test_the_masters_of_another_machine_are_asked_as_well(
    killed, monkeypatch, settings, key_server_url
):
    """It has a folder of its own under the same name; the processes there may bear the same numbers."""
    settings.KEY_STORE_URL = key_server_url
    here, told = settings.KEY_DIR, (os.getpid(), signal.SIGTERM)
    there = here.parent / "there" / here.name
    nothing = (lambda: None,) * 2
    watch_while(monkeypatch, workers.replace_all, *nothing, master=DOOR, generation="")
    settings.KEY_DIR = there
    watch_while(monkeypatch, *nothing, master=DOOR, generation="")
    assert killed == [(DOOR, signal.SIGHUP), told] * 2


@pytest.mark.key_server
def test_workers_that_lost_sight_of_the_store_learn_of_a_confirmation_when_it_is_back(
    killed, monkeypatch, settings, key_server_url
):
    settings.KEY_STORE_URL = key_server_url
    workers.replace_all()
    seen = workers._generation()

    def cut() -> None:
        settings.KEY_STORE_URL = f"redis://127.0.0.1:{quiet_port()}"

    def back() -> None:
        settings.KEY_STORE_URL = key_server_url
        workers.replace_all()

    steps = (cut, lambda: None, back)
    watch_while(monkeypatch, *steps, master=DOOR, generation=seen)
    assert killed == [(DOOR, signal.SIGHUP), (os.getpid(), signal.SIGTERM)]


def test_keys_that_could_not_be_removed_are_tried_again_in_each_pause_until_they_are(
    killed, monkeypatch
):
    swept = mock.Mock(side_effect=[Unreachable(), Unreachable(), None])
    monkeypatch.setattr(hygiene, "sweep", swept)
    workers.remove_again()
    watch_while(monkeypatch, *(lambda: None,) * 5, master=DOOR, generation="")
    assert swept.call_count == 3
