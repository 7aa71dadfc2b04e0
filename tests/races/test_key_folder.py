"""The store of keys: one name per database, whatever address it is reached by, and nobody else's to sweep."""

import errno
import os

import pytest
from django.db import connection, transaction
from django.urls import reverse

from ballots.models import KeyFolder, Poll
from ballots.secret import hygiene, key_files, key_server, keys, signer
from tests.kit import verbs
from tests.kit.clients import browser
from tests.kit.room import Room
from tests.kit.threads import together
from tests.kit.verbs import Refused

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ram(settings, monkeypatch, key_store):
    """The keys lie where the database says, in both forms of their store."""
    settings.RUNTIME_DIR, settings.KEY_DIR = settings.KEY_DIR.with_name("ram"), None
    monkeypatch.setattr(keys, "_folders", {})
    return settings.RUNTIME_DIR


def as_another_process() -> None:
    keys._folders.clear()


def test_the_folder_is_named_once_by_eight_at_once_and_everybody_finds_it(ram):
    assert keys.folder() is None
    folders = together(*[lambda: keys.folder(draw=True)] * 8)
    assert set(folders) == {ram / KeyFolder.objects.get().name}
    as_another_process()
    assert keys.folder() == folders[0]


def test_the_same_database_by_another_address_has_the_same_keys(ram, monkeypatch):
    room = Room(3).open()
    for address in ("localhost", "127.0.0.1", "/var/run/postgresql"):
        monkeypatch.setitem(connection.settings_dict, "HOST", address)
        as_another_process()
        assert keys.kept() == {(room.poll.p, kind) for kind in keys.KINDS}


def test_a_name_that_was_not_committed_is_nobodys(ram):
    with transaction.atomic():
        lost = keys.folder(draw=True)
        assert keys.folder() == lost
        transaction.set_rollback(True)
    assert keys.folder() is None
    assert keys.folder(draw=True) != lost


@pytest.fixture
def untouched_for(monkeypatch):
    """Let it be so many seconds since anybody wrote or asked for a key."""

    def let(seconds: int) -> None:
        monkeypatch.setattr(key_files, "age", lambda path: seconds)
        monkeypatch.setattr(key_server.Server, "_idle", lambda server, key: seconds)

    return let


def test_last_nights_backup_beside_the_meeting_sweeps_none_of_its_keys(ram, untouched_for):
    """The copy has the same folder, and knows nothing of the polls opened since."""
    room = Room(3)
    keys.folder(draw=True)
    last_night = Poll.objects.filter(pk=room.poll.pk).values().get()
    room.open()
    untouched_for(hygiene.STRANGE - 1)
    with transaction.atomic():
        Poll.objects.filter(pk=room.poll.pk).update(**last_night)
        hygiene.sweep()
        transaction.set_rollback(True)
    assert len(keys.kept()) == 3
    room.stamp().box()
    hygiene.sweep()
    assert keys.kept() == {(room.poll.p, "box"), (room.poll.p, "count")}


def test_the_keys_of_a_round_that_was_killed_before_its_commit_go_after_three_days(
    ram, untouched_for
):
    room = Room(3).open()
    killed = {(room.poll.p[::-1], kind) for kind in keys.KINDS}
    keys.made_store().write({f"{p}.{kind}": b"secret" for p, kind in killed})
    running = keys.kept() - killed
    untouched_for(hygiene.STRANGE - 1)
    hygiene.sweep()
    assert keys.kept() == running | killed
    untouched_for(hygiene.STRANGE)
    hygiene.sweep()
    assert keys.kept() == running


@pytest.mark.key_server
def test_a_server_of_keys_that_may_not_tell_how_old_they_are_hinders_no_sweep(ram, monkeypatch):
    room = Room(3).open()
    keys.made_store().write({f"{room.poll.p[::-1]}.box": b"secret"})
    room.stamp().box()

    def refused(*_):
        raise PermissionError

    monkeypatch.setattr(key_files, "age", refused)
    monkeypatch.setattr(key_server.Server, "_idle", refused)
    hygiene.sweep()
    left = {(room.poll.p, "box"), (room.poll.p, "count"), (room.poll.p[::-1], "box")}
    assert keys.kept() == left


def full(error: int):
    """Nothing can be written any more."""

    def fails(*_):
        raise OSError(error, os.strerror(error))

    return fails


WRITERS = {"folder": (key_files, "write_fresh"), "server": (key_server.Server, "write")}


@pytest.mark.parametrize(
    ("error", "words"),
    [(errno.ENOSPC, "đã đầy"), (errno.EDQUOT, "đã đầy"), (errno.EROFS, "không ghi được")],
)
@pytest.mark.parametrize("by", ["the worker", "the signer"])
def test_keys_that_cannot_be_kept_are_a_sentence_and_leave_nothing_behind(
    ram, monkeypatch, error, words, by, key_store
):
    room = Room(3)
    where = WRITERS[key_store] if by == "the worker" else (signer.NewRound, "begin")
    keys.folder(draw=True)
    with monkeypatch.context() as patch:
        patch.setattr(*where, full(error))
        with pytest.raises(Refused, match=words) as refused:
            verbs.open_issuing(room.secretary, room.poll)
    assert (refused.value.status, keys._files(), keys.kept()) == (507, [], set())
    assert Poll.objects.get(pk=room.poll.pk).state == Poll.State.PLANNED
    room.open().stamp().box()


def test_a_full_store_is_told_before_the_press(ram, monkeypatch, key_store):
    room = Room(3)
    page = reverse("ballots:poll", args=[room.poll.pk])
    assert "đã đầy" not in browser(room.secretary).get(page).content.decode()
    monkeypatch.setattr(*WRITERS[key_store], full(errno.ENOSPC))
    assert "đã đầy" in browser(room.secretary).get(page).content.decode()
    press = browser(room.secretary).post(reverse("ballots:poll_open", args=[room.poll.pk]))
    assert press.status_code == 302


def test_no_phase_ends_where_its_key_could_not_die(ram, monkeypatch, key_store):
    room, access = Room(3).open().stamp(), os.access
    here = keys.folder()
    with monkeypatch.context() as patch:
        if key_store == "folder":
            patch.setattr(os, "access", lambda path, mode: path != here and access(path, mode))
        else:
            patch.setattr(key_server.Server, "unlink", full(errno.EROFS))
        with pytest.raises(Refused, match="không xoá được khoá cũ"):
            verbs.open_box(room.secretary, room.poll)
    assert Poll.objects.get(pk=room.poll.pk).state == Poll.State.ISSUING
    room.box()
    assert (room.poll.p, "sign") not in keys.kept()
