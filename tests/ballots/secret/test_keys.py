"""The keys that die, in both forms of their store: they end with their phase."""

import os
import resource
import stat
from contextlib import contextmanager
from dataclasses import FrozenInstanceError

import pytest
from django.db import DatabaseError

from ballots.secret import key_files, keys, signer
from tests.kit.processes import lay_key, spawner_of

P = "ab" * 32
OTHER = "cd" * 32


@pytest.mark.usefixtures("key_store")
def test_a_key_is_read_back_until_it_is_unlinked():
    assert keys.read(P, "sign") is None
    lay_key(P, "sign", b"secret")
    assert keys.read(P, "sign") == b"secret"
    assert keys.read(P, "box") is None
    assert keys.read(OTHER, "sign") is None
    keys.unlink(P, "sign")
    keys.unlink(P, "sign")
    assert keys.read(P, "sign") is None


def test_only_the_owner_may_read(settings):
    lay_key(P, "count", b"secret")
    assert stat.S_IMODE(settings.KEY_DIR.stat().st_mode) == 0o700
    assert [stat.S_IMODE(f.stat().st_mode) for f in settings.KEY_DIR.iterdir()] == [0o600]


@pytest.mark.usefixtures("key_store")
def test_a_later_write_replaces_the_key_and_leaves_nothing_else():
    lay_key(P, "box", b"first")
    lay_key(P, "box", b"second")
    assert keys.read(P, "box") == b"second"
    assert keys.store().names() == {f"{P}.box"}


@pytest.mark.usefixtures("key_store")
@pytest.mark.parametrize(
    ("p_hex", "kind"),
    [("../" + P, "sign"), (P, "other"), (P, "../box"), ("AB" * 32, "sign"), (P + "\0", "box")],
)
def test_no_other_name_is_a_key(p_hex, kind):
    for use in (keys.read, keys.unlink):
        with pytest.raises(ValueError, match="no key"):
            use(p_hex, kind)


def test_where_keys_lie_is_changed_by_nobody_who_was_told(settings):
    place = keys.made_place()
    assert (place.folder, place.url) == (str(settings.KEY_DIR), "")
    with pytest.raises(FrozenInstanceError):
        place.url = "redis://elsewhere"


def test_a_linked_key_is_not_followed(settings, tmp_path):
    (tmp_path / "bait").write_bytes(b"not a key")
    lay_key(P, "sign", b"secret")
    (settings.KEY_DIR / f"{OTHER}.sign").symlink_to(tmp_path / "bait")
    with pytest.raises(OSError, match="symbolic link"):
        keys.read(OTHER, "sign")
    lay_key(OTHER, "sign", b"fresh")
    assert (tmp_path / "bait").read_bytes() == b"not a key"
    assert keys.read(OTHER, "sign") == b"fresh"


def test_a_linked_folder_is_refused(settings, tmp_path):
    settings.KEY_DIR.symlink_to(tmp_path)
    with pytest.raises(PermissionError):
        lay_key(P, "sign", b"secret")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("own", "above"), [(0o755, 0o700), (0o770, 0o700), (0o700, 0o777)])
def test_a_folder_that_others_may_enter_or_replace_is_refused(settings, own, above):
    settings.KEY_DIR.mkdir(mode=0o700)
    settings.KEY_DIR.chmod(own)
    settings.KEY_DIR.parent.chmod(above)
    with pytest.raises(PermissionError):
        lay_key(P, "sign", b"secret")


def test_a_shared_folder_above_will_do_where_only_owners_rename(settings):
    settings.KEY_DIR.parent.chmod(0o1777)
    lay_key(P, "sign", b"secret")
    assert keys.read(P, "sign") == b"secret"


@pytest.mark.usefixtures("key_store")
def test_the_sweep_takes_what_is_over_however_young_and_spares_what_it_does_not_know(settings):
    for p_hex, kind in [(P, "sign"), (P, "box"), (OTHER, "sign")]:
        lay_key(p_hex, kind, b"secret")
    for path in settings.KEY_DIR.iterdir():
        os.utime(path, (0, 0))
    assert keys.kept() == {(P, "sign"), (P, "box"), (OTHER, "sign")}
    keys.sweep({(P, "sign")})
    assert keys.kept() == {(P, "box"), (OTHER, "sign")}


def test_half_a_key_is_swept_once_nobody_can_still_be_writing_it(settings):
    lay_key(P, "box", b"secret")
    half = settings.KEY_DIR / f"{OTHER}.box.0123"
    half.write_bytes(b"half a k")
    keys.sweep(set())
    assert half.exists()
    os.utime(half, (0, 0))
    keys.sweep(set())
    assert keys.kept() == {(P, "box")}
    assert not half.exists()


def test_what_is_no_key_is_swept_from_its_sixtieth_second_on(settings, monkeypatch):
    keys.made_folder()
    half = settings.KEY_DIR / f"{OTHER}.box.0123"
    half.write_bytes(b"half a k")
    written = half.stat().st_mtime
    for age, stays in ((59.5, True), (60, False)):
        monkeypatch.setattr(key_files.time, "time", lambda age=age: written + age)
        keys.sweep(set())
        assert half.exists() is stays


def test_socket_and_lock_are_swept_with_the_key_of_their_signer_however_young(settings):
    lay_key(P, "sign", b"secret")
    for p_hex in (P, OTHER):
        for name in ("signer", "lock"):
            (settings.KEY_DIR / f"{p_hex}.{name}").touch()
    keys.sweep(set())
    left = {f"{P}.sign", f"{P}.signer", f"{P}.lock"}
    assert {path.name for path in settings.KEY_DIR.iterdir()} == left
    assert keys.kept() == {(P, "sign")}


def test_what_somebody_else_has_just_swept_is_no_matter(settings, monkeypatch):
    here = keys.made_folder()
    gone = [here / f"{P}.signer", here / f"{P}.box.0123"]
    monkeypatch.setattr(keys, "_files", lambda: gone)
    keys.sweep(set())


def test_of_a_dead_signer_its_socket_and_its_lock_go_and_no_others(settings):
    here = keys.made_folder()
    for name in (f"{P}.signer", f"{P}.lock", f"{OTHER}.signer", f"{P}.box"):
        (here / name).touch()
    for _ in range(2):
        keys.clear_signer(P)
    assert {path.name for path in here.iterdir()} == {f"{OTHER}.signer", f"{P}.box"}


@pytest.mark.usefixtures("key_store")
def test_there_is_nothing_to_sweep_before_the_first_key():
    keys.sweep({(P, "sign")})
    assert keys.kept() == set()


@contextmanager
def full_after(size: int):
    """No file may grow beyond `size` bytes in here, as where no more room is left: what was written so far stays."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # One round before: a process that is still loading would leave halves of compiled modules behind in the tree.
    with signer.new_round():
        pass
    here = (os.getpid(), spawner_of(os.getpid()))
    for pid in here:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        for pid in here:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def test_a_round_has_all_its_keys_or_none_and_no_half_of_one(settings):
    assert keys.trouble() is None
    with full_after(64):
        lay_key(P, "count", b"of another round")
        assert isinstance(keys.trouble(), OSError)
        with pytest.raises(OSError, match="File too large"), signer.new_round() as fresh:
            fresh.begin(OTHER)
    assert [path.name for path in settings.KEY_DIR.iterdir()] == [f"{P}.count"]


@pytest.mark.usefixtures("key_store")
def test_keys_of_a_transaction_that_failed_are_gone_and_no_others():
    lay_key(P, "box", b"secret")

    @keys.gone_unless_committed()
    def fail(after: str) -> None:
        lay_key(OTHER, "box", b"secret")
        if after == "commit":
            keys.committed()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail("nothing")
    assert keys.kept() == {(P, "box")}
    with pytest.raises(ZeroDivisionError):
        fail("commit")
    assert keys.kept() == {(P, "box"), (OTHER, "box")}


@pytest.mark.usefixtures("key_store")
def test_a_failure_is_told_as_it_was_even_where_the_keys_cannot_go(monkeypatch):
    def stays(*_):
        raise PermissionError

    @keys.gone_unless_committed()
    def fail() -> None:
        lay_key(P, "box", b"secret")
        raise ZeroDivisionError

    monkeypatch.setattr(type(keys.made_store()), "unlink", stays)
    with pytest.raises(ZeroDivisionError):
        fail()


@pytest.mark.usefixtures("key_store")
def test_keys_of_a_transaction_that_went_well_stay():
    with keys.gone_unless_committed():
        lay_key(P, "box", b"secret")
    lay_key(P, "count", b"secret")
    assert keys.kept() == {(P, "box"), (P, "count")}


@pytest.mark.usefixtures("key_store")
def test_two_databases_on_one_store_see_and_sweep_nothing_of_each_other(settings):
    lay_key(P, "sign", b"secret")
    own, settings.KEY_DIR = settings.KEY_DIR, settings.KEY_DIR.with_name("of a copy")
    lay_key(OTHER, "sign", b"of the copy")
    assert (keys.kept(), keys.read(P, "sign")) == ({(OTHER, "sign")}, None)
    keys.sweep({(P, "sign")})
    keys.unlink(P, "sign")
    keys.remove_folder()
    settings.KEY_DIR = own
    assert (keys.kept(), keys.read(P, "sign")) == ({(P, "sign")}, b"secret")


@pytest.mark.usefixtures("key_store")
def test_a_key_is_found_under_its_own_name_alone_and_several_die_at_once():
    every_digit = "0123456789abcdef" * 4
    for kind in keys.KINDS:
        lay_key(every_digit, kind, b"secret")
    assert [keys.holds(p_hex, "box") for p_hex in (every_digit, P)] == [True, False]
    keys.unlink(every_digit, "box", "sign")
    assert keys.kept() == {(every_digit, "count")}


@pytest.mark.usefixtures("key_store")
def test_with_its_database_the_folder_and_every_key_end(settings):
    lay_key(P, "sign", b"secret")
    (settings.KEY_DIR / f"{P}.signer").touch()
    keys.remove_folder()
    assert (keys.kept(), settings.KEY_DIR.exists()) == (set(), False)
    keys.remove_folder()


def test_a_file_that_cannot_go_keeps_no_other_one(settings, monkeypatch):
    here, unlink = keys.made_folder(), os.unlink
    for name in range(41):
        (here / f"{'stuck' if name == 20 else name}.lock").touch()

    def stuck(path, **where):
        if "stuck" in str(path):
            raise PermissionError
        unlink(path, **where)

    monkeypatch.setattr(key_files.Files, "names", lambda self: set())
    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", stuck)
        keys.remove_folder()
    assert [path.name for path in here.iterdir()] == ["stuck.lock"]


@pytest.mark.parametrize("error", [DatabaseError, OSError])
def test_a_database_that_is_gone_already_does_not_stop_its_folder_from_ending(monkeypatch, error):
    def fail():
        raise error

    monkeypatch.setattr(keys, "folder", fail)
    keys.remove_folder()


def test_where_there_never_was_a_folder_nothing_is_found_and_nothing_stands_in_the_way(
    monkeypatch,
):
    monkeypatch.setattr(keys, "folder", lambda: None)
    assert (keys.store(), keys.read(P, "box"), keys.holds(P, "box")) == (None, None, False)
    assert (keys.kept(), keys.removable()) == (set(), True)
    keys.unlink(P, "box")
    keys.clear_signer(P)
    keys.sweep({(P, "box")})
    keys.remove_folder()


@pytest.mark.parametrize("may", [True, False])
def test_who_presses_on_is_told_whether_keys_can_die_here(monkeypatch, may):
    keys.made_folder()
    monkeypatch.setattr(key_files.Files, "is_removable", lambda self: may)
    assert keys.removable() is may


def test_the_operator_is_told_where_the_keys_lie(settings):
    settings.RUNTIME_DIR = "/run/keys"
    assert (keys.where(), keys.uptime()) == ("/run/keys", None)
    settings.KEY_STORE_URL = "redis://a"
    assert keys.where() == "kho khoá chung (KEY_STORE_URL)"


@pytest.mark.key_server
def test_a_server_of_keys_says_since_when_it_has_been_running(settings, key_server_url):
    settings.KEY_STORE_URL = key_server_url
    assert 0 <= keys.uptime() < 3600


@pytest.mark.usefixtures("key_store")
def test_where_keys_can_be_kept_there_is_no_trouble_and_nothing_stays_of_asking():
    assert (keys.trouble(), keys.removable(), keys.fault()) == (None, True, "")
    assert keys.store().names() == set()
