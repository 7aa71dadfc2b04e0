"""kill -9 of a real worker in mid-cast: its successor answers the phone and sweeps the keys."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
import requests
from django.db import connection

from ballots.demo import serving
from ballots.models import Box
from ballots.secret import keys
from ballots.secret.door import ACCEPTED
from partyreview import wsgi
from tests.kit.room import Room

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def room() -> Room:
    return Room(3).open().stamp().box()


@pytest.fixture
def site(room, settings, tmp_path) -> Iterator[str]:
    """A server of its own process, on the database and the keys of this test."""
    of = connection.settings_dict
    where = {
        "sqlite": "sqlite:///{NAME}",
        "postgresql": "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}",
    }
    url = f"http://127.0.0.1:{serving.free_port()}"
    environ = dict(os.environ) | {
        "DATABASE_URL": where[connection.vendor].format_map(of),
        "SECRET_KEY": "of this test",
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "off",
        "TEST_KEYS": str(settings.KEY_DIR),
        "TEST_DEATHS": str(tmp_path),
    }
    keys.write(room.poll.p, "sign", b"left behind by a crash")
    with (
        (tmp_path / "log").open("wb") as log,
        errors_to(log),
        serving.running(url, environ, "tests.kit.deadly:application", threads=4),
    ):
        yield url


@contextmanager
def errors_to(log: IO[bytes]) -> Iterator[None]:
    """Let what this process and its children write to standard error go to a file."""
    saved = os.dup(2)
    os.dup2(log.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)


MARKER = "dau-vet-la-phieu"


def shout(site: str) -> int:
    """Send what is no HTTP at all, and contains what nobody may write down; the status of the answer."""
    host, port = site.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(f"POST /hom/bo-phieu HTTP/1.1\r\n{MARKER} {MARKER}: 1\r\n\r\n".encode())
        return int(line.recv(100).split()[1])


def cast(site: str, body: bytes) -> bytes | None:
    """What the phone is answered; None when the line goes dead, as it does until the next worker is there."""
    try:
        headers = {"Content-Type": "application/octet-stream"}
        answer = requests.post(f"{site}/hom/bo-phieu", body, headers=headers, timeout=20)
    except requests.RequestException:
        return None
    return answer.content


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
