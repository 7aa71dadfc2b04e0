"""Secrets as files: private, whole or not there, and in a folder that nobody else may enter or replace."""

import errno
import os
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from ballots.secret import key_files
from ballots.secret.key_files import Files


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


def fail(*_, **__):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_what_is_written_is_read_and_held_under_its_name_alone(files):
    files.write({"one": b"1", "two": b"2"})
    assert (files.read("one"), files.read("two"), files.read("three")) == (b"1", b"2", None)
    assert (files.holds("one"), files.holds("three")) == (True, False)
    assert files.names() == {"one", "two"}
    files.unlink("one", "two", "three")
    assert files.names() == set()


def test_what_nobody_wrote_for_a_minute_is_told_apart_from_its_last_second_on(files, monkeypatch):
    files.write({"old": b"1", "young": b"2"})
    written = (files.folder / "old").stat().st_mtime
    os.utime(files.folder / "young", (written + 1, written + 1))
    monkeypatch.setattr(key_files.time, "time", lambda: written + 60)
    assert files.names(untouched=60) == {"old"}
    assert files.names(untouched=59) == {"old", "young"}
    assert key_files.age(files.folder / "gone") == 0


def test_a_folder_that_was_never_made_holds_nothing_and_stops_nobody(tmp_path):
    nowhere = Files(tmp_path / "nowhere")
    assert (nowhere.names(), nowhere.read("one"), nowhere.holds("one")) == (set(), None, False)
    assert nowhere.is_removable()
    nowhere.unlink("one")


def test_of_a_file_that_is_no_key_four_kilobytes_are_read(files):
    files.write({"long": bytes(5000)})
    assert len(files.read("long")) == 4096


def test_a_link_is_no_key(files, tmp_path):
    files.write({"one": b"1"})
    (tmp_path / "link").symlink_to(tmp_path / "one")
    assert not files.holds("link")
    with pytest.raises(OSError, match="symbolic link"):
        files.read("link")


def test_no_key_stays_open_after_it_was_read(files):
    files.write({"one": b"1"})
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        files.read("one")
    assert len(os.listdir("/proc/self/fd")) == before


def test_where_one_cannot_be_written_none_is_kept(files, monkeypatch):
    write = key_files.write

    def second_fails(folder, name, secret):
        if name == "two":
            fail()
        write(folder, name, secret)

    monkeypatch.setattr(key_files, "write", second_fails)
    with pytest.raises(OSError, match="No space"):
        files.write({"one": b"1", "two": b"2", "three": b"3"})
    assert files.names() == set()


def test_a_file_that_cannot_take_its_name_is_not_left_behind(files, monkeypatch):
    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OSError, match="No space"):
        files.write({"one": b"1"})
    assert files.names() == set()


def test_what_somebody_else_has_swept_meanwhile_changes_nothing(files, tmp_path, monkeypatch):
    def swept(fresh, target):
        fresh.unlink()
        fail()

    monkeypatch.setattr(Path, "rename", swept)
    with pytest.raises(OSError, match="No space"):
        files.write({"one": b"1"})
    monkeypatch.setattr(key_files, "write_fresh", lambda path, secret: tmp_path / "swept")
    files.must_take(100)


def _full(descriptor, mode):
    os.close(descriptor)
    return Path("/dev/full").open(mode)


@pytest.mark.parametrize("made", [True, False])
def test_half_a_file_is_not_left_behind(files, monkeypatch, made):
    """`made`: the disk is full only when the bytes come, or already at the opening."""
    where, how = (key_files, _full) if made else (os, fail)
    with monkeypatch.context() as patch:
        patch.setattr(where, "open", how, raising=False)
        with pytest.raises(OSError, match="No space"):
            files.must_take(100)
    assert files.names() == set()


def test_asking_for_room_writes_so_many_bytes_and_leaves_none(files, monkeypatch):
    written, write_fresh = [], key_files.write_fresh
    monkeypatch.setattr(
        key_files,
        "write_fresh",
        lambda path, secret: written.append(len(secret)) or write_fresh(path, secret),
    )
    files.must_take(4096)
    assert (written, files.names()) == ([4096], set())


@pytest.mark.parametrize("missing", [os.R_OK, os.W_OK, os.X_OK, None])
def test_keys_can_die_where_their_folder_may_be_read_written_and_entered(
    files, monkeypatch, missing
):
    may = (os.R_OK | os.W_OK | os.X_OK) & ~(missing or 0)
    monkeypatch.setattr(os, "access", lambda path, asked: asked & ~may == 0)
    assert files.is_removable() is (missing is None)


def test_a_fresh_file_is_private_from_its_first_byte_and_never_another_one(tmp_path):
    fresh = [key_files.write_fresh(tmp_path / "key", b"secret") for _ in range(2)]
    assert len(set(fresh)) == 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in fresh} == {0o600}
    assert {path.read_bytes() for path in fresh} == {b"secret"}


def test_a_name_that_is_taken_by_a_link_is_not_written_through(tmp_path, monkeypatch):
    monkeypatch.setattr(key_files.secrets, "token_hex", lambda size: "guessed")
    (tmp_path / "bait").write_bytes(b"bait")
    for name in ("bait", "nowhere"):
        (tmp_path / "key.guessed").symlink_to(tmp_path / name)
        with pytest.raises(FileExistsError):
            key_files.write_fresh(tmp_path / "key", b"secret")
        (tmp_path / "key.guessed").unlink(missing_ok=True)
    assert (tmp_path / "bait").read_bytes() == b"bait"
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_is_made_with_those_above_it_for_the_owner_alone_and_once(tmp_path):
    here = tmp_path / "above" / "keys"
    for _ in range(2):
        key_files.make_folder(here)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (here, here.parent)} == {0o700}
    key_files.make_folder(tmp_path / "deep" / "above" / "keys")


US, ROOT, OTHER = 1000, 0, 1001
OWN, FILE, LINK = stat.S_IFDIR, stat.S_IFREG, stat.S_IFLNK
PRIVATE = (OWN | 0o700, US)
FOLDERS = [
    (PRIVATE, (OWN | 0o700, US), True),
    (PRIVATE, (OWN | 0o755, ROOT), True),
    (PRIVATE, (OWN | 0o1777, ROOT), True),
    (PRIVATE, (OWN | 0o777, ROOT), False),
    (PRIVATE, (OWN | 0o720, US), False),
    (PRIVATE, (OWN | 0o702, US), False),
    (PRIVATE, (OWN | 0o755, OTHER), False),
    (PRIVATE, (OWN | 0o1777, OTHER), False),
    (PRIVATE, (OWN | 0o755, 1), False),
    (PRIVATE, (LINK | 0o700, US), False),
    ((OWN | 0o700, ROOT), (OWN | 0o755, ROOT), False),
    ((OWN | 0o700, OTHER), (OWN | 0o755, ROOT), False),
    ((OWN | 0o701, US), (OWN | 0o755, ROOT), False),
    ((OWN | 0o710, US), (OWN | 0o755, ROOT), False),
    ((OWN | 0o740, US), (OWN | 0o755, ROOT), False),
    ((LINK | 0o700, US), (OWN | 0o755, ROOT), False),
    ((FILE | 0o700, US), (OWN | 0o755, ROOT), False),
]


@pytest.mark.parametrize(("own", "above", "is_private"), FOLDERS)
def test_only_a_folder_of_ours_that_nobody_else_enters_or_replaces_takes_keys(
    tmp_path, monkeypatch, own, above, is_private
):
    here = tmp_path / "keys"
    told = {here: own, here.parent: above}
    monkeypatch.setattr(os, "getuid", lambda: US)
    monkeypatch.setattr(
        Path, "lstat", lambda path: SimpleNamespace(st_mode=told[path][0], st_uid=told[path][1])
    )
    if is_private:
        key_files.make_folder(here)
    else:
        with pytest.raises(PermissionError, match="not private"):
            key_files.make_folder(here)
