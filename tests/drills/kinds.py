"""The kinds of drills: what happens to which installation, how often, and what this machine must permit for it."""

import argparse
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from ballots.demo import serving
from tests.drills import blows, former, network, statements
from tests.drills.evening import Drill
from tests.drills.forgetting import Forgetting
from tests.drills.installation import Blow, Installation, installed
from tests.drills.jobs import Killed
from tests.drills.network import Wire
from tests.kit import key_servers

# libfaketime 0.9.10 refuses the way in which Python sleeps as soon as it leaves the clock alone that counts seconds.
SLEEP = """
import select
import time

time.sleep = lambda seconds: select.select((), (), (), seconds)
"""
Blows = Mapping[str, tuple[int, Blow]]
Place = AbstractContextManager[Installation]
Trouble = Callable[[Installation, random.Random, argparse.Namespace], AbstractContextManager[None]]

# What is killed at random, and how often in a hundred kills.
KILLS: dict[str, tuple[int, Blow]] = {
    "worker": (70, blows.worker),
    "signer, counter or spawner": (15, blows.helper),
    "database": (10, blows.database),
    "master": (5, blows.master),
}
SILENCE: dict[str, tuple[int, Blow]] = {"store of keys silent": (6, blows.silence)}
CUT: dict[str, tuple[int, Blow]] = {"network of one server cut": (8, blows.cut)}
SMALL_DISK = {True: 24, False: 220}  # MB, on SQLite or not
FAKETIME = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)


@dataclass(frozen=True)
class Kind:
    """One kind of drill."""

    what: str
    # Makes the installation and starts it: on SQLite or not.
    place: Callable[[bool], Place]
    # What happens during a meeting there.
    trouble: Trouble
    # So many times, unless somebody asks for another number; 0: one meeting, however often.
    times: int = 0
    # Why it cannot be tried on this machine, on SQLite or not; "" where it can.
    lacks: Callable[[bool], str] = lambda on_sqlite: ""
    drill: type[Drill | Killed] = Drill


@contextmanager
def one_server(on_sqlite: bool, room: int = 0) -> Iterator[Installation]:
    """As most cells have it."""
    with installed(on_sqlite, room) as place:
        place.add()
        place.manage("migrate")
        place.start()
        yield place


@contextmanager
def workers_alone(on_sqlite: bool) -> Iterator[Installation]:
    """No server: what jobs do is asked for by verbs, and done by workers that come and go."""
    with installed(on_sqlite) as place:
        place.manage("migrate")
        yield place


@contextmanager
def deadly_server(on_sqlite: bool) -> Iterator[Installation]:
    """One whose workers wait for their death."""
    with installed(on_sqlite) as place:
        (place.folder / "points").mkdir()
        place.add("tests.drills.deadly:application", DRILL_FOLDER=str(place.folder / "points"))
        place.manage("migrate")
        place.start()
        yield place


@contextmanager
def moved_clock(on_sqlite: bool) -> Iterator[Installation]:
    """One whose clock is read from a file (libfaketime), the one that counts seconds excepted."""
    with installed(on_sqlite) as place:
        clock = place.folder / "clock"
        clock.write_text(blows.CLOCKS[0])
        (place.folder / "sitecustomize.py").write_text(SLEEP)
        place.add(
            PYTHONPATH=str(place.folder),
            LD_PRELOAD=str(FAKETIME),
            FAKETIME_TIMESTAMP_FILE=str(clock),
            FAKETIME_NO_CACHE="1",
            FAKETIME_DONT_FAKE_MONOTONIC="1",
            NO_FAKE_STAT="1",
            IDLE_MINUTES="0",  # else an officer whose clock jumps is signed out, as after an hour away
        )
        place.manage("migrate")
        place.start()
        yield place


@contextmanager
def two_servers(on_sqlite: bool) -> Iterator[Installation]:
    """On one database and one store of keys; in a network of its own where the machine lets us have one."""
    if on_sqlite or not network.is_permitted():
        with _two_servers(on_sqlite, []) as place:
            yield place
        return
    with network.wires(2) as lines, _two_servers(on_sqlite, lines) as place:
        yield place


@contextmanager
def _two_servers(on_sqlite: bool, lines: list[Wire]) -> Iterator[Installation]:
    with installed(on_sqlite, lines=lines) as place:
        options = ["--bind", "0.0.0.0", "--protected-mode", "no"] if lines else []  # noqa: S104 - in there
        hosts = [line.far for line in lines] or ["127.0.0.1"] * 2
        (place.folder / "keys").mkdir()
        port = serving.free_port()
        with key_servers.key_server(
            place.folder / "keys",
            *(*key_servers.UNSAVED, *options) if options else (),
            port=port,
            host=hosts[0],
            inside=lines[0].within if lines else (),
        ) as (_, place.keys):
            for host in hosts:
                place.add(
                    KEY_STORE_URL=f"redis://{host}:{port}{key_servers.COVER}",
                    DATABASE_URL=place.environ["DATABASE_URL"].replace(hosts[0], host),
                )
            settings.KEY_STORE_URL = f"redis://{hosts[0]}:{port}{key_servers.COVER}"
            place.manage("migrate")
            place.start()
            try:
                yield place
            finally:
                for server in place.servers:
                    server.stop()
                place.keys.kill()  # it may be another one than was started here
                place.keys.wait()


def drawn(*kinds: Blows) -> Trouble:
    """Trouble of these kinds, drawn by their weights."""

    def trouble(
        place: Installation, chance: random.Random, asked: argparse.Namespace
    ) -> AbstractContextManager[None]:
        merged = {name: blow for kind in kinds for name, blow in kind.items()}
        return place.under(merged, chance, asked.pause)

    return trouble


def in_jobs(
    place: Installation, chance: random.Random, asked: argparse.Namespace
) -> AbstractContextManager[None]:
    """By the drill itself, which knows how many statements each job has."""
    place.chance, place.works = chance, asked.works
    return nullcontext()


def at_statements(
    place: Installation, chance: random.Random, asked: argparse.Namespace
) -> AbstractContextManager[None]:
    """At every one of what is posted."""
    points: Counter[str] = place.notes.setdefault("points", Counter())
    return place.beside(
        lambda: statements.kill_those_that_wait(place, chance, asked.posts, points)
    )


def on_two_servers(
    place: Installation, chance: random.Random, asked: argparse.Namespace
) -> AbstractContextManager[None]:
    """Kills, a store of keys that is silent, and cuts where there is something to cut."""
    return drawn(KILLS, SILENCE, CUT if place.wires else {})(place, chance, asked)


def lacks_small_disk(on_sqlite: bool) -> str:
    """Only root may mount one."""
    return (
        ""
        if os.getuid() == 0 and network.may_mount()
        else "a small disk can only be mounted by root"
    )


def lacks_key_server(on_sqlite: bool) -> str:
    """The tests say so, too."""
    return "" if shutil.which(key_servers.PROGRAM) else "no redis-server"


def lacks_clock(on_sqlite: bool) -> str:
    """A package of the tests."""
    return "" if FAKETIME else "no libfaketime"


KINDS: dict[str, Kind] = {
    "statements": Kind(
        "kill -9 at every statement of every post, one after the other",
        deadly_server,
        at_statements,
    ),
    "jobs": Kind(
        "kill -9 of the worker at any statement of any kind of job, or the job stopped",
        workers_alone,
        in_jobs,
        100,
        drill=Killed,
    ),
    "kills": Kind("kill -9 at any moment", one_server, drawn(KILLS), 1000),
    "servers": Kind(
        "two servers, one database, one store of keys",
        two_servers,
        on_two_servers,
        100,
        lacks_key_server,
    ),
    "keys": Kind(
        "the store of keys killed while a poll is issuing, casting, sealed: it comes again empty",
        two_servers,
        lambda place, chance, asked: nullcontext(),
        0,
        lacks_key_server,
        Forgetting,
    ),
    "former": Kind(
        f"a server of {former.VERSION} beside one of this version, on tables of this version",
        former.beside_this_one,
        drawn(KILLS),
        30,
        former.lacks,
    ),
    "disk": Kind(
        "the disk of the database full for seconds",
        lambda on_sqlite: one_server(on_sqlite, SMALL_DISK[on_sqlite]),
        drawn({"disk full": (1, blows.fill_disk)}),
        12,
        lacks_small_disk,
    ),
    "connections": Kind(
        "no connection to the database to be had for seconds",
        one_server,
        drawn({"connections taken": (1, blows.take_connections)}),
        12,
    ),
    "clock": Kind(
        "the clock of the server moved, forward and back",
        moved_clock,
        drawn({"clock moved": (1, blows.move_clock)}),
        30,
        lacks_clock,
    ),
}
