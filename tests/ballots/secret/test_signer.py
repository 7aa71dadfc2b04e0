"""The signer: a process of its own that holds the sign key, for exactly as long as its file is there."""

import contextlib
import os
import resource
import signal
import socket
import stat
import struct
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import astuple
from pathlib import Path
from unittest import mock

import pytest

from ballots.secret import blind_signature, keys, processes, signer, signing_process
from ballots.secret.blind_signature import BlindSignatureError, PrivateKey
from tests.kit.processes import is_gone, lay_key, signer_of, status, until
from tests.kit.servers import errors_to

P = "ab" * 32
pytestmark = pytest.mark.usefixtures("key_store")
MESSAGE = blind_signature.prepare(b"message")


def begin(p_hex: str = P) -> int:
    """A new round; its n."""
    with signer.new_round() as fresh:
        fresh.begin(p_hex)
    return fresh.n


def is_stamped(n: int) -> bool:
    z, r = blind_signature.blind(n, MESSAGE)
    answer = signer.sign(P, z)
    return answer is not None and bool(blind_signature.finalize(n, MESSAGE, answer, r))


def test_a_new_round_has_its_keys_and_stamps_and_what_lies_in_files_is_private(settings):
    n = begin()
    assert PrivateKey.from_bytes(keys.read(P, "sign")).n == n
    assert {len(keys.read(P, kind)) for kind in ("box", "count")} == {32}
    modes = {stat.S_IMODE(path.stat().st_mode) for path in Path(settings.KEY_DIR).iterdir()}
    assert modes == {0o600}
    assert is_stamped(n)


def test_a_worker_that_holds_a_thousand_connections_begins_a_round_too():
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as open_files:
        open_files.callback(resource.setrlimit, resource.RLIMIT_NOFILE, allowed)
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed[1], allowed[1]))
        for _ in range(1100):
            open_files.enter_context(Path(os.devnull).open())
        assert is_stamped(begin())


def test_a_round_that_is_not_begun_leaves_neither_file_nor_process(settings):
    with pytest.raises(RuntimeError), signer.new_round() as fresh:
        raise RuntimeError
    assert fresh.n.bit_length() == 2048
    assert keys.kept() == set()
    assert not list(Path(settings.KEY_DIR).iterdir())


def test_where_a_key_cannot_be_written_none_is_left(settings):
    settings.KEY_STORE_URL = ""
    Path(settings.KEY_DIR).mkdir(mode=0o700)
    Path(settings.KEY_DIR, f"{P}.count").mkdir()
    with pytest.raises(IsADirectoryError), signer.new_round() as fresh:
        fresh.begin(P)
    assert [path.name for path in Path(settings.KEY_DIR).iterdir()] == [f"{P}.count"]


def test_a_signer_that_was_killed_is_started_again_and_phones_notice_nothing():
    n = begin()
    first = signer_of(P)
    os.kill(first, signal.SIGKILL)
    assert is_stamped(n)
    assert signer_of(P) != first


def test_one_line_serves_stamp_after_stamp_until_its_signer_dies(monkeypatch):
    n = begin()
    connected = mock.Mock(side_effect=signer._connected)
    monkeypatch.setattr(signer, "_connected", connected)
    assert is_stamped(n)
    connected.reset_mock()
    assert all(is_stamped(n) for _ in range(3))
    assert not connected.called
    os.kill(signer_of(P), signal.SIGKILL)
    assert is_stamped(n)


def test_nobody_is_given_an_answer_that_came_too_late_for_another(monkeypatch):
    n = begin()
    assert is_stamped(n)
    (line,) = (line for p_hex, line in signer._kept if p_hex == P)
    stopped = signer_of(P)
    os.kill(stopped, signal.SIGSTOP)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 0, 10_000))
    assert signer._ask(P, blind_signature.blind(n, MESSAGE)[0]) == b""
    os.kill(stopped, signal.SIGCONT)
    assert all(is_stamped(n) for _ in range(3))


def test_a_line_more_than_are_kept_ends_the_oldest(monkeypatch):
    monkeypatch.setattr(signer, "MOST_KEPT", 1)
    monkeypatch.setattr(signer, "_kept", [])
    n = begin()
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lambda _: is_stamped(n), range(12)))
    assert len(signer._kept) == 1


def test_of_many_that_start_it_again_at_once_one_stays():
    n = begin()
    os.kill(signer_of(P), signal.SIGKILL)
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lambda _: is_stamped(n), range(8)))
    stays = signer_of(P)
    with (
        processes.running(signer.PROCESS, *astuple(keys.made_place()), P) as second,
        pytest.raises(processes.Failed, match="ended"),
    ):
        second.read(1)
    assert signer_of(P) == stays


def test_it_is_dead_when_its_end_has_been_awaited():
    begin()
    pid = signer_of(P)
    keys.unlink(P, "sign")
    signer.end(P)
    assert is_gone(pid)
    signer.end(P)
    assert signer.sign(P, bytes(256)) is None


def test_it_ends_by_itself_when_its_key_is_gone_and_its_socket_is_swept(settings):
    begin()
    pid = signer_of(P)
    keys.sweep({(P, "sign")})
    assert until(lambda: is_gone(pid))
    keys.sweep(set())
    assert not Path(settings.KEY_DIR, f"{P}.signer").exists()


def test_it_signs_nothing_more_once_its_key_is_gone():
    n = begin()
    z, _ = blind_signature.blind(n, MESSAGE)
    with signer._line(P) as line:
        keys.unlink(P, "sign")
        with contextlib.suppress(ConnectionError):  # it may have ended before it is asked
            line.send(z)
            assert answer_of(line) == b""
    assert signer.sign(P, z) is None


def answer_of(line) -> bytes:
    try:
        return line.recv(300)
    except ConnectionError:
        return b""


def test_it_survives_whoever_started_it_and_is_nobodys_zombie():
    starter = os.fork()
    if not starter:
        try:
            begin()
        finally:
            os._exit(0)
    os.waitpid(starter, 0)
    pid = signer_of(P)
    told = status(pid)
    assert int(told["PPid"]) not in (starter, os.getpid())
    assert is_stamped(PrivateKey.from_bytes(keys.read(P, "sign")).n)


@pytest.mark.parametrize("blinded", [b"", b"x", bytes(256), b"\xff" * 256, bytes(257)])
def test_it_refuses_what_may_not_be_signed(blinded):
    begin()
    with pytest.raises(BlindSignatureError):
        signer.sign(P, blinded)


def test_who_connects_and_says_nothing_or_hears_nothing_holds_nobody_up():
    n = begin()
    z, _ = blind_signature.blind(n, MESSAGE)
    with signer._line(P), signer._line(P) as deaf:
        deaf.setblocking(False)
        with contextlib.suppress(OSError):  # until what it does not hear fills its line
            while True:
                deaf.send(z[:1])
        assert is_stamped(n)


def test_of_very_many_lines_the_oldest_end():
    n = begin()
    with ExitStack() as lines:
        crowd = [lines.enter_context(signer._line(P)) for _ in range(signing_process.LINES + 2)]
        assert is_stamped(n)
        assert answer_of(crowd[0]) == b""


def test_where_no_signer_can_be_started_the_worker_says_so(monkeypatch):
    lay_key(P, "sign", b"spoilt")
    monkeypatch.setattr(signer, "PATIENCE", 0)
    with open(os.devnull, "wb") as nowhere, errors_to(nowhere), pytest.raises(signer.Failed):
        signer.sign(P, (2).to_bytes(256))
