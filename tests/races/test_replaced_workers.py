"""Workers that saw ballots are gone soon after a poll is confirmed or void, and nobody in another hall notices."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from django.conf import settings

from ballots.secret import workers
from ballots.secret.door import ACCEPTED
from tests.kit import verbs
from tests.kit.room import Room
from tests.kit.servers import cast, deadly_server, workers_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def await_that(condition: Callable[[], object], what: str) -> None:
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.05)


def test_a_cast_in_another_hall_is_answered_by_a_worker_that_the_confirmation_ends(tmp_path):
    hall, other = Room(3).open().stamp().box(), Room(3).open().stamp().box().cast(1, 1, 2)
    other.seal().agree()
    phone = hall.phones[hall.members[0]]
    with (
        deadly_server(tmp_path, workers=2, threads=4) as (site, master),
        ThreadPoolExecutor(1) as pool,
    ):
        await_that(lambda: len(workers_of(master)) == 2, "the workers did not start")
        before = workers_of(master)
        Path(tmp_path / "wait").touch()
        answer = pool.submit(cast, site, phone.fold([1]))
        await_that(lambda: list(tmp_path.glob("waits-*")), "the cast did not begin")
        (held,) = tmp_path.glob("waits-*")
        other.confirm()
        phases = f"{site}/hom/{hall.meeting.door_key}/luot"
        while len(workers_of(master) - before) < 2 or workers_of(master) & before != {
            int(held.name[6:])
        }:
            # Each on a connection of its own: none is refused.
            assert requests.get(phases, timeout=20).json()["state"] == "casting"
        assert not answer.done()
        held.unlink()
        assert answer.result(timeout=20) == bytes([ACCEPTED]) + phone.hash
        await_that(
            lambda: not workers_of(master) & before, "the worker that saw the ballot stayed"
        )
        assert len(workers_of(master)) == 2
        orphans = workers_of(master)
        master.kill()
        await_that(lambda: not any(Path(f"/proc/{pid}").exists() for pid in orphans), "orphans")
    assert (tmp_path / "log").read_text() == ""


def test_confirming_and_voiding_ask_for_fresh_workers():
    mark = Path(settings.KEY_DIR) / workers.MARK
    room = Room(3).open().stamp().box().cast(1, 1, 2).seal().agree()
    assert not mark.exists()
    room.confirm()
    confirmed = mark.read_text()
    again = Room(3).open()
    verbs.void(again.secretary, again.poll, "mất điện")
    assert mark.read_text() != confirmed
