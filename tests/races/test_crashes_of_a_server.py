"""kill -9 of a real worker in mid-cast: its successor answers the phone and sweeps the keys."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ballots.models import Box
from ballots.secret import keys
from ballots.secret.door import ACCEPTED
from partyreview import wsgi
from tests.kit.processes import lay_key
from tests.kit.room import Room
from tests.kit.servers import cast, deadly_server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def room() -> Room:
    return Room(3).open().stamp().box()


@pytest.fixture
def site(room, tmp_path) -> Iterator[str]:
    """A server that dies when told to."""
    lay_key(room.poll.p, "sign", b"left behind by a crash")
    with deadly_server(tmp_path, threads=4) as (url, _):
        yield url


MARKER = "dau-vet-la-phieu"


def shout(site: str) -> int:
    """Send what is no HTTP at all, and contains what nobody may write down; the status of the answer."""
    host, port = site.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(f"POST /hom/bo-phieu HTTP/1.1\r\n{MARKER} {MARKER}: 1\r\n\r\n".encode())
        return int(line.recv(100).split()[1])


def insist(site: str, body: bytes) -> bytes:
    """Send the same ballot again until it is answered, as a phone does."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        answer = cast(site, body)
        if answer is not None:
            return answer
    raise AssertionError("no worker came back")


def test_a_ballot_whose_worker_was_killed_is_answered_by_the_next_one(site, room, tmp_path):
    assert keys.read(room.poll.p, "sign") is None
    assert keys.read(room.poll.p, "box") is not None
    for death, member, before in (("written", 0, 0), ("committed", 1, 2)):
        phone = room.phones[room.members[member]]
        body = phone.fold([1])
        Path(tmp_path / death).touch()
        assert cast(site, body) is None
        assert not Path(tmp_path / death).exists()
        assert Box.objects.count() == before
        assert insist(site, body) == bytes([ACCEPTED]) + phone.hash
        assert insist(site, body) == bytes([ACCEPTED]) + phone.hash
        assert Box.objects.count() == member + 1
    assert shout(site) == 400
    told = (tmp_path / "log").read_text()
    assert "SIGKILL" in told
    for word in ("hom/", "phieu", MARKER, "127.0.0.1", phone.hash.hex()):
        assert word not in told


def test_a_server_starts_even_where_there_is_no_database_yet(monkeypatch):
    def broken():
        raise wsgi.DatabaseError("no such table")

    monkeypatch.setattr("ballots.secret.hygiene.sweep", broken)
    wsgi.sweep_keys()
